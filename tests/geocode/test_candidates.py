"""Each collector over a few entries of its own."""

from __future__ import annotations

from typing import Any

import pytest

from geoservice.database.engine import Connection
from geoservice.database.steps import run
from geoservice.geocode.candidates import (
    Scope,
    by_name,
    names_of,
    neighbourhoods,
    postal_codes,
    street_names,
    streets,
    zones,
)
from geoservice.model import MatchLevel

# match_level, joined, province, locality, street
ENTRIES: list[tuple[Any, ...]] = [
    ("province", "فارس", "فارس", None, None),
    ("county", "شیراز", "فارس", None, None),
    ("locality", "شیراز", "فارس", "شیراز", None),
    ("street", "زند", "فارس", "شیراز", None),
    ("street", "5", "فارس", "شیراز", "زند"),
    ("street", "5", "فارس", "شیراز", "ارم"),
    ("street", "زند", "یزد", "یزد", None),
    ("street", "شیراز", "یزد", "یزد", None),
    ("neighbourhood", "زند", "فارس", "شیراز", None),
    ("postal_zone", "71346", "فارس", None, None),
]


@pytest.fixture
def gazetteer(connection: Connection) -> Connection:
    connection.execute("DELETE FROM gazetteer.entry")
    connection.execute("DELETE FROM source.address")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO gazetteer.entry (match_level, ref, label, key, joined, province, "
            "locality, street, uncertainty_m, geom) "
            "VALUES (%s, '-', '-', %s, %s, %s, %s, %s, 100, ST_Point(52, 29, 4326))",
            [(level, name, name, *rest) for level, name, *rest in ENTRIES],
        )
    return connection


def test_by_name_gives_places_and_regions_only(gazetteer: Connection) -> None:
    found = run(gazetteer, by_name(["شیراز", "فارس", "زند", "71346", "نیست"]))
    assert {name: {c.match_level for c in each} for name, each in found.items()} == {
        "شیراز": {MatchLevel.COUNTY, MatchLevel.LOCALITY},
        "فارس": {MatchLevel.PROVINCE},
    }
    assert found["فارس"][0].provinces == {"فارس"}
    assert (found["فارس"][0].lon, found["فارس"][0].lat) == (52, 29)


def test_streets_are_looked_for_within_a_locality(gazetteer: Connection) -> None:
    scopes = [
        Scope("زند", "شیراز", "فارس"),
        Scope("زند", "شیراز", None),
        Scope("زند", "یزد", "یزد"),
        Scope("زند", "شیراز", "یزد"),
        Scope("5", "شیراز", "فارس"),
        Scope("زند", "شیراز", "فارس"),
    ]
    found = run(gazetteer, streets(scopes, [None, None, "5", None, None, "5"]))
    assert [sorted((c.name, c.street) for c in each) for each in found] == [
        [("زند", None)],
        [("زند", None)],
        [("زند", None)],
        [],
        [],
        [("5", "زند"), ("زند", None)],
    ]


def test_neighbourhoods_are_no_streets(gazetteer: Connection) -> None:
    scopes = [Scope("زند", "شیراز", "فارس"), Scope("زند", "یزد", "یزد")]
    found = run(gazetteer, neighbourhoods(scopes))
    assert [[c.match_level for c in each] for each in found] == [[MatchLevel.NEIGHBOURHOOD], []]


def test_zones(gazetteer: Connection) -> None:
    found = run(gazetteer, zones(["71346", "71347", "شیراز"]))
    assert set(found) == {"71346"}
    assert found["71346"][0].method == "postal_zone"


def test_names_to_mend_with(gazetteer: Connection) -> None:
    assert run(gazetteer, names_of(MatchLevel.LOCALITY)) == [("شیراز", "فارس")]
    found = run(gazetteer, street_names(["یزد", "شیراز"]))
    assert {locality: sorted(names) for locality, names in found.items()} == {
        "یزد": ["زند", "شیراز"],
        "شیراز": ["زند"],
    }


@pytest.mark.parametrize(
    ("accuracy", "metres"), [("accurate", 20.0), ("estimated", 50.0), (None, 100.0), ("؟", 100.0)]
)
def test_postal_codes(gazetteer: Connection, accuracy: str | None, metres: float) -> None:
    gazetteer.execute(
        "INSERT INTO source.address (postal_code, province, locality, street, plaque, unit, "
        "accuracy, geom) VALUES "
        "('7134611111', 'فارس', 'شيراز', 'زند', '۵', NULL, %(a)s, ST_Point(52, 29, 4326)), "
        "('7134611112', NULL, NULL, NULL, NULL, '3', %(a)s, ST_Point(52, 29, 4326)), "
        "('7134611113', NULL, NULL, NULL, NULL, NULL, %(a)s, NULL)",
        {"a": accuracy},
    )
    codes = ["7134611111", "7134611112", "7134611113", "7134611114"]
    found = run(gazetteer, postal_codes(codes))
    assert set(found) == set(codes[:3])
    address, unit = found["7134611111"], found["7134611112"]
    assert address is not None
    assert unit is not None
    assert found["7134611113"] is None
    assert (address.match_level, unit.match_level) == (MatchLevel.POSTAL_CODE, MatchLevel.UNIT)
    assert address.label == "فارس، شيراز، زند، پلاک ۵"
    assert (address.uncertainty_m, address.provinces) == (metres, frozenset({"فارس"}))
    assert (address.locality, unit.locality) == ("شیراز", None)


def test_nothing_asked_is_nothing_found(gazetteer: Connection) -> None:
    assert run(gazetteer, by_name([])) == {}
    assert run(gazetteer, streets([], [])) == []
    assert run(gazetteer, neighbourhoods([])) == []
    assert run(gazetteer, zones([])) == {}
    assert run(gazetteer, postal_codes([])) == {}
