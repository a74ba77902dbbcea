"""Which values the dimensions of a layer have, so that a request for another one can be told so.

Read when a request first names the dimension, and kept for as long as the layer's version stands.
"""

from __future__ import annotations

import asyncio

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.publish.query import dimension_query
from geoservice.publish.rows import run

MOST = 100
_PATIENCE_S = 2.0

Values = tuple[str, ...]


class Dimensions:
    """What one process has read."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[str, int, Values]] = {}

    def known(self, layer: Layer, name: str, version: int) -> Values | None:
        """What `read` told of the layer at that version; None if it was not asked."""
        digest, at, values = self._known.get((layer.id, name), ("", -1, ()))
        return values if (digest, at) == (layer.digest, version) else None

    async def read(
        self, connection: AsyncConnection, layer: Layer, name: str, version: int
    ) -> Values:
        """The values as texts, in their order; none if they are more than `MOST`, or if it takes
        over two seconds to find out.
        """
        values: Values = ()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                query = dimension_query(layer, name, most=MOST + 1)
                found = await (await run(connection, query)).fetchall()
            values = tuple(str(row[0]) for row in sorted(found)) if len(found) <= MOST else ()
        except TimeoutError:
            pass
        self._known[layer.id, name] = (layer.digest, version, values)
        return values
