"""Connections: sync ones for commands, an async pool for the service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
from psycopg import sql

from geoservice.database.errors import translated
from geoservice.database.pool import AsyncConnection, Pool

__all__ = ["AsyncConnection", "Pool"]

Connection = psycopg.Connection[tuple[Any, ...]]
AsyncCursor = psycopg.AsyncCursor[tuple[Any, ...]]

identifier = sql.Identifier
statement = sql.SQL

# Texts of dates and times are the same whatever the server's own settings are.
_TEXTS = "-c TimeZone=UTC -c DateStyle=ISO"
# Serving reads and can do nothing else. A cached plan ignores later settings, so they are set when
# connecting. Small tiles get slower with JIT (1.2-2.2x) and with parallel workers (4-8x).
_SERVING = (
    f"{_TEXTS} -c jit=off -c max_parallel_workers_per_gather=0 -c default_transaction_read_only=on"
)
_PLANNED_ONCE = " -c plan_cache_mode=force_generic_plan"
# Edits wait for each other, but not for an import of an hour.
_WRITING = f"{_TEXTS} -c lock_timeout=10s"


@contextmanager
def connect(
    url: str,
    *,
    application: str = "geoservice",
    statement_timeout_ms: int = 0,
    planned_once: bool = False,
) -> Iterator[Connection]:
    """One connection whose block is one transaction: committed at its end, or not at all.

    0 is no limit of time. `planned_once`: see `open_pool`.
    """
    settings = f"-c statement_timeout={statement_timeout_ms}"
    with (
        translated(),
        psycopg.connect(
            url,
            application_name=application,
            options=settings + _PLANNED_ONCE if planned_once else settings,
            prepare_threshold=1 if planned_once else 5,
        ) as connection,
    ):
        yield connection


@asynccontextmanager
async def open_pool(  # noqa: PLR0913  (settings of a pool, each by its name)
    url: str,
    *,
    max_size: int,
    min_size: int = 1,
    wait_s: float = 5.0,
    statement_timeout_ms: int = 30_000,
    writing: bool = False,
    planned_once: bool = False,
) -> AsyncIterator[Pool]:
    """An open pool of connections that read, or for edits; `wait_s`: how long to wait for one that
    is busy.

    `planned_once`: a statement is planned when it is prepared and not again for its values, which
    is right where the same index serves them all, and saves most of the time of short ones.

    The database may be down while it opens: the pool keeps trying and requests say so.
    """
    settings = f"{_WRITING if writing else _SERVING} -c statement_timeout={statement_timeout_ms}"
    if planned_once:
        settings += _PLANNED_ONCE
    pool = Pool(
        url,
        min_size=min_size,
        max_size=max_size,
        wait_s=wait_s,
        kwargs={
            "autocommit": True,
            "application_name": "geoservice edits" if writing else "geoservice http",
            "options": settings,
            "prepare_threshold": 1,
        },
    )
    await pool.open(wait=False)
    try:
        yield pool
    finally:
        await pool.close()


@asynccontextmanager
async def acquire(pool: Pool) -> AsyncIterator[AsyncConnection]:
    """A connection of the pool, with the driver's errors translated; each statement is a
    transaction of its own, so at the end there is none to close.
    """
    with translated():
        connection = await pool.getconn()
        try:
            yield connection
        finally:
            await pool.putconn(connection)


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[AsyncConnection]:
    """A connection of a writing pool, whose block is one transaction.

    What does not fit into the database is a DatabaseConflict or a DatabaseRejection.
    """
    with translated(writing=True):
        async with pool.connection() as connection, connection.transaction():
            yield connection
