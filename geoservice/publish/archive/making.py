"""Tiles by the hundred: many statements at once over each connection."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Sequence

from pmtiles.tile import tileid_to_zxy

from geoservice.database.engine import AsyncConnection, Pool, acquire
from geoservice.publish.archive.wanted import Wanted
from geoservice.publish.archive.work import Work
from geoservice.publish.grid import Tile
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.standing import standing
from geoservice.publish.tile_query import tile_query
from geoservice.publish.tile_request import Part
from geoservice.publish.tiles import Whole, fitting, read_made

# Tiles for which pyramids are looked up once, and those whose statements are under way at once:
# of these the bytes are in memory.
_BATCH, _AT_ONCE = 64, 16

_PYRAMIDS = "SELECT layer, mark, deepest FROM meta.pyramid WHERE layer = ANY(%s) ORDER BY layer"

Todo = Sequence[tuple[int, int]]


async def make_all(pool: Pool, wanted: Wanted, work: Work, told: Callable[[int], None]) -> int:
    """Make every tile of the work that is to be made, and keep it; tells how many.

    `told` is called with how many more are kept.
    """
    after, made = -1, 0
    waiting: set[asyncio.Task[list[tuple[int, bytes]]]] = set()
    try:
        while True:
            todo = work.unmade(after, _BATCH) if len(waiting) < pool.max_size else []
            if todo:
                after = todo[-1][0]
                waiting.add(asyncio.create_task(_batch(pool, wanted, todo)))
                continue
            if not waiting:
                return made
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                tiles = task.result()
                work.keep(tiles)
                made += len(tiles)
                told(len(tiles))
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def _batch(pool: Pool, wanted: Wanted, todo: Todo) -> list[tuple[int, bytes]]:
    """The tiles, of pyramids that stood all the while: one that is made anew meanwhile is for
    other zooms than it was.
    """
    ids = [layer.id for layer in wanted.layers]
    async with acquire(pool) as connection:
        while True:
            before = await (await connection.execute(_PYRAMIDS, [ids])).fetchall()
            pyramids = [await standing(connection, layer) for layer in wanted.layers]
            made: list[tuple[int, bytes]] = []
            for i in range(0, len(todo), _AT_ONCE):
                bodies = await _bodies(connection, wanted.parts, pyramids, todo[i : i + _AT_ONCE])
                made += await asyncio.to_thread(_packed, bodies)
            if await (await connection.execute(_PYRAMIDS, [ids])).fetchall() == before:
                return made


def _packed(bodies: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    return [(i, gzip.compress(body, 6, mtime=0) if body else b"") for i, body in bodies]


async def _bodies(
    connection: AsyncConnection,
    parts: Sequence[Part],
    pyramids: Sequence[Pyramid | None],
    todo: Todo,
) -> list[tuple[int, bytes]]:
    """Each tile's id and bytes. The statements are sent without waiting for one another."""
    asked = []
    async with connection.pipeline():
        for tile_id, layers in todo:
            tile, of_tile = Tile(*tileid_to_zxy(tile_id)), []
            for number, (part, pyramid) in enumerate(zip(parts, pyramids, strict=True)):
                if layers >> number & 1 and part.lies_in(tile):
                    query = tile_query(part, tile, pyramid)
                    text = query.text.encode()
                    cursor = await connection.execute(text, query.params, binary=True)
                    of_tile.append((part, pyramid, cursor))
            asked.append(of_tile)
    bodies = []
    for (tile_id, _), parts_asked in zip(todo, asked, strict=True):
        whole = [
            Whole(part, pyramid, await read_made(cursor)) for part, pyramid, cursor in parts_asked
        ]
        made = await fitting(connection, Tile(*tileid_to_zxy(tile_id)), whole)
        bodies.append((tile_id, made.body))
    return bodies
