"""While the service runs, pyramids are made of layers that have none or an old one, and dropped
with layers that go.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection, Pool, acquire, open_pool
from geoservice.errors import DatabaseUnavailable, GeoserviceError
from geoservice.http.context import Context
from geoservice.http.fresh import Fresh
from geoservice.publish.pyramid.build import build, has_pyramid
from geoservice.publish.pyramid.prepare import drop
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.standing import standing

POLL_S = 2.0

# Making one must leave most of the machine's time to those who ask for tiles, however often the
# layer is written to: of it, this share at the most. Until then touched areas come from the source.
_SHARE = 0.1
# A change is waited out for so long: an import writes a table in several steps.
_SETTLE_S = 2.0
# How long after a failure it is tried again.
_RETRY_S = 300.0
_TIMEOUT_MS = 3_600_000
# How long a layer is to be gone before its pyramid goes: other workers read declarations a moment
# later, and editors replace a file by removing it first.
_GONE_S = 60.0

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Seen:
    """When a layer's pyramid was first found wanting, and before when it is not made again."""

    since: float | None = None
    not_before: float = 0.0


async def standing_at(
    fresh: Fresh, at: str | None, connection: AsyncConnection, layer: Layer
) -> Pyramid | None:
    """As `standing`, looked up once for a worker until something was committed (`remembered`)."""
    key = ("pyramid", layer.digest)
    return await fresh.remembered(key, at, lambda: standing(connection, layer))


class Pyramids:
    """Makes the pyramids of the layers that are served, and drops those of layers that are not any
    more; of several workers one makes each.
    """

    def __init__(self, url: str, fresh: Fresh) -> None:
        self._url = url
        self._fresh = fresh
        self._seen: dict[str, _Seen] = {}
        self._declared: set[str] = set()
        self._missing: dict[str, float] = {}  # since when

    async def follow(self, context: Callable[[], Context]) -> None:
        """Look at every layer every two seconds, for as long as the service runs."""
        async with open_pool(
            self._url, min_size=0, max_size=1, writing=True, statement_timeout_ms=_TIMEOUT_MS
        ) as pool:
            while True:
                await asyncio.sleep(POLL_S)
                catalog = context().catalog
                try:
                    for layer in filter(has_pyramid, catalog.layers.values()):
                        await self._made(pool, layer)
                    for layer_id in self.gone({*catalog.layers, *catalog.faults}, time.monotonic()):
                        async with acquire(pool) as connection:
                            if await drop(connection, layer_id):
                                _LOG.info("the pyramid of %s is gone with its layer", layer_id)
                except GeoserviceError as error:
                    _LOG.warning("no pyramids now: %s", error)

    def gone(self, declared: Collection[str], now: float) -> list[str]:
        """The layers that were declared and for a while have not been, each told once.

        What was never declared here may be another service's.
        """
        self._declared.update(declared)
        missing = self._declared.difference(declared)
        self._missing = {each: self._missing.get(each, now) for each in missing}
        found = [each for each, since in self._missing.items() if now - since >= _GONE_S]
        self._declared.difference_update(found)
        return found

    async def _made(self, pool: Pool, layer: Layer) -> None:
        try:
            async with acquire(pool) as connection:
                await self.look(connection, layer, time.monotonic())
        except DatabaseUnavailable:
            raise
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
        pyramid = await standing_at(self._fresh, await self._fresh.now(), connection, layer)
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
            if built.remark is not None:
                _LOG.warning("pyramid of %s: %s", layer.id, built.remark)

    def _seen_of(self, layer: Layer) -> _Seen:
        return self._seen.setdefault(layer.digest, _Seen())
