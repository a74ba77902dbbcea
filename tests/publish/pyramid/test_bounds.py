"""No tile is larger than it may be, and what it leaves out is counted."""

from __future__ import annotations

import mapbox_vector_tile
import pytest

from geoservice.catalog.layer import Layer, Zoom
from geoservice.database.engine import AsyncConnection
from geoservice.publish.grid import tile_at
from geoservice.publish.selection import Selection
from geoservice.publish.tile_frame import MOST_BYTES
from tests.publish.conftest import layer_of
from tests.read_tile import read_tile

pytestmark = pytest.mark.anyio

COUNT = 12_000
TILE = tile_at(51.4, 35.7, 12)


def _layer(geom: str, geometry: str) -> Layer:
    """Rows with a text of their own each, spread over the tile."""
    box = TILE.box()
    width, height = box.east - box.west, box.north - box.south
    where = (
        f"ST_Point({box.west} + (n %% 113) / 113.0 * {width}, "
        f"{box.south} + (n / 113) / 107.0 * {height})"
    ).replace("%%", "%")
    return layer_of(
        f"SELECT n AS id, repeat(md5(n::text), 3) AS text, {geom.format(where)} AS geom "  # noqa: S608
        f"FROM generate_series(0, {COUNT - 1}) n",
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
    assert {f["properties"]["id"] % 10 for f in features} == {0}
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


@pytest.mark.parametrize(
    ("geom", "geometry"),
    [("ST_SetSRID({}, 4326)", "Point"), ("ST_SetSRID(ST_Expand({}, 0.02), 4326)", "Polygon")],
)
async def test_rows_that_are_too_long_themselves(
    reading: AsyncConnection, geom: str, geometry: str
) -> None:
    """A hundred of 9 kB: what lies there shows, without its attributes."""
    layer = _layer(geom, geometry)
    sql = (layer.source.sql or "").replace("repeat(md5(n::text), 3)", "repeat(md5(n::text), 300)")
    sql = f"SELECT * FROM ({sql}) r WHERE id % 120 = 0"  # noqa: S608
    layer = layer.model_copy(update={"source": layer.source.model_copy(update={"sql": sql})})
    body = await read_tile(reading, layer, Selection(), TILE)
    assert 0 < len(body) <= MOST_BYTES
    features = mapbox_vector_tile.decode(body)["made"]["features"]
    assert len(features) > 50
    assert not any("text" in feature["properties"] for feature in features)
