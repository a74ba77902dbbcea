"""Buildings and landmarks by their names: in Shiraz two of one name, in Yazd another.

Where nobody knows a name, the answer is what it would be without it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg.sql import SQL, Composed

from geoservice.database.engine import Connection, connect
from geoservice.database.steps import Ask, run
from geoservice.geocode.corrected_places import place_of
from geoservice.geocode.geocode import Answer, geocode, question_of
from geoservice.geocode.parse import parse
from geoservice.geocode.search import search
from geoservice.geocode.wanted import wanted_from
from geoservice.ingest.gazetteer import build_gazetteer
from geoservice.model import Address, Match

# The end of the code, city, neighbourhood, street, alley, plaque, unit, building, lon.
ADDRESSES = [
    ("02", "شیراز", "گلدشت", "بهار", None, "2", None, None, 52.5402),
    ("10", "شیراز", "گلدشت", "بهار", None, "10", "1", "ساختمان نگین", 52.5410),
    ("11", "شیراز", "گلدشت", "بهار", None, "10", "2", "ساختمان نگین", 52.5410),
    ("20", "شیراز", "ارم", "سپیدار", None, "4", None, "نگین", 52.5600),
    ("21", "شیراز", "ارم", "سپیدار", "پنجم", "7", None, "برج مسکونی ارم", 52.5610),
    ("22", "شیراز", None, "سپیدار", None, None, None, "بیمارستان شهید رجایی", 52.5620),
    ("30", "شیراز", None, "لاله", None, "5", None, None, 52.5700),
    ("31", "یزد", None, "بهار", None, "6", None, "مجتمع تجاری الماس", 54.3600),
]
WITHOUT_NAME = "شیراز، خیابان بهار"


@pytest.fixture(scope="module")
def country(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as connection:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO source.place (id, kind, name_fa, population, geom) "
                "VALUES (%s, 'city', %s, %s, ST_Point(%s, 29.7, 4326))",
                [("s", "شیراز", 1_500_000, 52.54), ("y", "یزد", 500_000, 54.36)],
            )
            cursor.executemany(
                "INSERT INTO source.address (postal_code, locality, neighbourhood, street, alley, "
                "plaque, unit, building, accuracy, geom) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, "
                "'accurate', ST_Point(%s, 29.62, 4326))",
                [(f"71346111{row[0]}", *row[1:]) for row in ADDRESSES],
            )
        build_gazetteer(connection)
        yield connection


def ask(connection: Connection, text: str) -> Answer:
    return run(connection, geocode([question_of(text)]))[0]


def best(connection: Connection, text: str) -> Match:
    return ask(connection, text).matches[0]


@pytest.mark.parametrize(
    ("text", "level", "lon", "faults"),
    [
        ("شیراز، خیابان بهار، ساختمان نگین", "plaque", 52.5410, []),
        ("ساختمان نگین، خیابان بهار، شیراز", "plaque", 52.5410, []),
        ("شیراز، بهار، مجتمع نگین", "plaque", 52.5410, ["street.unmarked"]),
        ("شیراز، خیابان بهار، ساختمان نگین، واحد ۲", "unit", 52.5410, []),
        ("شیراز، خیابان بهار، ساختمان نگین، واحد ۷", "plaque", 52.5410, ["unit.not_matched"]),
        ("شیراز، خیابان سپیدار، ساختمان نگین", "plaque", 52.5600, []),
        ("شیراز، خیابان سپیدار، برج ارم", "plaque", 52.5610, []),
        ("شیراز، خیابان سپیدار، کوچه ۵، برج ارم", "plaque", 52.5610, []),
        ("شیراز، برج ارم", "plaque", 52.5610, ["street.assumed"]),
        ("شیراز، بیمارستان رجایی", "plaque", 52.5620, ["street.assumed"]),
        ("بیمارستان شهید رجایی شیراز", "plaque", 52.5620, ["street.assumed"]),
        ("شیراز، محله گلدشت، ساختمان نگین", "plaque", 52.5410, ["street.assumed"]),
        (
            "شیراز، محله گلدشت، برج ارم",
            "plaque",
            52.5610,
            ["street.assumed", "neighbourhood.contradicted"],
        ),
        ("یزد، پاساژ الماس", "plaque", 54.3600, ["street.assumed"]),
        ("شیراز، ساختمان نگین", "locality", 52.54, ["building.ambiguous"]),
        ("شیراز، خیابان بهار، پلاک ۲، ساختمان نگین", "plaque", 52.5402, []),
        ("شیراز، خیابان بهار، پلاک ۱۰، ساختمان نگین", "plaque", 52.5410, []),
        ("شیراز، خیابان بهار، پلاک ۱۰، مجتمع نگین شرق", "plaque", 52.5410, []),
        (
            "شیراز، خیابان بهار، پلاک ۱۰، ساختمان الماس",
            "plaque",
            52.5410,
            ["building.contradicted"],
        ),
        ("شیراز، خیابان بهار، روبروی بیمارستان رجایی", "street", None, []),
        (
            "شیراز، خیابان سپیدار، روبروی بیمارستان رجایی",
            "street",
            52.5620,
            ["landmark.beside"],
        ),
    ],
)
def test_what_is_found(
    country: Connection, text: str, level: str, lon: float | None, faults: list[str]
) -> None:
    match = best(country, text)
    assert (match.match_level, sorted(each.name for each in match.faults)) == (
        level,
        sorted(faults),
    )
    assert lon is None or match.lon == pytest.approx(lon)


@pytest.mark.parametrize(
    "behind",
    [
        "ساختمان مروارید",
        "برج ارم",  # on another street
        "بلوک ۵",
        "بیمارستان نمازی",
        "روبروی بانک ملی",
        "جنب مدرسه",
        "روبروی ساختمان مروارید",
    ],
)
def test_a_name_that_nobody_knows_there_changes_nothing(country: Connection, behind: str) -> None:
    plain, named = best(country, WITHOUT_NAME), best(country, f"{WITHOUT_NAME}، {behind}")
    assert (named.lon, named.lat, named.match_level) == (plain.lon, plain.lat, plain.match_level)
    assert named.confidence == plain.confidence
    assert named.faults == plain.faults


def test_a_building_of_another_city_or_a_street_that_nobody_knows_is_not_meant(
    country: Connection,
) -> None:
    assert best(country, "شیراز، پاساژ الماس").match_level == "locality"
    assert best(country, "شیراز، خیابان ناشناس، برج ارم").match_level == "locality"
    assert ask(country, "ساختمان نگین").matches == ()


def test_what_is_told_of_it(country: Connection) -> None:
    match = best(country, "شیراز، خیابان بهار، ساختمان نگین")
    assert match.method == "building"
    assert match.label == "ساختمان نگین، پلاک ۱۰، خیابان بهار، شیراز"
    assert match.parts == Address(
        city="شیراز",
        neighbourhood="گلدشت",
        street="بهار",
        plaque="10",
        building="ساختمان نگین",
    )
    assert match.postal_code is None
    assert ("نگین", "building") in match.matched
    unit = best(country, "شیراز، خیابان بهار، ساختمان نگین، واحد ۲")
    assert unit.label == "واحد ۲، ساختمان نگین، پلاک ۱۰، خیابان بهار، شیراز"
    assert (unit.postal_code, ("۲", "unit") in unit.matched) == ("7134611111", True)
    alone = best(country, "شیراز، برج ارم")
    assert alone.label.startswith("برج مسکونی ارم، پلاک ۷، ")
    assert alone.postal_code == "7134611121"
    hospital = best(country, "شیراز، بیمارستان رجایی")
    assert ("بیمارستان رجایی", "building") in hospital.matched
    tower = best(country, "شیراز، خیابان سپیدار، روبروی برج ارم، واحد ۳")
    assert tower.label == "برج مسکونی ارم، کوچه پنجم، خیابان سپیدار، شیراز"
    assert (tower.match_level, tower.parts and tower.parts.plaque) == ("street", None)
    beside = best(country, "شیراز، خیابان سپیدار، روبروی بیمارستان رجایی")
    assert ("روبروی بیمارستان رجایی", "landmarks") in beside.matched


def test_a_plaque_tells_the_building_too(country: Connection) -> None:
    same = best(country, "شیراز، خیابان بهار، ساختمان نگین، پلاک ۱۰")
    assert ("نگین", "building") in same.matched
    other = best(country, "شیراز، خیابان بهار، ساختمان الماس، پلاک ۱۰")
    assert "building" not in {field for _, field in other.matched}
    assert other.confidence < same.confidence


def asked(connection: Connection, text: str) -> list[Ask]:
    """Every statement that a question needs."""
    steps, asks, rows = geocode([question_of(text)]), list[Ask](), None
    try:
        while True:
            asks.append(next(steps) if rows is None else steps.send(rows))
            rows = connection.execute(asks[-1].query, asks[-1].parameters).fetchall()
    except StopIteration:
        return asks


def test_buildings_cost_a_statement_and_nobody_else_pays_it(country: Connection) -> None:
    plain = len(asked(country, WITHOUT_NAME))
    assert len(asked(country, f"{WITHOUT_NAME}، ساختمان نگین")) == plain + 1
    with_plaque = f"{WITHOUT_NAME}، پلاک ۱۰"
    named = f"{with_plaque}، ساختمان نگین، روبروی بانک"
    assert len(asked(country, named)) == len(asked(country, with_plaque))


def test_a_correction_of_a_building_is_one_of_its_plaque(country: Connection) -> None:
    def place(text: str) -> str | None:
        wanted = wanted_from(parse(text))
        return place_of(run(country, search({wanted}))[wanted])

    of_plaque = place("شیراز، خیابان بهار، پلاک ۱۰")
    assert of_plaque
    assert place("شیراز، خ بهار، ساختمان نگین") == of_plaque
    assert place("شیراز، خیابان بهار، ساختمان مروارید") is None
    assert place("شیراز، خیابان سپیدار، بیمارستان رجایی") is None


@pytest.mark.parametrize("where", ["شیراز، ", "شیراز، خیابان بهار، "])
def test_the_statement_goes_through_the_index_of_names(country: Connection, where: str) -> None:
    """Not through all addresses: its condition has to be the one of the partial index."""
    country.execute("SET LOCAL enable_seqscan = off")
    *_, of_buildings = (
        ask for ask in asked(country, f"{where}ساختمان نگین") if "a.building" in str(ask.query)
    )
    plan = country.execute(_explained(of_buildings), of_buildings.parameters).fetchall()
    assert "address_building_idx" in str(plan)


def _explained(ask: Ask) -> Composed:
    assert not isinstance(ask.query, str)
    return SQL("EXPLAIN ") + ask.query
