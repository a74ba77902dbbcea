from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.geocode.choose import choose, distance_m
from geoservice.geocode.penalties import (
    ADDRESS,
    BASE,
    COORDINATES,
    PENALTIES,
    POSTAL_CODE,
    POSTAL_ZONE,
    fault,
    with_faults,
)
from geoservice.geocode.score import Candidate, score
from geoservice.geocode.spelling import edits, nearest
from geoservice.geocode.wanted import Wanted
from geoservice.model import MatchLevel

FARS = frozenset({"فارس"})
SHIRAZ = Candidate(
    MatchLevel.LOCALITY,
    ADDRESS,
    "شیراز، فارس",
    52.53,
    29.61,
    9_985.0,
    name="شیراز",
    provinces=FARS,
    counties=frozenset({"شیراز"}),
    locality="شیراز",
    population=1_500_000,
)
ZAND = replace(
    SHIRAZ, match_level=MatchLevel.STREET, name="زند", uncertainty_m=300.0, population=None
)
ALLEY = replace(ZAND, name="5", street="زند")
POINT = replace(SHIRAZ, match_level=MatchLevel.POINT, method=COORDINATES, locality=None)
CODE = replace(SHIRAZ, match_level=MatchLevel.POSTAL_CODE, method=POSTAL_CODE)
ZONE = replace(SHIRAZ, match_level=MatchLevel.POSTAL_ZONE, method=POSTAL_ZONE, locality=None)
KAZERUN = replace(
    SHIRAZ, match_level=MatchLevel.COUNTY, name="کازرون", counties=frozenset({"کازرون"})
)
FARS_ENTRY = replace(
    SHIRAZ, match_level=MatchLevel.PROVINCE, name="فارس", counties=frozenset(), locality=None
)
DISTRICT = replace(SHIRAZ, match_level=MatchLevel.DISTRICT, name="مرکزی", population=None)
QASRODASHT = replace(SHIRAZ, match_level=MatchLevel.NEIGHBOURHOOD, name="قصردشت")

IN_SHIRAZ = Wanted(province="فارس", localities=("شیراز",))


@pytest.mark.parametrize(
    ("wanted", "candidate", "faults"),
    [
        (IN_SHIRAZ, SHIRAZ, []),
        (Wanted(localities=("شهرشیراز", "شیراز")), SHIRAZ, []),
        (replace(IN_SHIRAZ, localities=("شیرار",)), SHIRAZ, ["locality.misspelt"]),
        (replace(IN_SHIRAZ, street="زند"), SHIRAZ, ["street.not_matched"]),
        (
            replace(IN_SHIRAZ, street="نو", alley="5", plaque="12"),
            SHIRAZ,
            ["street.not_matched", "alley.not_matched", "plaque.not_matched"],
        ),
        (replace(IN_SHIRAZ, street="زند"), ZAND, []),
        (replace(IN_SHIRAZ, street="زند", plaque="12"), ZAND, ["plaque.not_matched"]),
        (replace(IN_SHIRAZ, street="زند", alley="5"), ZAND, ["alley.not_matched"]),
        (replace(IN_SHIRAZ, street="زند", alley="5"), ALLEY, []),
        (replace(IN_SHIRAZ, street="زند", neighbourhood="قصردشت"), ZAND, []),
        (replace(IN_SHIRAZ, neighbourhood="قصردشت"), QASRODASHT, []),
        (replace(IN_SHIRAZ, unmarked=("قصردشت", "بانک")), QASRODASHT, []),
        (
            replace(IN_SHIRAZ, neighbourhood="قصردشت", street="نو"),
            QASRODASHT,
            ["street.not_matched"],
        ),
        (replace(IN_SHIRAZ, street="نو"), ZONE, ["street.not_matched"]),
        (IN_SHIRAZ, ZONE, []),
        (Wanted(county="کازرون", localities=("نیست",)), KAZERUN, ["locality.not_matched"]),
        (Wanted(province="فارس", county="نیست"), FARS_ENTRY, ["county.not_matched"]),
        (Wanted(province="یزد", localities=("نیست",)), POINT, ["province.contradicted"]),
        (Wanted(province="یزد", county="یزد"), CODE, ["province.contradicted"]),
        (Wanted(county="کازرون"), POINT, ["county.contradicted"]),
        (Wanted(localities=("تهران",)), CODE, ["locality.contradicted"]),
        (Wanted(localities=("تهران",)), POINT, []),
        (Wanted(street="نیست", plaque="5"), CODE, []),
    ],
)
def test_every_fault_is_named_and_costs_its_penalty(
    wanted: Wanted, candidate: Candidate, faults: list[str]
) -> None:
    match = score(wanted, candidate)
    assert match is not None
    assert [each.name for each in match.faults] == faults
    cost = sum(PENALTIES[name] for name in faults)
    assert match.confidence == pytest.approx(BASE[candidate.method] - cost)
    assert (match.match_level, match.method) == (candidate.match_level, candidate.method)
    assert (match.lon, match.lat, match.label) == (candidate.lon, candidate.lat, candidate.label)


def test_another_county_costs_twice_where_no_house_shows_that_it_is_there() -> None:
    wanted = replace(IN_SHIRAZ, county="کازرون", street="زند")
    for level, times in ((MatchLevel.PLAQUE, 1), (MatchLevel.STREET, 2)):
        match = score(wanted, replace(ZAND, match_level=level))
        assert match is not None
        penalties = {each.name: each.penalty for each in match.faults}
        assert penalties["county.contradicted"] == PENALTIES["county.contradicted"] * times


def test_a_part_that_lies_elsewhere_costs_twice_what_a_contradiction_costs() -> None:
    match = score(IN_SHIRAZ, FARS_ENTRY, {"locality": "contradicted"})
    assert match is not None
    assert [(each.name, each.penalty) for each in match.faults] == [
        ("locality.contradicted", 2 * PENALTIES["locality.contradicted"])
    ]


@pytest.mark.parametrize(
    ("wanted", "candidate"),
    [
        (Wanted(province="یزد", localities=("شیراز",)), SHIRAZ),
        (Wanted(province="یزد", street="زند"), ZAND),
        (Wanted(province="یزد", county="کازرون"), KAZERUN),
        (Wanted(province="یزد"), ZONE),
        (Wanted(localities=("تهران",)), SHIRAZ),
        (Wanted(street="آزادی"), ZAND),
        (Wanted(street="زند", alley="6"), ALLEY),
        (Wanted(county="شیراز", localities=("ده",)), replace(SHIRAZ, name="ده نو")),
        (
            Wanted(county="کازرون", localities=("شیراز",)),
            replace(SHIRAZ, population=900),
        ),
        (Wanted(county="کازرون", district="مرکزی"), DISTRICT),
    ],
)
def test_what_cannot_be_meant_is_no_match(wanted: Wanted, candidate: Candidate) -> None:
    assert score(wanted, candidate) is None


def test_a_refusal_gives_the_fault_its_name() -> None:
    match = score(Wanted(province="فارس", localities=("x",)), FARS_ENTRY, {"locality": "ambiguous"})
    assert match is not None
    assert [each.name for each in match.faults] == ["locality.ambiguous"]


def test_two_that_lie_apart_are_refused() -> None:
    wanted = Wanted(localities=("شیراز",))
    village = replace(SHIRAZ, lon=54.0, population=900)
    namesake = replace(village, lon=55.0, population=700)
    assert choose(wanted, [village, namesake]).refusal == "ambiguous"
    assert choose(wanted, [village, namesake]).match is None
    near = replace(village, lon=54.01)
    assert choose(wanted, [village, near]).match is not None


def test_the_fault_decides_between_namesakes() -> None:
    other = replace(SHIRAZ, lon=55.0, provinces=frozenset({"یزد"}), counties=frozenset({"یزد"}))
    for order in ([SHIRAZ, other], [other, SHIRAZ]):
        chosen = choose(Wanted(province="یزد", localities=("شیراز",)), order)
        assert chosen.candidate is other
    chosen = choose(Wanted(county="شیراز", localities=("شیراز",)), [other, SHIRAZ])
    assert chosen.candidate is SHIRAZ


@pytest.mark.parametrize(
    ("population", "other", "outweighs"),
    [(1_500_000, 75_000, True), (1_500_000, None, True), (1_500_000, 75_001, False),
     (49_999, 10, False), (None, None, False)],
)  # fmt: skip
def test_a_city_outweighs_its_namesakes(
    population: int | None, other: int | None, *, outweighs: bool
) -> None:
    candidates = [
        replace(SHIRAZ, population=population),
        replace(SHIRAZ, lon=55.0, population=other),
    ]
    chosen = choose(Wanted(localities=("شیراز",)), candidates)
    assert (chosen.match is not None) == outweighs
    if chosen.match:
        assert [each.name for each in chosen.match.faults] == ["locality.outweighed"]
        assert chosen.match.confidence == pytest.approx(0.8)


def test_a_place_called_so_comes_before_one_that_is_also_called_so() -> None:
    wanted = Wanted(localities=("شیراز",))
    called = replace(SHIRAZ, population=60_000)
    also = replace(SHIRAZ, lon=55.0, population=300_000, locality="قدس")
    chosen = choose(wanted, [also, called])
    assert chosen.candidate is called
    assert chosen.match is not None
    assert chosen.match.faults == ()
    metropolis = replace(also, population=9_000_000)
    assert choose(wanted, [metropolis, called]).refusal == "ambiguous"


def test_why_there_is_no_choice() -> None:
    assert choose(IN_SHIRAZ, []).refusal == "not_matched"
    assert choose(Wanted(province="یزد", localities=("شیراز",)), [SHIRAZ]).refusal == "contradicted"


@pytest.mark.parametrize(
    ("wanted", "name", "expected"),
    [
        ("شیراز", "شیراز", 0),
        ("شیرار", "شیراز", 1),
        ("شیارز", "شیراز", 1),
        ("شیاررز", "شیراز", None),
        ("قم", "بم", None),
        ("بار", "بهار", 1),
        ("بار", "یار", None),
        ("ری", "ری", 0),
        ("بابلسر", "بابل", None),
        ("خیابانشمارهیک", "خیابونشماریک", 2),
        ("17شهریور", "7شهریور", None),
        ("17شهریر", "17شهریور", 1),
        ("", "شیراز", None),
    ],
)
def test_edits(wanted: str, name: str, expected: int | None) -> None:
    assert edits(wanted, name) == expected


def test_nearest_is_one_name_or_none() -> None:
    assert nearest("شیرار", ["تهران", "شیراز"]) == "شیراز"
    assert nearest("کرمن", ["کرمان", "کرمین"]) is None
    assert nearest("کوچه17", ["کوچه18"]) is None
    assert nearest("شیراز", []) is None


def test_distance() -> None:
    # One degree of a great circle on a sphere of 6,371 km is 111,195 m.
    assert distance_m(SHIRAZ, replace(SHIRAZ, lat=30.61)) == pytest.approx(111_195, abs=1)
    assert distance_m(SHIRAZ, SHIRAZ) == 0


def test_confidence_never_falls_to_nothing() -> None:
    match = score(IN_SHIRAZ, SHIRAZ)
    assert match is not None
    low = with_faults(match, [fault("province.contradicted")] * 5)
    assert low.confidence == 0.05
    assert len(low.faults) == 5


@given(st.text("ابپتی12", max_size=12), st.text("ابپتی12", max_size=12))
def test_edits_are_the_same_both_ways(a: str, b: str) -> None:
    assert edits(a, b) == edits(b, a)
