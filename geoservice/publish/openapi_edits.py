"""The operations that write features, as the OpenAPI definition has them while editing is on."""

from __future__ import annotations

from geoservice.catalog.crs import CRS84
from geoservice.catalog.layer import Layer
from geoservice.model import JSON
from geoservice.publish.links import GEOJSON, JSON_TYPE, MERGE_PATCH
from geoservice.publish.schema import limits, value_schema

SECURITY_SCHEMES: JSON = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "basic": {"type": "http", "scheme": "basic"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
}

_REFUSALS = {
    "400": "no JSON, no feature, no Content-Type, or a CRS that the layer is not offered in",
    "401": "no key was shown",
    "403": "the wrong key was shown",
    "404": "there is no such feature",
    "409": "the id is taken, or the feature is referred to",
    "412": "If-Match or If-None-Match does not hold: the feature is in another state",
    "413": "the content is too large",
    "415": "the content is of another media type",
    "422": "the content breaks the schema, which `faults` lists",
}


def of_items(layer: Layer) -> JSON:
    """POST on a layer's items."""
    created: JSON = {"description": "Created", "headers": _headers("Location", "ETag")}
    operation = _operation(
        f"{layer.id}_create",
        layer,
        "add a feature",
        {"201": created, **refused("400", "401", "403", "409", "413", "415", "422")},
    )
    operation["parameters"] = [_content_crs(layer)]
    return {"post": operation | _body(_feature(layer), GEOJSON, JSON_TYPE)}


def of_item(layer: Layer, feature_id: JSON) -> JSON:
    """PUT, PATCH and DELETE of one feature."""
    changed: JSON = {"description": "Done", "headers": _headers("ETag")}
    refusals = refused("400", "401", "403", "404", "409", "412", "413", "415", "422")
    conditions = [feature_id, _header("If-Match"), _header("If-None-Match")]
    replace = _operation(f"{layer.id}_replace", layer, "replace a feature", {"204": changed})
    change = _operation(f"{layer.id}_update", layer, "change a feature", {"204": changed})
    for operation in (replace, change):
        operation["parameters"] = [*conditions, _content_crs(layer)]
        operation["responses"] |= refusals
    done = {"204": {"description": "Deleted"}, **refused("401", "403", "404", "409", "412")}
    delete = _operation(f"{layer.id}_delete", layer, "delete a feature", done)
    delete["parameters"] = conditions
    return {
        "put": replace | _body(_feature(layer), GEOJSON, JSON_TYPE),
        "patch": change | _body(_patch(layer), MERGE_PATCH),
        "delete": delete,
    }


def _operation(name: str, layer: Layer, what: str, responses: JSON) -> JSON:
    return {
        "operationId": name,
        "summary": f"{layer.title.en}: {what}",
        "tags": [layer.id],
        "security": [{scheme: []} for scheme in SECURITY_SCHEMES],
        "responses": {**responses, "default": {"$ref": "#/components/responses/problem"}},
    }


def refused(*statuses: str) -> JSON:
    """Those refusals, as responses."""
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    return {status: {"description": _REFUSALS[status], "content": problem} for status in statuses}


def _body(schema: JSON, *media_types: str) -> JSON:
    content = {media_type: {"schema": schema} for media_type in media_types}
    return {"requestBody": {"required": True, "content": content}}


def _feature(layer: Layer) -> JSON:
    return {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": value_schema(layer.attributes[layer.feature_id]),
            "geometry": {"type": "object", "nullable": True},
            "properties": _properties(layer) | {"required": _required(layer)},
        },
    }


def _patch(layer: Layer) -> JSON:
    return {
        "type": "object",
        "properties": {
            "geometry": {"type": "object", "nullable": True},
            "properties": _properties(layer),
        },
    }


def _properties(layer: Layer) -> JSON:
    written = {name: a for name, a in layer.attributes.items() if not a.read_only}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {
                "title": attribute.title.en,
                **value_schema(attribute),
                **limits(attribute),
                **({} if name in _required(layer) or attribute.codes else {"nullable": True}),
            }
            for name, attribute in written.items()
        },
    }


def _required(layer: Layer) -> list[str]:
    return [name for name, a in layer.attributes.items() if a.required or name == layer.feature_id]


def _content_crs(layer: Layer) -> JSON:
    described = _header("Content-Crs")
    described["schema"] |= {"enum": list(layer.crs_by_uri), "default": CRS84.uri}
    return described


def _header(name: str) -> JSON:
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}


def _headers(*names: str) -> JSON:
    return {name: {"schema": {"type": "string"}} for name in names}
