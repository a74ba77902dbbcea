"""The operations that write features, as OpenAPI 3.0 describes them."""

from __future__ import annotations

from geoservice.catalog.layer import Layer
from geoservice.model import JSON
from geoservice.publish.links import GEOJSON, JSON_TYPE, MERGE_PATCH
from geoservice.publish.openapi_parameters import in_path
from geoservice.publish.schema import value_schema

SECURITY_SCHEMES: JSON = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "basic": {"type": "http", "scheme": "basic", "description": "the key is the password"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
}

_TAG: JSON = {"ETag": {"description": "the state it is in now", "schema": {"type": "string"}}}
_PLACE: JSON = {"Location": {"description": "its URL", "schema": {"type": "string"}}}
_WRITTEN: JSON = {"204": {"description": "It is done", "headers": _TAG}}


def writing(layer: Layer) -> tuple[JSON, JSON]:
    """The methods that write to the layer's items, and to one of them."""
    tag, title = layer.id, layer.title.en
    feature = [GEOJSON, JSON_TYPE]
    created: JSON = {"201": {"description": "It is made", "headers": _TAG | _PLACE}}
    of_items: JSON = {
        "post": _operation(tag, "create", f"{title}: a new feature", created, feature, locked=False)
    }
    of_item: JSON = {
        "parameters": [
            in_path("featureId", value_schema(layer.attributes[layer.feature_id])),
        ],
        "put": _operation(tag, "replace", f"{title}: all of a feature anew", _WRITTEN, feature),
        "patch": _operation(
            tag, "update", f"{title}: some of a feature anew", _WRITTEN, [MERGE_PATCH]
        ),
        "delete": _operation(
            tag, "delete", f"{title}: a feature no more", {"204": {"description": "It is gone"}}, []
        ),
    }
    return of_items, of_item


def _operation(  # noqa: PLR0913  (the parts of an operation)
    tag: str,
    verb: str,
    summary: str,
    responses: JSON,
    media_types: list[str],
    *,
    locked: bool = True,
) -> JSON:
    parameters = [_header("Content-Crs", "the CRS of the coordinates; CRS84 without it")]
    if locked:
        parameters.append(_header("If-Match", "only if the feature is in the state of this ETag"))
    described: JSON = {
        "operationId": f"{tag}_{verb}",
        "summary": summary,
        "tags": [tag],
        "parameters": parameters if media_types else parameters[1:],
        "security": [{name: []} for name in SECURITY_SCHEMES],
        "responses": {**responses, "default": {"$ref": "#/components/responses/problem"}},
    }
    if media_types:
        schema: JSON = {"schema": {"type": "object"}}
        described["requestBody"] = {
            "required": True,
            "content": dict.fromkeys(media_types, schema),
        }
    return described


def _header(name: str, description: str) -> JSON:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": description,
    }
