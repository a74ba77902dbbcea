"""The OpenAPI 3.0 definition, built from the catalog alone.

QGIS reads its page size from `components.parameters.limit` and the filters it may send from the
parameters of each concrete `/collections/<id>/items`, written as form without explode.
"""

from __future__ import annotations

from geoservice import __version__
from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.model import JSON, Level
from geoservice.publish import openapi_edits, openapi_map, openapi_styles
from geoservice.publish.conditions import temporal
from geoservice.publish.grid import TILE_MATRIX_SET
from geoservice.publish.indicators import LEVELS
from geoservice.publish.links import (
    CSV,
    GEOJSON,
    GEOJSON_SEQ,
    HTML,
    JSON_TYPE,
    MVT,
    OPENAPI,
    SCHEMA,
)
from geoservice.publish.offers import OF_ITEMS, OF_ONE, offered
from geoservice.publish.openapi_parameters import (
    BIGGEST,
    TEXT,
    components,
    crs_of,
    equality,
    format_of,
    in_path,
    in_query,
    ref,
    sent,
    shape_of,
    sortby_of,
    tile_number,
)
from geoservice.publish.openapi_schemas import SCHEMAS
from geoservice.publish.openapi_schemas import ref as schema

_PROBLEM = "application/problem+json"
_OBJECT: JSON = {"type": "object"}
_BYTES: JSON = {"type": "string", "format": "binary"}


def definition(
    catalog: Catalog, base: str, *, limit_default: int, limit_maximum: int, editing: bool = False
) -> JSON:
    """The definition of the API at `base`; `editing`: with the operations of editable layers."""
    paths: JSON = {
        "/": _get(
            "landing",
            "Landing page",
            [format_of("json", "html")],
            schema("landingPage"),
            JSON_TYPE,
            HTML,
        ),
        "/conformance": _get(
            "conformance", "Conformance classes", [format_of("json")], schema("conformance")
        ),
        "/functions": _get("functions", "Functions of filters", [format_of("json")]),
        "/api": _get("api", "This definition", [format_of("json")], _OBJECT, OPENAPI),
        "/collections": _get(
            "collections",
            "All collections",
            [format_of("json", "html")],
            schema("collections"),
            JSON_TYPE,
            HTML,
        ),
        "/indicators": _get("indicators", "Indicators and their definitions", [format_of("json")]),
        "/indicators/{indicatorId}": _figure(),
        **openapi_styles.paths(catalog),
        **openapi_map.paths(),
        "/health/live": _get("live", "Whether the process answers", []),
        "/health/ready": _get("ready", "Whether it can serve what it declares", []),
    }
    for layer in catalog.layers.values():
        paths |= openapi_styles.paths_of(layer)
        paths |= _paths(layer, editing=editing and layer.editable)
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
            "parameters": components(limit_default, limit_maximum),
            "schemas": SCHEMAS,
            **({"securitySchemes": openapi_edits.SECURITY_SCHEMES} if editing else {}),
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


def _paths(layer: Layer, *, editing: bool) -> JSON:
    here = f"/collections/{layer.id}"
    title, tag = layer.title.en, layer.id
    shown = [equality(layer, name) for name in layer.dimensions]
    filters = [equality(layer, name) for name in layer.queryables]
    cql2 = [ref("filter"), ref("filter-lang"), crs_of(layer, "filter-crs")]
    rows = [*filters, *cql2, *([ref("datetime")] if temporal(layer) else [])]
    feature_id: JSON = {
        "name": "featureId",
        "in": "path",
        "required": True,
        "schema": sent(layer.attributes[layer.feature_id]),
    }
    matrix_set = in_path("tileMatrixSetId", {"type": "string", "enum": [TILE_MATRIX_SET]})
    address = [tile_number(name) for name in ("z", "y", "x")]
    either = format_of("json", "html")
    page = [ref(name) for name in ("limit", "offset", "cursor", "bbox", "datetime")]
    page += [sortby_of(layer), crs_of(layer, "bbox-crs")]
    shape = shape_of(layer)
    paths = {
        here: _get(
            f"{tag}_collection", title, [either], schema("collection"), JSON_TYPE, HTML, tag=tag
        ),
        f"{here}/items": _features(
            f"{tag}_items",
            f"{title}: features",
            [*page, *cql2, *shape, *filters, format_of(*OF_ITEMS)],
            schema("featureCollection"),
            tag,
            *offered(OF_ITEMS),
        ),
        f"{here}/items/{{featureId}}": _features(
            f"{tag}_item",
            f"{title}: one feature",
            [feature_id, *shape, *shown, format_of(*OF_ONE)],
            schema("feature"),
            tag,
            *offered(OF_ONE),
        ),
        f"{here}/schema": _get(
            f"{tag}_schema", f"{title}: attributes", [either], _OBJECT, SCHEMA, HTML, tag=tag
        ),
        f"{here}/queryables": _get(
            f"{tag}_queryables", f"{title}: filters", [either], _OBJECT, SCHEMA, HTML, tag=tag
        ),
        f"{here}/sortables": _get(
            f"{tag}_sortables", f"{title}: sort keys", [either], _OBJECT, SCHEMA, HTML, tag=tag
        ),
        f"{here}/tiles": _get(
            f"{tag}_tilesets", f"{title}: tilesets", [format_of("json")], tag=tag
        ),
        f"{here}/tiles/{{tileMatrixSetId}}": _get(
            f"{tag}_tileset",
            f"{title}: tileset",
            [matrix_set, format_of("json", "tilejson")],
            tag=tag,
        ),
        f"{here}/tiles/{{tileMatrixSetId}}/{{z}}/{{y}}/{{x}}": _get(
            f"{tag}_matrix_tile",
            f"{title}: tile",
            [matrix_set, *address, *rows],
            _BYTES,
            MVT,
            tag=tag,
        ),
        f"/tiles/{layer.id}/{{z}}/{{x}}/{{y}}.mvt": _get(
            f"{tag}_tile", f"{title}: tile", [*address, *rows], _BYTES, MVT, tag=tag
        ),
        f"/tiles/{layer.id}.json": _get(f"{tag}_tilejson", f"{title}: TileJSON", rows, tag=tag),
    }
    if editing:
        paths[f"{here}/items"] |= openapi_edits.of_items(layer)
        paths[f"{here}/items/{{featureId}}"] |= openapi_edits.of_item(layer, feature_id)
    return paths


def _figure() -> JSON:
    parameters = [
        in_path("indicatorId", TEXT),
        in_query("level", {"type": "string", "enum": list(LEVELS), "default": Level.COUNTY}),
        in_query(
            "year",
            {"type": "integer", "minimum": 1, "maximum": BIGGEST},
            "Solar Hijri year; the latest without it",
        ),
        in_query("region_set", TEXT, "the current one without it"),
        in_query("variable", TEXT | {"default": "budget"}),
        format_of("json", "csv", "geojson"),
    ]
    return _get(
        "indicator", "One indicator for every region", parameters, _OBJECT, JSON_TYPE, CSV, GEOJSON
    )


def _get(
    operation: str,
    summary: str,
    parameters: list[JSON],
    body: JSON = _OBJECT,
    *media_types: str,
    tag: str | None = None,
) -> JSON:
    """A path with its one method; `body` goes for JSON documents, other types are bytes."""
    content: JSON = {
        media_type: {"schema": body if _is_document(media_type) else _BYTES}
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


def _is_document(media_type: str) -> bool:
    """Whether it is JSON, and not a text of one document a line."""
    return "json" in media_type and media_type != GEOJSON_SEQ


def _features(
    operation: str,
    summary: str,
    parameters: list[JSON],
    body: JSON,
    tag: str,
    *media_types: str,
) -> JSON:
    """A path with features, whose coordinates are in the CRS that a header names."""
    described = _get(operation, summary, parameters, body, *media_types, tag=tag)
    described["get"]["responses"]["200"]["headers"] = {
        "Content-Crs": {
            "description": "The CRS of the coordinates, as a URI in angle brackets",
            "schema": {"type": "string"},
        }
    }
    return described
