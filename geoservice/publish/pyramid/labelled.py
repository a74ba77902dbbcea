"""Where the label of an area stands: one point of it, as SQL. Pure."""

# ruff: noqa: S608  (made from declarations; there are no values)

from __future__ import annotations

from geoservice.catalog.layer import GEOMETRY_DIMENSIONS, Layer
from geoservice.publish.pyramid.ranked import GEOMETRY, ID, ZOOM
from geoservice.publish.simple import simple
from geoservice.publish.sql import quoted
from geoservice.publish.transform import on_map

# What the rows of label points have for a zoom: those of shapes begin at 0.
LABELS = -1

# With so much of the widest room around it the middle is the better place: where a strip is wide
# everywhere, the largest circle is anywhere along it.
_ENOUGH = 0.9
# A part so much longer than wide (in its box) has hardly a circle within, and the search for one
# begins with as many cells.
_LONGEST = 1000


def has_areas(layer: Layer) -> bool:
    """Whether the layer's features are areas, whose label points a pyramid has."""
    return GEOMETRY_DIMENSIONS.get(layer.geometry.type) == 2


def label_point(layer: Layer) -> str:
    """The point (EPSG:3857) at which row `s` is labelled: of the largest part of an area the
    centroid, or where that has less room around it the centre of the largest circle within; of
    anything else some point of it. Null or empty where there is no geometry.

    It depends on the row alone, so it is the same whether it was computed beforehand or now.
    """
    geometry = on_map(simple(layer, "s"), layer.geometry.crs)
    if not has_areas(layer):
        return f"ST_PointOnSurface({geometry})"
    sides = ", ".join(f"ST_{axis}Max(part) - ST_{axis}Min(part)" for axis in ("X", "Y"))
    searched = f"CASE WHEN least({sides}) * {_LONGEST} > greatest({sides}) THEN part END"
    room = "ST_Distance(ST_Boundary(part), middle)"
    return (
        f"(SELECT coalesce(CASE WHEN {room} >= {_ENOUGH} * radius AND ST_Intersects(part, middle) "
        "THEN middle ELSE center END, ST_PointOnSurface(part)) "
        "FROM (SELECT d.geom AS part, ST_Centroid(d.geom) AS middle "
        f"FROM ST_Dump({geometry}) d ORDER BY ST_Area(d.geom) DESC, d.path LIMIT 1) largest, "
        f"LATERAL ST_MaximumInscribedCircle({searched}) circle)"
    )


def insert_labels(layer: Layer, table: str, rows: str) -> str:
    """Put the label points of these `rows` into a pyramid's table, near ones together."""
    return (
        f"INSERT INTO {table} ({ID}, {ZOOM}, {GEOMETRY}) "
        f"SELECT s.{quoted(layer.feature_id)}, {LABELS}, {label_point(layer)} FROM {rows} "
        "ORDER BY 3"
    )


def index_labels(table: str) -> str:
    """The index by which a tile finds the label points in it."""
    return f"CREATE INDEX ON {table} USING gist ({GEOMETRY}) WHERE {ZOOM} = {LABELS}"
