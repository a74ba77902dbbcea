"""/: where everything else is, as JSON and as a page in Persian and English."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from fastapi import APIRouter, Request, Response

from geoservice.catalog.layer import Layer
from geoservice.http.answer import document, tagged
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
    link,
)

_TITLE_FA = "نقشه و ترازِ منطقه‌ای"
_TITLE_EN = "Maps and regional balance"
_PAGE = Path(__file__).resolve().parent.parent / "web" / "landing.html"


def router(context: Context) -> APIRouter:
    """The resource."""
    routes = APIRouter()
    page = Template(_PAGE.read_text(encoding="utf-8"))

    @routes.get("/")
    async def landing(request: Request) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        asked.parameters(("f",))
        if asked.preferred({"json": JSON_TYPE, "html": HTML}) == "json":
            return (await document(asked, _document(asked.base))).response()
        layers = "\n".join(_row(layer, asked.base) for layer in context.catalog.layers.values())
        html = page.substitute(
            base=escape(asked.base), layers=layers, title_fa=_TITLE_FA, title_en=_TITLE_EN
        )
        return (await tagged(asked, html.encode(), f"{HTML}; charset=utf-8")).response()

    return routes


def _document(base: str) -> JSON:
    return {
        "title": _TITLE_FA,
        "titles": {"fa": _TITLE_FA, "en": _TITLE_EN},
        "description": "لایه‌ها، کاشی‌ها و شاخص‌ها\nLayers, vector tiles and indicators",
        "links": [
            link(f"{base}/", "self", JSON_TYPE, "this document"),
            link(f"{base}/?f=html", "alternate", HTML, "this document as a page"),
            link(f"{base}/api", "service-desc", OPENAPI, "the API's definition"),
            link(f"{base}/conformance", "conformance", JSON_TYPE, "conformance classes"),
            link(f"{base}/functions", FUNCTIONS_REL, JSON_TYPE, "functions of filters"),
            link(f"{base}/conformance", CONFORMANCE_REL, JSON_TYPE, "conformance classes"),
            link(f"{base}/collections", "data", JSON_TYPE, "collections"),
            link(f"{base}/collections", DATA_REL, JSON_TYPE, "collections"),
            link(f"{base}/indicators", "related", JSON_TYPE, "indicators"),
        ],
    }


def _row(layer: Layer, base: str) -> str:
    here = escape(f"{base}/collections/{layer.id}")
    tiles = escape(f"{base}/tiles/{layer.id}")
    return f"""<tr>
<td lang="fa">{escape(layer.title.fa)}</td>
<td lang="en" dir="ltr">{escape(layer.title.en)}</td>
<td dir="ltr"><a href="{here}">{escape(layer.id)}</a></td>
<td dir="ltr"><a href="{here}/items?limit=100">GeoJSON</a></td>
<td dir="ltr"><a href="{tiles}.json">TileJSON</a>
<code>{tiles}/{{z}}/{{x}}/{{y}}.mvt</code></td>
</tr>"""
