"""Answers held against what was meant: a wrong house must never pass for the right one."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.geocode_judge import Tally, Verdict, judge
from geoservice.model import Address, Fault, Match, MatchLevel
from geoservice.synthetic.noise.cases import NoisyCase
from geoservice.synthetic.noise.truth import Truth

TRUTH = Truth(
    postal_code="1436947583",
    province="تهران",
    county="تهران",
    locality_type="شهر",
    locality="تهران",
    neighbourhood="نوروز",
    street="بلوار چمران",
    alley="دوم",
    plaque="5",
    floor="",
    unit="",
    lon=51.4,
    lat=35.7,
)
PARTS = {"city": "تهران", "street": "بل. چمران", "alley": "کوچه دوم", "plaque": "۵"}
CASE = NoisyCase("…", ("typo",), TRUTH, MatchLevel.PLAQUE)
WRONG_PLAQUE = NoisyCase("…", ("wrong_plaque",), TRUTH, MatchLevel.STREET)


def match(
    level: MatchLevel = MatchLevel.PLAQUE, *, lat: float = 35.7, faults: str = "", **parts: Any
) -> Match:
    return Match(
        lon=51.4,
        lat=lat,
        match_level=level,
        confidence=0.9,
        uncertainty_m=20,
        method="address",
        label="تهران",
        faults=(Fault(faults, 0.1),) if faults else (),
        parts=Address(**(PARTS | parts)),
    )


def test_the_house_is_right_however_its_street_is_spelt() -> None:
    assert judge(CASE, match()) == Verdict(True, True, True, 0.9)


@pytest.mark.parametrize(
    "wrong",
    [
        match(plaque="6"),
        match(street="چمران"),
        match(alley="سوم"),
        match(alley=None),
        match(lat=35.701),
        match(MatchLevel.UNIT, unit="3"),
        match(faults="plaque.interpolated"),
    ],
)
def test_another_house_is_wrong(wrong: Match) -> None:
    assert judge(CASE, wrong) == Verdict(False, False, True, 0.9)


def test_a_coarser_answer_is_true_but_not_right() -> None:
    street = match(MatchLevel.STREET, lat=35.701, plaque=None)
    assert judge(CASE, street) == Verdict(False, True, False, 0.9)
    assert judge(CASE, match(MatchLevel.LOCALITY)).true
    assert not judge(CASE, match(MatchLevel.LOCALITY, lat=36.7)).true
    assert judge(CASE, match(MatchLevel.NEIGHBOURHOOD, neighbourhood="محله نوروز")).true
    assert not judge(CASE, match(MatchLevel.NEIGHBOURHOOD, neighbourhood="قلعه")).true


def test_a_plaque_that_does_not_exist_is_its_street_or_between_its_neighbours() -> None:
    street = match(MatchLevel.STREET, plaque=None)
    assert judge(WRONG_PLAQUE, street).right
    assert judge(WRONG_PLAQUE, match(faults="plaque.interpolated")).right
    assert not judge(WRONG_PLAQUE, match()).true
    assert not judge(WRONG_PLAQUE, match(MatchLevel.STREET, plaque=None, alley=None)).right


def test_nothing_found_is_neither_right_nor_a_claim() -> None:
    assert judge(CASE, None) == Verdict(False, False, False, None)


def test_verdicts_are_counted_by_noise_claim_and_confidence() -> None:
    tally = Tally(
        [
            (("typo",), Verdict(True, True, True, 0.9)),
            (("typo",), Verdict(False, False, True, 0.95)),
            (("typo", "latin"), Verdict(False, True, False, 0.55)),
            (("typo", "order"), Verdict(False, False, False, None)),
        ]
    )
    assert tally.rates() == {"typo": (2, 0.5), "two noises": (2, 0.0)}
    assert tally.plaque_claims() == (2, 0.5)
    assert tally.calibration() == [(0.5, 1, 1.0), (0.9, 2, 0.5)]


def test_a_tally_of_nothing_has_no_rates() -> None:
    assert Tally([]).rates() == {}
    assert Tally([]).plaque_claims() == (0, 0.0)
