from __future__ import annotations

from typing import Any

import pytest

from geoservice.database.engine import Connection
from geoservice.ingest.gazetteer import build_gazetteer


@pytest.fixture(autouse=True)
def sources(connection: Connection) -> None:
    """Two provinces side by side at 30° N, a county each; an older set with other counties."""
    for table in ("region_set", "place", "address"):
        connection.execute(f"DELETE FROM source.{table}")  # noqa: S608
    connection.execute("DELETE FROM gazetteer.entry")
    region_set(connection, "now", is_current=True)
    region_set(connection, "then", is_current=False)
    region(connection, "now", "province", "01", "فارس", (52, 29, 54, 31))
    region(connection, "now", "province", "02", "يزد", (54, 29, 56, 31))
    region(connection, "now", "county", "0101", "شیراز", (52, 29, 54, 31), parent="01")
    region(connection, "then", "county", "0101", "شيراز", (52, 29, 53, 31))
    region(connection, "then", "county", "0109", "كهنه", (53, 29, 54, 31))


def region_set(connection: Connection, name: str, *, is_current: bool) -> None:
    connection.execute(
        "INSERT INTO source.region_set (id, title_fa, title_en, is_current) "
        "VALUES (%s, %s, %s, %s)",
        [name, name, name, is_current],
    )


def region(
    connection: Connection,
    region_set: str,
    level: str,
    code: str,
    name: str,
    box: tuple[float, float, float, float],
    parent: str | None = None,
) -> None:
    connection.execute(
        "INSERT INTO source.region (region_set, level, code, name_fa, parent_code, geom) VALUES "
        "(%s, %s, %s, %s, %s, ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 4326)))",
        [region_set, level, code, name, parent, *box],
    )


def address(connection: Connection, code: str, lon: float, lat: float, **parts: str) -> None:
    row: dict[str, Any] = {"province": "فارس", "county": "شیراز", "locality": "شیراز", **parts}
    columns = (
        *("province", "county", "locality", "neighbourhood", "street", "alley"),
        *("plaque", "unit", "building"),
    )
    connection.execute(
        "INSERT INTO source.address (postal_code, province, county, locality, neighbourhood, "
        "street, alley, plaque, unit, building, geom) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, ST_Point(%s, %s, 4326))",
        [code, *(row.get(column) for column in columns), lon, lat],
    )


def entries(connection: Connection, level: str) -> dict[str, dict[str, Any]]:
    cursor = connection.execute(
        "SELECT ref, label, key, joined, province, county, locality, street, population, "
        "uncertainty_m, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM gazetteer.entry "
        "WHERE match_level = %s",
        [level],
    )
    names = [column.name for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    return {f"{row['ref']}|{row['joined']}": row for row in rows}


def version(connection: Connection) -> int:
    row = connection.execute(
        "SELECT version FROM meta.version WHERE table_name = 'gazetteer.entry'"
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_regions_come_from_the_current_set_first(connection: Connection) -> None:
    assert build_gazetteer(connection) == 4
    provinces = entries(connection, "province")
    assert set(provinces) == {"now/province/01|فارس", "now/province/02|یزد"}
    assert provinces["now/province/02|یزد"]["label"] == "استان يزد"
    counties = entries(connection, "county")
    assert set(counties) == {"now/county/0101|شیراز", "then/county/0109|کهنه"}
    shiraz = counties["now/county/0101|شیراز"]
    assert (shiraz["label"], shiraz["province"]) == ("شهرستان شیراز، فارس", "فارس")
    assert 52 < shiraz["lon"] < 54
    # 2° × 2° at 30° N is 193 km × 222 km; a circle as large has a radius of 117 km.
    assert shiraz["uncertainty_m"] == pytest.approx(116_700, rel=0.01)
    assert counties["then/county/0109|کهنه"]["province"] == "فارس"  # told by where it lies


def test_a_place_is_found_under_each_of_its_names(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO source.place (id, kind, name_fa, name_en, aliases, population, geom) VALUES "
        "('p1', 'city', 'شيراز', 'Shiraz', '{شیراز,شي‌راز,دارالعلم}', 1566000, "
        "ST_Point(52.53, 29.61, 4326)), ('p2', 'village', 'ده نو', NULL, '{}', NULL, NULL)"
    )
    build_gazetteer(connection)
    found = entries(connection, "locality")
    assert set(found) == {"p1|شیراز", "p1|shiraz", "p1|دارالعلم"}
    for entry in found.values():
        assert (entry["province"], entry["county"], entry["locality"]) == ("فارس", "شیراز", "شیراز")
        assert entry["label"] == "شيراز، فارس"
        assert entry["uncertainty_m"] == pytest.approx(9985, abs=1)


def test_addresses_give_streets_alleys_neighbourhoods_zones(connection: Connection) -> None:
    address(connection, "7134511111", 52.50, 29.60, street="خ. شهید زند", alley="۵")
    address(connection, "7134511112", 52.52, 29.60, street="زند", alley="کوچه 5")
    address(connection, "7134611113", 52.54, 29.60, street="خيابان زند", neighbourhood="قصردشت")
    address(connection, "7134611114", 54.50, 30.00, street="زند", province="یزد", county="یزد",
            locality="یزد")  # fmt: skip
    build_gazetteer(connection)
    streets = entries(connection, "street")
    assert set(streets) == {
        "address/فارس/شیراز/شیراز/زند|زند",
        "address/فارس/شیراز/شیراز/زند/5|5",
        "address/یزد/یزد/یزد/زند|زند",
    }
    zand = streets["address/فارس/شیراز/شیراز/زند|زند"]
    assert (zand["lon"], zand["lat"], zand["locality"]) == (52.52, 29.6, "شیراز")
    # The three lie 0 and 2 × 0.02° × cos 29.6° = 1934 m away: √(2/3) × 1934 in the mean square,
    # and 95 % of a normal scatter are within √(ln 20) times that.
    assert zand["uncertainty_m"] == pytest.approx(2733, abs=2)
    alley = streets["address/فارس/شیراز/شیراز/زند/5|5"]
    assert (alley["street"], alley["lon"]) == ("زند", 52.51)
    assert alley["label"].endswith("شیراز، فارس")
    assert [e["joined"] for e in entries(connection, "neighbourhood").values()] == ["قصردشت"]
    zones = entries(connection, "postal_zone")
    assert set(zones) == {"zone/71345|71345", "zone/71346|71346"}
    assert zones["zone/71345|71345"]["province"] == "فارس"
    assert set(entries(connection, "locality")) == {
        "address/فارس/شیراز/شیراز|شیراز",
        "address/یزد/یزد/یزد|یزد",
    }


def test_a_locality_of_addresses_that_is_a_place_is_one_entry(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO source.place (id, kind, name_fa, geom) VALUES "
        "('p1', 'city', 'شیراز', ST_Point(52.53, 29.61, 4326))"
    )
    address(connection, "7134511111", 52.50, 29.60)
    build_gazetteer(connection)
    assert set(entries(connection, "locality")) == {"p1|شیراز"}


def test_parts_that_are_missing_or_say_nothing_make_no_entry(connection: Connection) -> None:
    address(connection, "7134511111", 52.50, 29.60, street="-", neighbourhood="…")
    address(connection, "7134511112", 52.50, 29.60, locality="-", street="زند")
    build_gazetteer(connection)
    assert entries(connection, "street") == {}
    assert entries(connection, "neighbourhood") == {}
    assert len(entries(connection, "postal_zone")) == 1


def test_weights_are_population_or_number_of_addresses(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO source.population (region_set, level, code, year, value) VALUES "
        "('now', 'province', '01', 1390, 5), ('now', 'province', '01', 1395, 4851000)"
    )
    connection.execute(
        "INSERT INTO source.place (id, kind, name_fa, population, geom) VALUES "
        "('p1', 'city', 'شیراز', 1566000, ST_Point(52.53, 29.61, 4326))"
    )
    address(connection, "7134511111", 52.50, 29.60, street="زند", alley="۵")
    address(connection, "7134511112", 52.52, 29.60, street="زند")
    build_gazetteer(connection)
    weights: dict[str, int] = dict(
        connection.execute("SELECT ref, weight FROM gazetteer.entry").fetchall()
    )
    assert weights == {
        "now/province/01": 4851000,
        "now/province/02": 0,
        "now/county/0101": 0,
        "then/county/0109": 0,
        "p1": 1566000,
        "address/فارس/شیراز/شیراز/زند": 2,
        "address/فارس/شیراز/شیراز/زند/5": 1,
        "zone/71345": 2,
    }


def test_an_address_lies_in_the_finest_entry_there_is(connection: Connection) -> None:
    address(connection, "7134511111", 52.50, 29.60, street="زند", alley="۵", plaque="۱۲ - ۱")
    address(
        connection, "7134511112", 52.50, 29.60, street="زند", neighbourhood="ارم", unit="واحد ۳"
    )
    address(connection, "7134511113", 52.50, 29.60, neighbourhood="ارم", building="برج ارم")
    address(connection, "7134511114", 52.50, 29.60, alley="۵", plaque="الف")
    address(connection, "7134511115", 52.50, 29.60, locality="-", street="زند")
    connection.execute(
        "INSERT INTO source.address (postal_code, geom) "
        "VALUES ('by hand', ST_Point(52, 29, 4326)), ('7134511116', NULL)"
    )
    build_gazetteer(connection)
    found = connection.execute(
        "SELECT postal_code, ref, plaque, plaque_key, unit, a.building FROM gazetteer.address a "
        "LEFT JOIN gazetteer.entry e ON e.id = a.entry ORDER BY 1"
    ).fetchall()
    locality = "address/فارس/شیراز/شیراز"
    assert found == [
        ("7134511111", f"{locality}/زند/5", 12, "12/1", None, None),
        ("7134511112", f"{locality}/زند", None, None, "3", None),
        ("7134511113", f"{locality}/ارم", None, None, None, "ارم"),
        ("7134511114", locality, None, "الف", None, None),
        ("7134511115", "zone/71345", None, None, None, None),
        ("by hand", None, None, None, None, None),
    ]
    assert build_gazetteer(connection) == 0


def test_building_again_writes_only_what_changed(connection: Connection) -> None:
    address(connection, "7134511111", 52.50, 29.60, street="زند")
    address(connection, "7134511112", 52.51, 29.61, street="ارم")
    first = build_gazetteer(connection)
    assert first == 4 + 1 + 2 + 1  # regions, locality, streets, zone
    before = version(connection)
    assert build_gazetteer(connection) == 0
    assert version(connection) == before
    connection.execute("DELETE FROM source.address WHERE street = 'ارم'")
    assert build_gazetteer(connection) == 2  # the locality and the zone moved
    assert version(connection) > before
    streets = entries(connection, "street")
    assert [entry["joined"] for entry in streets.values()] == ["زند"]
