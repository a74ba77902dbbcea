"""Geometry in another CRS, as SQL. Pure."""

from __future__ import annotations

from functools import cache

import pyproj

from geoservice.catalog.crs import epsg
from geoservice.catalog.layer import Layer
from geoservice.model import Bounds
from geoservice.publish.sql import quoted

# Degrees around the area a projection is meant for: within, every projection in use still has
# numbers; at a pole or on the far side of the Earth many have none, and PROJ refuses.
_AROUND = 60.0
_NORTHERNMOST = 89.9


def transformed(geometry: str, source: int, target: int) -> str:
    """The SQL of the geometry brought from one SRID to another; null where the target has no
    numbers for all of it, so that one feature at the pole does not cost the whole page.
    """
    if source == target:
        return geometry
    brought = f"ST_Transform({geometry}, {target})"
    if not epsg(source).geographic or epsg(target).geographic:
        return brought
    reach = _reach(target)
    box = f"ST_MakeEnvelope({reach.west}, {reach.south}, {reach.east}, {reach.north}, {source})"
    return f"CASE WHEN {geometry} @ {box} OR ST_IsEmpty({geometry}) THEN {brought} END"


def on_map(geometry: str, source: int) -> str:
    """The SQL of a line or polygon brought from the SRID to EPSG:3857, cut at the edges of the
    world: beyond the poles it has no numbers there, and beyond 180° it would come out on the other
    side, turned inside out.
    """
    if source == 3857:
        return geometry
    brought = f"ST_Transform({geometry}, 3857)"
    if not epsg(source).geographic:
        return brought
    world = f"ST_MakeEnvelope(-180, -90, 180, 90, {source})"
    cut = f"ST_Transform(ST_ClipByBox2D({geometry}, {world}), 3857)"
    return f"CASE WHEN {geometry} @ {world} THEN {brought} ELSE {cut} END"


def finite_shape(layer: Layer, row: str) -> str:
    """The condition that the row's coordinates are numbers that JSON has.

    Infinity lies in no box. NaN does, but in PostgreSQL's order it is above every number, and a
    length with a corner of NaN is NaN; to add one up takes 2 % of the time of writing the shape.
    An empty point has no numbers, and one in the plane no height, which is not false.
    """
    geometry = f"{row}.{quoted(layer.geometry.column)}"
    if layer.geometry.type != "Geometry":
        return _finite(layer.geometry.type.upper(), geometry, layer.geometry.crs)
    kinds = " ".join(
        f"WHEN '{kind}' THEN {_finite(kind, geometry, layer.geometry.crs)}" for kind in _LENGTHS
    )
    other = _finite("GEOMETRYCOLLECTION", geometry, layer.geometry.crs)
    return f"CASE GeometryType({geometry}) {kinds} ELSE {other} END"


_NUMBERS = " AND ".join(f"ST_{axis}({{0}}) BETWEEN -1e30 AND 1e30" for axis in "XYZ")
_POINT = f"({_NUMBERS}) IS NOT FALSE"
_LENGTHS = {
    "POINT": None,
    "LINESTRING": "ST_3DLength",
    "MULTILINESTRING": "ST_3DLength",
    "POLYGON": "ST_3DPerimeter",
    "MULTIPOLYGON": "ST_3DPerimeter",
}


def _finite(kind: str, geometry: str, crs: int) -> str:
    if kind == "POINT":
        return _POINT.format(geometry)
    length = _LENGTHS.get(kind)
    if length is None:  # several points, or anything
        point = _POINT.format("p.geom")
        return f"NOT EXISTS (SELECT FROM ST_DumpPoints({geometry}) p WHERE NOT {point})"
    boxed = f"{geometry} @ ST_MakeEnvelope(-1e30, -1e30, 1e30, 1e30, {crs})"
    return f"({boxed} AND {length}({geometry}) < 'Infinity' OR ST_IsEmpty({geometry}))"


@cache
def _reach(target: int) -> Bounds:
    area = pyproj.CRS.from_epsg(target).area_of_use
    west, south, east, north = area.bounds if area else (-180.0, -90.0, 180.0, 90.0)
    if east < west:  # over the antimeridian
        west, east = -180.0, 180.0
    return Bounds(
        max(west - _AROUND, -180.0),
        max(south - _AROUND, -_NORTHERNMOST),
        min(east + _AROUND, 180.0),
        min(north + _AROUND, _NORTHERNMOST),
    )
