"""Layer × presentation → the SQL that makes one GeoJSON feature of a row. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence

from geoservice.catalog.layer import Attribute, Layer
from geoservice.publish.presentation import Presentation, pixel
from geoservice.publish.simple import simple
from geoservice.publish.sql import joined, literal, plain_day, quoted
from geoservice.publish.transform import finite_shape, transformed


def columns(layer: Layer, presentation: Presentation, *others: str) -> str:
    """The columns of row `s` that `feature` needs, the `others`, and no more."""
    names = dict.fromkeys((layer.feature_id, *others, *presentation.of(layer)))
    if presentation.geometry:
        names[layer.geometry.column] = None
    return ", ".join(f"s.{quoted(name)}" for name in names)


def feature(layer: Layer, presentation: Presentation) -> str:
    """The text of one GeoJSON feature, made of row `r`."""
    return members(layer, presentation, ("',\"geometry\":'", geometry(layer, presentation)))


def members(layer: Layer, presentation: Presentation, between: Sequence[str]) -> str:
    """The text of a feature of row `r`, with members `between` its id and its properties.

    Put together as text: the parts are JSON already, and building them into JSON again would
    parse every coordinate.
    """
    id_ = _json_value(f"r.{quoted(layer.feature_id)}", layer.attributes[layer.feature_id])
    parts = ["""'{"type":"Feature","id":'""", id_, *between]
    before = ',"properties":{'
    for name in presentation.of(layer):
        member = json.dumps(name, ensure_ascii=False) + ":"
        parts.append(literal(before + member))
        parts.append(_json_value(f"r.{quoted(name)}", layer.attributes[name]))
        before = ","
    parts.append(literal("}}" if before == "," else before + "}}"))
    return joined(parts)


def shape(layer: Layer, presentation: Presentation, row: str) -> str:
    """The geometry of the row in the CRS of the presentation, x before y, as general as its zoom
    allows.
    """
    geometry = simple(layer, row)
    if presentation.zoom is not None and layer.geometry.type not in ("Point", "MultiPoint"):
        tolerance = pixel(presentation.zoom, layer.storage_crs) / 2
        geometry = f"ST_SimplifyPreserveTopology({geometry}, {tolerance:.9g})"
        if layer.geometry.type.startswith("Multi"):  # of one part it makes a single shape
            geometry = f"ST_Multi({geometry})"
    return transformed(geometry, layer.geometry.crs, presentation.crs.srid)


def geometry(layer: Layer, presentation: Presentation) -> str:
    """The text of row `r`'s geometry, or of null."""
    if not presentation.geometry:
        return "'null'"
    # Option 0: no member «crs», which GeoJSON no longer has; the header Content-Crs tells it.
    shown = _wound(layer, shape(layer, presentation, "r"))
    if presentation.crs.north_first:
        shown = f"ST_FlipCoordinates({shown})"
    return (
        f"coalesce(CASE WHEN {finite_shape(layer, 'r')} "
        f"THEN ST_AsGeoJSON({shown}, {presentation.decimals}, 0) END, 'null')"
    )


def counterclockwise(polygons: str) -> str:
    """The SQL of polygons with rings as RFC 7946 (3.1.6) has them: exterior ones counterclockwise,
    holes clockwise.
    """
    return f"ST_Reverse(ST_ForcePolygonCW({polygons}))"


def _wound(layer: Layer, geometry: str) -> str:
    match layer.geometry.type:
        case "Polygon" | "MultiPolygon":
            return counterclockwise(geometry)
        case "Geometry":  # lines keep their direction
            return counterclockwise(f"ST_Reverse({geometry})")
        case _:
            return geometry


def _json_value(column: str, attribute: Attribute) -> str:
    """The JSON of the column, to be put into text.

    A number always gets a decimal point: clients that guess types from the first features (QGIS,
    GDAL) would take a column that begins 1, 2, 3 for whole numbers and cut the rest.
    """
    if attribute.type in ("integer", "boolean"):
        return f"coalesce({column}::text, 'null')"  # which is JSON as well, and quicker
    if attribute.type in ("date", "date-time"):
        column = plain_day(column)
    if attribute.type != "number":
        return f"coalesce(to_json({column}), 'null'::json)"
    # The two shorter ways are for most numbers; the last keeps all digits of the others.
    return (
        f"CASE WHEN {column} - {column} IS DISTINCT FROM 0 THEN 'null' "
        f"WHEN {column} <> floor({column}) THEN {column}::text "
        f"WHEN abs({column}) < 1e15 THEN {column}::bigint || '.0' "
        f"ELSE ({column}::text::numeric + 0.0)::text END"
    )
