"""The content of a request, taken apart: attributes and a geometry, not yet checked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geoservice.catalog.layer import Layer
from geoservice.publish.strict_json import MOST_DIGITS, malformed, read_json, shown

_ROLES = ("type", "id", "geometry", "properties")


@dataclass(frozen=True, slots=True)
class Content:
    """Attributes by name as JSON has them; the geometry, where `has_geometry` (None removes it)."""

    attributes: Mapping[str, Any]
    geometry: Any
    has_geometry: bool


def feature(layer: Layer, body: bytes) -> Content:
    """A GeoJSON feature; MalformedContent if it is none. Its `id` counts as the attribute."""
    document = _object(body)
    kind = document.get("type")
    if kind != "Feature":
        raise malformed(f"its type is {shown(kind)}: one GeoJSON «Feature» is expected")
    return _taken_apart(layer, document, has_geometry=True)


def patch(layer: Layer, body: bytes) -> Content:
    """A merge patch (RFC 7396) of a feature: of its GeoJSON, or of its attributes by their names
    in the schema, the geometry among them by the name that it has there.
    """
    document = _object(body)
    geojson = (
        "properties" in document or "geometry" in document or document.get("type") == "Feature"
    )
    if geojson and not {"properties", "geometry"} & set(layer.attributes):
        known = {name: value for name, value in document.items() if name in _ROLES}
        if extra := sorted(set(document) - set(known)):
            raise malformed(
                f"{shown(extra[0])} is no member of a feature; attributes stand in «properties»"
            )
        return _taken_apart(layer, document, has_geometry="geometry" in document)
    attributes = dict(document)
    column = layer.geometry.column
    return Content(attributes, attributes.pop(column, None), column in document)


def _taken_apart(layer: Layer, document: Mapping[str, Any], *, has_geometry: bool) -> Content:
    properties = document.get("properties")
    if not isinstance(properties, dict | None):
        raise malformed(f"«properties» is {shown(properties)}: an object is expected")
    if document.get("crs") is not None:
        raise malformed("GeoJSON has no member «crs» any more: name the CRS in Content-Crs")
    attributes = dict(properties or {})
    given = document.get("id")
    if given is not None:
        if isinstance(given, bool) or not isinstance(given, str | int):
            raise malformed(f"«id» is {shown(given)}: a text or a whole number is expected")
        own = attributes.get(layer.feature_id)
        if own is not None and str(own) != str(given):
            raise malformed(f"«id» is {shown(given)}, but «properties» say {shown(own)}")
        if own is None:
            attributes[layer.feature_id] = _as_declared(layer, given)
    return Content(attributes, document.get("geometry"), has_geometry)


def _as_declared(layer: Layer, given: str | int) -> str | int:
    """GeoJSON lets an id be a number or a text, whatever the attribute is."""
    if layer.attributes[layer.feature_id].type == "string":
        return str(given)
    whole = isinstance(given, str) and given.isdecimal() and len(given) <= MOST_DIGITS
    return int(given) if whole else given


def _object(body: bytes) -> dict[str, Any]:
    document = read_json(body, exact=True)
    if not isinstance(document, dict):
        raise malformed(f"it is {shown(document)}: a JSON object is expected")
    return document
