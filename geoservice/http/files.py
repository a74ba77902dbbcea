"""Features as a file that another program opens."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from geoservice.database.engine import acquire
from geoservice.errors import InvalidParameter
from geoservice.http.answer import Answer, streamed
from geoservice.http.context import Context
from geoservice.http.wanted import Wanted
from geoservice.publish.formats.format import FORMATS
from geoservice.publish.formats.table import Table
from geoservice.publish.query import cells_query, count_query
from geoservice.publish.rows import Rows, read_rows, run

# Rows at a time: their cells are made between other requests, which wait so long (some 5 ms).
# Files are written no quicker from 5000.
_BATCH = 1000


async def file(context: Context, wanted: Wanted, etag: str | None) -> Answer:
    """All that is asked for, in one of `FORMATS`."""
    made = FORMATS[wanted.format]
    # Weak: a file says when it was made, and its rows come in any order unless one is asked for.
    etag = etag and f"W/{etag}"
    if made.most is not None:
        await _refuse_too_many(context, wanted, made.most)
    pieces = _pieces(context, wanted)
    answer = await streamed(wanted.asked, pieces, made.media_type, etag, packable=made.compressible)
    name = f"{wanted.layer.id}.{made.extension}"
    answer.headers["content-disposition"] = f'attachment; filename="{name}"'
    return answer


async def _pieces(context: Context, wanted: Wanted) -> AsyncGenerator[bytes, None]:
    layer, shape = wanted.layer, wanted.presentation
    table = Table(layer, shape.of(layer), shape.crs, shape.geometry, shape.digits)
    encode = FORMATS[wanted.format].encode
    async with aclosing(_rows(context, wanted)) as rows, aclosing(encode(table, rows)) as pieces:
        async for piece in pieces:
            yield piece


async def _rows(context: Context, wanted: Wanted) -> Rows:
    """The rows, with a connection that is free again when they end: a file that is made whole
    before it is sent may take long to be taken.
    """
    query = cells_query(wanted.layer, wanted.selection, wanted.presentation, wanted.paging)
    async with (
        acquire(context.pool_for(long=wanted.long)) as connection,
        aclosing(read_rows(connection, query, wanted.paging.limit, _BATCH)) as rows,
    ):
        async for batch in rows:
            yield batch


async def _refuse_too_many(context: Context, wanted: Wanted, most: int) -> None:
    limit = wanted.paging.limit
    if limit is not None and limit <= most:
        return
    query = count_query(wanted.layer, wanted.selection, most=most + 1)
    async with acquire(context.long_pool) as connection:
        row = await (await run(connection, query)).fetchone()
    if row and row[0] > most:
        raise InvalidParameter(
            "f",
            wanted.format,
            f"there are more than {most:,} features, and a file of «{wanted.format}» holds no "
            "more: ask for less with «limit» or «filter», or for another format",
            [name for name, made in FORMATS.items() if made.most is None],
        )
