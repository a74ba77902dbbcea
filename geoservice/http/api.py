"""/api: the OpenAPI 3.0 definition."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from geoservice.http.answer import document
from geoservice.http.asked import Asked, one_of
from geoservice.http.context import Context
from geoservice.http.params import LIMIT_DEFAULT, LIMIT_MAXIMUM
from geoservice.publish.links import OPENAPI
from geoservice.publish.openapi import definition


def router(context: Context) -> APIRouter:
    """The resource."""
    routes = APIRouter()

    @routes.get("/api")
    async def api(request: Request) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        one_of("f", asked.parameters(("f",)).get("f", "json"), ("json",))
        described = definition(
            context.catalog,
            asked.base,
            limit_default=LIMIT_DEFAULT,
            limit_maximum=LIMIT_MAXIMUM,
            editing=context.editing,
        )
        return (await document(asked, described, OPENAPI)).response()

    return routes
