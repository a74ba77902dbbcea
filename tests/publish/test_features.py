from __future__ import annotations

import json
from typing import Any

import pytest

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.errors import NotFound
from geoservice.publish.counts import Count
from geoservice.publish.features import feature_collection, read_feature, read_page
from geoservice.publish.selection import Selection
from tests.publish.conftest import layer_of

pytestmark = pytest.mark.anyio


async def _features(connection: AsyncConnection, layer: Layer) -> list[dict[str, Any]]:
    page = await read_page(connection, layer, Selection(), limit=100)
    collection = json.loads(feature_collection(page, Count(page.returned, False), []))
    features: list[dict[str, Any]] = collection["features"]
    return features


async def test_every_type_of_value(reading: AsyncConnection) -> None:
    layer = layer_of(
        """SELECT 'a "quoted" \\ ک' || chr(10) AS id, 9007199254740993 AS integer,
           0.1::float8 + 0.2::float8 AS number, 12345678901234567890.123 AS numeric,
           1e300::float8 AS large, 1e-300::float8 AS small, false AS boolean,
           DATE '0622-07-16' AS date, TIMESTAMPTZ '2021-03-21 00:00:00Z' AS time,
           NULL::float8 AS nothing, ST_SetSRID(ST_Point(50, 30), 4326) AS geom""",
        id="string",
        integer="integer",
        number="number",
        numeric="number",
        large="number",
        small="number",
        boolean="boolean",
        date="date",
        time="date-time",
        nothing="number",
    )
    (feature,) = await _features(reading, layer)
    properties = feature["properties"]
    assert feature["id"] == properties["id"] == 'a "quoted" \\ ک\n'
    assert properties["integer"] == 9007199254740993
    assert properties["number"] == 0.1 + 0.2
    assert (properties["large"], properties["small"]) == (1e300, 1e-300)
    assert (properties["boolean"], properties["nothing"]) == (False, None)
    assert properties["date"] == "0622-07-16"
    assert properties["time"].startswith("2021-03-21T")
    page = await read_page(reading, layer, Selection(), limit=1)
    assert b'"numeric":12345678901234567890.123,' in page.features


@pytest.mark.parametrize("kind", ["real", "double precision", "numeric"])
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
async def test_numbers_that_json_lacks_are_null(
    reading: AsyncConnection, kind: str, number: str
) -> None:
    layer = layer_of(
        f"SELECT 1 AS id, '{number}'::{kind} AS x, NULL::geometry AS geom",
        id="integer",
        x="number",
    )
    (feature,) = await _features(reading, layer)
    assert feature["properties"] == {"id": 1, "x": None}
    assert feature["geometry"] is None


async def test_an_empty_layer(reading: AsyncConnection) -> None:
    layer = layer_of("SELECT 1 AS id, NULL::geometry AS geom WHERE false", id="integer")
    page = await read_page(reading, layer, Selection(), limit=10)
    assert (page.features, page.returned, page.last_id) == (b"", 0, None)
    with pytest.raises(NotFound, match="has no feature «1»"):
        await read_feature(reading, layer, Selection(), 1, [])


async def test_mixed_geometries(reading: AsyncConnection) -> None:
    layer = layer_of(
        """SELECT n AS id, ST_GeomFromText(wkt, 4326) AS geom FROM (VALUES
           (1, 'POINT(1 2)'), (2, 'POLYGON EMPTY'), (3, 'LINESTRING(0 0, 1 1)'),
           (4, 'GEOMETRYCOLLECTION(POINT(1 2))')) v (n, wkt)""",
        geometry="Geometry",
        id="integer",
    )
    types = [f["geometry"]["type"] for f in await _features(reading, layer)]
    assert types == ["Point", "Polygon", "LineString", "GeometryCollection"]


async def test_pages_join_without_gap_in_the_order_of_ids(reading: AsyncConnection) -> None:
    layer = layer_of(
        "SELECT n AS id, NULL::geometry AS geom FROM generate_series(1, 7) n", id="integer"
    )
    after, seen = None, []
    while True:
        page = await read_page(reading, layer, Selection(), limit=3, after=after)
        seen += [f["id"] for f in json.loads(b"[" + page.features + b"]")]
        if page.last_id is None:
            break
        after = int(page.last_id)
    assert seen == [1, 2, 3, 4, 5, 6, 7]


async def test_an_estimate_is_marked(reading: AsyncConnection) -> None:
    layer = layer_of("SELECT 1 AS id, NULL::geometry AS geom", id="integer")
    page = await read_page(reading, layer, Selection(), limit=1)
    marked = json.loads(feature_collection(page, Count(5, True), []))
    assert (marked["numberMatched"], marked["numberMatchedEstimated"]) == (5, True)
    assert "numberMatchedEstimated" not in json.loads(feature_collection(page, Count(5, False), []))
