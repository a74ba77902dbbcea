"""A client that goes away stops the work on its answer, and with it the query."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress

from geoservice.http.methods import Receive

# Most answers are quicker than it takes to notice; for them nobody looks.
_UNWATCHED_S = 0.1


async def unless_gone(work: Coroutine[None, None, None], receive: Receive) -> None:
    """Do the work to its end, or until the client hangs up: then it is cancelled."""
    task = asyncio.ensure_future(work)
    watch: asyncio.Task[None] | None = None
    try:
        done, _ = await asyncio.wait({task}, timeout=_UNWATCHED_S)
        if not done:
            watch = asyncio.create_task(_hung_up(receive))
            await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
    finally:
        for each in filter(None, (task, watch)):
            if not each.done():
                each.cancel()
                with suppress(asyncio.CancelledError):
                    await each


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
