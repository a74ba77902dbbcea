"""From ASGI start-up to shutdown: the pools, and what runs beside the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import AsyncExitStack
from functools import partial

from geoservice.database.engine import open_pool
from geoservice.http.answer import Send
from geoservice.http.forgetting import forget_now_and_then
from geoservice.http.methods import Receive
from geoservice.http.pyramids import Pyramids
from geoservice.http.reload import Served
from geoservice.settings import Settings

# Writes to one table wait for each other anyway.
_WRITERS = 2

# How long an answer of any length may take.
_LONG_TIMEOUT_MS = 3_600_000


async def live(serving: Served, settings: Settings, receive: Receive, send: Send) -> None:
    """Hold the pools open and follow the declarations, from ASGI start-up to shutdown."""
    context, _ = serving.now
    opening = partial(open_pool, context.database_url, wait_s=settings.pool_wait_s)
    async with AsyncExitStack() as opened:
        await receive()
        try:
            context.opened = await opened.enter_async_context(opening(max_size=settings.pool_size))
            context.opened_for_tiles = await opened.enter_async_context(
                opening(max_size=settings.tile_pool_size)
            )
            context.opened_for_geocoding = await opened.enter_async_context(
                opening(max_size=settings.pool_size, planned_once=True)
            )
            context.opened_long = await opened.enter_async_context(
                opening(max_size=settings.long_pool_size, statement_timeout_ms=_LONG_TIMEOUT_MS)
            )
            if context.edit_key is not None:
                context.opened_for_edits = await opened.enter_async_context(
                    opening(min_size=0, max_size=_WRITERS, writing=True)
                )
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        pyramids = Pyramids(context.database_url, context.warm.kept.fresh)
        beside = [
            asyncio.create_task(serving.follow()),
            asyncio.create_task(forget_now_and_then(context.database_url)),
            asyncio.create_task(pyramids.follow(lambda: serving.now[0])),
        ]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await _end(beside)
        context, _ = serving.now
        context.opened = context.opened_long = context.opened_for_tiles = None
        context.opened_for_geocoding = context.opened_for_edits = None
        await context.warm.kept.close()
    await send({"type": "lifespan.shutdown.complete"})


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel them until they have ended: before Python 3.12 `asyncio.wait_for`, in which the driver
    waits, loses a cancellation that comes in the very moment of an answer.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=1)
