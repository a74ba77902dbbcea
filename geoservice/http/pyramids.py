"""While the service runs, pyramids are made of layers that have none or an old one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection, acquire, open_pool
from geoservice.errors import DatabaseUnavailable, GeoserviceError
from geoservice.http.context import Context
from geoservice.publish.pyramid.build import build, has_pyramid
from geoservice.publish.pyramid.standing import last_standing

POLL_S = 2.0

# Making one must leave most of the machine's time to those who ask for tiles, however often the
# layer is written to: of it, this share at the most. Until then touched areas come from the source.
_SHARE = 0.1
# A change is waited out for so long: an import writes a table in several steps.
_SETTLE_S = 2.0
# How long after a failure it is tried again.
_RETRY_S = 300.0
_TIMEOUT_MS = 3_600_000

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Seen:
    """When a layer's pyramid was first found wanting, and before when it is not made again."""

    since: float | None = None
    not_before: float = 0.0


class Pyramids:
    """Makes the pyramids of the layers that are served; of several workers one makes each."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._seen: dict[str, _Seen] = {}

    async def follow(self, context: Callable[[], Context]) -> None:
        """Look at every layer every two seconds, for as long as the service runs."""
        async with open_pool(
            self._url, min_size=0, max_size=1, writing=True, statement_timeout_ms=_TIMEOUT_MS
        ) as pool:
            while True:
                await asyncio.sleep(POLL_S)
                for layer in filter(has_pyramid, context().catalog.layers.values()):
                    try:
                        async with acquire(pool) as connection:
                            await self.look(connection, layer, time.monotonic())
                    except DatabaseUnavailable as error:
                        _LOG.warning("no pyramid of %s now: %s", layer.id, error)
                        break
                    except Exception as error:
                        # Of one layer alone: those of the others are made all the same.
                        self._seen_of(layer).not_before = time.monotonic() + _RETRY_S
                        known = isinstance(error, GeoserviceError)
                        _LOG.warning(
                            "no pyramid of %s: %s; it is tried again in %.0f s",
                            *(layer.id, error, _RETRY_S),
                            exc_info=None if known else error,
                        )

    async def look(self, connection: AsyncConnection, layer: Layer, now: float) -> None:
        """Make the layer's pyramid if that is wanting, has been for a while, and may be made."""
        seen = self._seen_of(layer)
        if now < seen.not_before:
            return
        pyramid = await last_standing(connection, layer)
        if pyramid is not None and not pyramid.touched:
            seen.since = None
            return
        seen.since = now if seen.since is None else seen.since
        if now - seen.since < _SETTLE_S:
            return
        begun = time.monotonic()
        built = await build(connection, layer)
        took = time.monotonic() - begun
        seen.since, seen.not_before = None, now + took / _SHARE
        if built is not None:
            _LOG.info("pyramid of %s: %s rows in %.1f s", layer.id, f"{built.rows:,}", took)

    def _seen_of(self, layer: Layer) -> _Seen:
        return self._seen.setdefault(layer.digest, _Seen())
