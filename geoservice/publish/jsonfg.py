"""Layer × presentation → the SQL and the members of JSON-FG (OGC 21-045r1). Pure.

Coordinates in WGS 84 (longitude, latitude) stand in `geometry`, as in GeoJSON; in any other CRS
they stand in `place`, and `geometry` is null, so that no reader of GeoJSON takes them for degrees.
"""

from __future__ import annotations

from geoservice.catalog.crs import CRS84
from geoservice.catalog.layer import GEOMETRY_DIMENSIONS, Layer
from geoservice.model import JSON
from geoservice.publish.conditions import days_of, temporal
from geoservice.publish.geojson import geometry, members
from geoservice.publish.presentation import Presentation

CONFORMS_TO = (
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/core",
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas",
)


def head(layer: Layer, presentation: Presentation, schema: str) -> JSON:
    """The members of a collection that hold for all its features; `schema` is a URL."""
    described: JSON = {
        "conformsTo": list(CONFORMS_TO),
        "featureType": layer.id,
        "featureSchema": schema,
        "coordRefSys": presentation.crs.uri,
    }
    if layer.geometry.type in GEOMETRY_DIMENSIONS:
        described["geometryDimension"] = GEOMETRY_DIMENSIONS[layer.geometry.type]
    return described


def fg_feature(layer: Layer, presentation: Presentation) -> str:
    """The text of one JSON-FG feature, made of row `r`."""
    written = geometry(layer, presentation)
    place, plain = ("'null'", written) if presentation.crs == CRS84 else (written, "'null'")
    return members(
        layer,
        presentation,
        ("',\"time\":'", _time(layer), "',\"place\":'", place, "',\"geometry\":'", plain),
    )


def _time(layer: Layer) -> str:
    """The days from the earliest to the latest date of row `r`."""
    if not temporal(layer):
        return "'null'"
    first, last = days_of(layer, "r")
    return (
        f"""CASE WHEN {first} IS NULL THEN 'null' """
        f"""WHEN {first} = {last} THEN '{{"date":"' || {first} || '"}}' """
        f"""ELSE '{{"interval":["' || {first} || '","' || {last} || '"]}}' END"""
    )
