"""The styles in the OpenAPI definition: concrete paths, since what may be asked differs."""

from __future__ import annotations

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.catalog.style import Style
from geoservice.model import JSON, LANGUAGES
from geoservice.publish.links import HTML, JSON_TYPE
from geoservice.publish.openapi_parameters import equality, format_of, in_query
from geoservice.publish.styles.documents import FORMATS, PICTURES

_LANG = in_query("lang", {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]})


def paths(catalog: Catalog) -> JSON:
    """The list of styles, and each of them."""
    found: JSON = {"/styles": _list("styles", "All styles")}
    for style in catalog.styles.values():
        found |= _one(style, catalog.layer(style.layer_id))
    return found


def paths_of(layer: Layer) -> JSON:
    """The list of the layer's styles."""
    listed = _list(f"{layer.id}_styles", f"{layer.title.en}: styles")
    listed["get"]["tags"] = [layer.id]
    return {f"/collections/{layer.id}/styles": listed}


def _list(operation: str, summary: str) -> JSON:
    return _get(operation, summary, [format_of("json", "html")], {"json": JSON_TYPE, "html": HTML})


def _one(style: Style, layer: Layer) -> JSON:
    here, title = f"/styles/{style.id}", style.title.en
    given = [_LANG, *(equality(layer, name) for name in layer.dimensions)]
    found = {
        here: _get(f"style_{style.id}", title, [format_of(*FORMATS), *given], FORMATS),
        f"{here}/legend": _get(
            f"style_{style.id}_legend",
            f"{title}: legend",
            [format_of(*PICTURES), *given],
            PICTURES,
        ),
        f"{here}/metadata": _get(
            f"style_{style.id}_metadata",
            f"{title}: metadata",
            [format_of("json")],
            {"json": JSON_TYPE},
        ),
    }
    for path in found.values():
        path["get"]["tags"] = [layer.id]
    return found


def _get(operation: str, summary: str, parameters: list[JSON], formats: dict[str, str]) -> JSON:
    schemas: dict[bool, JSON] = {
        True: {"type": "object"},
        False: {"type": "string", "format": "binary"},
    }
    content = {kind: {"schema": schemas["json" in kind]} for kind in formats.values()}
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": summary, "content": content},
                "304": {"description": "What the client holds is current (If-None-Match)"},
                "default": {"$ref": "#/components/responses/problem"},
            },
        }
    }
