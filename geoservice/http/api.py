"""/api: the OpenAPI 3.0 definition, for clients and as a page."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from geoservice.http.answer import document, page
from geoservice.http.asked import Asked
from geoservice.http.context import Context
from geoservice.http.params import LIMIT_DEFAULT, LIMIT_MAXIMUM
from geoservice.publish.links import HTML, OPENAPI, link
from geoservice.publish.openapi import definition
from geoservice.publish.pages.service import api_page


def router(context: Context) -> APIRouter:
    """The resource."""
    routes = APIRouter()

    @routes.get("/api")
    async def api(request: Request) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        asked.parameters(("f",))
        kind = asked.preferred({"json": OPENAPI, "html": HTML})
        described = definition(
            context.catalog,
            asked.base,
            limit_default=LIMIT_DEFAULT,
            limit_maximum=LIMIT_MAXIMUM,
            editing=context.edit_key is not None,
        )
        if kind == "html":
            formats = [link(f"{asked.url}?f=json", "alternate", OPENAPI, "OpenAPI 3.0")]
            return (await page(asked, api_page(described, asked.base, formats))).response()
        return (await document(asked, described, OPENAPI)).response()

    return routes
