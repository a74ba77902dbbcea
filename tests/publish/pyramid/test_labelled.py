"""The real counties, islands and all, labelled once each, whatever the zoom and the tiles."""

from __future__ import annotations

from collections import Counter

import mapbox_vector_tile
import numpy as np
import pytest
import shapely

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.model import Bounds
from geoservice.publish.cql2.parse import parse
from geoservice.publish.grid import MATRIX_SETS, Tile, TileMatrixSet
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.standing import standing
from geoservice.publish.selection import Selection
from geoservice.publish.tile_query import tile_query
from geoservice.publish.tile_request import Part
from tests.publish.pyramid.conftest import built

pytestmark = pytest.mark.anyio

IRAN = Bounds(43, 24, 64, 41)
Places = dict[int, tuple[Tile, tuple[int, int]]]


async def _places(
    connection: AsyncConnection,
    layer: Layer,
    tiles: list[Tile],
    pyramid: Pyramid | None,
    selection: Selection | None = None,
) -> Places:
    """The tile and the place in it of each label; that each comes once, and lies in its tile."""
    found: list[tuple[int, tuple[Tile, tuple[int, int]]]] = []
    for tile in tiles:
        query = tile_query(Part(layer, selection or Selection(), labels=True), tile, pyramid)
        row = await (await connection.execute(query.text.encode(), query.params)).fetchone()
        assert row is not None
        decoded = mapbox_vector_tile.decode(bytes(row[0]), default_options={"y_coord_down": True})
        for feature in decoded["made"]["features"] if decoded else []:
            assert feature["geometry"]["type"] == "Point"
            x, y = feature["geometry"]["coordinates"]
            assert 0 <= x < 4096
            assert 0 <= y < 4096
            found.append((feature["properties"]["id"], (tile, (x, y))))
    times = Counter(feature_id for feature_id, _ in found)
    assert [each for each, n in times.items() if n > 1] == []
    return dict(found)


def _tiles(grid: TileMatrixSet, zoom: int) -> list[Tile]:
    limits = grid.limits(IRAN, zoom)
    return [
        Tile(zoom, x, y, grid)
        for x in range(limits.min_column, limits.max_column + 1)
        for y in range(limits.min_row, limits.max_row + 1)
    ]


async def _shapes(connection: AsyncConnection, layer: Layer, srid: int) -> dict[int, object]:
    query = f"SELECT id, ST_AsBinary(ST_Transform(geom, {srid})) FROM {layer.source.table}"  # noqa: S608
    rows = await (await connection.execute(query.encode(), {}, binary=True)).fetchall()
    return {row[0]: shapely.from_wkb(row[1]) for row in rows}


@pytest.mark.parametrize("grid", MATRIX_SETS.values(), ids=MATRIX_SETS)
@pytest.mark.parametrize("zoom", [4, 5, 7, 8])
async def test_each_county_has_one_label_within_its_largest_part(
    writing: AsyncConnection, counties: Layer, grid: TileMatrixSet, zoom: int
) -> None:
    tiles = _tiles(grid, zoom)
    made = await _places(writing, counties, tiles, await built(writing, counties))
    shapes = await _shapes(writing, counties, grid.srid)
    assert made.keys() == shapes.keys()
    side = grid.side / (1 << zoom)
    for feature_id, (tile, (x, y)) in made.items():
        point = shapely.points(
            grid.origin[0] + (tile.x + (x + 0.5) / 4096) * side,
            grid.origin[1] - (tile.y + (y + 0.5) / 4096) * side,
        )
        parts = shapely.get_parts(shapes[feature_id])
        largest = parts[np.argmax(shapely.area(parts))]
        assert shapely.distance(largest, point) <= side / 4096


async def test_there_is_room_around_it(writing: AsyncConnection, counties: Layer) -> None:
    pyramid = await built(writing, counties)
    shapes = await _shapes(writing, counties, 3857)
    query = f'SELECT "#id", ST_AsBinary("#geom") FROM {pyramid.table} WHERE "#zoom" = -1'  # noqa: S608
    rows = await (await writing.execute(query.encode(), {}, binary=True)).fetchall()
    for feature_id, point in rows:
        parts = shapely.get_parts(shapes[feature_id])
        largest = parts[np.argmax(shapely.area(parts))]
        widest = shapely.length(shapely.maximum_inscribed_circle(largest))
        away = shapely.distance(shapely.boundary(largest), shapely.from_wkb(point))
        assert away > 0.89 * widest


async def test_it_is_the_same_whether_there_is_a_pyramid_or_not(
    writing: AsyncConnection, counties: Layer
) -> None:
    """So that no kept tile beside one that is made anew has the same name, or neither has it."""
    pyramid = await built(writing, counties)
    tiles = _tiles(MATRIX_SETS["WebMercatorQuad"], 6)
    ahead = await _places(writing, counties, tiles, pyramid)
    assert await _places(writing, counties, tiles, None) == ahead
    touched = Pyramid(pyramid.table, pyramid.deepest, (Bounds(50, 30, 54, 36), IRAN))
    assert await _places(writing, counties, tiles, touched) == ahead


async def test_what_is_selected_is_labelled(writing: AsyncConnection, counties: Layer) -> None:
    pyramid = await built(writing, counties)
    tiles = _tiles(MATRIX_SETS["WebMercatorQuad"], 5)
    some = Selection(filter=parse("id < 40"))
    for each in (pyramid, None):
        assert (await _places(writing, counties, tiles, each, some)).keys() == set(range(40))


async def test_a_write_moves_the_label_with_the_next_request(
    writing: AsyncConnection, counties: Layer
) -> None:
    """From one tile to another; those of its old and new neighbours stay where they are."""
    await built(writing, counties)
    tiles = _tiles(MATRIX_SETS["WebMercatorQuad"], 7)
    before = await _places(writing, counties, tiles, await standing(writing, counties))
    await writing.execute(
        f"UPDATE {counties.source.table} SET geom = CASE id "  # noqa: S608
        "WHEN 1 THEN ST_Multi(ST_MakeEnvelope(45, 25, 45.2, 25.2, 4326)) "
        "WHEN 2 THEN NULL ELSE geom END WHERE id IN (1, 2, 3)"
    )
    pyramid = await standing(writing, counties)
    assert pyramid is not None
    assert pyramid.touched
    after = await _places(writing, counties, tiles, pyramid)
    assert after[1][0] == MATRIX_SETS["WebMercatorQuad"].tile_at(45.1, 25.1, 7)
    del before[1], before[2], after[1]
    assert after == before
