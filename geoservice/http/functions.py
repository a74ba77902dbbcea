"""/functions: what a filter may use beside the operators of CQL2."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from geoservice.http.answer import document
from geoservice.http.asked import Asked, one_of
from geoservice.http.context import Context
from geoservice.publish.cql2.functions import functions_document


def router(context: Context) -> APIRouter:
    """The resource."""
    routes = APIRouter()

    @routes.get("/functions")
    async def functions(request: Request) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        one_of("f", asked.parameters(("f",)).get("f", "json"), ("json",))
        return (await document(asked, functions_document())).response()

    return routes
