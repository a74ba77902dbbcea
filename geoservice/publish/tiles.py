"""Vector tiles, made in PostgreSQL and passed through."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.publish.grid import Tile
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.standing import last_standing
from geoservice.publish.rows import run
from geoservice.publish.selection import Selection
from geoservice.publish.tile_frame import MOST_BYTES
from geoservice.publish.tile_query import tile_query
from geoservice.publish.tile_request import Part, TileRequest

# How often detail is halved for a tile that got too large.
_MOST_HALVINGS = 8

Standing = Callable[[AsyncConnection, Layer], Awaitable[Pyramid | None]]


async def make(
    request: TileRequest, connection: AsyncConnection, standing: Standing = last_standing
) -> bytes:
    """The Mapbox Vector Tile; no bytes where nothing lies.

    A tile is a message of layers, so several tiles of one layer each, one behind the other, are
    one tile of several layers.
    """
    made = [
        await _read(connection, part, request.tile, await standing(connection, part.layer))
        for part in request.showing  # one statement after the other: it is one connection
    ]
    return b"".join(made)


async def read_tile(
    connection: AsyncConnection,
    layer: Layer,
    selection: Selection,
    tile: Tile,
    attributes: Collection[str] | None = None,
) -> bytes:
    """The tile of one layer; no bytes where its declaration lets nothing lie."""
    part = Part(layer, selection, None if attributes is None else tuple(attributes))
    if not part.lies_in(tile):
        return b""
    return await _read(connection, part, tile, await last_standing(connection, layer))


async def _read(
    connection: AsyncConnection, part: Part, tile: Tile, pyramid: Pyramid | None
) -> bytes:
    """One that got larger than `MOST_BYTES` is made again with less detail, and in the end without
    attributes.
    """
    detail = [(part, coarser) for coarser in range(_MOST_HALVINGS)]
    for shown, coarser in (*detail, (replace(part, attributes=()), _MOST_HALVINGS - 1)):
        query = tile_query(shown, tile, pyramid, coarser)
        cursor = await run(connection, query, binary=True)
        row = await cursor.fetchone()
        body = bytes(row[0]) if row else b""
        if len(body) <= MOST_BYTES:
            break
    return body
