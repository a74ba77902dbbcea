from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.errors import NotFound
from geoservice.model import Bounds
from geoservice.publish.grid import (
    EXTENT,
    MARGIN,
    MATRIX_SETS,
    WORLD_CRS84_QUAD,
    Limits,
    Tile,
    TileMatrixSet,
    matrix_set,
    tile_at,
)

grids = st.sampled_from(list(MATRIX_SETS.values()))


def test_a_tile_with_its_margin() -> None:
    box = Tile(1, 1, 0).box()
    margin = 180 * MARGIN / EXTENT
    assert (box.west, box.east) == (-margin, 180)
    assert box.south == pytest.approx(-margin, abs=1e-2)
    assert box.north == pytest.approx(85.0511 + 0.24, abs=0.05)


def test_a_tile_in_degrees() -> None:
    assert Tile(0, 1, 0, WORLD_CRS84_QUAD).box(0) == Bounds(0, -90, 180, 90)
    assert Tile(3, 10, 2, WORLD_CRS84_QUAD).box(0) == Bounds(45, 22.5, 67.5, 45)
    assert Tile(3, 10, 2, WORLD_CRS84_QUAD).box(4096) == Bounds(22.5, 0, 90, 67.5)


@pytest.mark.parametrize("grid", MATRIX_SETS.values())
def test_the_world_is_cut_at_its_edges(grid: TileMatrixSet) -> None:
    columns, _ = grid.size(0)
    assert Tile(0, 0, 0, grid).box().west == -180
    assert Tile(0, columns - 1, 0, grid).box().east == 180
    assert Tile(0, 0, 0, grid).box().south >= -90
    assert Tile(0, 0, 0, grid).box().north <= 90


@given(st.floats(-180, 180), st.floats(-85, 85), st.integers(0, 23), grids)
def test_a_point_lies_in_its_tile(lon: float, lat: float, zoom: int, grid: TileMatrixSet) -> None:
    tile = tile_at(lon, lat, zoom, grid)
    box = tile.box()
    assert box.west <= lon <= box.east
    assert box.south <= lat <= box.north
    assert Tile.parse(str(tile.z), str(tile.x), str(tile.y), grid) == tile


@given(st.text(), st.text(), st.text(), grids)
def test_any_texts_are_a_tile_or_none(z: str, x: str, y: str, grid: TileMatrixSet) -> None:
    try:
        tile = Tile.parse(z, x, y, grid)
    except NotFound as error:
        assert str(error).startswith("there is no")  # noqa: PT017
    else:
        columns, rows = grid.size(tile.z)
        assert tile.x < columns
        assert tile.y < rows


def test_what_is_wrong_with_an_address_is_told() -> None:
    with pytest.raises(NotFound, match=r"WorldCRS84Quad goes from 0 to 23"):
        Tile.parse("24", "0", "0", WORLD_CRS84_QUAD)
    with pytest.raises(NotFound, match=r"x goes from 0 to 15 and y from 0 to 7"):
        Tile.parse("3", "16", "0", WORLD_CRS84_QUAD)
    with pytest.raises(NotFound, match=r"x goes from 0 to 7 and y from 0 to 7"):
        Tile.parse("3", "0", "8")
    with pytest.raises(NotFound, match=r"there are: WebMercatorQuad, WorldCRS84Quad"):
        matrix_set("LINZAntarticaMapTilegrid")


def test_limits_hold_the_tiles_at_the_corners() -> None:
    assert WORLD_CRS84_QUAD.limits(Bounds(44, 25, 63, 40), 3) == Limits(3, 2, 2, 9, 10)
    assert WORLD_CRS84_QUAD.limits(Bounds(-180, -90, 180, 90), 1) == Limits(1, 0, 1, 0, 3)


def test_zooms_of_the_same_scale() -> None:
    for zoom in range(24):
        tile = Tile(zoom, 0, 0, WORLD_CRS84_QUAD)
        same = matrix_set("WebMercatorQuad").scale_denominator(tile.zoom)
        assert WORLD_CRS84_QUAD.scale_denominator(zoom) == pytest.approx(same)
    assert list(WORLD_CRS84_QUAD.zooms(0, 0)) == [0]
    assert list(WORLD_CRS84_QUAD.zooms(3, 5)) == [2, 3, 4]
