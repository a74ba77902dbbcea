"""Noise over addresses of the sample: what is asked for stays known, and can still be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from geoservice.errors import InvalidFile
from geoservice.model import MatchLevel
from geoservice.persian.letters import joined, normalise
from geoservice.persian.numbers import ascii_digits
from geoservice.synthetic.noise.cases import (
    CLEAN,
    NoisyCase,
    double_noises,
    noisy_case,
    noisy_cases,
    single_noises,
)
from geoservice.synthetic.noise.draft import draft_of
from geoservice.synthetic.noise.latin import latin_names
from geoservice.synthetic.noise.read import read_truths
from geoservice.synthetic.noise.truth import Surroundings, Truth
from geoservice.synthetic.vocabulary import vocabulary

SAMPLE = Path(__file__).parents[2] / "sample"
COUNT = 60

Known = tuple[list[Truth], Surroundings]


@pytest.fixture(scope="module")
def known() -> Known:
    return read_truths(SAMPLE)


def made(known: Known, *names: str, count: int = COUNT) -> Sequence[NoisyCase]:
    return list(noisy_cases(*known, [names], count, seed=1))


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - made-up data, not secrets


def segments(case: NoisyCase) -> list[str]:
    return case.query.split("، ")


def test_the_same_seed_gives_the_same_cases(known: Known) -> None:
    noises = single_noises()
    once = list(noisy_cases(*known, noises, 5, seed=1))
    assert once == list(noisy_cases(*known, noises, 5, seed=1))
    assert once != list(noisy_cases(*known, noises, 5, seed=2))
    assert Counter(case.noises for case in once) == dict.fromkeys(noises, 5)


def test_a_pair_of_noises_makes_a_case_as_a_single_one_does(known: Known) -> None:
    pairs = double_noises()
    assert len(pairs) >= 60
    cases = list(noisy_cases(*known, pairs, 2, seed=1))
    assert Counter(case.noises for case in cases) == dict.fromkeys(pairs, 2)


def test_clean_addresses_tell_all_of_their_rows(known: Known) -> None:
    for case in made(known, CLEAN):
        truth = case.truth
        assert truth.street in case.query
        assert f"پلاک {truth.plaque}" in ascii_digits(case.query)
        assert (f"کوچه {truth.alley}" in case.query) is bool(truth.alley)
        assert case.level is (MatchLevel.UNIT if truth.unit else MatchLevel.PLAQUE)


def test_every_noise_changes_what_is_written(known: Known) -> None:
    truths, surroundings = known
    for (name,) in single_noises()[1:]:
        differing = [
            case.query != draft_of(truth, seeded(7)).text()
            for truth in truths[:200]
            if (case := noisy_case(truth, surroundings, [name], seeded(7)))
        ]
        assert sum(differing) > 0.9 * len(differing) > 0, name


def test_a_typing_error_makes_no_other_name(known: Known) -> None:
    surroundings = known[1]
    mistyped = 0
    for case in made(known, "typo"):
        streets = surroundings.streets[case.truth.province, case.truth.locality]
        (street,) = (s for s in segments(case) if s.startswith(("خیابان ", "بلوار ")))
        name = street.removeprefix("خیابان ")
        mistyped += name != case.truth.street
        assert name == case.truth.street or name not in streets
    assert mistyped


def test_a_wrong_plaque_is_nobodys_and_the_street_is_right(known: Known) -> None:
    surroundings = known[1]
    between = 0
    for case in made(known, "wrong_plaque"):
        (asked,) = (int(s.removeprefix("پلاک ")) for s in segments(case) if s.startswith("پلاک"))
        plaques = surroundings.plaques[case.truth.road]
        assert asked not in plaques
        assert case.level is MatchLevel.STREET
        between += min(plaques) < asked < max(plaques)
    assert 0 < between < COUNT


def test_a_wrong_province_has_no_settlement_of_the_name(known: Known) -> None:
    surroundings = known[1]
    for case in made(known, "wrong_province"):
        province = segments(case)[0].removeprefix("استان ")
        assert province in surroundings.provinces
        assert province not in surroundings.provinces_with(case.truth.locality)


def test_without_its_province_a_settlement_is_the_only_one_of_its_name(known: Known) -> None:
    for case in made(known, "dropped", count=300):
        if normalise(case.truth.province) not in normalise(case.query):
            assert len(known[1].provinces_with(case.truth.locality)) == 1


def test_without_its_plaque_a_street_is_meant(known: Known) -> None:
    cases = made(known, "dropped", count=300)
    assert {case.level for case in cases} == {
        *(MatchLevel.STREET, MatchLevel.PLAQUE, MatchLevel.UNIT)
    }
    for case in cases:
        assert ("پلاک" in case.query) is (case.level is not MatchLevel.STREET)


def test_another_order_has_the_same_parts(known: Known) -> None:
    truths, surroundings = known
    for truth in truths[:100]:
        clean = noisy_case(truth, surroundings, [CLEAN], seeded(3))
        moved = noisy_case(truth, surroundings, ["order"], seeded(3))
        assert clean is not None
        assert moved is not None
        assert sorted(segments(moved)) == sorted(segments(clean))


def test_letters_and_spaces_alone_change_no_key(known: Known) -> None:
    truths, surroundings = known
    for name in ("arabic", "zwnj", "spaces"):
        for truth in truths[:100]:
            clean = noisy_case(truth, surroundings, [CLEAN], seeded(3))
            other = noisy_case(truth, surroundings, [name], seeded(3))
            assert clean is not None
            assert other is not None
            assert joined(other.query) == joined(clean.query), name


def test_latin_addresses_have_no_persian_letter(known: Known) -> None:
    for case in made(known, "latin"):
        assert case.query.isascii(), case.query


def test_a_truncated_code_is_the_beginning_of_the_right_one(known: Known) -> None:
    for case in made(known, "truncated_code"):
        digits = ascii_digits(case.query.rpartition(" ")[2])
        assert 5 <= len(digits) <= 9
        assert case.truth.postal_code.startswith(digits)
        alone = "،" not in case.query
        assert (case.level is MatchLevel.POSTAL_ZONE) is alone


def test_a_street_that_two_settlements_of_a_name_have_is_not_asked_for(known: Known) -> None:
    truth = replace(known[0][0], street="دوگانه")
    far = replace(truth, lon=truth.lon + 1)
    both = Surroundings([truth, far], provinces=["الف", "ب"], latin={}, aliases={}, localities=[])
    assert noisy_case(truth, both, [CLEAN], seeded(1)) is None
    assert list(noisy_cases([truth], both, [(CLEAN,)], 3, seed=1)) == []


def test_every_name_of_the_vocabulary_has_a_latin_spelling() -> None:
    words = vocabulary()
    names = (*words.streets, *words.neighbourhoods, *words.alleys, *words.directions)
    assert set(names) <= set(latin_names([]))


def test_a_directory_without_a_sample_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="holds no sample"):
        read_truths(tmp_path)
    (tmp_path / "addresses.csv").write_text("street\nبهار\n", "utf-8")
    with pytest.raises(InvalidFile, match="KeyError"):
        read_truths(tmp_path)
