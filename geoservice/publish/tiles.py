"""Vector tiles, made in PostgreSQL and passed through."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from math import log2

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

# How often detail is halved before attributes go, and in all.
_MOST_HALVINGS, _MOST_AT_ALL = 9, 30

Standing = Callable[[AsyncConnection, Layer], Awaitable[Pyramid | None]]


@dataclass(frozen=True, slots=True)
class Made:
    """A tile, no bytes where nothing lies, and the snapshot of what was committed that its rows are
    of; None if they are of several.
    """

    body: bytes
    snapshot: str | None


@dataclass(frozen=True, slots=True)
class Whole:
    """What a part comes to with all its detail, by the `pyramid` that stood."""

    part: Part
    pyramid: Pyramid | None
    made: Made


async def make(
    request: TileRequest, connection: AsyncConnection, look: Standing = standing
) -> Made:
    """The Mapbox Vector Tile, no larger than `MOST_BYTES`.

    A tile is a message of layers, so several tiles of one layer each, one behind the other, are
    one tile of several layers.
    """
    parts = []
    for part in request.showing:  # one statement after the other: it is one connection
        pyramid = await look(connection, part.layer)
        made = await _made(connection, tile_query(part, request.tile, pyramid))
        parts.append(Whole(part, pyramid, made))
    return await fitting(connection, request.tile, parts)


async def fitting(connection: AsyncConnection, tile: Tile, parts: Sequence[Whole]) -> Made:
    """The tile that all parts make, with all their detail; or where that is larger than
    `MOST_BYTES`, those with less detail that take more than their share of it. What a part does not
    need of its share the others have.
    """
    made = [each.made for each in parts]
    left = MOST_BYTES
    smallest_first = sorted(range(len(parts)), key=lambda number: len(made[number].body))
    for before, number in enumerate(smallest_first):
        share = left // (len(parts) - before)
        made[number] = await _within(share, connection, tile, parts[number])
        left -= len(made[number].body)
    of = {each.snapshot for each in made}
    return Made(b"".join(each.body for each in made), of.pop() if len(of) == 1 else None)


async def read_made(cursor: AsyncCursor) -> Made:
    """What a `tile_query` gave, in binary."""
    body, snapshot = await cursor.fetchone() or (b"", None)
    return Made(bytes(body), snapshot)


async def _within(most: int, connection: AsyncConnection, tile: Tile, whole: Whole) -> Made:
    """The part in so many bytes at the most: with half the detail as often as it takes, then with
    no attribute but the feature id, then without any.
    """
    part, made, coarser = whole.part, whole.made, 0
    ids = tuple(name for name in part.carried(tile) if name == part.layer.feature_id)
    fewer: list[tuple[tuple[str, ...], int]] = [(ids, _MOST_HALVINGS), ((), _MOST_AT_ALL)]
    for attributes, halvings in ((part.attributes, _MOST_HALVINGS), *fewer):
        shown = replace(part, attributes=attributes)
        if shown != part and len(made.body) > most:
            made = await _made(connection, tile_query(shown, tile, whole.pyramid, coarser))
        while len(made.body) > most and coarser < halvings:
            coarser = min(coarser + _halvings(made, most, part.layer), halvings)
            made = await _made(connection, tile_query(shown, tile, whole.pyramid, coarser))
        part = shown
    return made


def _halvings(made: Made, most: int, layer: Layer) -> int:
    """How often the detail has to be halved at the least. Half the detail of shapes is half of them
    or more; of points it may be a quarter, or of one place a single one.
    """
    return 1 if layer.geometry.type == "Point" else max(int(log2(len(made.body) / most)), 1)


async def _made(connection: AsyncConnection, query: Query) -> Made:
    return await read_made(await run(connection, query, binary=True))
