"""Work that asks the database in between, written once for sync and async connections.

Such work is a generator: it yields what it asks and is sent the rows of the answer. Whoever has a
connection drives it, so neither kind of connection needs a twin of the work itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from psycopg.sql import SQL, Composed

from geoservice.database.engine import AsyncConnection, Connection

T = TypeVar("T")


class Ask(NamedTuple):
    """One statement and its parameters, in the order of its placeholders."""

    query: str | SQL | Composed
    parameters: Sequence[Any] = ()


Steps = Generator[Ask, list[tuple[Any, ...]], T]
"""`rows = yield Ask(…)` for each statement; what the generator returns is the result."""


def run(connection: Connection, steps: Steps[T]) -> T:
    """Drive `steps` over a sync connection and return what they return."""
    ask, result = _sent(steps, None)
    while ask is not None:
        rows = connection.execute(ask.query, ask.parameters).fetchall()
        ask, result = _sent(steps, rows)
    return cast(T, result)


async def run_async(connection: AsyncConnection, steps: Steps[T], *, in_threads: bool = False) -> T:
    """Drive `steps` over an async connection and return what they return.

    `in_threads`: what they do between statements takes long, so it is done beside the event loop.
    """
    ask, result = await _step(steps, None, in_threads)
    while ask is not None:
        cursor = await connection.execute(ask.query, ask.parameters)
        ask, result = await _step(steps, await cursor.fetchall(), in_threads)
    return cast(T, result)


async def _step(
    steps: Steps[T], rows: list[tuple[Any, ...]] | None, in_threads: bool
) -> tuple[Ask | None, Any]:
    if in_threads:
        return await asyncio.to_thread(_sent, steps, rows)
    return _sent(steps, rows)


def _sent(steps: Steps[T], rows: list[tuple[Any, ...]] | None) -> tuple[Ask | None, T | None]:
    """What is asked next; or None and the result."""
    try:
        return (next(steps) if rows is None else steps.send(rows)), None
    except StopIteration as stop:
        return None, stop.value
