"""The OpenAPI 3.0 definition, built from the catalog alone.

QGIS reads its page size from `components.parameters.limit` and the filters it may send from the
parameters of each concrete `/collections/<id>/items`, written as form without explode.
"""

from __future__ import annotations

from geoservice import __version__
from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.model import JSON, Level
from geoservice.publish.grid import DEEPEST, TILE_MATRIX_SET
from geoservice.publish.indicators import LEVELS
from geoservice.publish.links import CSV, GEOJSON, HTML, JSON_TYPE, MVT, OPENAPI, SCHEMA
from geoservice.publish.query import temporal
from geoservice.publish.schema import value_schema

_PROBLEM = "application/problem+json"
_OBJECT: JSON = {"type": "object"}


def definition(catalog: Catalog, base: str, *, limit_default: int, limit_maximum: int) -> JSON:
    """The definition of the API at `base`."""
    paths: JSON = {
        "/": _get("landing", "Landing page", [_f("json", "html")], _OBJECT, JSON_TYPE, HTML),
        "/conformance": _get("conformance", "Conformance classes", [_f("json")]),
        "/api": _get("api", "This definition", [_f("json")], _OBJECT, OPENAPI),
        "/collections": _get("collections", "All collections", [_f("json")]),
        "/indicators": _get("indicators", "Indicators and their definitions", [_f("json")]),
        "/indicators/{indicatorId}": _figure(),
        "/health/live": _get("live", "Whether the process answers", []),
        "/health/ready": _get("ready", "Whether it can serve what it declares", []),
    }
    for layer in catalog.layers.values():
        paths |= _paths(layer)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "geoservice",
            "version": __version__,
            "description": "Places, projects, regions and measures of regional balance.",
        },
        "servers": [{"url": base}],
        "tags": [{"name": layer.id, "description": layer.title.en} for layer in _layers(catalog)],
        "paths": paths,
        "components": {
            "parameters": _components(limit_default, limit_maximum),
            "schemas": {"problem": _problem()},
            "responses": {
                "problem": {
                    "description": "What was wrong, where, and what would be right (RFC 9457)",
                    "content": {_PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}}},
                }
            },
        },
    }


def _layers(catalog: Catalog) -> list[Layer]:
    return list(catalog.layers.values())


def _paths(layer: Layer) -> JSON:
    here = f"/collections/{layer.id}"
    title, tag = layer.title.en, layer.id
    shown = [_equality(layer, name) for name in layer.dimensions]
    filters = [_equality(layer, name) for name in layer.queryables]
    rows = [*filters, _ref("datetime")] if temporal(layer) else filters
    feature_id: JSON = {
        "name": "featureId",
        "in": "path",
        "required": True,
        "schema": value_schema(layer.attributes[layer.feature_id]),
    }
    matrix_set = _path("tileMatrixSetId", {"type": "string", "enum": [TILE_MATRIX_SET]})
    address = [_tile_number(name) for name in ("z", "y", "x")]
    page = [_ref("limit"), _ref("offset"), _ref("cursor"), _ref("bbox"), _ref("datetime")]
    tile = {"type": "string", "format": "binary"}
    return {
        here: _get(f"{tag}_collection", title, [_f("json")], tag=tag),
        f"{here}/items": _get(
            f"{tag}_items",
            f"{title}: features",
            [*page, *filters, _f("json", "geojson")],
            _OBJECT,
            GEOJSON,
            tag=tag,
        ),
        f"{here}/items/{{featureId}}": _get(
            f"{tag}_item",
            f"{title}: one feature",
            [feature_id, *shown, _f("json", "geojson")],
            _OBJECT,
            GEOJSON,
            tag=tag,
        ),
        f"{here}/schema": _get(
            f"{tag}_schema", f"{title}: attributes", [_f("json")], _OBJECT, SCHEMA, tag=tag
        ),
        f"{here}/queryables": _get(
            f"{tag}_queryables", f"{title}: filters", [_f("json")], _OBJECT, SCHEMA, tag=tag
        ),
        f"{here}/tiles": _get(f"{tag}_tilesets", f"{title}: tilesets", [_f("json")], tag=tag),
        f"{here}/tiles/{{tileMatrixSetId}}": _get(
            f"{tag}_tileset", f"{title}: tileset", [matrix_set, _f("json", "tilejson")], tag=tag
        ),
        f"{here}/tiles/{{tileMatrixSetId}}/{{z}}/{{y}}/{{x}}": _get(
            f"{tag}_matrix_tile",
            f"{title}: tile",
            [matrix_set, *address, *rows],
            tile,
            MVT,
            tag=tag,
        ),
        f"/tiles/{layer.id}/{{z}}/{{x}}/{{y}}.mvt": _get(
            f"{tag}_tile", f"{title}: tile", [*address, *rows], tile, MVT, tag=tag
        ),
        f"/tiles/{layer.id}.json": _get(f"{tag}_tilejson", f"{title}: TileJSON", rows, tag=tag),
    }


def _figure() -> JSON:
    parameters = [
        _path("indicatorId", {"type": "string"}),
        _query("level", {"type": "string", "enum": list(LEVELS), "default": Level.COUNTY}),
        _query("year", {"type": "integer"}, "Solar Hijri year; the latest without it"),
        _query("region_set", {"type": "string"}, "the current one without it"),
        _query("variable", {"type": "string", "default": "budget"}),
        _f("json", "csv", "geojson"),
    ]
    return _get(
        "indicator", "One indicator for every region", parameters, _OBJECT, JSON_TYPE, CSV, GEOJSON
    )


def _get(
    operation: str,
    summary: str,
    parameters: list[JSON],
    schema: JSON = _OBJECT,
    *media_types: str,
    tag: str | None = None,
) -> JSON:
    """A path with its one method; the schema goes for JSON and tiles, other types are texts."""
    content: JSON = {
        media_type: {"schema": {"type": "string"} if media_type.startswith("text/") else schema}
        for media_type in media_types or (JSON_TYPE,)
    }
    described: JSON = {
        "operationId": operation,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": summary, "content": content},
            "304": {"description": "What the client holds is current (If-None-Match)"},
            "default": {"$ref": "#/components/responses/problem"},
        },
    }
    if tag is not None:
        described["tags"] = [tag]
    return {"get": described}


def _equality(layer: Layer, name: str) -> JSON:
    attribute = layer.attributes[name]
    title = f"{attribute.title.fa} · {attribute.title.en}"
    return _query(name, value_schema(attribute), title)


def _f(*formats: str) -> JSON:
    return _query("f", {"type": "string", "enum": list(formats)}, "format; else Accept decides")


def _query(name: str, schema: JSON, description: str | None = None) -> JSON:
    parameter: JSON = {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "style": "form",
        "explode": False,
    }
    return parameter | ({"description": description} if description else {})


def _path(name: str, schema: JSON) -> JSON:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _tile_number(name: str) -> JSON:
    most = {"maximum": DEEPEST} if name == "z" else {}
    return _path(name, {"type": "integer", "minimum": 0, **most})


def _ref(name: str) -> JSON:
    return {"$ref": f"#/components/parameters/{name}"}


def _components(limit_default: int, limit_maximum: int) -> JSON:
    numbers = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    return {
        "limit": _query(
            "limit",
            {
                "type": "integer",
                "minimum": 1,
                "maximum": limit_maximum,
                "default": limit_default,
            },
            "the most features in a page; more than the maximum counts as the maximum",
        ),
        "offset": _query(
            "offset",
            {"type": "integer", "minimum": 0, "default": 0},
            "features to leave out at the start; the link «next» is faster and misses none",
        ),
        "cursor": _query("cursor", {"type": "string"}, "where the link «next» continues"),
        "bbox": _query("bbox", numbers, "west,south,east,north in degrees (CRS84)"),
        "datetime": _query(
            "datetime",
            {"type": "string"},
            "a day or an interval of RFC 3339, met by the time from the earliest to the latest "
            "date of a feature; without effect where features have no dates",
        ),
    }


def _problem() -> JSON:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "parameter": text,
            "allowed": {"type": "array", "items": text},
        },
    }
