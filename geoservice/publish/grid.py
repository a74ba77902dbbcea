"""WebMercatorQuad: which tiles there are, and the box of each in degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geoservice.errors import NotFound
from geoservice.model import Bounds

TILE_MATRIX_SET = "WebMercatorQuad"
MATRIX_SET_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
DEEPEST = 24

EXTENT = 4096  # units along a tile's side
MARGIN = 64  # units around it that a tile carries too, so that lines and labels meet


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of WebMercatorQuad; x counts from the west, y from the north."""

    z: int
    x: int
    y: int

    @classmethod
    def parse(cls, z: str, x: str, y: str) -> Tile:
        """The tile of these path segments; NotFound says what a segment may be."""
        numbers = {"z": z, "x": x, "y": y}
        for name, text in numbers.items():
            if not (text.isascii() and text.isdigit() and len(text) <= 8):
                raise NotFound(f"there is no tile {name}={text}: give a whole number from 0")
        tile = cls(int(z), int(x), int(y))
        if tile.z > DEEPEST:
            raise NotFound(f"there is no zoom {tile.z}; {TILE_MATRIX_SET} goes from 0 to {DEEPEST}")
        last = (1 << tile.z) - 1
        if tile.x > last or tile.y > last:
            raise NotFound(
                f"there is no tile {tile.z}/{tile.x}/{tile.y}: at zoom {tile.z}, "
                f"x and y go from 0 to {last}"
            )
        return tile

    def box(self) -> Bounds:
        """The tile with its margin, in EPSG:4326, cut at the edges of the world.

        Calculated here rather than transformed in the database: beyond 180° a transformed margin
        comes back on the other side of the world.
        """
        margin = MARGIN / EXTENT
        return Bounds(
            west=max(_longitude(self.x - margin, self.z), -180.0),
            south=_latitude(self.y + 1 + margin, self.z),
            east=min(_longitude(self.x + 1 + margin, self.z), 180.0),
            north=_latitude(self.y - margin, self.z),
        )


def tile_at(lon: float, lat: float, zoom: int) -> Tile:
    """The tile of that zoom in which a point of EPSG:4326 lies."""
    n = 1 << zoom
    x = (lon + 180) / 360 * n
    y = (1 - math.asinh(math.tan(math.radians(max(min(lat, 85.05), -85.05)))) / math.pi) / 2 * n
    return Tile(zoom, min(max(int(x), 0), n - 1), min(max(int(y), 0), n - 1))


def _longitude(x: float, z: int) -> float:
    return x / (1 << z) * 360 - 180


def _latitude(y: float, z: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / (1 << z)))))
