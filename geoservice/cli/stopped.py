"""Runs async work so that SIGTERM stops it as Ctrl-C does: in order, every connection closed."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import TypeVar

_Done = TypeVar("_Done")


def until_stopped(work: Coroutine[object, object, _Done]) -> _Done:
    """What the work gives; SystemExit or KeyboardInterrupt once it has ended on being stopped."""
    stopped = False

    async def run() -> _Done:
        task = asyncio.current_task()

        def stop() -> None:
            nonlocal stopped
            stopped = True
            if task is not None:
                task.cancel()

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
        return await work

    before = signal.getsignal(signal.SIGTERM)
    try:
        return asyncio.run(run())
    except asyncio.CancelledError:
        if not stopped:
            raise
        sys.exit(128 + signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
