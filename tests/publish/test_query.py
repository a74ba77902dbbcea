from __future__ import annotations

import datetime
import re
from decimal import Decimal

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geoservice.catalog.crs import epsg
from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.database.engine import connect
from geoservice.model import Bounds
from geoservice.publish.grid import tile_at
from geoservice.publish.order import Key, Paging
from geoservice.publish.presentation import PLAIN, Presentation
from geoservice.publish.query import (
    Query,
    cells_query,
    count_query,
    extent_query,
    features_query,
    item_query,
)
from geoservice.publish.selection import Days, Selection
from geoservice.publish.sql import quoted
from geoservice.publish.tile_query import tile_query
from geoservice.publish.tile_request import Part
from tests.publish.conftest import layer_of

KERMAN = tile_at(50.5, 30.5, 10)
BOX = (Bounds(50.4, 30.4, 50.6, 30.6),)
METRES = (Bounds(440_000, 3_370_000, 460_000, 3_380_000),)  # EPSG:32639, in about the same place


@given(st.text(st.characters(exclude_characters="\x00"), min_size=1))
def test_a_quoted_name_is_one_identifier(name: str) -> None:
    sql = quoted(name)
    assert sql[0] == sql[-1] == '"'
    assert sql[1:-1].replace('""', "").count('"') == 0
    assert sql[1:-1].replace('""', '"').replace("%%", "%") == name


def _queries(catalog: Catalog, layer_id: str) -> list[Query]:
    layer = catalog.layer(layer_id)
    hostile = "x' OR 1=1 --"
    equal = {name: hostile for name in layer.queryables if layer.attributes[name].type == "string"}
    selection = Selection(BOX, Days(None, None), equal)
    paging = Paging((Key(layer.feature_id),), 10, 5, (hostile,))
    return [
        features_query(layer, selection, PLAIN, paging),
        cells_query(layer, selection, PLAIN, paging),
        item_query(layer, selection, hostile),
        count_query(layer, selection, most=10),
        tile_query(Part(layer, selection), KERMAN),
        extent_query(layer),
    ]


LAYERS = [
    *("address", "place", "project", "province", "county"),
    *("balance_province", "balance_county"),
]


@pytest.mark.parametrize("layer_id", LAYERS)
def test_values_are_parameters_only(catalog: Catalog, layer_id: str) -> None:
    for query in _queries(catalog, layer_id):
        assert "OR 1=1" not in query.text
        assert set(re.findall(r"%\((\w+)\)s", query.text)) == set(query.params)


@pytest.mark.parametrize("layer_id", LAYERS)
def test_what_postgresql_says_to_hostile_values_is_nothing(
    catalog: Catalog, rows: str, layer_id: str
) -> None:
    with connect(rows) as connection:
        for query in _queries(catalog, layer_id)[:3]:
            found = connection.execute(query.text.encode(), query.params).fetchone()
            assert found is None or found[0] == 0


@pytest.fixture(scope="module")
def crowded(rows: str) -> str:
    """The rows, and so many more that an index pays."""
    with connect(rows) as connection:
        connection.execute(
            b"""
            INSERT INTO source.region (region_set, level, code, geom)
            SELECT '1395', 'county', 'x' || n, ST_Multi(ST_MakeEnvelope(
                45 + n % 60 / 10.0, 33 + n / 60 / 10.0, 45.1 + n % 60 / 10.0, 33.1 + n / 60 / 10.0,
                4326)) FROM generate_series(1, 2000) n;
            INSERT INTO source.place (id, kind, name_fa, geom)
            SELECT 'x' || n, 'village', 'x', ST_SetSRID(ST_Point(45 + n / 500.0, 33), 4326)
            FROM generate_series(1, 3000) n;
            INSERT INTO source.address (postal_code, geom) SELECT id, geom FROM source.place;
            INSERT INTO source.project (id, title_fa) SELECT id, 'x' FROM source.place;
            INSERT INTO gazetteer.placement (project_id, geom) SELECT id, geom FROM source.place;
            """
        )
    with psycopg.connect(rows, autocommit=True) as connection:
        connection.execute("ANALYZE")
    return rows


_INDEXES = {
    "address": ("address_geom_idx", "address_pkey"),
    "place": ("place_geom_idx", "place_pkey"),
    "project": ("placement_geom_idx", "project_pkey"),
    "county": ("region_geom_idx", "region_pkey"),
    "balance_county": ("region_geom_idx", "region_pkey"),
}


@pytest.mark.parametrize("layer_id", _INDEXES)
def test_boxes_and_ids_are_found_by_index(catalog: Catalog, crowded: str, layer_id: str) -> None:
    layer = catalog.layer(layer_id)
    spatial, by_id = _INDEXES[layer_id]
    metres = Selection(METRES, boxes_srid=32639)
    plans = [
        (spatial, tile_query(Part(layer, Selection()), KERMAN)),
        (spatial, features_query(layer, Selection(BOX), PLAIN, Paging(limit=10))),
        (spatial, count_query(layer, Selection(BOX), most=10)),
        (spatial, features_query(layer, metres, PLAIN, Paging(limit=10))),
        (by_id, item_query(layer, Selection(), "x77")),
        (by_id, features_query(layer, Selection(), PLAIN, Paging(limit=2, after=("x77",)))),
    ]
    with connect(crowded) as connection:
        for index, query in plans:
            explain = b"EXPLAIN (COSTS OFF) " + query.text.encode()
            plan = "\n".join(row[0] for row in connection.execute(explain, query.params))
            assert index in plan, plan


def test_odd_names_and_percent_signs_survive(rows: str) -> None:
    odd = 'ستون "۱" %s %(p0)s ' + "x" * 20
    name = odd.replace('"', '""')
    layer = layer_of(
        f"""SELECT 1 AS id, '100%' AS "{name}", 5 % 3 AS rest,
            ST_SetSRID(ST_Point(50.5, 30.5), 4326) AS geom WHERE 'a' LIKE 'a%';""",
        **{"id": "integer", odd: "string", "rest": "integer"},  # type: ignore[arg-type]
    )
    selection = Selection(BOX, equal={odd: "100%", "rest": 2})
    with connect(rows) as connection:
        for query in (
            item_query(layer, selection, 1),
            features_query(layer, selection, PLAIN, Paging(limit=1, after=("0",))),
            tile_query(Part(layer, selection), KERMAN),
        ):
            row = connection.execute(query.text.encode(), query.params).fetchone()
            assert row is not None
            assert "100%" in str([bytes(cell) for cell in row if isinstance(cell, bytes)])


def test_another_crs_is_found_and_answered_in_degrees(rows: str) -> None:
    layer = layer_of(
        "SELECT 1 AS id, ST_Transform(ST_SetSRID(ST_Point(50.5, 30.5), 4326), 32639) AS geom",
        crs=32639,
        id="integer",
    )
    with connect(rows) as connection:
        item = item_query(layer, Selection(BOX), 1)
        feature, _ = connection.execute(item.text.encode(), item.params).fetchone() or (b"", "")
        tile = tile_query(Part(layer, Selection(BOX)), KERMAN)
        mvt, _ = connection.execute(tile.text.encode(), tile.params).fetchone() or (b"", "")
        extent = extent_query(layer)
        west, *_ = connection.execute(extent.text.encode(), extent.params).fetchone() or (0,)
    assert b'"coordinates":[50.5,30.5]' in feature
    assert mvt
    assert west == pytest.approx(50.5)


@pytest.mark.parametrize(
    ("storage", "srid", "box"),
    [
        (4326, 32639, Bounds(300_000, 3_200_000, 1_100_000, 3_600_000)),
        (4326, 3857, Bounds(5_500_000, 3_300_000, 6_000_000, 4_100_000)),
        (32639, 4326, Bounds(47.1, 28.1, 57.1, 33.1)),
        (32639, 32641, Bounds(-1_000_000, 3_000_000, 0, 4_000_000)),
    ],
)
def test_a_box_is_exact_in_its_own_crs(rows: str, storage: int, srid: int, box: Bounds) -> None:
    layer = layer_of(
        f"""SELECT x * 1000 + y AS id, ST_Transform(ST_SetSRID(
            ST_Point(44 + x / 5.0, 25 + y / 5.0), 4326), {storage}) AS geom
            FROM generate_series(0, 95) x, generate_series(0, 75) y""",  # noqa: S608
        crs=storage,
        id="integer",
    )
    to_box = Transformer.from_crs(4326, srid, always_xy=True)
    expected = sum(
        box.contain(*to_box.transform(44 + x / 5, 25 + y / 5)) for x in range(96) for y in range(76)
    )
    query = count_query(layer, Selection((box,), boxes_srid=srid), most=10_000)
    with connect(rows) as connection:
        assert connection.execute(query.text.encode(), query.params).fetchone() == (expected,)
    assert 500 < expected < 96 * 76 / 2


def test_only_what_is_asked_for_is_read(catalog: Catalog) -> None:
    layer = catalog.layer("place")
    shape = Presentation(attributes=("name_fa",), geometry=False)
    for query in (
        features_query(layer, Selection(), shape, Paging(limit=1)),
        cells_query(layer, Selection(), shape, Paging(limit=1)),
        item_query(layer, Selection(), "x", shape),
    ):
        assert set(re.findall(r's\."(\w+)"', query.text)) == {"id", "name_fa"}
        assert "ST_AsGeoJSON" not in query.text


def test_axes_and_digits_are_those_of_the_crs(rows: str) -> None:
    layer = layer_of(
        "SELECT 1 AS id, ST_SetSRID(ST_Point(50.123456789, 30.5), 4326) AS geom", id="integer"
    )
    with connect(rows) as connection:
        for shape, coordinates in (
            (Presentation(), "[50.1234568,30.5]"),
            (Presentation(epsg(4326)), "[30.5,50.1234568]"),
            (Presentation(epsg(4326), digits=3), "[30.5,50.123]"),
        ):
            query = item_query(layer, Selection(), 1, shape)
            text, _ = connection.execute(query.text.encode(), query.params).fetchone() or (b"", "")
            assert f'"coordinates":{coordinates}'.encode() in text


@pytest.mark.parametrize(
    ("roles", "asked", "found"),
    [
        ({}, Days(None, datetime.date(2001, 1, 1)), 1),
        ({"happened": "primary-instant"}, Days(None, datetime.date(2001, 1, 1)), 0),
        ({"happened": "primary-instant"}, Days(datetime.date(2010, 5, 5), None), 1),
        ({"happened": "primary-instant"}, Days(datetime.date(2010, 5, 6), None), 0),
        ({"written": "primary-interval-start", "happened": "primary-interval-end"}, Days(), 1),
    ],
)
def test_time_goes_by_the_dates_that_have_a_role(
    rows: str, roles: dict[str, str], asked: Days, found: int
) -> None:
    layer = layer_of(
        "SELECT 1 AS id, DATE '2000-01-01' AS written, DATE '2010-05-05' AS happened, "
        "DATE '2024-01-01' AS changed, NULL::geometry AS geom",
        id="integer",
        written="date",
        happened="date",
        changed="date",
    ).model_dump()
    for name, role in roles.items():
        layer["attributes"][name]["role"] = role
    query = count_query(Layer.model_validate(layer), Selection(days=asked), most=9)
    with connect(rows) as connection:
        assert connection.execute(query.text.encode(), query.params).fetchone() == (found,)


@pytest.mark.parametrize(
    ("kind", "sql", "value"),
    [
        ("integer", "7::smallint", 7),
        ("number", "1.5::real", Decimal("1.5")),
        ("number", "1.5::numeric", Decimal("1.5")),
        ("boolean", "true", True),
        ("string", "'ک'::varchar(3)", "ک"),
    ],
)
def test_equality_takes_every_type(rows: str, kind: str, sql: str, value: object) -> None:
    layer = layer_of(
        f"SELECT 1 AS id, {sql} AS x, NULL::geometry AS geom",
        id="integer",
        x=kind,
    )
    query = count_query(layer, Selection(equal={"x": value}), most=9)  # type: ignore[dict-item]
    with connect(rows) as connection:
        assert connection.execute(query.text.encode(), query.params).fetchone() == (1,)
