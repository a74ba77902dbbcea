"""Cells of a grid over Web Mercator, in which one point stands for all. Pure.

A tile of zoom z is 64 cells wide, at every zoom, so the four cells of a deeper zoom make one, and
whoever stands for a cell stands for the deeper one in which it lies too: what shows at a zoom shows
at every deeper one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from geoservice.catalog.layer import Layer
from geoservice.model import Bounds
from geoservice.publish.sql import quoted

CELLS = 64  # along a tile's side
COARSEST = 8  # cells at the least, for a tile that got too large
WORLD = 20037508.342789244  # metres from the middle of EPSG:3857 to its edge
MAPPED = Bounds(-180.0, -85.0511287798066, 180.0, 85.0511287798066)  # the same in degrees


@dataclass(frozen=True, slots=True)
class Cells:
    """Whole cells, their columns and rows from the first to the last, and the `box` that they fill
    (EPSG:4326).
    """

    west: int
    south: int
    east: int
    north: int
    box: Bounds

    @classmethod
    def about(cls, box: Bounds, around: int) -> Cells:
        """The cells that a box in EPSG:4326 meets, where so many are `around` the world."""
        west, south = _place(box.west, box.south)
        east, north = _place(box.east, box.north)
        columns = [math.floor(side * around) for side in (west, east)]
        rows = [math.floor(side * around) for side in (south, north)]
        west, south = _degrees(columns[0] / around, rows[0] / around)
        east, north = _degrees((columns[1] + 1) / around, (rows[1] + 1) / around)
        return cls(columns[0], rows[0], columns[1], rows[1], Bounds(west, south, east, north))


def cell(layer: Layer, zoom: int, cells: int = CELLS) -> tuple[str, str]:
    """The SQL of the column and row of the cell in which the point of row `s` lies,
    where a tile is so many `cells` wide. Rows count from the south.

    Degrees are taken to cells at once: transforming a million points takes seconds.
    """
    geometry = f"s.{quoted(layer.geometry.column)}"
    around = cells << zoom
    if layer.geometry.crs == 4326:
        x = f"ST_X({geometry}) / 360"
        y = f"ln(tan(radians(45 + ST_Y({geometry}) / 2))) / {2 * math.pi!r}"
    else:
        x, y = (f"ST_{axis}(ST_Transform({geometry}, 3857)) / {2 * WORLD!r}" for axis in ("X", "Y"))
    return f"floor((0.5 + {x}) * {around})::bigint", f"floor((0.5 + {y}) * {around})::bigint"


def mercator(lon: float, lat: float) -> tuple[float, float]:
    """A place of EPSG:4326 in EPSG:3857; what lies beyond its edge comes to lie far beyond."""
    x, y = _place(lon, lat)
    return (2 * x - 1) * WORLD, (2 * y - 1) * WORLD


def _place(lon: float, lat: float) -> tuple[float, float]:
    """As parts of the way around the world, from the west and from the south of Web Mercator."""
    lat = min(max(lat, -89.99), 89.99)
    return 0.5 + lon / 360, 0.5 + math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def _degrees(x: float, y: float) -> tuple[float, float]:
    lat = math.degrees(math.atan(math.sinh((y - 0.5) * 2 * math.pi)))
    return (x - 0.5) * 360, lat
