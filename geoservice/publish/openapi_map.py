"""The map page, and the glyphs and sprites of styles, in the OpenAPI definition."""

from __future__ import annotations

from geoservice.model import JSON, LANGUAGES
from geoservice.publish.assets import fonts, sprites
from geoservice.publish.links import GLYPHS, HTML, JSON_TYPE, PNG
from geoservice.publish.openapi_operation import OBJECT, get
from geoservice.publish.openapi_parameters import format_of, in_path, in_query


def paths() -> JSON:
    """The three resources."""
    lang = in_query("lang", {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]})
    stack = in_path("fontstack", {"type": "string", "enum": list(fonts())})
    # Of all ranges, one that every font has.
    characters = in_path("range", {"type": "string", "enum": ["0-255"]})
    name = in_path("name", {"type": "string", "enum": list(sprites())})
    page = f"{HTML}; charset=utf-8"
    return {
        "/map": get("map", "Every layer on one map", [format_of("html"), lang], OBJECT, page),
        "/fonts/{fontstack}/{range}.pbf": get(
            "glyphs", "Glyphs of 256 characters", [stack, characters], OBJECT, GLYPHS
        ),
        "/sprites/{name}": get("sprite", "A file of the sprite", [name], OBJECT, PNG, JSON_TYPE),
    }
