from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.geocode.names import read_rest
from geoservice.geocode.parse import parse
from geoservice.geocode.penalties import ADDRESS
from geoservice.geocode.question import question_from_parts
from geoservice.geocode.score import Candidate
from geoservice.geocode.wanted import Wanted, names_in, split_rest, wanted_from
from geoservice.model import MatchLevel


def asked(**parts: Any) -> Wanted:
    return wanted_from(question_from_parts(**parts).address)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Wanted()),
        ("خ. شهید بهشتي، ك. ٥، پ ۱۲", Wanted(street="بهشتی", alley="5", plaque="12")),
        ("بلوار کشاورز", Wanted(street="بلوارکشاورز")),
        ("استان فارس، شهرستان شیراز، محله قصردشت",
         Wanted(province="فارس", county="شیراز", neighbourhood="قصردشت")),
        ("شهر کرد", Wanted(localities=("شهرکرد", "کرد"))),
        ("روستای حسین‌آباد", Wanted(localities=("حسیناباد",))),
        ("بخش مرکزی، دهستان نو", Wanted(district="نو", rest=())),
        ("تهران، شرکت نفت", Wanted(rest=(("تهران",), ("شرکت", "نفت")))),
    ],
)  # fmt: skip
def test_keys_of_an_address(text: str, expected: Wanted) -> None:
    assert wanted_from(parse(text)) == expected


def test_columns_come_before_the_text() -> None:
    text = "استان یزد، شهر میبد، خیابان زند"
    columns = {"province": "استان فارس", "county": " شهرستان شيراز", "city": "شیراز"}
    assert asked(text=text, **columns) == Wanted(
        province="فارس", county="شیراز", localities=("شهرشیراز", "شیراز"), street="زند"
    )


@pytest.mark.parametrize(
    ("city", "localities"),
    [
        ("شهرکرد", ("شهرشهرکرد", "شهرکرد")),
        ("شهر کرد", ("شهرکرد", "کرد")),
        ("روستای ده نو", ("دهنو",)),
        ("-", ()),
        (None, ()),
    ],
)
def test_a_citys_column(city: str | None, localities: tuple[str, ...]) -> None:
    assert asked(city=city).localities == localities


@given(st.lists(st.lists(st.sampled_from("ابپتث"), min_size=1, max_size=6), max_size=4))
def test_splitting_loses_no_word(pieces: list[list[str]]) -> None:
    rest = tuple(tuple(piece) for piece in pieces)
    names, remains = split_rest(rest, {"ا", "اب", "بپت"})
    left = ["".join(words) for words in remains]
    assert sorted("".join(names + left)) == sorted("".join(map("".join, pieces)))
    assert set(names) <= set(names_in(rest))


def entry(name: str, level: MatchLevel, province: str, population: int | None = None) -> Candidate:
    return Candidate(
        level,
        ADDRESS,
        name,
        0,
        0,
        0,
        name=name,
        provinces=frozenset({province}),
        population=population,
    )


KNOWN = {
    "تهران": [
        entry("تهران", MatchLevel.PROVINCE, "تهران"),
        entry("تهران", MatchLevel.LOCALITY, "تهران", 9_000_000),
        entry("تهران", MatchLevel.COUNTY, "تهران"),
    ],
    "فارس": [entry("فارس", MatchLevel.PROVINCE, "فارس")],
    "شیراز": [
        entry("شیراز", MatchLevel.LOCALITY, "فارس", 1_500_000),
        entry("شیراز", MatchLevel.COUNTY, "فارس"),
    ],
    "ازادی": [entry("ازادی", MatchLevel.LOCALITY, "تهران", 300)],
    "دماوند": [entry("دماوند", MatchLevel.LOCALITY, "تهران", 80_000)],
    "گلستان": [
        entry("گلستان", MatchLevel.PROVINCE, "گلستان"),
        entry("گلستان", MatchLevel.LOCALITY, "تهران", 239_000),
    ],
    "یوسفاباد": [entry("یوسفاباد", MatchLevel.LOCALITY, "تهران", 5_308)],
}


@pytest.mark.parametrize(
    ("text", "province", "localities", "unmarked"),
    [
        ("تهران", None, ("تهران",), ()),
        ("تهران، تهران", "تهران", ("تهران",), ()),
        ("تهران، دماوند", "تهران", ("دماوند",), ()),
        ("تهران، آزادی", None, ("تهران", "ازادی"), ("ازادی",)),
        ("تهران، یوسف آباد", None, ("تهران", "یوسفاباد"), ("یوسفاباد",)),
        ("تهران دماوند", "تهران", ("دماوند",), ("تهراندماوند",)),
        ("گلستان", "گلستان", (), ()),
        ("فارس شیراز", "فارس", ("شیراز",), ("فارسشیراز",)),
        ("شیراز، فارس", "فارس", ("شیراز",), ()),
        ("شیراز، گلستان", None, ("شیراز",), ("گلستان",)),
        ("شیراز قصردشت", None, ("شیراز",), ("قصردشت", "شیرازقصردشت")),
        ("بانک تهران", None, (), ("بانکتهران",)),
    ],
)
def test_text_without_markers_is_read_by_the_names_that_are_known(
    text: str, province: str | None, localities: tuple[str, ...], unmarked: tuple[str, ...]
) -> None:
    read = read_rest(wanted_from(parse(text)), KNOWN)
    assert (read.province, read.localities, read.unmarked) == (province, localities, unmarked)


def test_a_column_and_the_text_may_say_the_same() -> None:
    wanted = asked(text="تهران، خیابان آزادی", province="تهران")
    assert read_rest(wanted, KNOWN).localities == ("تهران",)
    wanted = asked(text="فارس، شیراز", province="فارس", city="شیراز")
    assert read_rest(wanted, KNOWN).unmarked == ()


@pytest.mark.parametrize(
    ("piece", "names"),
    [
        ("تبریز ۵", []),
        ("تبریز ۱۲۳", []),
        ("تبریز ۳۳۵۹۱", ["تبریز"]),
        ("تبریز ۲۰۲۵", ["تبریز"]),
    ],
)
def test_a_long_number_behind_a_place_makes_it_no_street(piece: str, names: list[str]) -> None:
    rest = wanted_from(parse(piece)).rest
    assert split_rest(rest, {"تبریز"})[0] == names


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("مولوی تهران ایران", (("مولوی", "تهران"),)),
        ("سرو ۲۰۰ متر", (("سرو", "200", "متر"),)),
        ("تهران ایران پلاک ۵", (("تهران", "ایران"),)),  # may be the street of that name
        ("خیابان ایران", ()),
    ],
)
def test_words_that_name_no_place_at_the_end(text: str, rest: tuple[tuple[str, ...], ...]) -> None:
    assert wanted_from(parse(text)).rest == rest


def test_words_that_name_no_place_before_a_name() -> None:
    words = (("جمهوری", "اسلامی", "ایران", "تبریز", "سرو"),)
    assert split_rest(words, {"تبریز"}) == (["تبریز"], [("سرو",)])
    assert split_rest((("ایران", "سرو"),), {"تبریز", "ایران"}) == (["ایران"], [("سرو",)])


MASHHAD = Candidate(
    MatchLevel.LOCALITY,
    ADDRESS,
    "مشهد",
    59,
    36,
    0,
    name="مشهد",
    provinces=frozenset({"خراسانرضوی"}),
    population=3_000_000,
)
SARVESTAN = replace(
    MASHHAD,
    match_level=MatchLevel.COUNTY,
    name="سروستان",
    provinces=frozenset({"فارس"}),
    counties=frozenset({"سروستان"}),
    population=None,
)
VILLAGE = replace(MASHHAD, name="قلعه", counties=frozenset({"دامغان"}), population=300)


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("مشهد، سروستان، پلاک ۱۳", None),
        ("مشهد، سروستان، ۱۳", None),
        ("مشهد، سروستان", "سروستان"),
        ("مشهد، سروستان، خیابان بهار، پلاک ۱۳", "سروستان"),
    ],
)
def test_a_house_lies_in_a_street_rather_than_in_a_county_far_away(
    text: str, county: str | None
) -> None:
    known = {"مشهد": [MASHHAD], "سروستان": [SARVESTAN]}
    read = read_rest(wanted_from(parse(text)), known)
    assert read.county == county
    assert ("سروستان" in read.unmarked) == (county is None)


def test_a_village_elsewhere_is_not_in_the_county_that_was_named() -> None:
    known = {"قلعه": [VILLAGE]}
    read = read_rest(wanted_from(parse("شهرستان کرمانشاه، قلعه، خیابان کاشانی")), known)
    assert read.localities == ()
    assert read_rest(wanted_from(parse("شهرستان دامغان، قلعه")), known).localities == ("قلعه",)


def test_nor_is_a_town_in_another_province() -> None:
    town = replace(VILLAGE, population=70_000, provinces=frozenset({"سمنان"}))
    county = replace(SARVESTAN, name="کرمانشاه", counties=frozenset({"کرمانشاه"}))
    known = {"قلعه": [town], "کرمانشاه": [county]}
    asked_for = wanted_from(parse("شهرستان کرمانشاه، قلعه، خیابان کاشانی"))
    assert read_rest(asked_for, known).localities == ()
    known["قلعه"] = [replace(town, provinces=county.provinces)]
    assert read_rest(asked_for, known).localities == ("قلعه",)
