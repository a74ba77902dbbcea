"""/map: every layer on one map, and /geocode: a search box over one; in Persian or in English."""

from __future__ import annotations

from collections.abc import Callable, Collection

from fastapi import APIRouter, Request, Response

from geoservice.catalog.load import Catalog
from geoservice.errors import InvalidParameter
from geoservice.http.answer import Answer, fresh_headers, page
from geoservice.http.asked import Asked, one_of
from geoservice.http.context import Context
from geoservice.model import LANGUAGES, Language
from geoservice.publish.links import HTML
from geoservice.publish.pages.map import geocode_page, map_page


def router(context: Context) -> APIRouter:
    """The two resources."""
    routes = APIRouter()

    @routes.get("/map")
    async def whole_map(request: Request) -> Response:
        return await _answer(request, context, map_page)

    @routes.get("/geocode")
    async def geocode(request: Request) -> Response:
        try:
            return await _answer(request, context, geocode_page, ("q", "at"))
        except InvalidParameter as error:
            if HTML not in request.headers.get("accept", ""):
                raise
            return _refused(request, context, error.parameter)

    @routes.get("/favicon.ico")
    async def icon() -> Response:
        """Nothing, so that browsers stop asking beside documents that cannot name one."""
        return Response(status_code=204, headers={"cache-control": "max-age=86400"})

    return routes


def _refused(request: Request, context: Context, parameter: str) -> Response:
    """The page, for a person in a browser, which says what was wrong with its address."""
    asked = Asked.of(request.scope, context.base_url)
    said = asked.said("lang")
    language = next((each for each in LANGUAGES if each == said), LANGUAGES[0])
    html = geocode_page(context.catalog, asked.base, language, parameter)
    headers = {"content-type": f"{HTML}; charset=utf-8", **fresh_headers(None)}
    return Answer(400, headers, html).response()


async def _answer(
    request: Request,
    context: Context,
    made: Callable[[Catalog, str, Language], bytes],
    read_by_script: Collection[str] = (),
) -> Response:
    asked = Asked.of(request.scope, context.base_url)
    given = asked.parameters(("f", "lang", *read_by_script))
    one_of("f", given.get("f", "html"), ("html",))
    text = one_of("lang", given.get("lang", LANGUAGES[0]), LANGUAGES)
    html = made(context.catalog, asked.base, LANGUAGES[LANGUAGES.index(text)])
    return (await page(asked, html)).response()
