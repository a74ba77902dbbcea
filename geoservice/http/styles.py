"""/styles: every style as each client takes it, and as a legend."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from geoservice.catalog.layer import Layer
from geoservice.catalog.style import Style
from geoservice.errors import DatabaseUnavailable
from geoservice.http import params
from geoservice.http.answer import Answer, document, page, stale, tagged
from geoservice.http.asked import Asked, one_of
from geoservice.http.context import Context
from geoservice.model import LANGUAGES, Language
from geoservice.publish.links import HTML, JSON_TYPE, MAPBOX_STYLE, link
from geoservice.publish.pages.styles import style_page, styles_page
from geoservice.publish.selection import Selection
from geoservice.publish.styles.breaks import fixed, load
from geoservice.publish.styles.documents import FORMATS, PICTURES, SHEET_NAMES, metadata, style_list
from geoservice.publish.styles.legend import legend_png, legend_svg
from geoservice.publish.styles.maplibre import maplibre
from geoservice.publish.styles.qml.document import qml
from geoservice.publish.styles.rule import Portrayal
from geoservice.publish.styles.rules import portrayal
from geoservice.publish.styles.sld import sld

_ALTERNATES = {**SHEET_NAMES, "svg": "SVG", "png": "PNG", "json": "JSON"}


def router(context: Context) -> APIRouter:
    """The resources."""
    routes = APIRouter()

    @routes.get("/styles")
    async def styles(request: Request) -> Response:
        return await _listed(request, context, list(context.catalog.styles.values()))

    @routes.get("/collections/{layer_id}/styles")
    async def styles_of(request: Request, layer_id: str) -> Response:
        layer = context.catalog.layer(layer_id)
        return await _listed(request, context, context.catalog.styles_of(layer.id))

    @routes.get("/styles/{style_id}")
    async def style(request: Request, style_id: str) -> Response:
        asked, found, layer = _asked_for(request, context, style_id)
        return (await _sheet(context, asked, found, layer, _format(asked))).response()

    @routes.get("/styles/{style_id}/metadata")
    async def metadata_of(request: Request, style_id: str) -> Response:
        asked, found, layer = _asked_for(request, context, style_id)
        one_of("f", asked.parameters(("f",)).get("f", "json"), ("json",))
        return (await document(asked, metadata(found, layer, asked.base))).response()

    @routes.get("/styles/{style_id}/legend")
    async def legend_of(request: Request, style_id: str) -> Response:
        asked, found, layer = _asked_for(request, context, style_id)
        return (await _sheet(context, asked, found, layer, asked.preferred(PICTURES))).response()

    return routes


def _asked_for(request: Request, context: Context, style_id: str) -> tuple[Asked, Style, Layer]:
    asked = Asked.of(request.scope, context.base_url)
    found = context.catalog.style(style_id)
    return asked, found, context.catalog.layer(found.layer_id)


async def _listed(request: Request, context: Context, found: list[Style]) -> Response:
    asked = Asked.of(request.scope, context.base_url)
    asked.parameters(("f",))
    if asked.preferred({"json": JSON_TYPE, "html": HTML}) == "html":
        formats = [link(f"{asked.url}?f=json", "alternate", JSON_TYPE, "JSON")]
        pairs = [(each, context.catalog.layer(each.layer_id)) for each in found]
        return (await page(asked, styles_page(pairs, asked.base, formats))).response()
    return (await document(asked, style_list(found, asked.base, asked.url))).response()


async def _sheet(context: Context, asked: Asked, found: Style, layer: Layer, f: str) -> Answer:
    """The style in the format `f`."""
    given = asked.parameters(("f", "lang", *layer.dimensions))
    language = _language(given.get("lang", LANGUAGES[0]))
    shown = {name: text for name, text in given.items() if name in layer.dimensions}
    if f == "json":
        return await document(asked, metadata(found, layer, asked.base), JSON_TYPE)
    if f == "qml" and found.id in context.catalog.handmade:
        return await tagged(asked, context.catalog.handmade[found.id], FORMATS[f])
    edges, of_now = await _edges(context, found, layer, params.selection(layer, shown))
    answer = await _drawn(asked, portrayal(found, layer, edges), f, language, shown)
    return answer if of_now else stale(answer)


async def _edges(
    context: Context, style: Style, layer: Layer, selection: Selection
) -> tuple[tuple[float, ...], bool]:
    """The class breaks, and whether they are those of now: the database is asked only where they
    are computed, and while it is away they are as they were last, like the tiles that are kept.
    """
    declared = fixed(style)
    if declared is not None:
        return declared, True
    await asyncio.to_thread(load, style)
    try:
        return await context.breaks.of(context.long_pool, layer, style, selection), True
    except DatabaseUnavailable:
        last = context.breaks.last(layer, style, selection)
        if last is None:
            raise
        return last, False


async def _drawn(
    asked: Asked, drawn: Portrayal, f: str, language: Language, shown: dict[str, str]
) -> Answer:
    if f == "mapbox":
        return await document(asked, maplibre(drawn, asked.base, language, shown), MAPBOX_STYLE)
    if f == "html":
        formats = [
            link(asked.with_query({**shown, "f": name}), "alternate", FORMATS[name], told)
            for name, told in _ALTERNATES.items()
        ]
        return await page(asked, style_page(drawn, asked.base, formats))
    return await tagged(asked, await _written(drawn, f, language), FORMATS[f])


async def _written(drawn: Portrayal, f: str, language: Language) -> bytes:
    match f:
        case "qml":
            return qml(drawn, language)
        case "sld":
            return sld(drawn, language)
        case "png":
            return await asyncio.to_thread(legend_png, legend_svg(drawn, language))
        case _:
            return legend_svg(drawn, language)


def _format(asked: Asked) -> str:
    """What `f`, else Accept, asks for. Who accepts JSON gets the style, not its metadata."""
    given = dict(parse_qsl(asked.query.decode("latin-1"), keep_blank_values=True)).get("f")
    if given is not None:
        return one_of("f", given, FORMATS)
    return asked.preferred({name: kind for name, kind in FORMATS.items() if name != "json"})


def _language(text: str) -> Language:
    return LANGUAGES[LANGUAGES.index(one_of("lang", text, LANGUAGES))]
