"""A GeoJSON geometry → WKB, with what is wrong with it told by its place. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pyproj
import shapely
from shapely.geometry import shape

from geoservice.catalog.crs import Crs
from geoservice.catalog.layer import GeometryType, Layer
from geoservice.model import coordinate_fault
from geoservice.publish.positions import DEPTH, coordinate_faults

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
    if not isinstance(kind, str) or kind not in DEPTH or expected not in ("Geometry", kind):
        wanted = " or ".join(DEPTH) if expected == "Geometry" else expected
        yield f"geometry.type: a {wanted} of GeoJSON is expected, whole"
        return
    yield from coordinate_faults("geometry.coordinates", given.get("coordinates"), kind, crs)


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
