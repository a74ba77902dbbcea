"""Accuracy over the sample's addresses with labelled noise: no less than what was reached before.

The benchmark `geocode_accuracy` measures the same over many more addresses.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.geocode_accuracy import answered, made, shown, target
from benchmarks.geocode_judge import Tally, judge
from geoservice.database.engine import connect

SAMPLE = Path(__file__).parents[2] / "sample"
CASES = 200  # of each noise

# Of the best answers the share that is right at the right level: what is reached; what is to be.
RATES = {
    "clean": (0.99, 0.99),
    "old_name": (0.98, 0.95),
    "wrong_province": (0.98, 0.95),
    "wrong_plaque": (0.99, 0.95),
    "dropped": (0.98, 0.95),
    "typo": (0.98, 0.95),
    "landmark": (0.99, 0.95),
    "order": (0.99, 0.95),
    "latin": (0.97, 0.95),
    "abbreviation": (0.99, 0.95),
    "truncated_code": (0.99, 0.95),
    "zwnj": (0.99, 0.95),
    "spaces": (0.98, 0.95),
    "arabic": (0.98, 0.95),
    "two noises": (0.96, 0.88),
}
PLAQUE_CLAIMS = (0.998, 0.995)  # of the answers that claim the house, the share that is right
SURE = (0.99, 0.9)  # of the answers at 0.9 and more, the share that is true at its own level


@pytest.fixture(scope="module")
def tally(sample_url: str) -> Tally:
    cases = made(SAMPLE, CASES, seed=1404)
    with connect(sample_url) as connection:
        answers = answered(connection, cases)
    verdicts = [judge(case, match) for case, match in zip(cases, answers, strict=True)]
    for line in shown(cases, answers, verdicts, most=3):
        print(line)  # pytest shows it where a rate is too low
    return Tally((case.noises, verdict) for case, verdict in zip(cases, verdicts, strict=True))


@pytest.mark.parametrize("noise", RATES)
def test_no_noise_is_understood_worse_than_before(noise: str, tally: Tally) -> None:
    reached, wanted = RATES[noise]
    count, rate = tally.rates()[noise]
    assert wanted == target(noise)
    assert count >= CASES
    assert rate >= reached


def test_every_noise_is_in_the_table(tally: Tally) -> None:
    assert set(tally.rates()) == set(RATES)


def test_who_claims_the_house_is_right(tally: Tally) -> None:
    claims, right = tally.plaque_claims()
    assert claims > CASES
    assert right >= PLAQUE_CLAIMS[0]


def test_who_is_sure_is_right(tally: Tally) -> None:
    sure = {low: share for low, _, share in tally.calibration()}[0.9]
    assert sure >= SURE[0]
