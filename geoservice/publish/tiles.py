"""Vector tiles, made in PostgreSQL and passed through."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.publish.grid import Tile
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.standing import standing
from geoservice.publish.query import Query
from geoservice.publish.rows import run
from geoservice.publish.tile_frame import MOST_BYTES
from geoservice.publish.tile_query import tile_query
from geoservice.publish.tile_request import Part, TileRequest

# How often detail is halved for a tile that got too large.
_MOST_HALVINGS = 8

Standing = Callable[[AsyncConnection, Layer], Awaitable[Pyramid | None]]


async def make(
    request: TileRequest, connection: AsyncConnection, look: Standing = standing
) -> bytes:
    """The Mapbox Vector Tile; no bytes where nothing lies.

    A tile is a message of layers, so several tiles of one layer each, one behind the other, are
    one tile of several layers.
    """
    made = [
        await _read(connection, part, request.tile, await look(connection, part.layer))
        for part in request.showing  # one statement after the other: it is one connection
    ]
    return b"".join(made)


async def fitting(
    connection: AsyncConnection, part: Part, tile: Tile, pyramid: Pyramid | None, body: bytes
) -> bytes:
    """The tile with all its detail, `body`, or where that is larger than `MOST_BYTES` one with less
    detail, and in the end without attributes.
    """
    detail = [(part, coarser) for coarser in range(1, _MOST_HALVINGS)]
    for shown, coarser in (*detail, (replace(part, attributes=()), _MOST_HALVINGS - 1)):
        if len(body) <= MOST_BYTES:
            break
        body = await _made(connection, tile_query(shown, tile, pyramid, coarser))
    return body


async def _read(
    connection: AsyncConnection, part: Part, tile: Tile, pyramid: Pyramid | None
) -> bytes:
    body = await _made(connection, tile_query(part, tile, pyramid))
    return await fitting(connection, part, tile, pyramid, body)


async def _made(connection: AsyncConnection, query: Query) -> bytes:
    row = await (await run(connection, query, binary=True)).fetchone()
    return bytes(row[0]) if row else b""
