"""Which shapes of a layer show where they are too many, as SQL. Pure.

Priority sampling (Duffield, Lund and Thorup 2007): a shape's score is its size divided by an even
number in (0, 1] that hangs on its id alone, and those with the greatest scores show. So the large
ones always do, and of smaller ones, or of many of one size, a share that halves as the least score
doubles. What has the score of a zoom has that of every deeper one.
"""

from __future__ import annotations

from geoservice.catalog.layer import Layer
from geoservice.publish.grid import EXTENT
from geoservice.publish.pyramid.cells import WORLD
from geoservice.publish.sql import quoted
from geoservice.publish.transform import on_map

# As many as a number of double precision has.
_BITS = 52


def unit(rank: int) -> float:
    """Metres of EPSG:3857 that a unit of a tile of that zoom is wide: the least score of shapes of
    the rank. Ranks go on above the world's tile, to less than 0.
    """
    return float(2 * WORLD / EXTENT * 2.0**-rank)


def outline(layer: Layer) -> str:
    """The box about the shape of row `s`, in EPSG:3857."""
    return on_map(f"ST_Envelope(s.{quoted(layer.geometry.column)})", layer.geometry.crs)


def size(layer: Layer) -> str:
    """Metres of EPSG:3857 from corner to corner of that box."""
    return f"ST_Length(ST_BoundingDiagonal({outline(layer)}))"


def score(layer: Layer) -> str:
    """The score of the shape of row `s`, in metres."""
    mixed = f"hashtextextended(s.{quoted(layer.feature_id)}::text, 0) & {(1 << _BITS) - 1}"
    return f"({size(layer)} * {1 << _BITS}::float8 / (({mixed}) + 1))"
