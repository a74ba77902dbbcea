"""Work that asks the database in between, written once for sync and async connections.

Such work is a generator: it yields what it asks and is sent the rows of the answer. Whoever has a
connection drives it, so neither kind of connection needs a twin of the work itself.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, NamedTuple, TypeVar

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
    try:
        ask = next(steps)
        while True:
            ask = steps.send(connection.execute(ask.query, ask.parameters).fetchall())
    except StopIteration as stop:
        result: T = stop.value
        return result


async def run_async(connection: AsyncConnection, steps: Steps[T]) -> T:
    """Drive `steps` over an async connection and return what they return."""
    try:
        ask = next(steps)
        while True:
            cursor = await connection.execute(ask.query, ask.parameters)
            ask = steps.send(await cursor.fetchall())
    except StopIteration as stop:
        result: T = stop.value
        return result
