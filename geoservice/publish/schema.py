"""A layer's attributes as JSON Schema: what its features hold, and what a request may filter on."""

from __future__ import annotations

from collections.abc import Iterable

from geoservice.catalog.layer import Attribute, GeometryType, Layer
from geoservice.model import JSON

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_GEOMETRY_FORMATS: dict[GeometryType, str] = {
    "Point": "geometry-point",
    "LineString": "geometry-linestring",
    "Polygon": "geometry-polygon",
    "MultiPoint": "geometry-multipoint",
    "MultiLineString": "geometry-multilinestring",
    "MultiPolygon": "geometry-multipolygon",
    "Geometry": "geometry-any",
}


def schema(layer: Layer, here: str) -> JSON:
    """What a feature of the layer holds; `here` is the schema's own URL."""
    return _document(layer, here, layer.attributes)


def queryables(layer: Layer, here: str) -> JSON:
    """The attributes that a request may filter on, each by a parameter of its name."""
    return _document(layer, here, layer.queryables) | {"additionalProperties": False}


def value_schema(attribute: Attribute) -> JSON:
    """The JSON Schema of a value, in the words that OpenAPI 3.0 shares."""
    if attribute.type in ("date", "date-time"):
        return {"type": "string", "format": attribute.type}
    return {"type": attribute.type}


def _document(layer: Layer, here: str, names: Iterable[str]) -> JSON:
    properties: JSON = {
        layer.geometry.column: {
            "title": "شکل",
            "x-titles": {"fa": "شکل", "en": "Geometry"},
            "x-ogc-role": "primary-geometry",
            "format": _GEOMETRY_FORMATS[layer.geometry.type],
        }
    }
    for name in names:
        properties[name] = _property(layer, name)
    return {
        "$schema": _DIALECT,
        "$id": here,
        "type": "object",
        "title": layer.title.fa,
        "x-titles": {"fa": layer.title.fa, "en": layer.title.en},
        "properties": properties,
    }


def _property(layer: Layer, name: str) -> JSON:
    attribute = layer.attributes[name]
    described: JSON = {
        "title": attribute.title.fa,
        "x-titles": {"fa": attribute.title.fa, "en": attribute.title.en},
        **value_schema(attribute),
    }
    if attribute.unit is not None:
        described["x-ogc-unit"] = attribute.unit
    if name == layer.feature_id:
        described["x-ogc-role"] = "id"
    return described
