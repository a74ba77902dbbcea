"""Layer × presentation → the SQL that makes one GeoJSON feature of a row. Pure."""

# ruff: noqa: S608  (made from declarations; there are no values)

from __future__ import annotations

from geoservice.catalog.layer import Attribute, Layer
from geoservice.publish.presentation import Presentation
from geoservice.publish.sql import finite, quoted


def columns(layer: Layer, presentation: Presentation) -> str:
    """The columns of row `s` that `feature` needs, and no others."""
    names = [layer.feature_id, *(n for n in presentation.of(layer) if n != layer.feature_id)]
    if presentation.geometry:
        names.append(layer.geometry.column)
    return ", ".join(f"s.{quoted(name)}" for name in names)


def feature(layer: Layer, presentation: Presentation) -> str:
    """The text of one GeoJSON feature, made of row `r`.

    Put together as text: the parts are JSON already, and building them into JSON again would
    parse every coordinate.
    """
    values = ", ".join(
        f"{_json_value(f'r.{quoted(name)}', layer.attributes[name])} AS {quoted(name)}"
        for name in presentation.of(layer)
    )
    return (
        f"""'{{"type":"Feature","id":' || to_json(r.{quoted(layer.feature_id)})::text """
        f"""|| ',"geometry":' || {_geometry(layer, presentation)} """
        f"""|| ',"properties":' || (SELECT row_to_json(a) FROM (SELECT {values}) a)::text || '}}'"""
    )


def _geometry(layer: Layer, presentation: Presentation) -> str:
    if not presentation.geometry:
        return "'null'"
    crs = presentation.crs
    geometry = f"r.{quoted(layer.geometry.column)}"
    if crs.srid != layer.geometry.crs:
        geometry = f"ST_Transform({geometry}, {crs.srid})"
    if crs.north_first:
        geometry = f"ST_FlipCoordinates({geometry})"
    # Option 0: no member «crs», which GeoJSON no longer has; the header Content-Crs tells it.
    return f"coalesce(ST_AsGeoJSON({geometry}, {presentation.decimals}, 0), 'null')"


def _json_value(column: str, attribute: Attribute) -> str:
    """The column for GeoJSON. A number always gets a decimal point: clients that guess types from
    the first features (QGIS, GDAL) would take a column that begins 1, 2, 3 for whole numbers and
    cut the rest. By way of text, since a cast to numeric keeps only 15 digits of a double.
    """
    if attribute.type != "number":
        return column
    return f"{finite(column)}::text::numeric + 0.0"
