"""Vector tiles, made in PostgreSQL and passed through."""

from __future__ import annotations

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.publish.grid import Tile
from geoservice.publish.pyramid.standing import standing
from geoservice.publish.selection import Selection
from geoservice.publish.tile_query import tile_query

MOST_BYTES = 500_000
# How often detail is halved for a tile that got too large; what it comes to then is sent.
_MOST_HALVINGS = 8


async def read_tile(
    connection: AsyncConnection, layer: Layer, selection: Selection, tile: Tile
) -> bytes:
    """The Mapbox Vector Tile; no bytes where nothing lies, and above the layer's first zoom.

    A tile that got larger than `MOST_BYTES` is made again with less detail.
    """
    if tile.z < layer.zoom.min:
        return b""
    pyramid = await standing(connection, layer)
    for coarser in range(_MOST_HALVINGS):
        query = tile_query(layer, selection, tile, pyramid, coarser)
        cursor = await connection.execute(query.text.encode(), query.params, binary=True)
        row = await cursor.fetchone()
        body = bytes(row[0]) if row else b""
        if len(body) <= MOST_BYTES:
            break
    return body
