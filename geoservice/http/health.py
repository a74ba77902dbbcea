"""/health/live: the process answers. /health/ready: it can serve what it declares.

A layer that is wrong does not make the others unready: they are served, the status stays 200 so
that no load balancer takes them away, and the body says «degraded» and why.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from geoservice.database.engine import acquire
from geoservice.database.revision import head_of, revision_of
from geoservice.database.uniqueness import unproven
from geoservice.errors import GeoserviceError
from geoservice.http.answer import Answer, document
from geoservice.http.asked import Asked
from geoservice.http.context import Context
from geoservice.http.errors import problem
from geoservice.model import JSON
from geoservice.publish.pyramid.standing import remarks

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
        hindrance = await _hindrance(context)
        if hindrance is not None:
            return _unready([hindrance])
        now = await context.look() if context.look else context
        faults = [
            fault
            for text in (
                *now.catalog.faults.values(),
                *now.catalog.style_faults.values(),
                *context.failing.values(),
            )
            for fault in text.splitlines()
        ]
        if not now.catalog.layers:
            return _unready(faults)
        if now.warm.kept.files is not None and now.warm.kept.files.fault is not None:
            faults.append(now.warm.kept.files.fault)
        untracked = now.untracked
        told: JSON = {"status": "degraded", "faults": faults} if faults else {"status": "ready"}
        notes = [
            *(f"{why}; layers that read it are served without ETag" for why in untracked.values()),
            *(await _remarks(now)),
        ]
        if notes:
            told["notes"] = notes
        return _uncached(await document(asked, told)).response()

    return routes


async def _remarks(context: Context) -> list[str]:
    """Of which layers' feature ids nothing says that they are unique, and what could not be made
    of the layers' pyramids; none where that cannot be read.
    """
    layers = context.catalog.layers
    try:
        async with acquire(context.pool) as connection:
            shared = await unproven(connection, layers.values())
            not_made = await remarks(connection, list(layers))
    except GeoserviceError:
        return []
    told = (*shared.items(), *not_made.items())
    return [f"{layer_id}: {remark}" for layer_id, remark in told]


def _uncached(answer: Answer) -> Answer:
    answer.headers["cache-control"] = _KEPT_OUT_OF_CACHES
    return answer


def _unready(faults: list[str]) -> Response:
    answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, "; ".join(faults), faults=faults)
    return answer.response()


async def _hindrance(context: Context) -> str | None:
    """What keeps the service from serving anything: the database or its schema."""
    try:
        async with acquire(context.pool) as connection:
            current = await revision_of(connection)
        head = await asyncio.to_thread(head_of, context.migrations_dir)
    except GeoserviceError as error:
        return str(error)
    if current != head:
        return f"the database is at migration {current}, not {head}: run geoservice migrate"
    return None
