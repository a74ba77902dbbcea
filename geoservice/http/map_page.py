"""/map: every layer on one map, for people, in Persian or in English."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from geoservice.http.answer import page
from geoservice.http.asked import Asked, one_of
from geoservice.http.context import Context
from geoservice.model import LANGUAGES
from geoservice.publish.pages.map import map_page


def router(context: Context) -> APIRouter:
    """The resource."""
    routes = APIRouter()

    @routes.get("/map")
    async def whole_map(request: Request) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        given = asked.parameters(("f", "lang"))
        one_of("f", given.get("f", "html"), ("html",))
        text = one_of("lang", given.get("lang", LANGUAGES[0]), LANGUAGES)
        html = map_page(context.catalog, asked.base, LANGUAGES[LANGUAGES.index(text)])
        return (await page(asked, html)).response()

    return routes
