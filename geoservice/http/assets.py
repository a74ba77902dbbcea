"""/fonts and /sprites, which styles refer to, and /assets, which the map page is made of."""

from __future__ import annotations

import asyncio
from functools import cache

from fastapi import APIRouter, Request, Response

from geoservice.http.answer import Answer
from geoservice.http.asked import Asked
from geoservice.http.coding import packed_hard, worth
from geoservice.http.context import Context
from geoservice.publish.assets import Asset, glyphs, page_file, sprite
from geoservice.publish.links import PNG

_DAY_S = 86_400
# Another version of the software may have others at the same address, but labels that are a day
# late harm nobody; an edition of the page is never another.
_KEPT_A_DAY = f"public, max-age={_DAY_S}"
_KEPT_FOR_EVER = f"public, max-age={365 * _DAY_S}, immutable"


def router(context: Context) -> APIRouter:
    """The resources."""
    routes = APIRouter()

    @routes.get("/fonts/{font_stack}/{characters}.pbf")
    async def font(request: Request, font_stack: str, characters: str) -> Response:
        asked = _asked(request, context)
        return (await _answer(asked, glyphs(font_stack, characters), _KEPT_A_DAY)).response()

    @routes.get("/sprites/{name}")
    async def sprites(request: Request, name: str) -> Response:
        return (await _answer(_asked(request, context), sprite(name), _KEPT_A_DAY)).response()

    @routes.get("/assets/{edition}/{name}")
    async def asset(request: Request, edition: str, name: str) -> Response:
        asked = _asked(request, context)
        return (await _answer(asked, page_file(edition, name), _KEPT_FOR_EVER)).response()

    return routes


def _asked(request: Request, context: Context) -> Asked:
    asked = Asked.of(request.scope, context.base_url)
    asked.parameters(())
    return asked


async def _answer(asked: Asked, asset: Asset, kept: str) -> Answer:
    coding = asked.coding if worth(len(asset.body)) and asset.media_type != PNG else None
    etag = asked.tag(asset.media_type, asset.digest)
    headers = {"etag": etag, "cache-control": kept, "vary": "Accept-Encoding"}
    if asked.has(etag):
        return Answer(304, headers)
    headers["content-type"] = asset.media_type
    if coding is None:
        return Answer(200, headers, asset.body)
    headers["content-encoding"] = coding
    return Answer(200, headers, await asyncio.to_thread(_packed, coding, asset))


@cache
def _packed(coding: str, asset: Asset) -> bytes:
    return packed_hard(coding, asset.body)
