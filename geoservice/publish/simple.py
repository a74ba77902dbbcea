"""A layer's geometry in the kinds that GeoJSON, files and tiles know, as SQL. Pure."""

# ruff: noqa: S608  (made from declarations; there are no values)

from __future__ import annotations

from geoservice.catalog.layer import Layer
from geoservice.publish.sql import quoted

_KNOWN = (
    "'ST_Point', 'ST_LineString', 'ST_Polygon', "
    "'ST_MultiPoint', 'ST_MultiLineString', 'ST_MultiPolygon'"
)


def simple(layer: Layer, row: str) -> str:
    """The geometry of the row; of a layer of any `Geometry` curves become lines along them, a
    triangle a polygon, and what consists of patches those, in collections too. Where PostGIS has
    an empty one of such a kind, or an empty collection, it is null.
    """
    geometry = f"{row}.{quoted(layer.geometry.column)}"
    if layer.geometry.type != "Geometry":
        return geometry
    lines = f"ST_CurveToLine({geometry})"
    patches = f"SELECT ST_Collect({_polygon('d.geom')} ORDER BY d.path) FROM ST_Dump({lines}) d"
    return (
        f"CASE WHEN ST_GeometryType({geometry}) IN ({_KNOWN}) THEN {geometry} "
        f"WHEN ST_IsEmpty({geometry}) THEN NULL "
        f"WHEN ST_GeometryType({geometry}) = 'ST_Triangle' THEN {_polygon(geometry)} "
        f"WHEN ST_AsText({geometry}) ~ 'TIN|TRIANGLE|POLYHEDRALSURFACE' THEN ({patches}) "
        f"ELSE {lines} END"
    )


def _polygon(patch: str) -> str:
    made = f"ST_MakePolygon(ST_ExteriorRing({patch}))"
    return f"CASE WHEN ST_GeometryType({patch}) = 'ST_Triangle' THEN {made} ELSE {patch} END"
