"""Tiles, as the service makes them."""

from __future__ import annotations

from collections.abc import Collection

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.publish.grid import Tile
from geoservice.publish.selection import Selection
from geoservice.publish.tile_request import Part, TileRequest
from geoservice.publish.tiles import make


async def read_tile(
    connection: AsyncConnection,
    layer: Layer,
    selection: Selection,
    tile: Tile,
    attributes: Collection[str] | None = None,
) -> bytes:
    """Its bytes; none where its declaration lets nothing lie."""
    part = Part(layer, selection, None if attributes is None else tuple(attributes))
    return await tile_of(TileRequest(tile, (part,), ""), connection)


async def tile_of(request: TileRequest, connection: AsyncConnection) -> bytes:
    """The bytes of the tile that is asked for."""
    return (await make(request, connection)).body
