"""Which of several names is the town: over the sample, whose settlements are the country's own."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from geoservice.database.engine import Connection, connect
from geoservice.database.steps import run
from geoservice.geocode.choose import Pick
from geoservice.geocode.elsewhere import most_likely, other_readings, towns_behind_numbers
from geoservice.geocode.geocode import geocode
from geoservice.geocode.parse import parse
from geoservice.geocode.question import question_of
from geoservice.geocode.score import Candidate
from geoservice.geocode.wanted import wanted_from
from geoservice.model import Match, MatchLevel
from geoservice.persian.building import institution_at
from geoservice.persian.letters import joined, normalise
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.towns import town_names
from tests.geocode.suite import distance_m

SAMPLE = Path(__file__).resolve().parents[2] / "sample"

SURE, FAR_M = 0.85, 50_000
PAIRS = 300

Rows = Sequence[dict[str, str]]


def _rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _point(row: dict[str, str]) -> tuple[float, float]:
    return float(row["lon"]), float(row["lat"])


@pytest.fixture(scope="module")
def sample(sample_url: str) -> Iterator[Connection]:
    with connect(sample_url) as connection:
        yield connection


def _best(sample: Connection, texts: Sequence[str]) -> list[Match | None]:
    answers = run(sample, geocode([question_of(text) for text in texts]))
    return [next(iter(answer.matches), None) for answer in answers]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (
            "استان تهران، شهر مجتمع مسکونی نامجو، محله زرگران، خیابان افرا، پلاک ۶",
            "مجتمع مسکونی نامجو",
        ),
        ("تهران، شهرک مجتمع مسکونی نامجو، محله زرگران", "مجتمع مسکونی نامجو"),
        ("مجتمع مسکونی نامجو", "مجتمع مسکونی نامجو، تهران"),
        ("کرد کوی خیابان ایستگاه", "خیابان ایستگاه، کردکوی، گلستان"),
        ("کرد کوی", "کرد کوی، گلستان"),
        ("بلوار بازار 5 شهر کرد", "بلوار بازار، شهرکرد"),
        ("گردو ۷ شیراز", "پلاک ۷، خیابان گردو، شیراز"),
        ("گردو ۷ شیراز فارس", "پلاک ۷، خیابان گردو، شیراز"),
        ("مسجد جامع 36 تهران", "خیابان مسجد جامع، تهران، تهران"),
        ("بهار 31 اصفهان", "پلاک ۳۱، خیابان بهار، اصفهان"),
        ("قدس 12 قائم شهر", "پلاک ۱۲، خیابان قدس، قائم شهر"),
        ("فرادنبه البرز", "خیابان البرز، فرادنبه"),
        ("البرز فرادنبه", "خیابان البرز، فرادنبه"),
        ("فرادنبه-البرز-پ1", "خیابان البرز، فرادنبه"),
        ("بهار 11، گلستان", "پلاک ۱۱، خیابان بهار، گلستان، تهران"),
        ("انار پلاک 6 شهرک شهید چمران", "خیابان انار، شهرک شهید چمران"),
        ("دماوند شهرک بابا سلمان تهران", "خیابان دماوند، شهرک بابا سلمان"),
        ("اندیشه، خیابان شقایق، پلاک ۱", "خیابان شقایق، شهر جدید اندیشه، البرز"),
        ("شهر اندیشه، خیابان شقایق، پلاک ۱", "خیابان شقایق، شهر جدید اندیشه، البرز"),
        ("اندیشه شقایق 9", "خیابان شقایق، شهر جدید اندیشه، البرز"),
        ("اندیشه دانشگاه 3", "خیابان دانشگاه، اندیشه، تهران"),
        ("روبروی خیابان گردو شیراز", "خیابان گردو، شیراز"),
        ("روبه‌روی خیابان گردو شیراز", "خیابان گردو، شیراز"),
    ],
)
def test_the_town_that_is_named_is_answered(sample: Connection, text: str, label: str) -> None:
    (match,) = _best(sample, [text])
    assert match
    assert label in match.label


@pytest.mark.parametrize(
    "text",
    [
        "کرج تهران",  # two cities, neither a street of the other
        "سیبن شهرک شهید چمران",  # two towns far from each other
        "گردو ۷ شیراز تهران",
        "اندیشه کارگر 1",  # neither has the street
    ],
)
def test_what_names_two_places_is_not_sure(sample: Connection, text: str) -> None:
    (match,) = _best(sample, [text])
    assert match is None or match.confidence < SURE


def test_a_city_is_not_the_short_other_name_of_another(sample: Connection) -> None:
    """«کرج» is also one of Qods's names, in the province that is named."""
    (match,) = _best(sample, ["کرج تهران"])
    assert match
    assert match.label == "کرج، البرز"


def test_beside_a_landmark_the_street_is_less_sure(sample: Connection) -> None:
    (match,) = _best(sample, ["روبروی خیابان گردو شیراز"])
    assert match
    assert "landmark.beside" in {each.name for each in match.faults}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("order", ["{street} {plaque} {locality}", "{street} {locality}"])
def test_no_house_is_surely_in_another_town(sample: Connection, seed: int, order: str) -> None:
    houses = [row for row in _rows("addresses.csv") if row["plaque"] and row["street"]]
    asked = random.Random(seed).sample(houses, PAIRS)  # noqa: S311  (which ones is no matter)
    found = _best(sample, [order.format(**row) for row in asked])
    wrong = [
        (order.format(**row), match.label, match.confidence)
        for row, match in zip(asked, found, strict=True)
        if match
        and match.confidence >= SURE
        and distance_m(_point(row), (match.lon, match.lat)) > FAR_M
    ]
    assert not wrong
    fine = sum(match.match_level is not MatchLevel.LOCALITY for match in found if match)
    assert fine >= 0.85 * PAIRS


def _named() -> list[tuple[str, list[tuple[float, float]]]]:
    """Every name of a settlement that has a marker or a building's word in it, and where it is."""
    lexicon = load_lexicon()
    places: dict[str, list[tuple[float, float]]] = defaultdict(list)
    names: dict[str, None] = {}
    for row in _rows("places.csv"):
        for name in filter(None, (row["name_fa"], *row["aliases"].split("|"))):
            places[joined(name)].append(_point(row))
            words = normalise(name).split()
            if len(words) > 1 and any(
                lexicon.marker_at(words, n) or institution_at(words, n) for n in range(len(words))
            ):
                names[name] = None
    return [(name, places[joined(name)]) for name in names]


@pytest.mark.parametrize("text", ["{} خیابان نو", "شهر {}، خیابان نو", "{}، کوچه ۳"])
def test_a_marker_in_a_towns_name_is_none(sample: Connection, text: str) -> None:
    named = _named()
    assert len(named) > 200
    found = _best(sample, [text.format(name) for name, _ in named])
    right = 0
    for (name, points), match in zip(named, found, strict=True):
        if match is None:
            continue
        away = min(distance_m(point, (match.lon, match.lat)) for point in points)
        right += away < 2_000
        assert away < FAR_M or match.confidence < SURE, (name, match.label)
    assert right >= 0.85 * len(named)


def test_names_with_markers_are_of_settlements() -> None:
    known = {joined(n) for row in _rows("places.csv") for n in _all_names(row)}
    listed = {"".join(name) for names in town_names().values() for _, name in names}
    assert listed - known == set()


def _all_names(row: dict[str, str]) -> tuple[str, ...]:
    return (row["name_fa"], *row["aliases"].split("|"))


@pytest.mark.parametrize(
    ("text", "part", "value"),
    [
        ("کرد کوی بلوار امام", "rest", ("کرد کوی",)),
        ("خان بین خیابان امام", "street", "امام"),
        ("شهر مجتمع مسکونی نامجو", "city", "مجتمع مسکونی نامجو"),
        ("شهرک مجتمع مسکونی نامجو", "city", "مجتمع مسکونی نامجو"),
        ("روستای پشت پیان خیابان ۵", "village", "پشت پیان"),
        ("بالا محله خیابان نو", "rest", ("بالا محله",)),
        ("مجتمع مسکونی نگین", "building", "مسکونی نگین"),
        ("کوی امام", "neighbourhood", "کوی امام"),
        ("محله میدان شوش", "neighbourhood", "میدان شوش"),
    ],
)
def test_a_town_is_read_as_one(text: str, part: str, value: object) -> None:
    assert getattr(parse(text), part) == value


def _town(name: str, people: int) -> Candidate:
    return Candidate(
        MatchLevel.LOCALITY, "address", name, 0, 0, 1, name=name, locality=name, population=people
    )


KNOWN = {
    name: [_town(name, n)] for name, n in {"شیراز": 900_000, "گردو": 300, "انار": 9_000}.items()
}


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("گردو ۷ شیراز", (("گردو", "7"), ("شیراز",))),
        ("شیراز ۷ انار", (("شیراز", "7"), ("انار",))),
        ("شیراز گردو ۷ انار", (("شیراز", "گردو", "7", "انار"),)),
        ("گردو ۱۵ خرداد", (("گردو", "15", "خرداد"),)),
        ("گردو ۷ کاج", (("گردو", "7", "کاج"),)),
        ("گردو شیراز", (("گردو", "شیراز"),)),
    ],
)
def test_a_town_behind_a_number_stands_by_itself(
    text: str, rest: tuple[tuple[str, ...], ...]
) -> None:
    assert towns_behind_numbers(wanted_from(parse(text)), KNOWN).rest == rest


def test_other_towns_are_read_only_where_something_was_not_found() -> None:
    wanted = wanted_from(parse("گردو انار"))
    match = Match(0, 0, MatchLevel.LOCALITY, 0.9, 1, "address", "گردو")
    assert other_readings(wanted, wanted, wanted, match, KNOWN) == []
    readings = other_readings(wanted, wanted, wanted, None, KNOWN)
    assert {each.localities for each in readings} == {("گردو",), ("انار",)}


def _street(locality: str, lon: float, confidence: float) -> Pick:
    street = Candidate(
        MatchLevel.STREET, "address", "کاج", lon, 30, 1, name="کاج", locality=locality
    )
    match = Match(lon, 30, MatchLevel.STREET, confidence, 1, "address", f"کاج، {locality}")
    return Pick(match, street)


@pytest.mark.parametrize(
    ("first", "shown", "place", "is_open"),
    [
        (None, [_street("انار", 52, 0.9), _street("گردو", 55, 0.7)], 0, False),
        (None, [_street("انار", 52, 0.7), _street("گردو", 55, 0.9)], 1, False),
        (None, [_street("انار", 52, 0.9), _street("گردو", 55, 0.92)], 1, True),
        (_town("گردو", 300), [_street("انار", 52, 0.9)], 0, False),
        (_town("شیراز", 900_000), [_street("انار", 52, 0.9)], 0, True),
        (_town("اندیشه", 900_000), [_street("شهرجدیداندیشه", 52, 0.9)], 0, False),
    ],
)
def test_another_reading_is_sure_where_no_city_and_no_other_comes_near(
    first: Candidate | None, shown: list[Pick], place: int, is_open: bool
) -> None:
    found, doubts = most_likely(first, shown)
    assert found == place
    assert [each.name for each in doubts] == ["locality.ambiguous"] * is_open
