"""The corners of a box, as a request or a filter gives them → boxes with x before y. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from geoservice.catalog.crs import Crs
from geoservice.model import Bounds

# Some 25 times around the Earth in metres, in feet eight times: beyond, arithmetic would overflow.
FARTHEST = 1e9


def boxes(corners: Sequence[float], crs: Crs) -> tuple[Bounds, ...]:
    """One box, or two where it crosses the antimeridian; heights are read over.

    The corners have the axes in the order of `crs`. ValueError says what is wrong with them.
    """
    if len(corners) not in (4, 6) or not all(map(math.isfinite, corners)):
        raise ValueError(f"give {_order(crs)}")
    half = len(corners) // 2
    west, south, east, north = corners[0], corners[1], corners[half], corners[half + 1]
    if crs.north_first:
        west, south, east, north = south, west, north, east
    if crs.geographic and not (
        -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= 90 and -90 <= north <= 90
    ):
        raise ValueError(
            f"longitudes lie from -180 to 180, latitudes from -90 to 90, in the order {_order(crs)}"
        )
    if max(map(abs, (west, south, east, north))) > FARTHEST:
        raise ValueError(f"nothing on Earth lies beyond {FARTHEST:.0f} in «{crs.uri}»")
    if south > north:
        raise ValueError("south lies above north")
    if west > east:
        if not crs.geographic:
            raise ValueError("its first corner lies east of its second")
        return Bounds(west, south, 180.0, north), Bounds(-180.0, south, east, north)
    return (Bounds(west, south, east, north),)


def _order(crs: Crs) -> str:
    corners = "south,west,north,east" if crs.north_first else "west,south,east,north"
    return f"{corners} in {'degrees' if crs.geographic else f'units of {crs.uri}'}"
