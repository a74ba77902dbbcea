"""Vector tiles, made in PostgreSQL and passed through."""

from __future__ import annotations

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.publish.grid import Tile
from geoservice.publish.selection import Selection
from geoservice.publish.tile_query import tile_query


async def read_tile(
    connection: AsyncConnection, layer: Layer, selection: Selection, tile: Tile
) -> bytes:
    """The Mapbox Vector Tile; no bytes where nothing lies, and above the layer's first zoom."""
    if tile.z < layer.zoom.min:
        return b""
    query = tile_query(layer, selection, tile)
    cursor = await connection.execute(query.text.encode(), query.params, binary=True)
    row = await cursor.fetchone()
    return bytes(row[0]) if row else b""
