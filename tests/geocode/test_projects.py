"""Placing projects, in a country of two provinces.

Fars is 52–54° E, Yazd 54–56° E, both 29–31° N; each has a county of half its width at its western
side (Shiraz, Yazd) and one at its eastern (Kazerun, Meybod). «Hoseynabad» is a village in both.
"""

from __future__ import annotations

from typing import Any

import pytest

from geoservice.database.engine import Connection
from geoservice.geocode.projects import geocode_projects, projects_are_placed
from geoservice.ingest.gazetteer import build_gazetteer
from geoservice.model import MatchLevel
from geoservice.persian.correction_key import correction_key

REGIONS = [
    ("now", "country", "IR", "ایران", None, (52, 29, 56, 31)),
    ("now", "province", "07", "فارس", "Fars", (52, 29, 54, 31)),
    ("now", "province", "21", "یزد", "Yazd", (54, 29, 56, 31)),
    ("now", "county", "0701", "شیراز", "Shiraz", (52, 29, 53, 31)),
    ("now", "county", "0702", "کازرون", None, (53, 29, 54, 31)),
    ("now", "county", "2101", "یزد", "Yazd", (54, 29, 55, 31)),
    ("now", "county", "2102", "میبد", None, (55, 29, 56, 31)),
    ("now", "district", "070101", "مرکزی", None, (52, 29, 53, 30)),
    ("then", "province", "07", "فارس", None, (52, 29, 54, 31)),
    ("then", "county", "0701", "شیراز", None, (52, 29, 54, 31)),
]
PLACES = [
    ("shiraz", "شیراز", "Shiraz", "{دارالعلم}", 1_500_000, 52.53, 29.61),
    ("yazd", "یزد", "Yazd", "{}", 500_000, 54.36, 29.90),
    ("h1", "حسین‌آباد", None, "{}", 900, 52.20, 30.50),
    ("h2", "حسین آباد", None, "{}", 700, 55.50, 30.50),
    ("village", "یزد", None, "{}", 40, 53.50, 30.50),
]
ADDRESSES = [
    ("7134611111", "فارس", "شیراز", "قصردشت", "زند", "۵", "1", None, 52.540, 29.620),
    ("7134611112", "فارس", "شیراز", "قصردشت", "خ. شهید زند", "6", "2", "3", 52.550, 29.620),
    ("7134611113", "فارس", "شیراز", None, "بلوار ارم", None, "3", None, 52.560, 29.630),
    ("7134899999", "فارس", "شیراز", None, "بی‌جا", None, "4", None, None, None),
    ("8914311111", "یزد", "یزد", None, "زند", None, "1", None, 54.360, 29.910),
]
COLUMNS = ("province", "county", "city", "address", "postal_code", "lon", "lat")


@pytest.fixture
def country(connection: Connection) -> Connection:
    """The country above with its gazetteer, and no projects."""
    connection.execute("DELETE FROM source.project")
    connection.execute("DELETE FROM source.region_set")
    connection.execute("DELETE FROM source.place")
    connection.execute("DELETE FROM source.address")
    connection.execute("DELETE FROM gazetteer.correction")
    connection.execute(
        "INSERT INTO source.region_set (id, title_fa, title_en, is_current) "
        "VALUES ('now', '-', '-', true), ('then', '-', '-', false)"
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO source.region (region_set, level, code, name_fa, name_en, geom) VALUES "
            "(%s, %s, %s, %s, %s, ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 4326)))",
            [(*row[:5], *row[5]) for row in REGIONS],
        )
        cursor.executemany(
            "INSERT INTO source.place (id, kind, name_fa, name_en, aliases, population, geom) "
            "VALUES (%s, 'city', %s, %s, %s, %s, ST_Point(%s, %s, 4326))",
            PLACES,
        )
        cursor.executemany(
            "INSERT INTO source.address (postal_code, province, locality, neighbourhood, street, "
            "alley, plaque, unit, geom) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, ST_Point(%s, %s, 4326))",
            ADDRESSES,
        )
    build_gazetteer(connection)
    return connection


def add(connection: Connection, name: str = "p", **columns: Any) -> None:
    connection.execute(
        "INSERT INTO source.project (id, title_fa, province, county, city, address, postal_code, "
        "given_geom) VALUES (%s, '-', %s, %s, %s, %s, %s, ST_Point(%s, %s, 4326))",
        [name, *(columns.get(column) for column in COLUMNS)],
    )


def placed(connection: Connection, name: str = "p", **columns: Any) -> dict[str, Any]:
    """Add one project, place all, and return its placement with `faults` as names."""
    add(connection, name, **columns)
    geocode_projects(connection)
    return placement(connection, name)


def placement(connection: Connection, name: str = "p") -> dict[str, Any]:
    cursor = connection.execute(
        "SELECT match_level AS level, confidence, method, label, faults, uncertainty_m, reason_fa, "
        "reason_en, placed_at, ST_X(geom) AS lon, ST_Y(geom) AS lat "
        "FROM gazetteer.placement WHERE project_id = %s",
        [name],
    )
    row = cursor.fetchone()
    assert row is not None
    found = dict(zip((c.name for c in cursor.description or ()), row, strict=True))
    found["faults"] = [each["name"] for each in found["faults"]]
    return found


def regions(connection: Connection, name: str = "p") -> set[tuple[Any, ...]]:
    found = connection.execute(
        "SELECT region_set, level, code FROM gazetteer.placement_region WHERE project_id = %s",
        [name],
    )
    return set(found)


def versions(connection: Connection) -> list[tuple[Any, ...]]:
    return connection.execute(
        "SELECT table_name, version FROM meta.version "
        "WHERE table_name LIKE 'gazetteer.%' ORDER BY 1"
    ).fetchall()


def test_coordinates_are_taken_and_give_regions_in_every_set(country: Connection) -> None:
    found = placed(country, lon=52.5, lat=29.5, province="فارس", county="شیراز")
    assert (found["level"], found["method"], found["faults"]) == ("point", "coordinates", [])
    assert (found["lon"], found["lat"]) == (52.5, 29.5)
    assert found["confidence"] > 0.95
    assert found["reason_fa"] is None
    assert regions(country) == {
        ("now", "province", "07"),
        ("now", "county", "0701"),
        ("now", "district", "070101"),
        ("then", "province", "07"),
        ("then", "county", "0701"),
    }


def test_on_an_edge_the_smallest_code_is_taken(country: Connection) -> None:
    placed(country, lon=54.0, lat=30.5)
    assert {("now", "province", "07"), ("now", "county", "0702")} <= regions(country)
    assert len(regions(country)) == 4


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"lon": 0.0, "lat": 0.0}, "coordinates.zero"),
        ({"lon": 29.5, "lat": 52.5}, "coordinates.swapped"),
        ({"lon": 12.0, "lat": 42.0}, "coordinates.outside"),
        ({"postal_code": "123456"}, "postal_code.invalid"),
        ({"postal_code": "۱۱۱۱۱۱۱۱۱۱"}, "postal_code.invalid"),
        ({"postal_code": "9134611111"}, "postal_code.not_found"),
    ],
)
def test_what_is_bad_is_named_whether_or_not_something_else_places_the_row(
    country: Connection, columns: dict[str, Any], fault: str
) -> None:
    add(country, "alone", **columns)
    found = placed(country, "with_city", city="شیراز", province="فارس", **columns)
    alone = placement(country, "alone")
    assert alone["level"] is None
    assert alone["method"] is None
    assert alone["lon"] is None
    assert fault in alone["faults"]
    assert alone["reason_fa"]
    assert alone["reason_en"]
    assert regions(country, "alone") == set()
    assert found["level"] == "locality"
    assert fault in found["faults"]
    assert found["confidence"] < 0.95


def test_a_point_that_contradicts_the_province_stays_with_less_confidence(
    country: Connection,
) -> None:
    found = placed(country, lon=55.5, lat=30.5, province="فارس", county="شیراز")
    assert (found["level"], found["faults"]) == ("point", ["province.contradicted"])
    assert found["confidence"] < 0.6
    assert ("now", "province", "21") in regions(country)


def test_a_point_that_contradicts_the_county_costs_less(country: Connection) -> None:
    found = placed(country, lon=55.5, lat=30.5, province="یزد", county="یزد")
    assert found["faults"] == ["county.contradicted"]
    assert 0.6 < found["confidence"] < 0.9


@pytest.mark.parametrize(
    "columns",
    [
        {"province": "Fars"},
        {"province": "استان فارس"},
        {"province": "فارس", "county": "شيراز"},  # another set's county reaches here
        {"province": "یزد", "lon": 53.99},  # within what boundaries are drawn to
    ],
)
def test_another_spelling_or_set_is_no_contradiction(
    country: Connection, columns: dict[str, Any]
) -> None:
    found = placed(country, **{"lon": 53.5, "lat": 30.5, **columns})
    assert found["faults"] == []


def test_a_province_that_no_region_is_called_by_contradicts_nothing(country: Connection) -> None:
    found = placed(country, lon=52.5, lat=29.5, province="منطقه آزاد")
    assert found["faults"] == ["province.not_matched"]


def test_a_point_in_no_province_is_named(country: Connection) -> None:
    assert placed(country, lon=60.0, lat=30.0)["faults"] == ["coordinates.no_region"]


@pytest.mark.parametrize(
    "code", ["7134611111", "۷۱۳۴۶-۱۱۱۱۱", "کد پستی: ٧١٣٤٦١١١١١", " 71346 11111 "]
)
def test_a_postal_code_that_is_known(country: Connection, code: str) -> None:
    found = placed(country, postal_code=code, address="خیابان زند")
    assert (found["level"], found["method"]) == ("plaque", "postal_code")
    assert (found["lon"], found["lat"], found["faults"]) == (52.54, 29.62, [])
    assert found["confidence"] > 0.9
    assert ("now", "county", "0701") in regions(country)


def test_a_postal_code_of_a_unit(country: Connection) -> None:
    assert placed(country, postal_code="7134611112")["level"] == "unit"


def test_a_postal_code_inside_the_address(country: Connection) -> None:
    found = placed(country, address="شیراز، کد پستی ۷۱۳۴۶۱۱۱۱۱")
    assert (found["level"], found["lon"]) == ("plaque", 52.54)


def test_coordinates_come_before_the_postal_code(country: Connection) -> None:
    assert placed(country, lon=52.5, lat=29.5, postal_code="7134611111")["level"] == "point"


def test_a_postal_code_that_contradicts_the_province(country: Connection) -> None:
    found = placed(country, postal_code="7134611111", province="یزد")
    assert (found["level"], found["faults"]) == ("plaque", ["province.contradicted"])
    assert found["confidence"] < 0.6


def test_an_unknown_code_of_a_known_zone(country: Connection) -> None:
    found = placed(country, postal_code="7134619999")
    assert (found["level"], found["method"]) == ("postal_zone", "postal_zone")
    assert found["faults"] == ["postal_code.not_found"]
    assert found["uncertainty_m"] > 500
    assert found["lon"] == pytest.approx(52.55)


def test_a_zone_is_never_invented(country: Connection) -> None:
    found = placed(country, postal_code="7134711111")
    assert found["level"] is None
    assert found["faults"] == ["postal_code.not_found", "zone.not_matched"]


def test_a_known_code_without_a_point_says_so(country: Connection) -> None:
    found = placed(country, postal_code="7134899999", province="فارس")
    assert (found["level"], found["faults"]) == ("province", ["postal_code.no_point"])


def test_a_zone_in_another_province_is_not_taken(country: Connection) -> None:
    found = placed(country, postal_code="7134619999", province="یزد")
    assert found["level"] == "province"
    assert found["faults"] == ["zone.contradicted", "postal_code.not_found"]


@pytest.mark.parametrize(
    ("columns", "level", "lon", "faults"),
    [
        ({"address": "فارس، شیراز، خیابان زند، کوچه ۵"}, "street", 52.54, []),
        ({"address": "شيراز خ زند ك ٥"}, "street", 52.54, []),
        ({"address": "شیراز، خیابان شهید زند"}, "street", 52.545, []),
        ({"city": "شیراز", "address": "خیابان زند"}, "street", 52.545, []),
        ({"city": "دارالعلم", "address": "خیابان زند"}, "street", 52.545, []),
        ({"city": "Shiraz", "province": "Fars", "address": "خ زند"}, "street", 52.545, []),
        ({"county": "شیراز", "address": "خیابان زند"}, "street", 52.545, ["locality.assumed"]),
        ({"province": "یزد", "city": "یزد", "address": "خ. زند"}, "street", 54.36, []),
        ({"address": "شیراز، بل. ارم، پلاک ۳"}, "plaque", 52.56, []),
        ({"address": "شیراز، بل. ارم، پلاک ۹"}, "street", 52.56, ["plaque.not_matched"]),
        ({"address": "شیراز، خیابان زند، کوچه ۷"}, "street", 52.545, ["alley.not_matched"]),
        ({"address": "شیراز، بلوار ارمم"}, "street", 52.56, ["street.misspelt"]),
        ({"address": "شیراز، محله قصردشت"}, "neighbourhood", 52.545, []),
        ({"address": "شیراز، قصردشت، شرکت نمونه"}, "neighbourhood", 52.545, []),
        (
            {"address": "شیراز، محله قصردشت، خیابان نو"},
            "neighbourhood",
            52.545,
            ["street.not_matched"],
        ),
        ({"address": "شیراز، خیابان نو"}, "locality", 52.53, ["street.not_matched"]),
        (
            {"address": "شیراز، خیابان نو", "postal_code": "7134619999"},
            "postal_zone",
            52.55,
            ["street.not_matched", "postal_code.not_found"],
        ),
    ],
)
def test_address_text(
    country: Connection, columns: dict[str, Any], level: str, lon: float, faults: list[str]
) -> None:
    found = placed(country, **columns)
    assert (found["level"], found["faults"]) == (level, faults)
    assert found["lon"] == pytest.approx(lon)
    assert found["confidence"] > (0.6 if faults else 0.85)


@pytest.mark.parametrize(
    ("columns", "level", "lon", "faults"),
    [
        ({"city": "شيراز"}, "locality", 52.53, []),
        ({"city": "شهر شیراز", "province": "فارس"}, "locality", 52.53, []),
        ({"city": "شیرار", "province": "فارس"}, "locality", 52.53, ["locality.misspelt"]),
        ({"city": "حسین آباد", "province": "فارس"}, "locality", 52.2, []),
        ({"city": "حسینآباد", "county": "میبد"}, "locality", 55.5, []),
        ({"address": "استان یزد، روستای حسین‌آباد"}, "locality", 55.5, []),
        ({"city": "یزد"}, "locality", 54.36, ["locality.outweighed"]),
        ({"city": "یزد", "province": "یزد"}, "locality", 54.36, []),
        ({"address": "فارس، شیراز"}, "locality", 52.53, []),
        ({"address": "شیراز، فارس"}, "locality", 52.53, []),
        ({"city": "نیست", "province": "فارس"}, "province", 53.0, ["locality.not_matched"]),
        ({"city": "شیراز", "province": "یزد"}, "province", 55.0, ["locality.contradicted"]),
        ({"city": "حسین‌آباد", "province": "فارس", "county": "کازرون"}, "county", 53.5,
         ["locality.contradicted"]),
        ({"county": "كازرون"}, "county", 53.5, []),
        ({"county": "شهرستان کازرون", "province": "استان فارس"}, "county", 53.5, []),
        ({"county": "نیست", "province": "فارس"}, "province", 53.0, ["county.not_matched"]),
        ({"province": "فارص"}, "province", 53.0, ["province.misspelt"]),
        ({"province": "Yazd"}, "province", 55.0, []),
        ({"address": "بخش مرکزی، شهرستان شیراز"}, "district", 52.5, []),
    ],
)  # fmt: skip
def test_names_of_regions_and_places(
    country: Connection, columns: dict[str, Any], level: str, lon: float, faults: list[str]
) -> None:
    found = placed(country, **columns)
    assert (found["level"], found["faults"], found["method"]) == (level, faults, "address")
    assert found["lon"] == pytest.approx(lon)


def test_a_name_of_two_villages_is_refused_without_a_province(country: Connection) -> None:
    found = placed(country, city="حسین‌آباد")
    assert (found["level"], found["faults"]) == (None, ["locality.ambiguous"])
    assert "استان و شهرستان" in found["reason_fa"]
    assert "several places" in found["reason_en"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "no coordinates"),
        ({"address": "🏠"}, "no province, county, city"),
        ({"city": "نیست"}, "city or village is not in the gazetteer"),
    ],
)
def test_a_row_with_nothing_to_go_by_stays_with_the_reason(
    country: Connection, columns: dict[str, Any], said: str
) -> None:
    found = placed(country, **columns)
    assert found["level"] is None
    assert said in found["reason_en"]
    assert found["reason_fa"]


def test_a_centroid_claims_no_finer_region(country: Connection) -> None:
    add(country, "county", county="کازرون")
    add(country, "province", province="فارس")
    add(country, "district", address="بخش مرکزی، شهرستان شیراز")
    geocode_projects(country)
    provinces = {("now", "province", "07"), ("then", "province", "07")}
    # In the older set the middle of Kazerun lies in Shiraz, which nobody said.
    assert regions(country, "county") == provinces | {("now", "county", "0702")}
    assert regions(country, "province") == provinces
    assert ("now", "district", "070101") in regions(country, "district")


def test_the_second_run_changes_nothing(country: Connection) -> None:
    add(country, "a", lon=52.5, lat=29.5)
    add(country, "b", postal_code="7134611111")
    add(country, "c", city="حسین‌آباد")
    add(country, "d", province="فارس")
    first = geocode_projects(country)
    assert (first.read, first.placed, first.unplaced, first.changed) == (4, 3, 1, 4)
    assert first.by_level == {
        MatchLevel.POINT: 1,
        MatchLevel.PLAQUE: 1,
        MatchLevel.PROVINCE: 1,
    }
    before = versions(country)
    again = geocode_projects(country)
    assert (again.placed, again.changed) == (3, 0)
    assert versions(country) == before


def test_only_what_changed_is_written(country: Connection) -> None:
    add(country, "a", lon=52.5, lat=29.5)
    add(country, "b", province="فارس")
    geocode_projects(country)
    country.execute("UPDATE gazetteer.placement SET placed_at = '2020-01-01'")
    country.execute("UPDATE source.project SET province = 'یزد' WHERE id = 'b'")
    country.execute("DELETE FROM source.project WHERE id = 'a'")
    assert geocode_projects(country).changed == 1
    assert placement(country, "b")["lon"] == pytest.approx(55.0)
    assert placement(country, "b")["placed_at"].year > 2020
    assert country.execute("SELECT project_id FROM gazetteer.placement").fetchall() == [("b",)]
    assert regions(country, "b") == {("now", "province", "21")}


def test_what_a_placement_was_before_is_kept(country: Connection) -> None:
    def history() -> list[tuple[Any, ...]]:
        return country.execute(
            "SELECT project_id, match_level, label, reason_en, ST_X(geom), placed_at "
            "FROM gazetteer.placement_history ORDER BY id"
        ).fetchall()

    add(country, "a", lon=52.5, lat=29.5)
    add(country, "b")
    geocode_projects(country)
    assert history() == []
    first = placement(country, "a")
    reason = placement(country, "b")["reason_en"]
    assert geocode_projects(country).changed == 0
    assert history() == []
    country.execute("UPDATE source.project SET given_geom = ST_Point(52.6, 29.5, 4326)")
    assert geocode_projects(country).changed == 2
    assert history() == [
        ("a", "point", first["label"], None, 52.5, first["placed_at"]),
        ("b", None, None, reason, None, placement(country, "b")["placed_at"]),
    ]
    country.execute("DELETE FROM source.project WHERE id = 'a'")
    assert [row[0] for row in history()] == ["b"]


CORRECTED = "خیابان ناشناس، پلاک ۹"


@pytest.mark.parametrize(
    ("columns", "level"),
    [
        ({"address": CORRECTED}, "plaque"),
        ({"address": CORRECTED, "city": "شیراز"}, "plaque"),
        ({"address": CORRECTED, "city": "یزد", "province": "یزد"}, "locality"),  # not that one
    ],
)
def test_a_correction_of_its_address_wins(
    country: Connection, columns: dict[str, str], level: str
) -> None:
    add(country, **columns)
    geocode_projects(country)
    before = placement(country)
    assert before["method"] != "correction"
    country.execute(
        "INSERT INTO gazetteer.correction (address_key, text, who, geom) "
        "VALUES (%s, %s, 'r', ST_Point(52.55, 29.63, 4326))",
        [correction_key(CORRECTED), CORRECTED],
    )
    assert not projects_are_placed(country)
    geocode_projects(country)
    after = placement(country)
    assert after["level"] == level
    if level == "plaque":
        assert (after["lon"], after["lat"], after["method"]) == (52.55, 29.63, "correction")
        kept = country.execute("SELECT label FROM gazetteer.placement_history").fetchall()
        assert kept == [(before["label"],)]


@pytest.mark.parametrize(
    "own",
    [
        {"lon": 52.53, "lat": 29.61},
        {"postal_code": "7134611111"},
        {"lon": 52.53, "lat": 29.61, "postal_code": "7134611111", "city": "شیراز"},
    ],
)
def test_a_correction_of_its_address_comes_before_what_it_brought(
    country: Connection, own: dict[str, Any]
) -> None:
    add(country, address=CORRECTED, **own)
    add(country, "other", address="خیابان دیگر", **own)
    geocode_projects(country)
    before = placement(country, "other")
    assert placement(country)["method"] == before["method"] != "correction"
    country.execute(
        "INSERT INTO gazetteer.correction (address_key, text, who, geom) "
        "VALUES (%s, %s, 'r', ST_Point(52.55, 29.63, 4326))",
        [correction_key(CORRECTED), CORRECTED],
    )
    geocode_projects(country)
    after = placement(country)
    assert (after["lon"], after["lat"], after["method"]) == (52.55, 29.63, "correction")
    assert ("now", "county", "0701") in regions(country)
    assert placement(country, "other") == before


def test_a_correction_of_its_code_comes_before_its_coordinates(country: Connection) -> None:
    country.execute(
        "INSERT INTO gazetteer.correction (address_key, postal_code, who, geom) "
        "VALUES ('7134611111', '7134611111', 'r', ST_Point(52.55, 29.63, 4326))"
    )
    found = placed(country, lon=52.5, lat=29.5, postal_code="7134611111")
    assert (found["lon"], found["lat"], found["method"]) == (52.55, 29.63, "correction")


def test_a_zone_beside_an_address_is_one_as_for_requests(country: Connection) -> None:
    found = placed(country, postal_code="71346")
    assert (found["level"], found["faults"]) == ("postal_zone", [])
    unknown = placed(country, "unknown", postal_code="12345")
    assert (unknown["level"], unknown["faults"]) == (None, ["zone.not_matched"])


def test_a_text_longer_than_any_address_is_read_as_far_as_one_goes(country: Connection) -> None:
    found = placed(country, address="شیراز، خیابان زند، " + "توضیح " * 300)
    assert (found["level"], found["lon"]) == ("street", pytest.approx(52.545))


def test_progress_tells_how_many_rows_are_done(country: Connection) -> None:
    country.execute(
        "INSERT INTO source.project (id, title_fa, province) "
        "SELECT n::text, '-', 'فارس' FROM generate_series(1, 10010) n"
    )
    told: list[int] = []
    geocode_projects(country, progress=told.append)
    assert told == [10_000, 10]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE source.project SET given_geom = ST_Point(54.5, 30, 4326)",
        "UPDATE source.region SET name_en = 'Other' WHERE code = '2102'",
        "DELETE FROM source.address WHERE postal_code = '7134899999'",
    ],
)
def test_what_places_projects_makes_their_places_stale_when_it_changes(
    country: Connection, change: str
) -> None:
    placed(country, lon=52.5, lat=29.6)
    assert projects_are_placed(country)
    country.execute(change)
    assert not projects_are_placed(country)
    geocode_projects(country)
    assert projects_are_placed(country)


def test_a_rule_for_postal_codes_that_was_set_holds_here_too(country: Connection) -> None:
    country.execute(
        "INSERT INTO source.address (postal_code, geom) "
        "VALUES ('7200000001', ST_Point(52.5, 29.6, 4326))"
    )
    add(country, postal_code="7200000001")
    geocode_projects(country)
    assert placement(country)["faults"][0] == "postal_code.invalid"
    add(country, "in its address", address="شیراز 7200000001")
    geocode_projects(country, postal_code_pattern=r"\d{10}")
    assert placement(country)["level"] == "postal_code"
    assert placement(country, "in its address")["level"] == "postal_code"
