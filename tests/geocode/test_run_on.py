from __future__ import annotations

from dataclasses import replace

import pytest

from geoservice.geocode.parse import parse
from geoservice.geocode.penalties import ADDRESS
from geoservice.geocode.run_on import part_names, run_on_names
from geoservice.geocode.score import Candidate
from geoservice.geocode.wanted import Wanted, wanted_from
from geoservice.model import MatchLevel

TABRIZ = Candidate(
    MatchLevel.LOCALITY,
    ADDRESS,
    "تبریز",
    46,
    38,
    0,
    name="تبریز",
    provinces=frozenset({"اذربایجانشرقی"}),
    population=1_500_000,
)
EAST = replace(TABRIZ, match_level=MatchLevel.PROVINCE, name="اذربایجانشرقی", population=None)
WEST = replace(EAST, name="اذربایجانغربی", provinces=frozenset({"اذربایجانغربی"}))
KNOWN = {
    "تبریز": [TABRIZ, replace(TABRIZ, match_level=MatchLevel.COUNTY, population=None)],
    "شهرکرد": [replace(TABRIZ, name="شهرکرد")],
    "خرم": [replace(TABRIZ, name="خرم", population=400)],
    "اذربایجانشرقی": [EAST],
    "اذربایجان": [EAST, WEST],
}


def read(text: str) -> Wanted:
    return part_names(wanted_from(parse(text)), KNOWN)


@pytest.mark.parametrize(
    ("text", "localities", "rest"),
    [
        ("شهر تبریز قلعه", ("شهرتبریز", "تبریز"), (("قلعه",),)),
        ("شهر شهر کرد گلستان", ("شهرشهرکرد", "شهرکرد"), (("گلستان",),)),
        ("شهر تبریز، قلعه", ("شهرتبریز", "تبریز"), (("قلعه",),)),
        ("شهر خرم ابااد", ("شهرخرمابااد", "خرمابااد"), ()),
    ],
)
def test_behind_a_town_stands_what_lies_in_it(
    text: str, localities: tuple[str, ...], rest: tuple[tuple[str, ...], ...]
) -> None:
    found = read(text)
    assert (found.localities, found.rest) == (localities, rest)


def test_behind_a_region_likewise() -> None:
    assert read("شهرستان تبریز قلعه").county == "تبریز"
    assert read("استان آذربایجان شرقی تبریز").rest == (("تبریز",),)
    assert read("استان آذربایجان شرقیی").province == "اذربایجانشرقیی"  # two bear its first word


@pytest.mark.parametrize(
    ("text", "street", "province"),
    [
        ("خیابان حافظ تبریز آذربایجان شرقی", "حافظ", "اذربایجانشرقی"),
        ("خیابان حافظ قلعه تبریز آذربایجان شرقی", "حافظقلعه", "اذربایجانشرقی"),
        ("خیابان حافظ شهر تبریز", "حافظ", None),
        ("خیابان حافظ شهر تبریز استان آذربایجان شرقی", "حافظ", "اذربایجانشرقی"),
    ],
)
def test_city_and_province_stand_behind_a_street(
    text: str, street: str, province: str | None
) -> None:
    found = read(text)
    assert (found.street, found.localities, found.province) == (street, ("تبریز",), province)


def test_what_lies_in_another_province_is_part_of_the_name() -> None:
    assert read("خیابان حافظ خرم آذربایجان غربی").localities == ()


def test_a_city_that_is_called_a_province_is_the_city() -> None:
    found = read("استان تبریز، خیابان حافظ")
    assert (found.province, found.localities) == (None, ("تبریز",))
    assert read("استان آذربایجان شرقی، شهر تبریز").province == "اذربایجانشرقی"


def test_every_name_that_is_looked_for_is_asked_for() -> None:
    def asked(text: str) -> set[str]:
        return set(run_on_names(wanted_from(parse(text))))

    assert asked("شهر تبریز قلعه") == {"تبریز", "شهرتبریز"}
    assert asked("خ حافظ تبریز آذربایجان شرقی") >= {"تبریز", "اذربایجانشرقی"}
    assert not asked("شهر تبریز، خ حافظ تبریز آذربایجان شرقی")  # the city is named
