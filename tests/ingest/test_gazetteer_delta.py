"""A build of what changed gives what a build from nothing gives, and touches nothing else."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from geoservice.database.engine import Connection
from geoservice.ingest.gazetteer import build_gazetteer

LOCALITIES = ["شیراز", "شيراز", "حسین‌آباد", "حسين آباد", "-", None]
NEIGHBOURHOODS = ["قصردشت", "محله قصردشت", "ارم", None, None]
STREETS = ["زند", "خ. شهید زند", "خيابان زند", "بلوار چمران", "امام رضا", "رضا", "", None]
ALLEYS = ["۵", "کوچه 5", "یاس", None, None, None]
PLAQUES = ["۱۲", "12/1", "۱۲ - ۱", "پلاک ۷", "الف", None]

SNAPSHOTS = {
    "entry": """
        SELECT match_level, ref, joined, label, key, province, county, locality, street, population,
            weight, uncertainty_m, ST_AsText(geom) FROM gazetteer.entry
    """,
    "address": """
        SELECT a.postal_code, e.match_level, e.ref, e.joined, plaque, plaque_key, unit, building,
            digest, ST_AsText(a.geom), array(SELECT s.written FROM unnest(array[a.province,
            a.county, a.locality, a.neighbourhood, a.street, a.alley]) WITH ORDINALITY part (id, n)
            LEFT JOIN gazetteer.spelling s ON s.id = part.id ORDER BY n)
        FROM gazetteer.address a LEFT JOIN gazetteer.entry e ON e.id = a.entry
    """,
    "spelling": """
        SELECT kind, written, key, joined, label, named, addresses FROM gazetteer.spelling
    """,
    "group": """
        SELECT level, addresses, x, y, xx, yy, e.ref FROM gazetteer.address_group g
        LEFT JOIN gazetteer.entry e ON e.id = g.entry
    """,
}


@pytest.fixture(autouse=True)
def sources(connection: Connection) -> None:
    """A province with two counties and a city, and 300 addresses with messy names."""
    for table in ("region_set", "place", "address"):
        connection.execute(f"DELETE FROM source.{table}")  # noqa: S608
    connection.execute(
        "INSERT INTO source.region_set (id, title_fa, title_en, is_current) "
        "VALUES ('now', '-', '-', true)"
    )
    for level, code, name, parent, west, east in (
        ("province", "07", "فارس", None, 52, 54),
        ("county", "0701", "شیراز", "07", 52, 53),
        ("county", "0702", "کازرون", "07", 53, 54),
    ):
        connection.execute(
            "INSERT INTO source.region (region_set, level, code, name_fa, parent_code, geom) "
            "VALUES ('now', %s, %s, %s, %s, ST_Multi(ST_MakeEnvelope(%s, 29, %s, 31, 4326)))",
            [level, code, name, parent, west, east],
        )
    place(connection)
    random = Random(5)  # noqa: S311
    for number in range(300):
        write(connection, number, random)
    build_gazetteer(connection)


def place(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO source.place (id, kind, name_fa, name_en, population, geom) VALUES "
        "('p1', 'city', 'شیراز', 'Shiraz', 1500000, ST_Point(52.53, 29.61, 4326))"
    )


def write(connection: Connection, number: int, random: Random) -> None:
    """Insert or replace an address with parts by chance; some have no point."""
    parts = [
        *(random.choice(["فارس", "فارس", None]), random.choice(["شیراز", "کازرون", None])),
        *map(random.choice, (LOCALITIES, NEIGHBOURHOODS, STREETS, ALLEYS, PLAQUES)),
    ]
    lon, lat = 52 + 2 * random.random(), 29 + 2 * random.random()
    connection.execute(
        "INSERT INTO source.address AS a (postal_code, province, county, locality, neighbourhood, "
        "street, alley, plaque, geom) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, "
        "CASE WHEN %s THEN ST_Point(%s, %s, 4326) END) ON CONFLICT (postal_code) DO UPDATE SET "
        "(province, county, locality, neighbourhood, street, alley, plaque, geom) = "
        "ROW(excluded.province, excluded.county, excluded.locality, excluded.neighbourhood, "
        "excluded.street, excluded.alley, excluded.plaque, excluded.geom)",
        [f"71{number % 7}34{number:05}", *parts, random.random() < 0.95, lon, lat],
    )


def snapshot(connection: Connection) -> dict[str, list[Any]]:
    return {
        name: sorted(connection.execute(query).fetchall(), key=repr)
        for name, query in SNAPSHOTS.items()
    }


def built_from_nothing(connection: Connection) -> dict[str, list[Any]]:
    for table in ("entry", "address", "address_group", "spelling"):
        connection.execute(f"DELETE FROM gazetteer.{table}")  # noqa: S608
    build_gazetteer(connection)
    return snapshot(connection)


def ids(connection: Connection) -> dict[tuple[Any, ...], int]:
    rows = connection.execute("SELECT match_level, ref, joined, id FROM gazetteer.entry")
    return {tuple(key): id_ for *key, id_ in rows}


@pytest.mark.parametrize("seed", range(6))
def test_changes_of_addresses_give_what_a_build_from_nothing_gives(
    connection: Connection, seed: int
) -> None:
    random = Random(seed)  # noqa: S311
    for _ in range(3):
        before = ids(connection)
        for _ in range(random.choice([1, 10, 60])):
            write(connection, random.randrange(320), random)
        connection.execute(
            "DELETE FROM source.address WHERE hashtext(postal_code || %s) %% 20 = 0", [str(seed)]
        )
        build_gazetteer(connection)
        after = ids(connection)
        stayed = before.keys() & after.keys()
        assert all(after[key] == before[key] for key in stayed)
    delta = snapshot(connection)
    assert len(delta["entry"]) > 100
    assert delta == built_from_nothing(connection)


def test_places_that_come_and_go_give_what_a_build_from_nothing_gives(
    connection: Connection,
) -> None:
    def locality_entries() -> set[str]:
        rows = connection.execute(
            "SELECT e.ref FROM gazetteer.address a JOIN gazetteer.entry e ON e.id = a.entry "
            "WHERE e.match_level = 'locality' AND e.locality = 'شیراز'"
        )
        return {ref for (ref,) in rows}

    assert locality_entries() == {"p1"}
    connection.execute("DELETE FROM source.place")
    write(connection, 3, Random(1))  # noqa: S311
    build_gazetteer(connection)
    assert locality_entries() > {"address/فارس/شیراز/شیراز"}
    without = snapshot(connection)
    place(connection)
    build_gazetteer(connection)
    assert locality_entries() == {"p1"}
    delta = snapshot(connection)
    assert delta == built_from_nothing(connection)
    connection.execute("DELETE FROM source.place")
    assert without == built_from_nothing(connection)


def test_a_change_of_one_address_writes_only_its_groups(connection: Connection) -> None:
    write(connection, 1, Random(2))  # noqa: S311
    build_gazetteer(connection)
    connection.execute(
        "UPDATE source.address SET geom = ST_Translate(geom, 0.001, 0), street = 'زند', "
        "locality = 'شیراز', province = 'فارس', county = 'شیراز' WHERE postal_code = '7113400001'"
    )
    assert 0 < build_gazetteer(connection) <= 12
    written = connection.execute("SELECT postal_code FROM written").fetchall()
    assert written == [("7113400001",)]


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM gazetteer.entry",
        "DELETE FROM gazetteer.address WHERE postal_code LIKE '711%'",
        "UPDATE gazetteer.address_group SET addresses = 7",
        "UPDATE gazetteer.spelling SET key = 'x', joined = 'x', name = 1",
        "UPDATE meta.stage SET inputs = 1 WHERE name = 'gazetteer.rules'",
    ],
)
def test_what_somebody_else_wrote_or_other_rules_make_all_anew(
    connection: Connection, harm: str
) -> None:
    before, spellings = snapshot(connection), "SELECT kind, written, id FROM gazetteer.spelling"
    kept = set(connection.execute(spellings))
    connection.execute(harm.encode())
    build_gazetteer(connection)
    assert snapshot(connection) == before
    assert set(connection.execute(spellings)) == kept
