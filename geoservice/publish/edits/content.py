"""The content of a request, taken apart: attributes and a geometry, not yet checked. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Never

from geoservice.catalog.layer import Layer
from geoservice.errors import MalformedContent

_ROLES = ("type", "id", "geometry", "properties")

# Of a whole number; Python refuses longer ones in words of its own.
_MOST_DIGITS = 1000


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
        raise _malformed(f"its type is {_shown(kind)}: one GeoJSON «Feature» is expected")
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
            raise _malformed(
                f"{_shown(extra[0])} is no member of a feature; attributes stand in «properties»"
            )
        return _taken_apart(layer, document, has_geometry="geometry" in document)
    attributes = dict(document)
    column = layer.geometry.column
    return Content(attributes, attributes.pop(column, None), column in document)


def _taken_apart(layer: Layer, document: Mapping[str, Any], *, has_geometry: bool) -> Content:
    properties = document.get("properties")
    if not isinstance(properties, dict | None):
        raise _malformed(f"«properties» is {_shown(properties)}: an object is expected")
    if document.get("crs") is not None:
        raise _malformed("GeoJSON has no member «crs» any more: name the CRS in Content-Crs")
    attributes = dict(properties or {})
    given = document.get("id")
    if given is not None:
        if isinstance(given, bool) or not isinstance(given, str | int):
            raise _malformed(f"«id» is {_shown(given)}: a text or a whole number is expected")
        own = attributes.get(layer.feature_id)
        if own is not None and str(own) != str(given):
            raise _malformed(f"«id» is {_shown(given)}, but «properties» say {_shown(own)}")
        if own is None:
            attributes[layer.feature_id] = _as_declared(layer, given)
    return Content(attributes, document.get("geometry"), has_geometry)


def _as_declared(layer: Layer, given: str | int) -> str | int:
    """GeoJSON lets an id be a number or a text, whatever the attribute is."""
    if layer.attributes[layer.feature_id].type == "string":
        return str(given)
    whole = isinstance(given, str) and given.isdecimal() and len(given) <= _MOST_DIGITS
    return int(given) if whole else given


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(
            body.decode(),
            parse_constant=_no_number,
            parse_int=_whole,
            object_pairs_hook=_each_once,
        )
    except UnicodeDecodeError:
        raise _malformed("it is not UTF-8") from None
    except RecursionError:
        raise _malformed("it is nested too deeply") from None
    except ValueError as error:
        raise _malformed(f"it is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise _malformed(f"it is {_shown(document)}: a JSON object is expected")
    return document


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("an object has two members of the same name")
    return document


def _no_number(text: str) -> Never:
    raise ValueError(f"{text} is not a number of JSON")


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"{text[:20]}… has {len(text)} digits: no attribute holds such a number")
    return int(text)


def _malformed(reason: str) -> MalformedContent:
    return MalformedContent(None, f"the content cannot be taken: {reason}")


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else f"{text[:60]}…"
