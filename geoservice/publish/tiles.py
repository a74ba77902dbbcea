"""Vector tiles, made in PostgreSQL and passed through."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection, AsyncCursor
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


@dataclass(frozen=True, slots=True)
class Made:
    """A tile, no bytes where nothing lies, and the snapshot of what was committed that its rows are
    of; None if they are of several.
    """

    body: bytes
    snapshot: str | None


async def make(
    request: TileRequest, connection: AsyncConnection, look: Standing = standing
) -> Made:
    """The Mapbox Vector Tile.

    A tile is a message of layers, so several tiles of one layer each, one behind the other, are
    one tile of several layers.
    """
    made = [
        await _read(connection, part, request.tile, await look(connection, part.layer))
        for part in request.showing  # one statement after the other: it is one connection
    ]
    if len(made) == 1:
        return made[0]
    of = {each.snapshot for each in made}
    return Made(b"".join(each.body for each in made), of.pop() if len(of) == 1 else None)


async def fitting(
    connection: AsyncConnection, part: Part, tile: Tile, pyramid: Pyramid | None, made: Made
) -> Made:
    """The tile with all its detail, as `made`, or where that is larger than `MOST_BYTES` one with
    less detail, and in the end without attributes.
    """
    detail = [(part, coarser) for coarser in range(1, _MOST_HALVINGS)]
    for shown, coarser in (*detail, (replace(part, attributes=()), _MOST_HALVINGS - 1)):
        if len(made.body) <= MOST_BYTES:
            break
        made = await _made(connection, tile_query(shown, tile, pyramid, coarser))
    return made


async def read_made(cursor: AsyncCursor) -> Made:
    """What a `tile_query` gave, in binary."""
    body, snapshot = await cursor.fetchone() or (b"", None)
    return Made(bytes(body), snapshot)


async def _read(
    connection: AsyncConnection, part: Part, tile: Tile, pyramid: Pyramid | None
) -> Made:
    made = await _made(connection, tile_query(part, tile, pyramid))
    return await fitting(connection, part, tile, pyramid, made)


async def _made(connection: AsyncConnection, query: Query) -> Made:
    return await read_made(await run(connection, query, binary=True))
