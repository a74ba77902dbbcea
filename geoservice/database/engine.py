"""Connections: sync ones for commands, an async pool for the service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from geoservice.database.errors import translated

Connection = psycopg.Connection[tuple[Any, ...]]
AsyncConnection = psycopg.AsyncConnection[tuple[Any, ...]]
Pool = AsyncConnectionPool[AsyncConnection]

identifier = sql.Identifier
statement = sql.SQL

# Serving reads and can do nothing else. A cached plan ignores later settings, so they are set
# when connecting. Small tiles get slower
# with JIT (1.2-2.2x) and with parallel workers (4-8x).
_SERVING = "-c jit=off -c max_parallel_workers_per_gather=0 -c default_transaction_read_only=on"
# Edits wait for each other, but not for an import of an hour.
_WRITING = "-c lock_timeout=10s"


@contextmanager
def connect(url: str, *, application: str = "geoservice") -> Iterator[Connection]:
    """One connection whose block is one transaction: committed at its end, or not at all."""
    with translated(), psycopg.connect(url, application_name=application) as connection:
        yield connection


@asynccontextmanager
async def open_pool(
    url: str,
    *,
    max_size: int,
    wait_s: float = 5.0,
    statement_timeout_ms: int = 30_000,
    writing: bool = False,
) -> AsyncIterator[Pool]:
    """An open pool of connections that read, or of those for edits, which exist while needed only.

    `wait_s` is how long to wait for a free one.

    The database may be down while it opens: the pool keeps trying and requests say so.
    """
    settings = f"{_WRITING if writing else _SERVING} -c statement_timeout={statement_timeout_ms}"
    pool: Pool = AsyncConnectionPool(
        url,
        min_size=0 if writing else 1,
        max_size=max_size,
        timeout=wait_s,
        open=False,
        kwargs={
            "autocommit": True,
            "application_name": "geoservice edits" if writing else "geoservice http",
            "options": settings,
            "prepare_threshold": 1,
        },
        check=AsyncConnectionPool.check_connection,
    )
    await pool.open(wait=False)
    try:
        yield pool
    finally:
        await pool.close()


@asynccontextmanager
async def acquire(pool: Pool) -> AsyncIterator[AsyncConnection]:
    """A connection of the pool, with the driver's errors translated."""
    with translated():
        async with pool.connection() as connection:
            yield connection


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[AsyncConnection]:
    """A connection of a writing pool, whose block is one transaction.

    What does not fit into the database is a DatabaseConflict or a DatabaseRejection.
    """
    with translated(writing=True):
        async with pool.connection() as connection, connection.transaction():
            yield connection
