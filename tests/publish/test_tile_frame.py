from __future__ import annotations

from itertools import product

import pytest

from geoservice.catalog.tiling import Tiles
from geoservice.model import Bounds
from geoservice.publish.grid import EXTENT, WORLD_CRS84_QUAD, Tile
from geoservice.publish.pyramid.cells import CELLS, COARSEST, Cells
from geoservice.publish.tile_frame import around

MOST_BUFFER = next(each.le for each in Tiles.model_fields["buffer"].metadata if hasattr(each, "le"))


def _holds(outer: Bounds, inner: Bounds) -> bool:
    return (
        outer.west <= inner.west
        and outer.south <= inner.south
        and inner.east <= outer.east
        and inner.north <= outer.north
    )


@pytest.mark.parametrize("tile", [Tile(3, 5, 3), Tile(9, 329, 201), Tile(14, 10542, 6449)])
@pytest.mark.parametrize("buffer", [0, 64, 100, MOST_BUFFER])
@pytest.mark.parametrize("cells", [COARSEST << n for n in range(6)])
def test_whole_cells_about_the_widest_margin_are_in_it(tile: Tile, buffer: int, cells: int) -> None:
    """Whoever stands for a cell that reaches into the margin hangs on all of it."""
    assert COARSEST <= CELLS
    margin = tile.box(buffer)
    assert _holds(around(tile), Cells.about(_less(margin), cells << tile.z).box)


def _less(box: Bounds) -> Bounds:
    """Without the edge itself, which is the next cell's."""
    return Bounds(box.west + 1e-9, box.south + 1e-9, box.east - 1e-9, box.north - 1e-9)


def test_what_lies_further_away_is_not() -> None:
    tile = Tile(9, 329, 201)
    far = tile.box(EXTENT // COARSEST + 64)
    box = around(tile)
    assert far.west < box.west < tile.box(0).west
    assert far.north > box.north > tile.box(0).north


def test_it_ends_at_the_edge_of_the_world() -> None:
    for tile in (Tile(0, 0, 0), Tile(0, 1, 0, WORLD_CRS84_QUAD)):
        box = around(tile)
        sides = product((box.west, box.east), (box.south, box.north))
        assert all(abs(lon) < 180.001 and abs(lat) < 90.001 for lon, lat in sides)
