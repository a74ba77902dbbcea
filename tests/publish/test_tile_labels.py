"""Shapes as the points of their labels."""

from __future__ import annotations

from typing import Any

import mapbox_vector_tile
import pytest

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.publish.grid import MATRIX_SETS, WORLD_CRS84_QUAD, Tile, TileMatrixSet, tile_at
from geoservice.publish.selection import Selection
from geoservice.publish.tile_frame import MOST_BYTES
from geoservice.publish.tile_request import Part, TileRequest
from tests.publish.conftest import layer_of
from tests.read_tile import tile_of

pytestmark = pytest.mark.anyio


async def _decoded(connection: AsyncConnection, layer: Layer, tile: Tile) -> dict[str, Any]:
    part = Part(layer, Selection(), labels=True)
    body = await tile_of(TileRequest(tile, (part,), ""), connection)
    assert len(body) <= MOST_BYTES
    found: dict[str, Any] = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})
    return found


async def _points(
    connection: AsyncConnection, layer: Layer, tile: Tile
) -> dict[int, tuple[int, int]]:
    decoded = await _decoded(connection, layer, tile)
    features = decoded["made"]["features"] if decoded else []
    assert {f["geometry"]["type"] for f in features} <= {"Point"}
    return {f["properties"]["id"]: tuple(f["geometry"]["coordinates"]) for f in features}


def _of(*shapes: str, geometry: str = "Polygon", crs: int = 4326) -> Layer:
    rows = ", ".join(f"({n}, ST_GeomFromText('{each}', {crs}))" for n, each in enumerate(shapes, 1))
    return layer_of(
        f"SELECT * FROM (VALUES {rows}) v (id, geom)",  # noqa: S608
        geometry=geometry,
        crs=crs,
        id="integer",
    )


def _box(west: float, south: float, east: float, north: float) -> str:
    return f"(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


# Of Web Mercator's zoom 4: its corner in the north-west is that of three more tiles.
CORNER = Tile(4, 8, 8)


def _around(tile: Tile) -> list[Tile]:
    return [Tile(tile.z, tile.x + dx, tile.y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]


async def test_what_is_centred_where_four_tiles_meet_is_in_one_of_them(
    reading: AsyncConnection,
) -> None:
    square = _of(f"POLYGON {_box(-1000, -1000, 1000, 1000)}", crs=3857)
    found = {tile: await _points(reading, square, tile) for tile in _around(CORNER)}
    assert {tile: points for tile, points in found.items() if points} == {
        Tile(4, 8, 7): {1: (0, 4095)}
    }


@pytest.mark.parametrize("crs", [4326, 3857, 32639])
async def test_it_lies_at_the_same_place_however_it_is_stored(
    reading: AsyncConnection, crs: int
) -> None:
    square = f"ST_Transform(ST_GeomFromText('POLYGON {_box(50, 30, 50.2, 30.2)}', 4326), {crs})"
    layer = layer_of(f"SELECT 1 AS id, {square} AS geom", geometry="Polygon", crs=crs, id="integer")
    for grid in MATRIX_SETS.values():
        tile = grid.tile_at(50.1, 30.1, 9)
        box = tile.box(0)
        ((x, y),) = (await _points(reading, layer, tile)).values()
        assert x / 4096 == pytest.approx((50.1 - box.west) / (box.east - box.west), abs=0.003)
        assert y / 4096 == pytest.approx((box.north - 30.1) / (box.north - box.south), abs=0.003)


@pytest.mark.parametrize("grid", MATRIX_SETS.values(), ids=MATRIX_SETS)
async def test_islands_have_no_label_of_their_own(
    reading: AsyncConnection, grid: TileMatrixSet
) -> None:
    parts = [_box(50, 30, 50.1, 30.1), _box(52, 30, 53, 31), _box(55, 30, 55.2, 30.2)]
    layer = _of(f"MULTIPOLYGON ({', '.join(parts)})", geometry="MultiPolygon")
    limits = grid.limits(tile_at(52, 30, 4).box(), 7)
    found = [
        tile
        for x in range(limits.min_column, limits.max_column + 1)
        for y in range(limits.min_row, limits.max_row + 1)
        if await _points(reading, layer, tile := Tile(7, x, y, grid))
    ]
    assert found == [grid.tile_at(52.5, 30.5, 7)]


async def test_it_lies_within_what_is_bent_or_has_a_hole(reading: AsyncConnection) -> None:
    bent = "((50 30, 53 30, 53 33, 50 33, 50 32, 52 32, 52 31, 50 31, 50 30))"
    ring = f"({_box(54, 30, 57, 33)[1:-1]}, {_box(54.5, 30.5, 56.8, 32.8)[1:-1]})"
    tile = tile_at(52, 31, 4)
    box = tile.box(0)
    found = await _points(reading, _of(f"POLYGON {bent}", f"POLYGON {ring}"), tile)
    degrees = {
        n: box.west + (x + 0.5) / 4096 * (box.east - box.west) for n, (x, _) in found.items()
    }
    assert 52 < degrees[1] < 53
    assert 54 < degrees[2] < 54.5


async def test_odd_shapes_break_nothing(reading: AsyncConnection) -> None:
    odd = [
        "POLYGON EMPTY",
        "POLYGON ((50 30, 51 31, 52 32, 50 30))",  # flat
        "POLYGON ((50 30, 51 30, 52 30, 50 30))",
        "POLYGON ((50 30, 50 30, 50 30, 50 30))",  # at one place
        "POLYGON ((50 30, 51 31, 51 30, 50 31, 50 30))",  # crossing itself
        "POLYGON ((50 30, 54 30, 54 30.0000001, 50 30))",  # very thin
        "POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))",
        "POLYGON ((50 30, 51 30, 51 31, 50 31, 50 30))",
    ]
    layer = _of(*odd)
    nothing = "SELECT 99, NULL::geometry"
    sql = f"{layer.source.sql} UNION ALL {nothing}"
    layer = layer.model_copy(update={"source": layer.source.model_copy(update={"sql": sql})})
    for tile in (Tile(0, 0, 0), Tile(0, 0, 0, WORLD_CRS84_QUAD), Tile(0, 1, 0, WORLD_CRS84_QUAD)):
        found = await _points(reading, layer, tile)
        assert not {1, 99} & found.keys()
        if tile.x or tile.matrix_set is not WORLD_CRS84_QUAD:
            assert {5, 6, 8} <= found.keys()


async def test_lines_are_a_point_of_theirs_and_points_are_as_ever(
    reading: AsyncConnection,
) -> None:
    tile = tile_at(50, 30, 5)
    line = _of("LINESTRING (20 30, 49 30, 50 30, 51 30, 80 30)", geometry="LineString")
    mixed = _of("POINT (50 30)", f"POLYGON {_box(50, 30, 51, 31)}", geometry="Geometry")
    assert (await _points(reading, line, tile)).keys() == {1}
    assert await _points(reading, line, Tile(5, tile.x + 2, tile.y)) == {}
    assert (await _points(reading, mixed, tile)).keys() == {1, 2}
    points = _of("POINT (50 30)")
    plain = TileRequest(tile, (Part(points, Selection()),), "")
    labels = TileRequest(tile, (Part(points, Selection(), labels=True),), "")
    assert await tile_of(plain, reading) == await tile_of(labels, reading) != b""


async def test_of_too_many_the_labels_of_the_smallest_are_left_out_and_counted(
    reading: AsyncConnection,
) -> None:
    tile = tile_at(51.4, 35.7, 12)
    box = tile.box(0)
    width, height, count = box.east - box.west, box.north - box.south, 12_000
    layer = layer_of(
        f"""SELECT n AS id, repeat(md5(n::text), 3) AS text, ST_SetSRID(ST_Expand(ST_Point(
                {box.west} + (n % 113 + 0.5) / 113.0 * {width},
                {box.south} + (n / 113 + 0.5) / 107.0 * {height}
            ), CASE WHEN n % 10 = 0 THEN 0.0005 ELSE 0.00002 END), 4326) AS geom
            FROM generate_series(0, {count - 1}) n""",  # noqa: S608
        geometry="Polygon",
        id="integer",
        text="string",
    )
    decoded = await _decoded(reading, layer, tile)
    features = decoded["made"]["features"]
    (omitted,) = decoded["made_omitted"]["features"]
    assert {f["properties"]["id"] for f in features} >= set(range(0, count, 10))
    assert {f["geometry"]["type"] for f in features} == {"Point"}
    assert len(features) + omitted["properties"]["omitted"] == count
