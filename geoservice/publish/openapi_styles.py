"""The styles in the OpenAPI definition: concrete paths, since what may be asked differs."""

from __future__ import annotations

from collections.abc import Iterable

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.catalog.style import Style
from geoservice.model import JSON
from geoservice.publish.links import JSON_TYPE
from geoservice.publish.openapi_parameters import equality, format_of, in_query
from geoservice.publish.styles.documents import FORMATS, PICTURES
from geoservice.publish.styles.rule import LANGUAGES

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
    return described(operation, summary, [format_of("json")], [JSON_TYPE])


def _one(style: Style, layer: Layer) -> JSON:
    here, title = f"/styles/{style.id}", style.title.en
    given = [_LANG, *(equality(layer, name) for name in layer.dimensions)]
    found = {
        here: described(
            f"style_{style.id}", title, [format_of(*FORMATS), *given], FORMATS.values()
        ),
        f"{here}/legend": described(
            f"style_{style.id}_legend",
            f"{title}: legend",
            [format_of(*PICTURES), *given],
            PICTURES.values(),
        ),
        f"{here}/metadata": described(
            f"style_{style.id}_metadata",
            f"{title}: metadata",
            [format_of("json")],
            [JSON_TYPE],
        ),
    }
    for path in found.values():
        path["get"]["tags"] = [layer.id]
    return found


def described(
    operation: str, summary: str, parameters: list[JSON], media_types: Iterable[str]
) -> JSON:
    """A path that is only read, and answers in one of the media types."""
    schemas: dict[bool, JSON] = {
        True: {"type": "object"},
        False: {"type": "string", "format": "binary"},
    }
    content = {kind: {"schema": schemas["json" in kind]} for kind in media_types}
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
