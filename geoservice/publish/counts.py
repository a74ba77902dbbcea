"""How many features a request matches: exact as far as that is cheap, then estimated and so marked.

The planner is asked first: beyond `EXACT_UP_TO` rows by its estimate, which is about as good as
the last ANALYZE, nothing is counted; else it mostly takes a few ms, and is given up after two
seconds (a filter that has to look at every row of a large table). An answer is kept for
as long as its layer's version stands, so walking through pages counts once.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.publish.order import Paging, Returned
from geoservice.publish.query import Query, count_query, estimate_query
from geoservice.publish.rows import run
from geoservice.publish.selection import Selection

EXACT_UP_TO = 100_000
_KEPT = 1000
_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Count:
    """A number of features; `estimated` where it was not counted."""

    number: int
    estimated: bool


class Counts:
    """Counts features, remembering the last thousand answers of one process."""

    def __init__(self) -> None:
        self._known: OrderedDict[object, Count] = OrderedDict()

    async def of(
        self, connection: AsyncConnection, layer: Layer, selection: Selection, version: int | None
    ) -> Count:
        """How many features of the layer, at that version, the selection matches.

        Without a version nothing is remembered.
        """
        query = count_query(layer, selection, most=EXACT_UP_TO + 1)
        if version is None:
            return await _count(connection, layer, selection, query)
        key = (version, query.text, *query.params.values())
        known = self._known.get(key)
        if known is None:
            known = await _count(connection, layer, selection, query)
            self._known[key] = known
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return known

    async def beside(  # noqa: PLR0913  (the parts of a request, each by its name)
        self,
        connection: AsyncConnection,
        layer: Layer,
        selection: Selection,
        version: int | None,
        paging: Paging,
        returned: Returned,
    ) -> Count:
        """The same beside a page: what is all on it needs no counting, and an estimate is never
        less than what is there to see.
        """
        if returned.last is None and not paging.offset and paging.after is None:
            return Count(returned.number, estimated=False)
        count = await self.of(connection, layer, selection, version)
        seen = paging.offset + returned.number + (returned.last is not None)
        return replace(count, number=max(count.number, seen)) if count.estimated else count


async def _count(
    connection: AsyncConnection, layer: Layer, selection: Selection, query: Query
) -> Count:
    estimate = estimate_query(layer, selection)
    row = await (await run(connection, estimate)).fetchone()
    planned = int(row[0][0]["Plan"]["Plan Rows"]) if row else 0
    if planned > EXACT_UP_TO:
        return Count(planned, estimated=True)
    try:
        async with asyncio.timeout(_PATIENCE_S):
            row = await (await run(connection, query)).fetchone()
    except TimeoutError:  # the page matters more than how many there are
        return Count(planned, estimated=True)
    number = int(row[0]) if row else 0
    return Count(number, estimated=number > EXACT_UP_TO)
