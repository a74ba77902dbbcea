"""No tile is larger than it may be, and what it leaves out is counted."""

from __future__ import annotations

import mapbox_vector_tile
import pytest

from geoservice.catalog.layer import Layer, Zoom
from geoservice.database.engine import AsyncConnection
from geoservice.publish.grid import MATRIX_SETS, tile_at
from geoservice.publish.selection import Selection
from geoservice.publish.tile_frame import MOST_BYTES
from geoservice.publish.tile_request import Part, TileRequest
from tests.publish.conftest import layer_of
from tests.read_tile import read_tile, tile_of

pytestmark = pytest.mark.anyio

COUNT = 12_000
TILE = tile_at(51.4, 35.7, 12)


def _layer(geom: str, geometry: str, count: int = COUNT) -> Layer:
    """Rows with a text of their own each, spread over the tile."""
    box = TILE.box(0)
    width, height = box.east - box.west, box.north - box.south
    where = (
        f"ST_Point({box.west} + (n %% 113) / 113.0 * {width}, "
        f"{box.south} + (n / 113) / 107.0 * {height})"
    ).replace("%%", "%")
    return layer_of(
        f"SELECT n AS id, repeat(md5(n::text), 3) AS text, {geom.format(where)} AS geom "  # noqa: S608
        f"FROM generate_series(0, {count - 1}) n",
        geometry=geometry,
        id="integer",
        text="string",
    ).model_copy(update={"zoom": Zoom(min=3, max=12)})


async def test_points(reading: AsyncConnection) -> None:
    layer = _layer("ST_SetSRID({}, 4326)", "Point")
    body = await read_tile(reading, layer, Selection(), TILE)
    assert MOST_BYTES / 8 < len(body) <= MOST_BYTES
    features = mapbox_vector_tile.decode(body)["made"]["features"]
    assert len(features) < COUNT
    assert sum(f["properties"].get("point_count", 1) for f in features) == COUNT


async def test_shapes(reading: AsyncConnection) -> None:
    """Some a hundredth of the tile wide, most much smaller."""
    layer = _layer(
        "ST_SetSRID(ST_Expand({}, CASE WHEN n % 10 = 0 THEN 0.0005 ELSE 0.00002 END), 4326)",
        "Polygon",
    )
    body = await read_tile(reading, layer, Selection(), TILE)
    assert MOST_BYTES / 8 < len(body) <= MOST_BYTES
    decoded = mapbox_vector_tile.decode(body)
    features = decoded["made"]["features"]
    (omitted,) = decoded["made_omitted"]["features"]
    ids = {f["properties"]["id"] for f in features}
    assert ids >= set(range(0, COUNT, 10))
    assert len(ids) > COUNT / 8  # and some of the small ones
    assert omitted["geometry"] == {"type": "Point", "coordinates": [2048, 2048]}
    assert len(features) + omitted["properties"]["omitted"] == COUNT


async def test_one_that_fits_leaves_nothing_out(reading: AsyncConnection) -> None:
    layer = layer_of(
        "SELECT 1 AS id, ST_SetSRID(ST_Expand(ST_Point(51.4, 35.7), 0.0001), 4326) AS geom",
        geometry="Polygon",
        id="integer",
    )
    decoded = mapbox_vector_tile.decode(await read_tile(reading, layer, Selection(), TILE))
    assert decoded.keys() == {"made"}


async def test_those_too_small_to_be_drawn_are_counted(reading: AsyncConnection) -> None:
    layer = layer_of(
        "SELECT n AS id, ST_Buffer(ST_Point(51 + n % 150 / 1e3, 35 + n / 150 / 1e3, 4326), 1e-4) "
        "AS geom FROM generate_series(1, 22500) n",
        geometry="Polygon",
        id="integer",
    )
    for grid in MATRIX_SETS.values():
        for zoom in (0, 2):
            body = await read_tile(reading, layer, Selection(), grid.tile_at(51.1, 35.1, zoom))
            decoded = mapbox_vector_tile.decode(body)
            assert decoded.keys() == {"made_omitted"}
            (omitted,) = decoded["made_omitted"]["features"]
            assert omitted["properties"] == {"omitted": 22_500}
            elsewhere = grid.tile_at(-51, 35, zoom)
            if elsewhere.x != grid.tile_at(51, 35, zoom).x:
                assert await read_tile(reading, layer, Selection(), elsewhere) == b""


async def test_only_what_lies_in_the_tile_is_left_out(reading: AsyncConnection) -> None:
    """A circle too small in the tile's margin, and a frame whose box alone meets the tile."""
    box = TILE.box(0)
    lon, lat = (box.west + box.east) / 2, (box.south + box.north) / 2
    for crs in (4326, 32639):
        layer = layer_of(
            f"""SELECT id, ST_Transform(ST_SetSRID(geom, 4326), {crs}) AS geom FROM (
                SELECT 1 AS id, ST_Buffer(ST_Point({box.west} - 1e-4, {lat}), 1e-8) AS geom
                UNION ALL SELECT 2, ST_Buffer(ST_ExteriorRing(ST_Expand(ST_Point({lon}, {lat}), 1)),
                    0.1)
                UNION ALL SELECT 3, ST_Buffer(ST_Point({lon}, {lat}), 1e-8)) r""",  # noqa: S608
            geometry="Polygon",
            crs=crs,
            id="integer",
        )
        for which, omitted in (("true", 1), ("id < 3", 0)):
            sql = f"SELECT * FROM ({layer.source.sql}) r WHERE {which}"  # noqa: S608
            source = layer.source.model_copy(update={"sql": sql})
            some = layer.model_copy(update={"source": source})
            body = await read_tile(reading, some, Selection(), TILE)
            assert bool(body) is bool(omitted)
            if omitted:
                (only,) = mapbox_vector_tile.decode(body)["made_omitted"]["features"]
                assert only["properties"] == {"omitted": 1}


async def test_a_tile_of_several_layers_has_no_more_bytes_either(
    reading: AsyncConnection,
) -> None:
    points = _layer("ST_SetSRID({}, 4326)", "Point").model_copy(update={"id": "points"})
    shapes = _layer("ST_SetSRID(ST_Expand({}, 0.0004), 4326)", "Polygon")
    small = layer_of("SELECT 1 AS id, ST_Point(51.4, 35.7, 4326) AS geom", id="integer")
    more = points.model_copy(update={"id": "more"})
    layers = (points, shapes, more, small.model_copy(update={"id": "small"}))
    alone = [await read_tile(reading, layer, Selection(), TILE) for layer in layers]
    assert sum(map(len, alone)) > MOST_BYTES * 1.2
    parts = tuple(Part(layer, Selection()) for layer in layers)
    body = await tile_of(TileRequest(TILE, parts, ""), reading)
    assert MOST_BYTES / 4 < len(body) <= MOST_BYTES
    assert body.endswith(alone[3])  # it needs little, and has all of it
    decoded = mapbox_vector_tile.decode(body)
    assert list(decoded) == ["points", "made", "made_omitted", "more", "small"]
    assert (
        sum(f["properties"].get("point_count", 1) for f in decoded["points"]["features"]) == COUNT
    )
    (omitted,) = decoded["made_omitted"]["features"]
    assert len(decoded["made"]["features"]) + omitted["properties"]["omitted"] == COUNT


async def test_what_one_layer_does_not_need_the_others_have(reading: AsyncConnection) -> None:
    few = _layer("ST_SetSRID({}, 4326)", "Point", 2_800)
    layers = [few.model_copy(update={"id": name}) for name in ("a", "b")]
    alone = [await read_tile(reading, layer, Selection(), TILE) for layer in layers]
    assert 300_000 < len(alone[0]) < MOST_BYTES - 20_000
    little = layer_of("SELECT 1 AS id, ST_Point(51.4, 35.7, 4326) AS geom", id="integer")
    both = tuple(Part(layer, Selection()) for layer in (layers[0], little))
    assert (await tile_of(TileRequest(TILE, both, ""), reading)).startswith(alone[0])
    three = tuple(Part(layer, Selection()) for layer in (*layers, little))
    body = await tile_of(TileRequest(TILE, three, ""), reading)
    assert len(body) <= MOST_BYTES
    assert not body.startswith(alone[0])


@pytest.mark.parametrize(
    ("geom", "geometry"),
    [("ST_SetSRID({}, 4326)", "Point"), ("ST_SetSRID(ST_Expand({}, 0.02), 4326)", "Polygon")],
)
async def test_rows_that_are_too_long_themselves(
    reading: AsyncConnection, geom: str, geometry: str
) -> None:
    """A hundred of 9 kB: what lies there shows, with its id alone, if that is wanted."""
    layer = _layer(geom, geometry)
    sql = (layer.source.sql or "").replace("repeat(md5(n::text), 3)", "repeat(md5(n::text), 300)")
    sql = f"SELECT * FROM ({sql}) r WHERE id % 120 = 0"  # noqa: S608
    layer = layer.model_copy(update={"source": layer.source.model_copy(update={"sql": sql})})
    for wanted, left in ((None, {"id"}), (("text",), set())):
        body = await read_tile(reading, layer, Selection(), TILE, wanted)
        assert 0 < len(body) <= MOST_BYTES
        features = mapbox_vector_tile.decode(body)["made"]["features"]
        assert len(features) > 50
        for feature in features:
            assert feature["properties"].keys() - {"point_count"} == left
