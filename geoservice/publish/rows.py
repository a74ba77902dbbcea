"""Rows of a query in batches, as fast as they are taken and no faster."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from geoservice.database.engine import AsyncConnection, AsyncCursor
from geoservice.database.errors import translated
from geoservice.errors import NoSuchValue
from geoservice.publish.query import Query

Row = tuple[Any, ...]
Rows = AsyncGenerator[Sequence[Row], None]

# Up to so many rows, and one, a statement's whole result is fetched at once, which is quickest;
# beyond, the server sends as the client takes, so that memory does not grow with the answer.
AT_ONCE = 1000
_BATCH = 500


async def run(connection: AsyncConnection, query: Query, *, binary: bool = False) -> AsyncCursor:
    """The cursor of the query's result; `binary` where bytes or many numbers come."""
    return await connection.execute(query.text.encode(), query.params, binary=binary)


async def looked_up(
    connection: AsyncConnection, query: Query, *, binary: bool = False
) -> Sequence[Row]:
    """The rows of a query for one id; none if the id is no value of its column's type."""
    try:
        with translated():
            return await (await run(connection, query, binary=binary)).fetchall()
    except NoSuchValue:
        return ()


async def read_rows(
    connection: AsyncConnection, query: Query, most: int | None, batch: int = _BATCH
) -> Rows:
    """The rows of the query in batches; `most` is how many there can be, None for any number.

    Closing the generator, or cancelling the task that awaits it, cancels the statement.
    """
    if most is not None and most <= AT_ONCE + 1:
        yield await (await run(connection, query, binary=True)).fetchall()
        return
    rows: list[Row] = []
    async with connection.cursor() as cursor:
        streamed = cursor.stream(query.text.encode(), query.params, binary=True, size=batch)
        async with aclosing(streamed) as found:  # type: ignore[type-var]
            async for row in found:
                rows.append(row)
                if len(rows) == batch:
                    yield rows
                    rows = []
    yield rows
