"""/tileMatrixSets: the tile matrix sets that there are, and the definition of each."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from geoservice.http.answer import document
from geoservice.http.asked import Asked, one_of
from geoservice.http.context import Context
from geoservice.publish.grid import matrix_set
from geoservice.publish.matrix_sets import definition, matrix_sets


def router(context: Context) -> APIRouter:
    """The resources."""
    routes = APIRouter()

    @routes.get("/tileMatrixSets")
    async def matrix_sets_of(request: Request) -> Response:
        asked = _asked(request, context)
        return (await document(asked, matrix_sets(asked.url))).response()

    @routes.get("/tileMatrixSets/{name}")
    async def matrix_set_of(request: Request, name: str) -> Response:
        asked = _asked(request, context)
        return (await document(asked, definition(matrix_set(name)))).response()

    return routes


def _asked(request: Request, context: Context) -> Asked:
    asked = Asked.of(request.scope, context.base_url)
    one_of("f", asked.parameters(("f",)).get("f", "json"), ("json",))
    return asked
