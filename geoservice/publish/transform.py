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


def finite_shape(layer: Layer, row: str) -> str:
    """The condition that the row's coordinates are numbers that JSON has.

    Infinity lies in no box; NaN does, but in PostgreSQL's order it is above every number. So points
    have numbers compared, in mixed layers too. An empty point has none, which is not false. A
    line or polygon with a vertex of NaN is not looked for: it would take as long as writing it.
    """
    geometry = f"{row}.{quoted(layer.geometry.column)}"
    point = (
        f"(ST_X({geometry}) BETWEEN -1e30 AND 1e30 AND ST_Y({geometry}) BETWEEN -1e30 AND 1e30)"
        " IS NOT FALSE"
    )
    if layer.geometry.type == "Point":
        return point
    boxed = f"{geometry} @ ST_MakeEnvelope(-1e30, -1e30, 1e30, 1e30, {layer.geometry.crs})"
    shape = f"({boxed} OR ST_IsEmpty({geometry}))"
    if layer.geometry.type != "Geometry":
        return shape
    return f"CASE GeometryType({geometry}) WHEN 'POINT' THEN {point} ELSE {shape} END"


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
