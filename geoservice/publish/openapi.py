"""The OpenAPI 3.0 definition, built from the catalog alone.

QGIS reads its page size from `components.parameters.limit` and the filters it may send from the
parameters of each concrete `/collections/<id>/items`, written as form without explode.
"""

from __future__ import annotations

from geoservice import __version__
from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.model import JSON, Level
from geoservice.publish import (
    openapi_edits,
    openapi_geocode,
    openapi_map,
    openapi_styles,
    openapi_tiles,
)
from geoservice.publish.indicators import LEVELS
from geoservice.publish.links import (
    CSV,
    GEOJSON,
    HTML,
    JSON_TYPE,
    OPENAPI,
    SCHEMA,
)
from geoservice.publish.offers import OF_ITEMS, OF_ONE, offered
from geoservice.publish.openapi_operation import OBJECT, get
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
)
from geoservice.publish.openapi_schemas import SCHEMAS
from geoservice.publish.openapi_schemas import ref as schema

_PROBLEM = "application/problem+json"


def definition(
    catalog: Catalog, base: str, *, limit_default: int, limit_maximum: int, editing: bool = False
) -> JSON:
    """The definition of the API at `base`; `editing`: with the operations of editable layers."""
    paths = _of_service(catalog, editing=editing)
    for layer in catalog.layers.values():
        paths |= openapi_styles.paths_of(layer)
        paths |= _paths(layer, editing=editing and layer.editable)
        paths |= openapi_tiles.of_layer(layer)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "geoservice",
            "version": __version__,
            "description": "Places, projects, regions and measures of regional balance.",
        },
        "servers": [{"url": base}],
        "tags": [
            {"name": layer.id, "description": layer.title.en} for layer in catalog.layers.values()
        ],
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


def _of_service(catalog: Catalog, *, editing: bool) -> JSON:
    """The paths that no layer has for itself."""
    either = [format_of("json", "html")]
    json = [format_of("json")]

    def document(operation: str, summary: str) -> JSON:
        return get(operation, summary, either, schema(operation), JSON_TYPE, HTML)

    return {
        "/": get("landing", "Landing page", either, schema("landingPage"), JSON_TYPE, HTML),
        "/conformance": document("conformance", "Conformance classes"),
        "/functions": get("functions", "Functions of filters", json),
        "/api": get("api", "This definition", either, OBJECT, OPENAPI, HTML),
        "/collections": document("collections", "All collections"),
        "/indicators": get("indicators", "Indicators and their definitions", json),
        "/indicators/{indicatorId}": _figure(),
        **openapi_styles.paths(catalog),
        **openapi_map.paths(),
        **openapi_geocode.paths(editing=editing),
        "/health/live": get("live", "Whether the process answers", []),
        "/health/ready": get("ready", "Whether it can serve what it declares", []),
        **openapi_tiles.of_dataset(catalog),
    }


def _paths(layer: Layer, *, editing: bool) -> JSON:
    here = f"/collections/{layer.id}"
    title, tag = layer.title.en, layer.id
    shown = [equality(layer, name) for name in layer.dimensions]
    filters = [equality(layer, name) for name in layer.queryables]
    cql2 = [ref("filter"), ref("filter-lang"), crs_of(layer, "filter-crs")]
    feature_id: JSON = {
        "name": "featureId",
        "in": "path",
        "required": True,
        "schema": sent(layer.attributes[layer.feature_id]),
    }
    either = format_of("json", "html")
    page = [ref(name) for name in ("limit", "offset", "cursor", "bbox", "datetime")]
    page += [sortby_of(layer), crs_of(layer, "bbox-crs")]
    shape = shape_of(layer)
    paths = {
        here: get(
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
        f"{here}/schema": get(
            f"{tag}_schema", f"{title}: attributes", [either], OBJECT, SCHEMA, HTML, tag=tag
        ),
        f"{here}/queryables": get(
            f"{tag}_queryables", f"{title}: filters", [either], OBJECT, SCHEMA, HTML, tag=tag
        ),
        f"{here}/sortables": get(
            f"{tag}_sortables", f"{title}: sort keys", [either], OBJECT, SCHEMA, HTML, tag=tag
        ),
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
    return get(
        "indicator", "One indicator for every region", parameters, OBJECT, JSON_TYPE, CSV, GEOJSON
    )


def _features(
    operation: str,
    summary: str,
    parameters: list[JSON],
    body: JSON,
    tag: str,
    *media_types: str,
) -> JSON:
    """A path with features, whose coordinates are in the CRS that a header names."""
    described = get(operation, summary, parameters, body, *media_types, tag=tag)
    described["get"]["responses"]["200"]["headers"] = {
        "Content-Crs": {
            "description": "The CRS of the coordinates, as a URI in angle brackets",
            "schema": {"type": "string"},
        }
    }
    return described
