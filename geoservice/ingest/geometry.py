"""Geometry of a row: any CRS in, EPSG:4326 out; what is broken is repaired and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from geoservice.errors import InvalidFile, InvalidParameter, InvalidValue
from geoservice.model import coordinate_fault
from geoservice.persian.numbers import parse_decimal

_WGS84 = CRS.from_epsg(4326)


@dataclass(frozen=True, slots=True)
class Placed:
    """A geometry in EPSG:4326 as the database reads it (EWKT or hexadecimal EWKB).

    `remark` is what was noticed on the way: a repair, or a place that cannot be true.
    """

    text: str
    remark: str | None = None
    remark_fa: str = ""


Project = Callable[..., Any]  # (x, y) → (lon, lat); numbers or arrays


def projection(declared: str | None, given: str | None) -> Project | None:
    """How coordinates become lon/lat; None where they are lon/lat already.

    `given` (the --crs option) wins over what the file declares. Raises InvalidParameter for a
    CRS that is not known.
    """
    name = given or declared
    if name is None:
        return None
    try:
        crs = CRS.from_user_input(name)
    except CRSError:
        parameter = "crs" if given else "the CRS of the file"
        raise InvalidParameter(
            parameter, name, f"«{name}» is not a known CRS; EPSG:32639 or EPSG:4326 is expected"
        ) from None
    if crs.equals(_WGS84, ignore_axis_order=True):
        return None
    transformer = Transformer.from_crs(crs, _WGS84, always_xy=True)
    return transformer.transform


def point(longitude: Any, latitude: Any, project: Project | None) -> Placed:
    """A point from two cells; InvalidValue where they are not numbers or cannot be degrees."""
    return _checked_point(float(parse_decimal(longitude)), float(parse_decimal(latitude)), project)


def from_geometry(
    value: bytes | str, wanted: Literal["point", "polygon"], project: Project | None
) -> Placed:
    """A geometry from WKB or WKT, of the wanted type; InvalidValue says what is wrong with it."""
    try:
        geometry = shapely.from_wkb(value) if isinstance(value, bytes) else _from_text(value)
    except shapely.errors.GEOSException as error:
        shown = value.hex() if isinstance(value, bytes) else value
        raise InvalidValue(shown[:80], f"the geometry cannot be read: {error}") from error
    if geometry.is_empty:
        raise InvalidValue(geometry.wkt, "the geometry is empty")
    geometry = shapely.force_2d(geometry)
    if wanted == "point":
        if geometry.geom_type == "MultiPoint" and len(geometry.geoms) == 1:
            geometry = geometry.geoms[0]
        if geometry.geom_type != "Point":
            raise InvalidValue(geometry.wkt[:80], f"it is a {geometry.geom_type}, not a point")
        return _checked_point(geometry.x, geometry.y, project)
    return _polygon(geometry, project)


def _from_text(value: str) -> BaseGeometry:
    text = value.strip().removeprefix("SRID=4326;")
    return shapely.from_wkt(text)


def _checked_point(x: float, y: float, project: Project | None) -> Placed:
    lon, lat = project(x, y) if project else (x, y)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidValue(
            f"{x:g}, {y:g}",
            f"{x:g}, {y:g} are not degrees; if they are metres of a projection, name it with "
            "--crs (EPSG:32639, say)",
        )
    fault = coordinate_fault(lon, lat)
    return Placed(f"SRID=4326;POINT({lon!r} {lat!r})", fault, "مختصات درست نیست" if fault else "")


def _polygon(geometry: BaseGeometry, project: Project | None) -> Placed:
    remarks = []
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        remarks.append((f"the polygon was repaired: {reason}", "چندضلعی ترمیم شد"))
        geometry = shapely.make_valid(geometry)
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    parts += [
        inner
        for part in shapely.get_parts(geometry)
        if part.geom_type in {"MultiPolygon", "GeometryCollection"}
        for inner in shapely.get_parts(part)
        if inner.geom_type == "Polygon"
    ]
    if not parts:
        raise InvalidValue(
            geometry.wkt[:80], f"it is a {geometry.geom_type}, not a polygon, and encloses nothing"
        )
    whole = shapely.MultiPolygon(parts)
    if project is not None:
        whole = shapely.transform(whole, project, interleaved=False)
    whole = shapely.orient_polygons(whole)  # as GeoJSON has them: exterior rings counterclockwise
    west, south, east, north = whole.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise InvalidValue(
            f"{west:g} {south:g} {east:g} {north:g}",
            "its coordinates are not degrees; if they are metres of a projection, name it with "
            "--crs (EPSG:32639, say)",
        )
    middle = whole.centroid
    if fault := coordinate_fault(middle.x, middle.y):
        remarks.append((f"its middle: {fault}", "چندضلعی بیرون از کشور است"))
    ewkb = shapely.to_wkb(shapely.set_srid(whole, 4326), hex=True, include_srid=True)
    english = "; ".join(english for english, _ in remarks)
    return Placed(ewkb, english or None, "؛ ".join(persian for _, persian in remarks))


def refuse_unknown_crs(location: str, *, declared: str | None, given: str | None) -> None:
    """A Shapefile without a .prj must be told its CRS: guessing would place it wrongly."""
    if declared is None and given is None:
        raise InvalidFile(
            f"{location} does not say in which CRS its coordinates are (a Shapefile without "
            ".prj?); name it with --crs, EPSG:4326 for degrees"
        )
