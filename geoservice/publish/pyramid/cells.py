"""Cells of a grid over Web Mercator, in which one point stands for all. Pure.

A tile of zoom z is 64 cells wide, at every zoom, so the four cells of a deeper zoom make one, and
whoever stands for a cell stands for the deeper one in which it lies too: what shows at a zoom shows
at every deeper one.
"""

from __future__ import annotations

import math

from geoservice.catalog.layer import Layer
from geoservice.model import Bounds
from geoservice.publish.sql import quoted

CELLS = 64  # along a tile's side
WORLD = 20037508.342789244  # metres from the middle of EPSG:3857 to its edge
MAPPED = Bounds(-180.0, -85.0511287798066, 180.0, 85.0511287798066)  # the same in degrees


def cell(layer: Layer, zoom: int, cells: int = CELLS) -> tuple[str, str]:
    """The SQL of the column and row (integers) of the cell in which the point of row `s` lies,
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
    return f"floor((0.5 + {x}) * {around})::integer", f"floor((0.5 + {y}) * {around})::integer"


def mercator(lon: float, lat: float) -> tuple[float, float]:
    """A place of EPSG:4326 in EPSG:3857; what lies beyond its edge comes to lie far beyond."""
    lat = min(max(lat, -89.99), 89.99)
    return lon / 180 * WORLD, math.asinh(math.tan(math.radians(lat))) / math.pi * WORLD
