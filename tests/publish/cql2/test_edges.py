"""Filters over rows that break naive SQL: NaN, uuid, collections, rows far away, a broken shape."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from geoservice.catalog.crs import CRS84, Crs, epsg
from geoservice.catalog.layer import Layer
from geoservice.database.engine import connect
from geoservice.errors import InvalidParameter
from geoservice.publish.cql2.condition import condition
from geoservice.publish.cql2.parse import parse
from geoservice.publish.order import Paging
from geoservice.publish.presentation import Presentation
from geoservice.publish.query import features_query
from geoservice.publish.selection import Selection
from geoservice.publish.sql import Params
from tests.publish.conftest import layer_of

LAYER = layer_of(
    """SELECT n AS id, u::uuid AS uid, big, f::float8 AS real, name, at::timestamptz AS at,
              ST_GeomFromText(wkt, 4326) AS geom
    FROM (VALUES
      (1, '00000000-0000-0000-0000-000000000001', 9007199254740993, 'NaN', 'it''s',
       '2021-03-21T00:00:00Z', 'POINT(50.5 30.5)'),
      (2, '00000000-0000-0000-0000-000000000002', 9007199254740992, 'Infinity', 'a\\b',
       '0001-01-01T00:00:00Z', 'POINT(-140 10)'),
      (3, '00000000-0000-0000-0000-000000000003', -9223372036854775808, '1e308', '100%', NULL,
       'GEOMETRYCOLLECTION(POINT(50.5 30.5), LINESTRING(50 30, 51 31))'),
      (4, '00000000-0000-0000-0000-000000000004', 0, '0', '１００％', NULL, NULL),
      (5, NULL, NULL, '-2', NULL, NULL, 'POLYGON((50 30, 51 31, 50 31, 51 30, 50 30))')
    ) v (n, u, big, f, name, at, wkt)""",
    geometry="Geometry",
    id="integer",
    uid="string",
    big="integer",
    real="number",
    name="string",
    at="date-time",
)
ALL = [1, 2, 3, 4, 5]
UTM = epsg(32639)
Find = Callable[..., list[int]]


def _find(url: str, layer: Layer, text: str, language: str, crs: Crs) -> list[int]:
    selection = Selection(filter=parse(text, language, crs))
    shape = Presentation(attributes=(), geometry=False)
    query = features_query(layer, selection, shape, Paging(limit=100))
    with connect(url) as connection:
        rows = connection.execute(query.text.encode(), query.params).fetchall()
    return [int(row[1]) for row in rows]


@pytest.fixture(scope="module")
def find(rows: str) -> Find:
    def found(text: str, language: str = "cql2-text", crs: Crs = CRS84) -> list[int]:
        return _find(rows, LAYER, text, language, crs)

    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # numbers are what the filter says, to the last digit
        ("big = 9007199254740993", [1]),
        ("big = 9007199254740992", [2]),
        ("big = -9223372036854775808", [3]),
        ("big > -9223372036854775809", [1, 2, 3, 4]),
        ("big = 9007199254740993.0", [1]),
        ("big + 1 = 9007199254740994", [1]),
        ("0.1 + 0.2 = 0.3", ALL),
        (".5 = 5e-1", ALL),
        # what JSON does not have is no value, as in the features
        ("real IS NULL", [1, 2]),
        ("real > 0", [3]),
        ("NOT (real > 0)", [4, 5]),
        # what has no result, or one that no number holds, is no value
        ("real * 1e300 * 1e300 > 1", [3]),
        ("1 / real > -1", [3, 5]),
        ("10 % real = 0", [5]),
        ("real ^ 0.5 >= 0", [3, 4]),
        ("0 ^ real = 0", [3]),
        ("real ^ 99 > 0", []),
        ("real ^ 9 < 0", [5]),
        # texts
        ("uid = '00000000-0000-0000-0000-000000000001'", [1]),
        ("uid LIKE '%02'", [2]),
        ("uid IN ('00000000-0000-0000-0000-000000000001', 'no uuid')", [1]),
        ("name = 'it\\'s'", [1]),
        ("name = 'it''s'", [1]),
        ("name = 'a\\b'", [2]),
        ("name LIKE 'a\\\\b'", [2]),
        ("name LIKE '100\\%'", [3]),
        ("CASEI(name) LIKE CASEI('100\\%')", [3, 4]),
        ("name LIKE ACCENTI(CASEI('É%'))", []),
        # a wide % or _ is a character and not a wildcard, though folding makes a narrow one of it
        ("name ILIKE '％'", []),
        ("name ILIKE '%％'", [3, 4]),
        ("name ILIKE '%\\％'", [3, 4]),
        ("name ILIKE '1__％'", [3, 4]),
        ("name ILIKE '＿００％'", []),
        ("CASEI(name) LIKE CASEI('％')", []),
        ("ACCENTI(name) LIKE ACCENTI('%＿%')", []),
        ("ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('100﹪'))", [3, 4]),
        ("name LIKE '%％'", [4]),
        ("name ILIKE 'a＼b'", [2]),
        ("name ILIKE 'a\\\\b'", [2]),
        # a \ before what folding drops says nothing of what follows
        ("name ILIKE '10\\ـ%'", [3, 4]),
        ("name ILIKE'IT%'", [1]),
        ("name NOT ILIKE 'IT%'", [2, 3, 4]),
        ("NOT name ILIKE 'IT%'", [2, 3, 4]),
        ("'ILIKE' = 'ILIKE'", ALL),
        # times at the edges of what a time can be
        ("at < TIMESTAMP('0001-01-01T00:00:01Z')", [2]),
        ("at < TIMESTAMP('9999-12-31T23:59:59-14:00')", [1, 2]),
        ("at IN (DATE('2021-03-21'), TIMESTAMP('0001-01-01T00:00:00Z'))", [1, 2]),
        ("at BETWEEN '2021-03-20' AND '2021-03-21T00:00:00Z'", [1]),
    ],
)
def test_a_filter_finds(find: Find, text: str, expected: list[int]) -> None:
    assert find(text) == expected


@pytest.mark.parametrize(
    ("text", "crs", "expected"),
    [
        # without a geometry, neither a condition nor its opposite holds
        ("S_INTERSECTS(geom, BBOX(50, 30, 51, 31))", CRS84, [1, 3, 5]),
        ("NOT S_INTERSECTS(geom, BBOX(50, 30, 51, 31))", CRS84, [2]),
        ("S_DISJOINT(geom, BBOX(50, 30, 51, 31))", CRS84, [2]),
        ("NOT S_DISJOINT(geom, BBOX(50, 30, 51, 31))", CRS84, [1, 3, 5]),
        ("S_INTERSECTS(geom, POLYGON((50.5 30.5, 52 31, 52 30, 50.5 30.5)))", CRS84, [1, 3, 5]),
        ("S_INTERSECTS(geom, POLYGON((50 30, 51 31, 51 30, 50 30)))", CRS84, [1, 3, 5]),
        ("S_INTERSECTS(geom, BBOX(-180, -90, 180, 90))", CRS84, [1, 2, 3, 5]),
        ("S_INTERSECTS(geom, BBOX(-90, -180, 90, 180))", epsg(4326), [1, 2, 3, 5]),
        # collections and broken shapes are read over by what cannot take them
        ("S_WITHIN(geom, BBOX(49, 29, 52, 32))", CRS84, [1]),
        ("S_TOUCHES(geom, LINESTRING(50.5 30.5, 52 31))", CRS84, [1]),
        ("S_EQUALS(geom, POINT(50.5 30.5))", CRS84, [1]),
        ("S_EQUALS(geom, geom)", CRS84, [1, 2]),
        # a CRS that cannot show every row
        ("S_INTERSECTS(geom, BBOX(440000, 3360000, 470000, 3390000))", UTM, [1, 3, 5]),
        ("S_DISJOINT(geom, BBOX(440000, 3360000, 470000, 3390000))", UTM, [2]),
        ("NOT S_INTERSECTS(geom, BBOX(440000, 3360000, 470000, 3390000))", UTM, [2]),
    ],
)
def test_shapes(find: Find, text: str, crs: Crs, expected: list[int]) -> None:
    assert find(text, crs=crs) == expected


@pytest.mark.parametrize("op", ["S_INTERSECTS", "S_DISJOINT", "S_WITHIN"])
def test_what_a_crs_cannot_show_is_refused(find: Find, op: str) -> None:
    with pytest.raises(InvalidParameter, match="reaches farther than"):
        find(f"{op}(geom, BBOX(-9e8, -9e8, 9e8, 9e8))", crs=UTM)


def test_names_of_any_kind(rows: str) -> None:
    odd = 'نام "۱" %s'
    layer = layer_of(
        """SELECT 1 AS id, 5 AS "نام ""۱"" %s", NULL::geometry(Point, 4326) AS geom""",
        id="integer",
        **{odd: "integer"},  # type: ignore[arg-type]
    )
    name = odd.replace('"', '""')
    for text in (f'"{name}" = 5', f'"{name}" + 1 = 6', f'NOT "{name}" IS NULL'):
        assert _find(rows, layer, text, "cql2-text", CRS84) == [1]
    tree = json.dumps({"op": "=", "args": [{"property": odd}, 5]})
    assert _find(rows, layer, tree, "cql2-json", CRS84) == [1]


def test_places_in_messages_are_those_of_the_text() -> None:
    text = "big = 123456789\nAND name\n  ILIKE 'x' AND\n  real ="
    with pytest.raises(InvalidParameter, match=f"character {len(text) + 1} on"):
        parse(text)
    with pytest.raises(InvalidParameter, match="character 38 on, at «x AND»"):
        parse("big = 1234567 AND name ILIKE 'كرمان' x AND")


def test_a_list_is_held_against_a_long_value_once() -> None:
    value = " + ".join(["1"] * 40)
    options = ", ".join(["1"] * 3000)
    params = Params()
    condition(LAYER, parse(f"{value} IN ({options})"), params)
    assert len(params.values) == 3040
