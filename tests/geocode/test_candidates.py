"""Each collector over a few entries of its own."""

from __future__ import annotations

from typing import Any

import pytest

from geoservice.database.engine import Connection
from geoservice.database.steps import run
from geoservice.geocode.addresses import postal_codes
from geoservice.geocode.candidates import (
    Alley,
    Anywhere,
    Named,
    alley_names,
    by_name,
    local_names,
    names_of,
    within,
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


def test_streets_and_neighbourhoods_are_looked_for_within_a_locality(
    gazetteer: Connection,
) -> None:
    named = [
        Named(0, "زند", "شیراز", "فارس"),
        Named(1, "زند", "شیراز", None),
        Named(2, "زند", "یزد", "یزد"),
        Named(3, "زند", "شیراز", "یزد"),
        Named(4, "5", "شیراز", "فارس"),
    ]
    found = run(gazetteer, within(named, [], []))
    street, area = MatchLevel.STREET, MatchLevel.NEIGHBOURHOOD
    assert sorted((n, c.match_level, c.name, c.street) for n, c in found) == sorted(
        [
            (0, street, "زند", None),
            (0, area, "زند", None),
            (1, street, "زند", None),
            (1, area, "زند", None),
            (2, street, "زند", None),
        ]
    )


def test_alleys_are_those_of_a_street_or_of_any(gazetteer: Connection) -> None:
    alleys = [
        Alley(0, "زند", "5", "شیراز", "فارس"),
        Alley(1, "زند", "6", "شیراز", "فارس"),
        Alley(2, None, "5", "شیراز", None),
        Alley(3, "زند", "5", "یزد", None),
    ]
    found = run(gazetteer, within([], alleys, []))
    assert sorted((n, c.name, c.street) for n, c in found) == [
        (0, "5", "زند"),
        (2, "5", "ارم"),
        (2, "5", "زند"),
    ]


def test_a_street_is_looked_for_anywhere_within_what_is_known(gazetteer: Connection) -> None:
    anywhere = [Anywhere(0, "زند", None, None), Anywhere(1, "زند", "یزد", None)]
    found = run(gazetteer, within([], [], anywhere))
    assert sorted((n, c.match_level, c.locality) for n, c in found) == [
        (0, "neighbourhood", "شیراز"),
        (0, "street", "شیراز"),
        (0, "street", "یزد"),
        (1, "street", "یزد"),
    ]


def test_an_alley_is_found_by_another_name_of_its_street(gazetteer: Connection) -> None:
    gazetteer.execute(
        "UPDATE gazetteer.entry SET ref = 'address/فارس//شیراز/زند' "
        "WHERE joined = 'زند' AND match_level = 'street' AND locality = 'شیراز'"
    )
    gazetteer.execute(
        "INSERT INTO gazetteer.entry (match_level, ref, label, key, joined, province, locality, "
        "uncertainty_m, geom) VALUES ('street', 'address/فارس//شیراز/زند', '-', 'کهنه', 'کهنه', "
        "'فارس', 'شیراز', 100, ST_Point(52, 29, 4326))"
    )
    found = run(gazetteer, within([], [Alley(0, "کهنه", "5", "شیراز", "فارس")], []))
    assert [(c.name, c.street) for _, c in found] == [("5", "کهنه")]


def test_zones(gazetteer: Connection) -> None:
    found = run(gazetteer, zones(["71346", "71347", "شیراز"]))
    assert set(found) == {"71346"}
    assert found["71346"][0].method == "postal_zone"


def test_names_to_mend_with(gazetteer: Connection) -> None:
    assert run(gazetteer, names_of(MatchLevel.LOCALITY, ["فارس", "یزد"])) == [
        ("شیراز", "فارس", "شیراز", 0)
    ]
    assert run(gazetteer, names_of(MatchLevel.LOCALITY, ["یزد"])) == []
    assert run(gazetteer, names_of(MatchLevel.LOCALITY, [None])) == []
    gazetteer.execute("UPDATE gazetteer.entry SET population = 1500000 WHERE joined = 'شیراز'")
    assert run(gazetteer, names_of(MatchLevel.LOCALITY, [None])) == [
        ("شیراز", "فارس", "شیراز", 1_500_000)
    ]
    assert run(gazetteer, names_of(MatchLevel.PROVINCE, [None])) == [("فارس", "فارس", "فارس", 0)]
    assert run(gazetteer, alley_names([(3, "شیراز", "زند")])) == {3: ["5"]}
    found = run(gazetteer, local_names(["یزد", "شیراز"]))
    assert {key: sorted(names) for key, names in found.items()} == {
        ("شیراز", MatchLevel.STREET): ["زند"],
        ("شیراز", MatchLevel.NEIGHBOURHOOD): ["زند"],
        ("یزد", MatchLevel.STREET): ["زند", "شیراز"],
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
    assert (address.match_level, unit.match_level) == (MatchLevel.PLAQUE, MatchLevel.UNIT)
    assert address.label == "فارس، شيراز، زند، پلاک ۵"
    assert (address.uncertainty_m, address.provinces) == (metres, frozenset({"فارس"}))
    assert (address.locality, unit.locality) == ("شیراز", None)


def test_nothing_asked_is_nothing_found(gazetteer: Connection) -> None:
    assert run(gazetteer, by_name([])) == {}
    assert run(gazetteer, within([], [], [])) == []
    assert run(gazetteer, names_of(MatchLevel.LOCALITY, [])) == []
    assert run(gazetteer, local_names([])) == {}
    assert run(gazetteer, alley_names([])) == {}
    assert run(gazetteer, zones([])) == {}
    assert run(gazetteer, postal_codes([])) == {}
