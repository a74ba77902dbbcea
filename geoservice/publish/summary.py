"""What a layer holds as a whole: its extent in space and time, how many features, whose they are.

Read when first asked for, never at start-up, and kept for as long as the layer's version stands.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.database.versions import version_of
from geoservice.model import Bounds
from geoservice.publish.attribution import attribution_of
from geoservice.publish.conditions import temporal
from geoservice.publish.counts import Count, Counts
from geoservice.publish.query import Query, extent_query, index_extent_query
from geoservice.publish.rows import run
from geoservice.publish.selection import Selection


@dataclass(frozen=True, slots=True)
class Summary:
    """`bounds` in EPSG:4326 and `days` (first, last), None where the layer has none."""

    version: int | None
    bounds: Bounds | None
    days: tuple[datetime.date, datetime.date] | None
    count: Count
    attribution: str | None = None


class Summaries:
    """The summaries that one process has read."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._known: dict[str, tuple[str, Summary]] = {}  # with the digest of the declaration

    async def of(self, connection: AsyncConnection, layer: Layer) -> Summary:
        """The layer's summary, with the defaults of its dimensions."""
        version = await version_of(connection, layer.source.tables)
        digest, known = self._known.get(layer.id, (None, None))
        if known is None or version is None or (digest, known.version) != (layer.digest, version):
            known = await self._read(connection, layer, version)
            self._known[layer.id] = (layer.digest, known)
        return known

    def last(self, layer: Layer) -> Summary | None:
        """The summary as it was last read, right or not any more."""
        digest, known = self._known.get(layer.id, (None, None))
        return known if digest == layer.digest else None

    async def _read(
        self, connection: AsyncConnection, layer: Layer, version: int | None
    ) -> Summary:
        count = await self._counts.of(connection, layer, Selection(), version)
        west, south, east, north, first, last = await _extent(connection, layer, count)
        return Summary(
            version,
            _bounds(west, south, east, north),
            None if first is None else (first, last),
            count,
            await attribution_of(connection, layer),
        )


def _bounds(*sides: float | None) -> Bounds | None:
    """The box, within the world; None where there is none, or where one odd coordinate makes it
    say nothing.
    """
    found = [side for side in sides if side is not None and abs(side) < _BEYOND]
    if len(found) < len(sides):
        return None
    limits = (180.0, 90.0, 180.0, 90.0)
    return Bounds(*(min(max(s, -most), most) for s, most in zip(found, limits, strict=True)))


_BEYOND = 1e30  # an infinite coordinate, in the single precision of an index


async def _extent(connection: AsyncConnection, layer: Layer, count: Count) -> tuple[Any, ...]:
    """West, south, east, north, first and last day: exact where the layer is small or a query.

    A large table is not read for them: its index and its statistics know them well enough.
    """
    dated = bool(temporal(layer))
    indexed = layer.source.table is not None and layer.geometry.crs == 4326
    if indexed and count.estimated:
        row = await _one(connection, index_extent_query(layer))
        if row[0] is not None and (row[4] is not None or not dated):
            return row
    return await _one(connection, extent_query(layer))


async def _one(connection: AsyncConnection, query: Query) -> tuple[Any, ...]:
    row = await (await run(connection, query)).fetchone()
    return row or (None,) * 6
