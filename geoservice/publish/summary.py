"""What a layer holds as a whole: its extent in space and time, how many features, whose they are.

Read when first asked for, never at start-up, and kept for as long as the layer's version stands.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.database.versions import version_of
from geoservice.model import Bounds
from geoservice.publish.conditions import temporal
from geoservice.publish.counts import Count, Counts
from geoservice.publish.query import extent_query
from geoservice.publish.selection import Selection

# The box at the root of the table's spatial index: at once, at any size. Deleted rows may still
# widen it until the next VACUUM.
_INDEX_EXTENT = b"""
SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box), NULL, NULL
FROM (SELECT ST_EstimatedExtent(%(schema)s, %(table)s, %(column)s) AS box) e
"""


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

    async def _read(
        self, connection: AsyncConnection, layer: Layer, version: int | None
    ) -> Summary:
        row: tuple[object, ...] | None = None
        if layer.source.table is not None and layer.geometry.crs == 4326 and not temporal(layer):
            schema, table = layer.source.table.split(".")
            names = {"schema": schema, "table": table, "column": layer.geometry.column}
            row = await (await connection.execute(_INDEX_EXTENT, names)).fetchone()
        if row is None or row[0] is None:
            query = extent_query(layer)
            row = await (await connection.execute(query.text.encode(), query.params)).fetchone()
        west, south, east, north, first, last = row or (None,) * 6
        return Summary(
            version,
            None if west is None else Bounds(west, south, east, north),  # type: ignore[arg-type]
            None if first is None else (first, last),  # type: ignore[arg-type]
            await self._counts.of(connection, layer, Selection(), version),
            await _attribution(connection, layer),
        )


async def _attribution(connection: AsyncConnection, layer: Layer) -> str | None:
    if layer.attribution is None:
        return None
    row = await (await connection.execute(f"SELECT ({layer.attribution})".encode())).fetchone()
    return row[0] or None if row else None
