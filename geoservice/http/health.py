"""/health/live: the process answers. /health/ready: it can serve what it declares."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from geoservice.database.engine import acquire, connect
from geoservice.database.introspection import check_layer
from geoservice.database.migrate import current_revision, head_revision
from geoservice.errors import GeoserviceError
from geoservice.http.answer import Answer, document
from geoservice.http.asked import Asked
from geoservice.http.context import Context
from geoservice.http.errors import problem

_KEPT_OUT_OF_CACHES = "no-store"


def router(context: Context) -> APIRouter:
    """The two resources."""
    routes = APIRouter()

    @routes.get("/health/live")
    async def live(request: Request) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        asked.parameters(())
        return _uncached(await document(asked, {"status": "live"})).response()

    @routes.get("/health/ready")
    async def ready(request: Request) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        asked.parameters(())
        faults = await _faults(context)
        if faults:
            detail = "; ".join(faults)
            answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, faults=faults)
        else:
            answer = _uncached(await document(asked, {"status": "ready"}))
        return answer.response()

    return routes


def _uncached(answer: Answer) -> Answer:
    answer.headers["cache-control"] = _KEPT_OUT_OF_CACHES
    return answer


async def _faults(context: Context) -> list[str]:
    """What keeps the service from serving: the database, its schema, or a declaration."""
    try:
        async with acquire(context.pool) as connection:
            await connection.execute("SELECT 1")
        return await asyncio.to_thread(_faults_of_schema, context)
    except GeoserviceError as error:
        return [str(error)]


def _faults_of_schema(context: Context) -> list[str]:
    current = current_revision(context.database_url)
    head = head_revision(context.migrations_dir)
    if current != head:
        return [f"the database is at migration {current}, not {head}: run geoservice migrate"]
    with connect(context.database_url, application="geoservice ready") as connection:
        return [
            fault
            for layer in context.catalog.layers.values()
            for fault in check_layer(connection, layer)
        ]
