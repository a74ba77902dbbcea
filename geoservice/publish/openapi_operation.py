"""An operation of the OpenAPI definition."""

from __future__ import annotations

from geoservice.model import JSON
from geoservice.publish.links import GEOJSON_SEQ, JSON_TYPE

OBJECT: JSON = {"type": "object"}
BYTES: JSON = {"type": "string", "format": "binary"}


def get(
    operation: str,
    summary: str,
    parameters: list[JSON],
    body: JSON = OBJECT,
    *media_types: str,
    tag: str | None = None,
) -> JSON:
    """A path with its one method; `body` goes for JSON documents, other types are bytes."""
    content: JSON = {
        media_type: {"schema": body if _is_document(media_type) else BYTES}
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
