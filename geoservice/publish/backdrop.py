"""What small maps are drawn over: the outlines of provinces, if there is a layer of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.catalog.load import Catalog
from geoservice.database.engine import AsyncConnection
from geoservice.database.versions import version_of
from geoservice.publish.query import outlines_query
from geoservice.publish.rows import run

LAYER = "province"
_FINEST = 0.001  # degrees; some 100 m, half a pixel of a map 160 km wide


@dataclass(slots=True)
class Backdrops:
    """The outlines that one process has read, kept for as long as the layer's version stands."""

    _version: int | None = None
    _digest: str | None = None
    _outlines: Sequence[BaseGeometry] = ()

    async def of(self, connection: AsyncConnection, catalog: Catalog) -> Sequence[BaseGeometry]:
        """Province polygons in CRS84; none if the catalog has no such layer of polygons."""
        layer = catalog.layers.get(LAYER)
        if layer is None or "Polygon" not in layer.geometry.type:
            return ()
        version = await version_of(connection, layer.source.tables)
        if version is None or (version, layer.digest) != (self._version, self._digest):
            query = outlines_query(layer)
            cursor = await run(connection, query, binary=True)
            shapes = shapely.from_wkb([row[0] for row in await cursor.fetchall()])
            self._outlines = tuple(shapely.simplify(shapes, _FINEST))
            self._version, self._digest = version, layer.digest
        return self._outlines
