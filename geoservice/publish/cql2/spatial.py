"""The spatial functions of a filter → SQL: by the index, then exactly in the filter's CRS. Pure."""

from __future__ import annotations

import json
import math
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.catalog.crs import Crs
from geoservice.model import Bounds
from geoservice.publish.cql2.parse import refused
from geoservice.publish.cql2.terms import Scope, shown
from geoservice.publish.near import near
from geoservice.publish.sql import quoted

SPATIAL = {
    "s_intersects": "ST_Intersects",
    "s_equals": "ST_Equals",
    "s_disjoint": "ST_Disjoint",
    "s_touches": "ST_Touches",
    "s_within": "ST_Within",
    "s_overlaps": "ST_Overlaps",
    "s_crosses": "ST_Crosses",
    "s_contains": "ST_Contains",
}

_FARTHEST = 1e9  # beyond, arithmetic would overflow; many times around the Earth in any unit


def spatial(scope: Scope, op: str, args: list[Any], crs: Crs) -> str:
    """The condition; at least one of the two geometries is the layer's own."""
    if len(args) != 2:
        raise refused(op, f"«{op}» takes two geometries, not {len(args)}")
    column = {"property": scope.layer.geometry.column}
    found = [None if arg == column else _literal(arg, op, scope, crs) for arg in args]
    if all(found):
        raise refused(op, f"«{op}» speaks of no geometry of the layer: name «{column['property']}»")
    sides = [_side(scope, each, crs) for each in found]
    exact = f"{SPATIAL[op]}({sides[0]}, {sides[1]})"
    literal = next(filter(None, found), None)
    if literal is None or op == "s_disjoint":
        return f"({exact})"
    box = Bounds(*map(float, literal.bounds))
    return f"({near(scope.layer, box, crs.srid, scope.params)} AND {exact})"


def _side(scope: Scope, literal: BaseGeometry | None, crs: Crs) -> str:
    if literal is not None:
        return f"ST_GeomFromWKB({scope.params.add(literal.wkb, 'bytea')}, {crs.srid})"
    layer = scope.layer
    geometry = f"s.{quoted(layer.geometry.column)}"
    return geometry if crs.srid == layer.geometry.crs else f"ST_Transform({geometry}, {crs.srid})"


def _literal(node: Any, op: str, scope: Scope, crs: Crs) -> BaseGeometry:
    """A geometry that stands in the filter, x before y, checked."""
    match node:
        case {"bbox": list(corners)}:
            geometry = _box(corners, crs)
        case {"type": str(), "coordinates": list()} | {"type": str(), "geometries": list()}:
            geometry = _geojson(node)
            if crs.north_first:
                geometry = shapely.transform(geometry, lambda xy: xy[:, ::-1])
        case {"property": str(name)}:
            raise refused(
                name,
                f"«{name}» is no geometry; that of «{scope.layer.id}» is "
                f"«{scope.layer.geometry.column}»",
            )
        case _:
            raise refused(node, f"{shown(node)} is no geometry: give WKT, GeoJSON or BBOX(…)")
    if geometry.geom_type == "GeometryCollection" and op not in ("s_intersects", "s_disjoint"):
        raise refused(op, f"«{op}» cannot take a GeometryCollection; S_INTERSECTS can")
    return _checked(geometry, crs)


def _geojson(node: dict[str, Any]) -> BaseGeometry:
    try:
        geometry = shapely.from_geojson(json.dumps(node))
    except (shapely.errors.GEOSException, ValueError, TypeError) as error:
        why = (str(error).splitlines() or [""])[0]
        raise refused(node, f"{shown(node)} is no valid geometry: {why}") from None
    if not isinstance(geometry, BaseGeometry) or geometry.is_empty:
        raise refused(node, f"{shown(node)} is empty: give coordinates")
    return shapely.force_2d(geometry)


def _box(corners: list[Any], crs: Crs) -> BaseGeometry:
    if len(corners) not in (4, 6) or not all(_is_number(corner) for corner in corners):
        raise refused(corners, "BBOX takes four numbers, or six with heights")
    half = len(corners) // 2
    west, south, east, north = corners[0], corners[1], corners[half], corners[half + 1]
    if crs.north_first:
        west, south, east, north = south, west, north, east
    if south > north:
        raise refused(corners, "the south of the BBOX lies above its north")
    if west > east:
        if not crs.geographic:
            raise refused(corners, "the west of the BBOX lies east of its east")
        return shapely.union(
            shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)
        )
    box = shapely.box(west, south, east, north)
    return box if box.area else shapely.envelope(shapely.MultiPoint([(west, south), (east, north)]))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _checked(geometry: BaseGeometry, crs: Crs) -> BaseGeometry:
    coordinates = shapely.get_coordinates(geometry)
    most_x, most_y = (180.0, 90.0) if crs.geographic else (_FARTHEST, _FARTHEST)
    if not ((abs(coordinates[:, 0]) <= most_x).all() and (abs(coordinates[:, 1]) <= most_y).all()):
        order = "latitude, longitude" if crs.north_first else "longitude, latitude"
        raise refused(
            geometry.geom_type,
            f"a coordinate lies outside {crs.uri}"
            + (f": give {order} in degrees" if crs.geographic else ""),
        )
    if not geometry.is_valid:
        raise refused(
            geometry.geom_type,
            f"the {geometry.geom_type} is not valid: {shapely.is_valid_reason(geometry)}",
        )
    return geometry
