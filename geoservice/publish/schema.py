"""A layer's attributes as JSON Schema: what its features hold and what may be written to them
(returnables and receivables), what a request may filter on, and what it may sort by."""

from __future__ import annotations

from collections.abc import Iterable

from geoservice.catalog.attribute import Attribute
from geoservice.catalog.layer import GeometryType, Layer
from geoservice.model import JSON, Title
from geoservice.publish.units import UCUM, ucum

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
    """What a feature of the layer holds and may be given; `here` is the schema's own URL.

    What is `readOnly` is returned only; everything else is received too, by layers that can be
    edited. `null` in a feature says that it lacks the attribute.
    """
    document = _document(layer, here, layer.attributes)
    document["properties"][layer.geometry.column] = _geometry(layer)
    required = [
        name
        for name, attribute in layer.attributes.items()
        if attribute.required or (name == layer.feature_id and not attribute.read_only)
    ]
    if layer.description is not None:
        document["description"] = _both(layer.description)
    return document | {"required": required, "additionalProperties": False}


def queryables(layer: Layer, here: str) -> JSON:
    """The attributes that a request may filter on, each by a parameter of its name."""
    document = _document(layer, here, layer.queryables)
    document["properties"] = {layer.geometry.column: _geometry(layer)} | document["properties"]
    return document | {"additionalProperties": False}


def sortables(layer: Layer, here: str) -> JSON:
    """The attributes that a request may sort by."""
    return _document(layer, here, layer.sortables) | {"additionalProperties": False}


def value_schema(attribute: Attribute) -> JSON:
    """The JSON Schema of a value, in the words that OpenAPI 3.0 shares."""
    if attribute.type in ("date", "date-time"):
        return {"type": "string", "format": attribute.type}
    described: JSON = {"type": attribute.type}
    if attribute.format is not None:
        described["format"] = attribute.format
    if attribute.codes:
        described["enum"] = list(attribute.codes)
    return described


def limits(attribute: Attribute) -> JSON:
    """What a value must meet besides `value_schema`, in the words that OpenAPI 3.0 shares."""
    found = {
        "minimum": attribute.minimum,
        "maximum": attribute.maximum,
        "maxLength": attribute.max_length,
        "pattern": attribute.pattern,
    }
    return {
        name: int(limit) if isinstance(limit, float) and limit.is_integer() else limit
        for name, limit in found.items()
        if limit is not None
    }


def _document(layer: Layer, here: str, names: Iterable[str]) -> JSON:
    place = {name: number for number, name in enumerate(layer.attributes, 1)}
    return {
        "$schema": _DIALECT,
        "$id": here,
        "type": "object",
        **_titles(layer.title),
        "properties": {
            # QGIS sorts the members of a JSON object by name unless it is told their order.
            name: _property(layer, name) | {"x-ogc-propertySeq": place[name]}
            for name in names
        },
    }


def _geometry(layer: Layer) -> JSON:
    return {
        **_titles(Title("شکل", "Geometry")),
        "x-ogc-role": "primary-geometry",
        "format": _GEOMETRY_FORMATS[layer.geometry.type],
        "x-ogc-propertySeq": len(layer.attributes) + 1,
    }


def _property(layer: Layer, name: str) -> JSON:
    attribute = layer.attributes[name]
    described: JSON = _titles(attribute.title)
    if attribute.description is not None:
        described["description"] = _both(attribute.description)
    described |= value_schema(attribute) | limits(attribute)
    if titles := attribute.code_titles:
        # The profile «codelist-inline» of OGC API Common, Part 3; `enum` beside it is for clients
        # that look no further.
        described["oneOf"] = [{"const": code, **_titles(title)} for code, title in titles.items()]
    if attribute.unit is not None:
        described |= {"x-ogc-unit": ucum(attribute.unit), "x-ogc-unitLang": UCUM}
    if attribute.read_only:
        described["readOnly"] = True
    role = "id" if name == layer.feature_id else attribute.role
    if role is not None:
        described["x-ogc-role"] = role
    return described


def _titles(title: Title) -> JSON:
    return {"title": title.fa, "x-ogc-titles": {"fa": title.fa, "en": title.en}}


def _both(text: Title) -> str:
    return f"{text.fa}\n{text.en}"
