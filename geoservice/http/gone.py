"""A client that goes away stops the work on its answer, and with it the query."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from geoservice.http.methods import Receive

# Most answers are quicker than it takes to notice; for them nobody looks.
_UNWATCHED_S = 0.1


async def unless_gone(work: Coroutine[None, None, None], receive: Receive) -> None:
    """Do the work to its end, or until the client hangs up: then it is cancelled."""
    loop = asyncio.get_running_loop()
    watching: list[asyncio.Task[None]] = []

    async def watch(until: asyncio.Timeout) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        until.reschedule(loop.time())

    def begin(until: asyncio.Timeout) -> None:
        watching.append(loop.create_task(watch(until)))

    until = asyncio.timeout(None)
    try:
        async with until:
            later = loop.call_later(_UNWATCHED_S, begin, until)
            try:
                await work
            finally:
                later.cancel()
                for each in watching:
                    each.cancel()
    except TimeoutError:
        if not until.expired():
            raise
