"""The spatial functions of a filter → SQL: by the index, then exactly in the filter's CRS. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.catalog.boxes import FARTHEST, boxes
from geoservice.catalog.crs import Crs
from geoservice.model import Bounds
from geoservice.publish.covering import covering
from geoservice.publish.cql2.refusal import refused
from geoservice.publish.cql2.terms import Scope, shown
from geoservice.publish.near import near
from geoservice.publish.positions import DEPTH, coordinate_faults
from geoservice.publish.simple import simple
from geoservice.publish.transform import transformed

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

_SHAPES = frozenset(kind.lower() for kind in (*DEPTH, "GeometryCollection"))
_ANY = ("s_intersects", "s_disjoint")  # the ones in which PostGIS takes collections
_MOST = 10**300  # of a number in a BBOX, before its place is looked at


def spatial(scope: Scope, op: str, args: list[Any], crs: Crs) -> str:
    """The condition between two geometries: the layer's own, or ones that stand in the filter."""
    if len(args) != 2:
        raise refused(op, f"«{op}» takes two geometries, not {len(args)}")
    column = {"property": scope.layer.geometry.column}
    found = [None if arg == column else _literal(arg, op, scope, crs) for arg in args]
    sides = [_side(scope, each, crs) for each in found]
    # What is disjoint is all that does not intersect: so found, the index holds the exact part
    # away from rows that are too far to be shown in the filter's CRS at all.
    exact = f"{SPATIAL['s_intersects' if op == 's_disjoint' else op]}({sides[0]}, {sides[1]})"
    if not all(found) and (guards := _guards(scope, op)):
        exact = f"CASE WHEN {' AND '.join(guards)} THEN {exact} END"
    if not all(found) and (literal := next(filter(None, found), None)):
        exact = _by_index(scope, literal, crs, exact)
    return f"(NOT {exact})" if op == "s_disjoint" else f"({exact})"


def _guards(scope: Scope, op: str) -> list[str]:
    """What a row must be, or PostGIS would end the whole statement with an error."""
    if op in _ANY:
        return []
    geometry, kind = simple(scope.layer, "s"), scope.layer.geometry.type
    guards = []
    if kind == "Geometry":
        guards.append(f"ST_GeometryType({geometry}) <> 'ST_GeometryCollection'")
    if kind in ("Geometry", "Polygon", "MultiPolygon"):
        guards.append(f"ST_IsValid({geometry})")
    return guards


def _by_index(scope: Scope, literal: BaseGeometry, crs: Crs, exact: str) -> str:
    box = Bounds(*map(float, literal.bounds))
    if covering(box, crs.srid, scope.layer.geometry.crs) is not None:
        return f"({near(scope.layer, box, crs.srid, scope.params)} AND {exact})"
    if not crs.geographic:
        raise refused(
            literal.geom_type,
            f"the {literal.geom_type} reaches farther than «{crs.uri}» can show the layer: give "
            "it in degrees, without filter-crs",
        )
    return exact


def _side(scope: Scope, literal: BaseGeometry | None, crs: Crs) -> str:
    if literal is not None:
        return f"ST_GeomFromWKB({scope.params.add(literal.wkb, 'bytea')}, {crs.srid})"
    layer = scope.layer
    return transformed(simple(layer, "s"), layer.geometry.crs, crs.srid)


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
        case {"op": str(name)} if name.lower() not in _SHAPES:
            raise refused(name, f"there is no function «{name}» that gives a geometry")
        case _:
            raise refused(
                node,
                f"{shown(node)} is no geometry: give WKT such as POINT(57 30), GeoJSON or BBOX(…)",
            )
    if geometry.geom_type == "GeometryCollection" and op not in _ANY:
        raise refused(op, f"«{op}» cannot take a GeometryCollection; S_INTERSECTS can")
    return _checked(geometry, crs)


def _geojson(node: dict[str, Any]) -> BaseGeometry:
    if (fault := next(_faults(node, ""), None)) is not None:
        raise refused(node, f"{shown(node)} is no valid geometry: {fault}")
    try:
        geometry = shapely.from_geojson(json.dumps(node, default=float, allow_nan=False))
    except (shapely.errors.GEOSException, ValueError, TypeError, OverflowError):
        why = "its numbers are beyond any that there are"
        raise refused(node, f"{shown(node)} is no valid geometry: {why}") from None
    if not isinstance(geometry, BaseGeometry) or geometry.is_empty:
        raise refused(node, f"{shown(node)} is empty: give coordinates")
    return shapely.force_2d(geometry)


def _faults(node: Any, path: str) -> Iterator[str]:
    """What is wrong with the structure of a GeoJSON geometry, and of what it collects."""
    match node:
        case {"type": str(kind), "coordinates": coordinates} if kind in DEPTH:
            yield from coordinate_faults(f"{path}coordinates", coordinates, kind, most=4)
        case {"type": "GeometryCollection", "geometries": list(members)}:
            for number, member in enumerate(members):
                yield from _faults(member, f"{path}geometries[{number}].")
        case _:
            kinds = ", ".join((*DEPTH, "GeometryCollection"))
            yield f"{path}type: it can be {kinds}, each with its coordinates"


def _box(corners: list[Any], crs: Crs) -> BaseGeometry:
    if not all(map(_is_number, corners)):
        raise refused(corners, "BBOX takes four numbers, or six with heights")
    try:
        found = boxes(list(map(float, corners)), crs)
    except ValueError as error:
        raise refused(corners, f"BBOX: {error}") from None
    return shapely.union_all([_shape(box) for box in found])


def _shape(box: Bounds) -> BaseGeometry:
    """A polygon; a line or a point, if it has no breadth or no height."""
    if box.west == box.east and box.south == box.north:
        return shapely.Point(box.west, box.south)
    if box.west == box.east or box.south == box.north:
        return shapely.LineString([(box.west, box.south), (box.east, box.north)])
    return shapely.box(box.west, box.south, box.east, box.north)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    return bool(-_MOST < value < _MOST)


def _checked(geometry: BaseGeometry, crs: Crs) -> BaseGeometry:
    coordinates = shapely.get_coordinates(geometry)
    most_x, most_y = (180.0, 90.0) if crs.geographic else (FARTHEST, FARTHEST)
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
