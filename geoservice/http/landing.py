"""/: where everything else is, as JSON and as a page in Persian and English."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from geoservice.http.answer import document, page
from geoservice.http.asked import Asked
from geoservice.http.context import Context
from geoservice.model import JSON
from geoservice.publish.links import (
    CONFORMANCE_REL,
    DATA_REL,
    FUNCTIONS_REL,
    HTML,
    JSON_TYPE,
    OPENAPI,
    STYLES_REL,
    TILESETS_REL,
    TILING_SCHEMES_REL,
    link,
)
from geoservice.publish.pages.documents import landing_page
from geoservice.publish.pages.frame import SERVICE


def router(context: Context) -> APIRouter:
    """The resource."""
    routes = APIRouter()

    @routes.get("/")
    async def landing(request: Request) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        asked.parameters(("f",))
        if asked.preferred({"json": JSON_TYPE, "html": HTML}) == "json":
            return (await document(asked, _document(asked.base))).response()
        formats = [link(f"{asked.base}/?f=json", "alternate", JSON_TYPE, "JSON")]
        html = landing_page(context.catalog.layers.values(), asked.base, formats)
        return (await page(asked, html)).response()

    return routes


def _document(base: str) -> JSON:
    return {
        "title": SERVICE.fa,
        "titles": {"fa": SERVICE.fa, "en": SERVICE.en},
        "description": "لایه‌ها، کاشی‌ها و شاخص‌ها\nLayers, vector tiles and indicators",
        "links": [
            link(f"{base}/", "self", JSON_TYPE, "this document"),
            link(f"{base}/?f=html", "alternate", HTML, "this document as a page"),
            link(f"{base}/api", "service-desc", OPENAPI, "the API's definition"),
            link(f"{base}/api?f=html", "service-doc", HTML, "the API's definition as a page"),
            link(f"{base}/conformance", "conformance", JSON_TYPE, "conformance classes"),
            link(f"{base}/functions", FUNCTIONS_REL, JSON_TYPE, "functions of filters"),
            link(f"{base}/conformance", CONFORMANCE_REL, JSON_TYPE, "conformance classes"),
            link(f"{base}/collections", "data", JSON_TYPE, "collections"),
            link(f"{base}/collections", DATA_REL, JSON_TYPE, "collections"),
            link(f"{base}/styles", STYLES_REL, JSON_TYPE, "styles"),
            link(f"{base}/tiles", TILESETS_REL, JSON_TYPE, "vector tiles of all layers"),
            link(f"{base}/tileMatrixSets", TILING_SCHEMES_REL, JSON_TYPE, "tile matrix sets"),
            link(f"{base}/map", "related", HTML, "map"),
            link(f"{base}/geocode", "related", HTML, "addresses on a map"),
            link(f"{base}/indicators", "related", JSON_TYPE, "indicators"),
        ],
    }
