from __future__ import annotations

import json
from typing import Any

import pytest
import shapely

from geoservice.catalog.crs import CRS84, Crs, epsg
from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.errors import NotFound
from geoservice.model import JSON
from geoservice.publish import jsonfg
from geoservice.publish.features import (
    comes_at_once,
    feature_collection,
    feature_sequence,
    page_at_once,
    read_feature,
    read_features,
)
from geoservice.publish.order import Paging, Returned, one_more
from geoservice.publish.presentation import PLAIN, Presentation
from geoservice.publish.selection import Selection
from geoservice.publish.sql import quoted
from tests.publish.conftest import layer_of

pytestmark = pytest.mark.anyio


async def _page(
    connection: AsyncConnection,
    layer: Layer,
    paging: Paging,
    presentation: Presentation = PLAIN,
    *,
    fg: bool = False,
) -> tuple[bytes, Returned]:
    found: list[Returned] = []

    async def finish(returned: Returned) -> JSON:
        found.append(returned)
        return {"links": []}

    rows = read_features(connection, layer, Selection(), presentation, one_more(paging), fg=fg)
    pieces = feature_collection(rows, paging.limit or 0, finish)
    body = b"".join([piece async for piece in pieces])
    if comes_at_once(layer, paging):  # both ways give the same bytes, and know the same of the page
        args = connection, layer, Selection(), presentation, paging, finish
        assert await page_at_once(*args, fg=fg) == body
        assert found[0] == found[1]
    return body, found[0]


async def _features(connection: AsyncConnection, layer: Layer) -> list[dict[str, Any]]:
    body, _ = await _page(connection, layer, Paging(limit=100))
    features: list[dict[str, Any]] = json.loads(body)["features"]
    return features


async def test_an_empty_page_and_one_that_ends_at_the_limit(reading: AsyncConnection) -> None:
    one = "SELECT 7 AS id, ST_SetSRID(ST_Point(50, 30), 4326) AS geom"
    layer = layer_of(one, id="integer")
    body, returned = await _page(reading, layer, Paging(limit=1))
    assert (len(json.loads(body)["features"]), returned) == (1, Returned(1, None))
    body, returned = await _page(
        reading, layer_of(f"{one} WHERE false", id="integer"), Paging(limit=1)
    )
    assert (json.loads(body)["features"], returned) == ([], Returned(0, None))


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
    body, _ = await _page(reading, layer, Paging(limit=1))
    assert b'"numeric":12345678901234567890.123,' in body


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


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("7::integer", "7.0"),
        ("-7::float8", "-7.0"),
        ("'-0'::float8", "0.0"),
        ("12.00::numeric(9, 2)", "12.0"),
        ("0.1::real", "0.1"),
        ("1e-7::float8", "1e-07"),
        ("999999999999999::numeric", "999999999999999.0"),
        ("-1234567890123456789::bigint", "-1234567890123456789.0"),
        ("1e15::float8", "1000000000000000.0"),
        ("NULL::float8", "null"),
    ],
)
async def test_a_number_is_never_written_as_a_whole_one(
    reading: AsyncConnection, number: str, written: str
) -> None:
    layer = layer_of(
        f"SELECT 1 AS id, {number} AS x, NULL::geometry AS geom",
        id="integer",
        x="number",
    )
    body, _ = await _page(reading, layer, Paging(limit=1))
    assert f'"x":{written}}}'.encode() in body


async def test_more_attributes_than_a_function_takes_arguments(reading: AsyncConnection) -> None:
    names = [f"a{n} '%" for n in range(150)]
    values = ", ".join(f"{n} AS {quoted(name)}" for n, name in enumerate(names))
    layer = layer_of(
        f"SELECT 1 AS id, {values}, NULL::geometry AS geom".replace("%%", "%"),
        id="integer",
        **dict.fromkeys(names, "integer"),  # type: ignore[arg-type]
    )
    (feature,) = await _features(reading, layer)
    assert feature["properties"] == {"id": 1} | {name: n for n, name in enumerate(names)}


async def test_an_empty_layer(reading: AsyncConnection) -> None:
    layer = layer_of("SELECT 1 AS id, NULL::geometry AS geom WHERE false", id="integer")
    body, returned = await _page(reading, layer, Paging(limit=10))
    assert json.loads(body) == {"type": "FeatureCollection", "features": [], "links": []}
    assert returned == Returned(0, None)
    with pytest.raises(NotFound, match="has no feature «1»"):
        await read_feature(reading, layer, Selection(), 1, more={})


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


@pytest.mark.parametrize("kind", ["Point", "Geometry"])
@pytest.mark.parametrize(
    "shape",
    [
        "ST_Point('Infinity', 1)",
        "ST_Point(1, 'NaN')",
        "ST_Point('NaN', 1)",
        "ST_Point('NaN', 'NaN')",
    ],
)
async def test_coordinates_that_json_lacks_are_no_geometry(
    reading: AsyncConnection, shape: str, kind: str
) -> None:
    layer = layer_of(
        f"SELECT 1 AS id, ST_SetSRID({shape}, 4326) AS geom",
        geometry=kind,
        id="integer",
    )
    assert [f["geometry"] for f in await _features(reading, layer)] == [None]


@pytest.mark.parametrize("number", ["NaN", "1e400"])  # which is infinite
@pytest.mark.parametrize("declared", ["its own", "Geometry"])
@pytest.mark.parametrize(
    ("kind", "wkt"),
    [
        ("LineString", "LINESTRING(0 0, 1 {0}, 2 2)"),
        ("MultiLineString", "MULTILINESTRING((0 0, 1 1), (2 2, {0} 3))"),
        ("Polygon", "POLYGON((0 0, 9 0, 9 9, 0 0), (1 1, 2 1, {0} 2, 1 1))"),
        ("MultiPolygon", "MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 {0}, 6 6, 5 5)))"),
        ("MultiPoint", "MULTIPOINT(0 0, {0} 1)"),
        ("Geometry", "GEOMETRYCOLLECTION(POINT(1 {0}), LINESTRING(0 0, 1 1))"),
    ],
)
async def test_one_such_corner_is_enough(
    reading: AsyncConnection, kind: str, wkt: str, declared: str, number: str
) -> None:
    broken, whole = wkt.format(number), wkt.format("1.5")
    layer = layer_of(
        f"SELECT 1 AS id, ST_GeomFromText('{broken}', 4326) AS geom "
        f"UNION ALL SELECT 2, ST_GeomFromText('{whole}', 4326)",
        geometry=kind if declared == "its own" else declared,
        id="integer",
    )
    first, second = await _features(reading, layer)
    assert first["geometry"] is None
    assert second["geometry"] is not None


@pytest.mark.parametrize(
    ("kind", "wkt"),
    [
        ("Point", "POINT EMPTY"),
        ("Geometry", "POINT EMPTY"),
        ("Geometry", "MULTIPOLYGON EMPTY"),
        ("Geometry", "POLYGON EMPTY"),
    ],
)
async def test_an_empty_shape_is_written_as_one(
    reading: AsyncConnection, kind: str, wkt: str
) -> None:
    layer = layer_of(
        f"SELECT 1 AS id, ST_GeomFromText('{wkt}', 4326) AS geom", geometry=kind, id="integer"
    )
    (feature,) = await _features(reading, layer)
    assert feature["geometry"]["coordinates"] == []


async def test_no_shape_is_null(reading: AsyncConnection) -> None:
    layer = layer_of("SELECT 1 AS id, NULL::geometry AS geom", id="integer")
    assert [f["geometry"] for f in await _features(reading, layer)] == [None]


@pytest.mark.parametrize("limit", [1, 3, 7, 1200, 1300, 2600, 5000])
async def test_pages_join_without_gap_in_the_order_of_ids(
    reading: AsyncConnection, limit: int
) -> None:
    """Beyond a thousand rows they come in batches, and the seam between batches is no gap."""
    count = 7 if limit < 10 else 2600
    layer = layer_of(
        f"SELECT n AS id, NULL::geometry AS geom FROM generate_series(1, {count}) n",  # noqa: S608
        id="integer",
    )
    after: tuple[str | None, ...] | None = None
    seen: list[int] = []
    while True:
        body, returned = await _page(reading, layer, Paging(limit=limit, after=after))
        features = json.loads(body)["features"]
        assert len(features) == returned.number <= limit
        seen += [f["id"] for f in features]
        after = returned.last
        if after is None:
            break
    assert seen == list(range(1, count + 1))


async def test_a_sequence_has_every_feature_between_its_marks(reading: AsyncConnection) -> None:
    layer = layer_of(
        "SELECT n AS id, NULL::geometry AS geom FROM generate_series(1, 1201) n", id="integer"
    )
    rows = read_features(reading, layer, Selection(), PLAIN, Paging())
    body = b"".join([piece async for piece in feature_sequence(rows)])
    records = body.split(b"\x1e")
    assert records[0] == b""
    assert all(record.endswith(b"\n") for record in records[1:])
    assert sorted(json.loads(record)["id"] for record in records[1:]) == list(range(1, 1202))


DATED = layer_of(
    """SELECT * FROM (VALUES
       (1, DATE '1850-01-31', DATE '2021-03-21', ST_SetSRID(ST_Point(50.5, 30.25), 4326)),
       (2, NULL, DATE '2021-03-21', NULL),
       (3, NULL, NULL, NULL)) v (id, first, last, geom)""",
    id="integer",
    first="date",
    last="date",
)


@pytest.mark.parametrize(
    ("crs", "geometry", "place"),
    [
        (CRS84, {"type": "Point", "coordinates": [50.5, 30.25]}, None),
        (epsg(4326), None, {"type": "Point", "coordinates": [30.25, 50.5]}),
    ],
)
async def test_json_fg_has_time_and_place(
    reading: AsyncConnection, crs: Any, geometry: object, place: object
) -> None:
    shape = Presentation(crs, attributes=())
    body, _ = await _page(reading, DATED, Paging(limit=9), shape, fg=True)
    features = json.loads(body)["features"]
    assert [f["time"] for f in features] == [
        {"interval": ["1850-01-31", "2021-03-21"]},
        {"date": "2021-03-21"},
        None,
    ]
    assert (features[0]["geometry"], features[0]["place"]) == (geometry, place)
    assert (features[1]["geometry"], features[1]["place"]) == (None, None)
    head = jsonfg.head(DATED, shape, "http://geo.test/schema")
    assert head["coordRefSys"] == crs.uri
    assert head["geometryDimension"] == 0


_HOLED = "(0 0, 0 9, 9 9, 9 0, 0 0), (1 1, 2 1, 2 2, 1 1)"  # clockwise without


@pytest.mark.parametrize("fg", [False, True])
@pytest.mark.parametrize("crs", [CRS84, epsg(4326), epsg(3857)])
@pytest.mark.parametrize(
    ("kind", "wkt"),
    [
        ("Polygon", f"POLYGON({_HOLED})"),
        ("MultiPolygon", f"MULTIPOLYGON(({_HOLED}), ((20 0, 20 9, 29 9, 20 0)))"),
        ("Geometry", f"POLYGON({_HOLED})"),
        ("Geometry", f"GEOMETRYCOLLECTION(POLYGON({_HOLED}), LINESTRING(0 0, 1 1, 2 0))"),
    ],
)
async def test_exterior_rings_are_counterclockwise(
    reading: AsyncConnection, kind: str, wkt: str, crs: Crs, *, fg: bool
) -> None:
    layer = layer_of(
        "SELECT n AS id, CASE n WHEN 1 THEN g ELSE ST_Reverse(g) END AS geom "  # noqa: S608
        f"FROM generate_series(1, 2) n, ST_GeomFromText('{wkt}', 4326) g",
        geometry=kind,
        id="integer",
    )
    body, _ = await _page(reading, layer, Paging(limit=10), Presentation(crs), fg=fg)
    for number, feature in enumerate(json.loads(body)["features"]):
        whole = shapely.from_geojson(json.dumps(feature["geometry"] or feature["place"]))
        if crs.north_first:
            whole = shapely.transform(whole, lambda at: at[:, ::-1])
        for part in shapely.get_parts(shapely.get_parts(whole)):
            if part.geom_type == "Polygon":
                exterior, *holes = shapely.get_rings(part)
                assert exterior.is_ccw
                assert not any(hole.is_ccw for hole in holes)
            else:  # a line goes on as it went
                east = part.coords[-1][0] > part.coords[0][0]
                assert east == (number == 0)


async def test_shapes_are_general_at_a_low_zoom_and_stay_valid(reading: AsyncConnection) -> None:
    layer = layer_of(
        "SELECT 1 AS id, ST_Buffer(ST_SetSRID(ST_Point(50, 30), 4326), 1, 64) AS geom",
        geometry="Polygon",
        id="integer",
    )
    sizes = []
    for zoom in (None, 10, 5, 2):
        body, _ = await _page(reading, layer, Paging(limit=1), Presentation(zoom=zoom))
        (ring,) = json.loads(body)["features"][0]["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        sizes.append(len(body))
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0] / 10


@pytest.mark.parametrize(
    ("kind", "wkt"),
    [
        ("MultiPolygon", "MULTIPOLYGON(((50 30, 51 30, 51 31, 50 31, 50 30)))"),
        ("MultiLineString", "MULTILINESTRING((50 30, 50.5 30.001, 51 30))"),
        ("MultiPoint", "MULTIPOINT(50 30)"),
        ("Polygon", "POLYGON((50 30, 51 30, 51 31, 50 31, 50 30))"),
        ("MultiPolygon", None),
    ],
)
async def test_at_any_zoom_a_shape_is_of_the_type_that_is_declared(
    reading: AsyncConnection, kind: str, wkt: str | None
) -> None:
    shape = f"'{wkt}'" if wkt else "NULL"
    layer = layer_of(
        f"SELECT 1 AS id, ST_GeomFromText({shape}, 4326) AS geom", geometry=kind, id="integer"
    )
    for zoom in (None, 0, 5, 20):
        body, _ = await _page(reading, layer, Paging(limit=1), Presentation(zoom=zoom))
        found = json.loads(body)["features"][0]["geometry"]
        assert (found and found["type"]) == (kind if wkt else None)
