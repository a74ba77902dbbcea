"""The parameters of the OpenAPI definition, each as OpenAPI 3.0 describes it."""

from __future__ import annotations

from geoservice.catalog.attribute import Attribute
from geoservice.catalog.crs import CRS84
from geoservice.catalog.layer import Layer
from geoservice.catalog.tiling import CELL_SIZES
from geoservice.model import JSON
from geoservice.publish.cql2.parse import LANGUAGES, LONGEST
from geoservice.publish.grid import DEEPEST
from geoservice.publish.presentation import DEEPEST_ZOOM, MOST_DIGITS
from geoservice.publish.schema import value_schema

BIGGEST = 2**63 - 1
TEXT: JSON = {"type": "string"}
_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_HOUR = "([01][0-9]|2[0-3]):[0-5][0-9]"
_TIME = rf"{_DAY}([Tt]{_HOUR}:[0-5][0-9](\.[0-9]+)?([Zz]|[+-]{_HOUR}))?"
_TIMES = rf"^({_TIME}|({_TIME}|\.\.)?/({_TIME}|\.\.)?)$"


def sent(attribute: Attribute) -> JSON:
    """A value of the attribute as a parameter."""
    described = value_schema(attribute)
    if described["type"] == "integer" and not attribute.codes:
        described |= {"minimum": -BIGGEST - 1, "maximum": BIGGEST}
    return described


def shape_of(layer: Layer) -> list[JSON]:
    """The parameters that say how features are written."""
    names: JSON = {
        "type": "array",
        "items": {"type": "string", "enum": list(layer.attributes)},
        "minItems": 1,
    }
    return [
        crs_of(layer, "crs"),
        in_query("properties", names, "the attributes to write; all without it"),
        in_query("exclude-properties", names, "the attributes to leave out; not with «properties»"),
        ref("skipGeometry"),
        ref("precision"),
        ref("zoom-level"),
    ]


def crs_of(layer: Layer, name: str) -> JSON:
    """`crs`, `bbox-crs` or `filter-crs`, with what the layer is offered in."""
    uris: JSON = {
        "type": "string",
        "format": "uri",
        "enum": list(layer.crs_by_uri),
        "default": CRS84.uri,
    }
    of = {
        "bbox-crs": "bbox",
        "filter-crs": "the coordinates in the filter",
        "crs": "the coordinates of the response",
    }[name]
    return in_query(name, uris, f"the CRS of {of}, with its axes in the order of its registry")


def sortby_of(layer: Layer) -> JSON:
    """`sortby`, with what the layer can be ordered by."""
    keys = [sign + name for name in layer.sortables for sign in ("", "-")]
    items: JSON = {"type": "string", "enum": keys}
    return in_query(
        "sortby",
        {"type": "array", "items": items, "minItems": 1, "uniqueItems": True},
        "attributes to order by, each with - before it for descending order",
    )


def equality(layer: Layer, name: str) -> JSON:
    """An attribute as a filter."""
    attribute = layer.attributes[name]
    title = f"{attribute.title.fa} · {attribute.title.en}"
    return in_query(name, sent(attribute), title)


def format_of(*formats: str) -> JSON:
    """`f`, with the formats that there are."""
    return in_query("f", {"type": "string", "enum": list(formats)}, "format; else Accept decides")


def in_query(name: str, schema: JSON, description: str | None = None) -> JSON:
    """An optional parameter of the query, as form without explode."""
    parameter: JSON = {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "style": "form",
        "explode": False,
    }
    return parameter | ({"description": description} if description else {})


def in_path(name: str, schema: JSON) -> JSON:
    """A part of the path."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


def tile_number(name: str) -> JSON:
    """`z`, `x` or `y` of a tile."""
    most = {"maximum": DEEPEST} if name == "z" else {}
    return in_path(name, {"type": "integer", "minimum": 0, **most})


def ref(name: str) -> JSON:
    """A parameter of `components`."""
    return {"$ref": f"#/components/parameters/{name}"}


def components(limit_default: int, limit_maximum: int) -> JSON:
    """The parameters that do not depend on a layer, by name."""
    parameters = [*_paging(limit_default, limit_maximum), *_selecting(), *_shaping()]
    return {parameter["name"]: parameter for parameter in parameters}


def _paging(limit_default: int, limit_maximum: int) -> list[JSON]:
    limit = {"minimum": 1, "maximum": limit_maximum, "default": limit_default}
    return [
        in_query(
            "limit",
            {"type": "integer", **limit},
            "the most features in a page; more than the maximum counts as the maximum",
        ),
        in_query(
            "offset",
            {"type": "integer", "minimum": 0, "maximum": BIGGEST, "default": 0},
            "features to leave out at the start; the link «next» is faster and misses none",
        ),
        in_query("cursor", TEXT, "where the link «next» continues"),
    ]


def _selecting() -> list[JSON]:
    return [
        in_query(
            "bbox",
            {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
            "west,south,east,north in degrees (CRS84), or in the CRS and the order of axes of "
            "bbox-crs",
        ),
        in_query(
            "datetime",
            {"type": "string", "pattern": _TIMES},
            "a day or an interval of RFC 3339, met by the time from the earliest to the latest "
            "date of a feature, or by those that have a role; features without a date are left "
            "out; without effect where features have no dates; years 1200 to 1500 are Jalali",
        ),
        in_query(
            "filter",
            TEXT | {"minLength": 1, "maxLength": LONGEST},
            "a condition in CQL2 over the queryables, such as population > 1000 AND "
            "name_fa ILIKE '%کرمان%'",
        ),
        in_query(
            "filter-lang",
            {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
            "the language of the filter",
        ),
    ]


def _shaping() -> list[JSON]:
    return [
        in_query("skipGeometry", {"type": "boolean", "default": False}, "write no geometry"),
        in_query(
            "precision",
            {"type": "integer", "minimum": 0, "maximum": MOST_DIGITS},
            "decimal digits of a coordinate; without it, about a centimetre",
        ),
        in_query(
            "zoom-level",
            {"type": "integer", "minimum": 0, "maximum": DEEPEST_ZOOM},
            "the zoom of Web Mercator for which shapes may be as general as nobody sees",
        ),
        in_query(
            "label-points",
            {"type": "boolean", "default": False},
            "each feature of areas or lines as the one point where its label stands, in one tile",
        ),
        in_query(
            "cell-size",
            {"type": "integer", "enum": list(CELL_SIZES), "default": CELL_SIZES[0]},
            "pixels of the squares of which one point shows, 512 to a tile's side",
        ),
    ]
