from __future__ import annotations

import mapbox_vector_tile
import pytest

from geoservice.catalog.layer import Zoom
from geoservice.database.engine import AsyncConnection
from geoservice.publish.grid import Tile, tile_at
from geoservice.publish.selection import Selection
from geoservice.publish.tiles import read_tile
from tests.publish.conftest import layer_of

pytestmark = pytest.mark.anyio

TYPED = layer_of(
    """SELECT 'p' AS id, 5 AS integer, 2.5::numeric AS number, 'NaN'::float8 AS nan,
       true AS boolean, DATE '2021-03-21' AS date, ST_SetSRID(ST_Point(50.5, 30.5), 4326) AS geom
       UNION ALL SELECT 'nowhere', 1, 1, 1, true, NULL, NULL""",
    id="string",
    integer="integer",
    number="number",
    nan="number",
    boolean="boolean",
    date="date",
)


async def test_values_have_the_types_of_vector_tiles(reading: AsyncConnection) -> None:
    body = await read_tile(reading, TYPED, Selection(), tile_at(50.5, 30.5, 6))
    (feature,) = mapbox_vector_tile.decode(body)["made"]["features"]
    assert feature["properties"] == {
        "id": "p",
        "integer": 5,
        "number": 2.5,
        "boolean": True,
        "date": "2021-03-21",
    }


async def test_a_neighbour_carries_what_lies_in_its_margin(reading: AsyncConnection) -> None:
    edge = Tile(6, 41, 26)
    west = edge.x / 64 * 360 - 180
    layer = layer_of(
        f"SELECT 1 AS id, ST_SetSRID(ST_Point({west} + 0.01, 30), 4326) AS geom",
        id="integer",
    )
    for x, there in ((40, True), (41, True), (39, False), (42, False)):
        assert bool(await read_tile(reading, layer, Selection(), Tile(6, x, 26))) is there


async def test_above_its_first_zoom_a_layer_has_no_tiles(reading: AsyncConnection) -> None:
    layer = TYPED.model_copy(update={"zoom": Zoom(min=7)})
    assert await read_tile(reading, layer, Selection(), tile_at(50.5, 30.5, 6)) == b""
    assert await read_tile(reading, layer, Selection(), tile_at(50.5, 30.5, 7))


async def test_a_whole_country_of_polygons_is_valid_at_every_zoom(reading: AsyncConnection) -> None:
    layer = layer_of(
        """SELECT n AS id, ST_Multi(ST_MakeEnvelope(50 + n, 30, 51 + n, 31, 4326)) AS geom
           FROM generate_series(0, 3) n""",
        geometry="MultiPolygon",
        id="integer",
    )
    for zoom in range(10):
        body = await read_tile(reading, layer, Selection(), tile_at(51.0, 30.5, zoom))
        assert mapbox_vector_tile.decode(body)["made"]["features"]
