"""A GeoJSON geometry → WKB, with what is wrong with it told by its place. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pyproj
import shapely
from shapely.geometry import shape

from geoservice.catalog.boxes import FARTHEST
from geoservice.catalog.crs import Crs
from geoservice.catalog.layer import GeometryType, Layer
from geoservice.model import coordinate_fault

# How deep the positions of each type lie in its `coordinates`.
_DEPTH: dict[str, int] = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_FEWEST = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}
_MOST_FAULTS = 20


def wkb(layer: Layer, given: Any, crs: Crs) -> tuple[bytes | None, list[str]]:
    """The geometry with x before y, in the SRID of `crs`, whose axes `given` has in their order.

    Or None and what is wrong: type, positions, rings, validity, or that it cannot lie in the
    country. No geometry is none, which is right.
    """
    if given is None:
        return None, []
    faults = list(_structure(layer.geometry.type, given, crs))[:_MOST_FAULTS]
    if faults:
        return None, faults
    geometry = shape(given)
    if crs.north_first:
        geometry = shapely.transform(geometry, lambda positions: positions[:, ::-1])
    faults = [*_validity(geometry), *_whereabouts(geometry, crs)]
    return (None, faults) if faults else (bytes(shapely.to_wkb(geometry)), [])


def _structure(expected: GeometryType, given: Any, crs: Crs) -> Iterator[str]:
    kind = given.get("type") if isinstance(given, dict) else None
    if not isinstance(kind, str) or kind not in _DEPTH or expected not in ("Geometry", kind):
        wanted = " or ".join(_DEPTH) if expected == "Geometry" else expected
        yield f"geometry.type: a {wanted} of GeoJSON is expected, whole"
        return
    yield from _members("geometry.coordinates", given.get("coordinates"), kind, _DEPTH[kind], crs)


def _members(path: str, given: Any, kind: str, depth: int, crs: Crs) -> Iterator[str]:
    """What is wrong with coordinates of which the positions lie `depth` arrays deep."""
    if depth == 0:
        yield from _position(path, given, crs)
        return
    if not isinstance(given, list) or not given:
        yield f"{path}: an array that is not empty is expected"
        return
    before = False
    for number, member in enumerate(given):
        for fault in _members(f"{path}[{number}]", member, kind, depth - 1, crs):
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


def _position(path: str, given: Any, crs: Crs) -> Iterator[str]:
    if (
        not isinstance(given, list)
        or len(given) != 2
        or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in given)
    ):
        yield f"{path}: a position of two numbers is expected"
        return
    order = ("north", "east") if crs.north_first else ("east", "north")
    for axis, number in zip(order, given, strict=True):
        most = (90 if axis == "north" else 180) if crs.geographic else FARTHEST
        if not abs(number) <= most or not math.isfinite(number):
            unit = "degrees" if crs.geographic else "units"
            yield f"{path}: {axis} lies from -{most:g} to {most:g} {unit}, in {crs.uri}"


def _validity(geometry: shapely.Geometry) -> Iterator[str]:
    if not shapely.is_valid(geometry):
        yield f"geometry: it is not valid: {shapely.is_valid_reason(geometry)}"


def _whereabouts(geometry: shapely.Geometry, crs: Crs) -> Iterator[str]:
    """Whoever edits can mend a position at once, so what ingest would remark on is refused."""
    x, y = shapely.get_coordinates(geometry).T
    lons, lats = (x, y) if crs.geographic else _degrees(crs.srid).transform(x, y)
    for lon, lat in zip(lons, lats, strict=True):
        if fault := coordinate_fault(float(lon), float(lat)):
            yield f"geometry: {fault}"
            return


@cache
def _degrees(srid: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(srid, 4326, always_xy=True)
