from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.errors import NotFound
from geoservice.publish.grid import DEEPEST, EXTENT, MARGIN, Tile, tile_at


def test_a_tile_with_its_margin() -> None:
    box = Tile(1, 1, 0).box()
    margin = 180 * MARGIN / EXTENT
    assert (box.west, box.east) == (-margin, 180)
    assert box.south == pytest.approx(-margin, abs=1e-2)
    assert box.north == pytest.approx(85.0511 + 0.24, abs=0.05)


def test_the_world_is_cut_at_its_edges() -> None:
    box = Tile(0, 0, 0).box()
    assert (box.west, box.east) == (-180, 180)


@given(st.floats(-180, 180), st.floats(-85, 85), st.integers(0, DEEPEST))
def test_a_point_lies_in_its_tile(lon: float, lat: float, zoom: int) -> None:
    tile = tile_at(lon, lat, zoom)
    box = tile.box()
    assert box.west <= lon <= box.east
    assert box.south <= lat <= box.north
    assert Tile.parse(str(tile.z), str(tile.x), str(tile.y)) == tile


@given(st.text(), st.text(), st.text())
def test_any_texts_are_a_tile_or_none(z: str, x: str, y: str) -> None:
    try:
        tile = Tile.parse(z, x, y)
    except NotFound as error:
        assert str(error).startswith("there is no")  # noqa: PT017
    else:
        assert max(tile.x, tile.y) < 2**tile.z
