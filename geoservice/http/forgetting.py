"""Areas that writes touched are kept for a while; one worker at a time forgets the oldest."""

from __future__ import annotations

import asyncio
import logging

from geoservice.database.engine import connect
from geoservice.database.touched import forget_touched
from geoservice.errors import GeoserviceError

# What was kept for longer than so many writes is made anew.
KEPT = 10_000
_PAUSE_S = 30.0
_TIMEOUT_MS = 10_000

_LOG = logging.getLogger(__name__)


async def forget_now_and_then(url: str) -> None:
    """Bound the table of touched areas, for as long as the service runs."""
    told = ""
    while True:
        try:
            await asyncio.to_thread(forget, url)
            told = ""
        except GeoserviceError as error:
            if str(error) != told:
                _LOG.warning("touched areas could not be forgotten: %s", error)
            told = str(error)
        await asyncio.sleep(_PAUSE_S)


def forget(url: str) -> int:
    """Forget all but the last `KEPT` areas; tells how many."""
    with connect(
        url, application="geoservice areas", statement_timeout_ms=_TIMEOUT_MS
    ) as connection:
        return forget_touched(connection, KEPT)
