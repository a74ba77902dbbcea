"""What is wrong with the coordinates of a GeoJSON geometry, told by its place. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from geoservice.catalog.boxes import FARTHEST
from geoservice.catalog.crs import Crs

# How deep the positions of each type lie in its `coordinates`.
DEPTH: dict[str, int] = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_FEWEST = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}


def coordinate_faults(
    path: str, given: Any, kind: str, crs: Crs | None = None, *, most: int = 2
) -> Iterator[str]:
    """What is wrong with the `coordinates` of a geometry of that type, each with its place.

    `crs`: what numbers have to lie within, if given; `most`: how many of them a position may have.
    """
    yield from _members(path, given, kind, DEPTH[kind], crs, most)


def _members(  # noqa: PLR0913  (what the next level is held against)
    path: str, given: Any, kind: str, depth: int, crs: Crs | None, most: int
) -> Iterator[str]:
    """What is wrong with coordinates of which the positions lie `depth` arrays deep."""
    if depth == 0:
        yield from _position(path, given, crs, most)
        return
    if not isinstance(given, list) or not given:
        yield f"{path}: an array that is not empty is expected"
        return
    before = False
    for number, member in enumerate(given):
        for fault in _members(f"{path}[{number}]", member, kind, depth - 1, crs, most):
            before = True
            yield fault
    if depth == 1 and not before:
        yield from _line(path, given, kind)


def _line(path: str, positions: Sequence[Any], kind: str) -> Iterator[str]:
    fewest = _FEWEST.get(kind, 1)
    if len(positions) < fewest:
        yield f"{path}: {len(positions)} positions; {fewest} or more are needed"
    elif fewest == 4 and positions[0] != positions[-1]:
        yield f"{path}: the ring is not closed: its last position is not its first"


def _position(path: str, given: Any, crs: Crs | None, most: int) -> Iterator[str]:
    if (
        not isinstance(given, list)
        or not 2 <= len(given) <= most
        or not all(isinstance(n, int | float | Decimal) and not isinstance(n, bool) for n in given)
    ):
        yield f"{path}: a position of two numbers is expected"
        return
    if crs is None:
        return
    order = ("north", "east") if crs.north_first else ("east", "north")
    for axis, number in zip(order, given, strict=True):
        limit = (90 if axis == "north" else 180) if crs.geographic else FARTHEST
        if not abs(number) <= limit or not math.isfinite(number):
            unit = "degrees" if crs.geographic else "units"
            yield f"{path}: {axis} lies from -{limit:g} to {limit:g} {unit}, in {crs.uri}"
