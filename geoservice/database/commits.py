"""A connection of a worker's own that tells what was committed, whoever else is busy."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import psycopg
from psycopg import pq

from geoservice.database.engine import AsyncConnection
from geoservice.database.errors import translated
from geoservice.database.touched import Touched, mark_of, touched_since
from geoservice.errors import DatabaseTimeout, DatabaseUnavailable

_PATIENCE_S = 2.0
# How long a database that cannot be reached is left alone.
_PAUSE_S = 0.5

_NAME = b"geoservice_snapshot"

_Told = TypeVar("_Told")


class Commits:
    """Asks one thing at a time; opens its connection when first asked, and again if it was lost.

    DatabaseUnavailable or DatabaseTimeout where the database does not say, at once for a moment
    after it could not be reached.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: AsyncConnection | None = None
        self._one_at_a_time = asyncio.Lock()
        self._again_at = 0.0

    async def snapshot(self) -> str:
        """What is committed; the same text for as long as no transaction that writes ends."""
        return await self._told(_snapshot)

    async def mark(self, tables: Sequence[str]) -> str | None:
        """`mark_of` the tables."""
        return await self._told(lambda connection: mark_of(connection, tables))

    async def touched(
        self, tables: Sequence[str], mark: str, wholly: Sequence[str], made: Sequence[str]
    ) -> Touched:
        """`touched_since` the mark."""
        return await self._told(
            lambda connection: touched_since(connection, tables, mark, wholly, made)
        )

    async def close(self) -> None:
        """Close the connection; asked again, another is opened."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                await connection.close()

    async def _told(self, ask: Callable[[AsyncConnection], Awaitable[_Told]]) -> _Told:
        async with self._one_at_a_time:
            if self._again_at > asyncio.get_running_loop().time():
                raise DatabaseUnavailable("the database could not be reached a moment ago")
            was_open = self._connection is not None
            try:
                return await self._asked(ask)
            except DatabaseUnavailable:
                if not was_open:
                    self._rest()
                    raise
            # The connection was lost; the database may be there.
            try:
                return await self._asked(ask)
            except DatabaseUnavailable:
                self._rest()
                raise

    async def _asked(self, ask: Callable[[AsyncConnection], Awaitable[_Told]]) -> _Told:
        try:
            with translated():
                async with asyncio.timeout(_PATIENCE_S):
                    if self._connection is None:
                        self._connection = await self._opened()
                    return await ask(self._connection)
        except TimeoutError as error:
            await self.close()
            self._rest()
            raise DatabaseTimeout("the database did not say in time what was committed") from error
        except BaseException:
            # What it was asked may still be on its way, if the one who asked was stopped.
            await self.close()
            raise

    def _rest(self) -> None:
        self._again_at = asyncio.get_running_loop().time() + _PAUSE_S

    async def _opened(self) -> AsyncConnection:
        connection: AsyncConnection = await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            application_name="geoservice commits",
            options="-c default_transaction_read_only=on -c jit=off -c statement_timeout=2000",
            prepare_threshold=0,
        )
        try:
            connection.pgconn.send_prepare(_NAME, b"SELECT pg_current_snapshot()::text")
            await _result(connection.pgconn)
        except BaseException:  # also that it took too long
            await connection.close()
            raise
        return connection


async def _snapshot(connection: AsyncConnection) -> str:
    """`snapshot_of`, by hand: it is asked so often that a cursor would take most of the time."""
    connection.pgconn.send_query_prepared(_NAME, None)
    result = await _result(connection.pgconn)
    return (result.get_value(0, 0) or b"").decode()


async def _result(asked: pq.abc.PGconn) -> pq.abc.PGresult:
    """The result of what was sent; psycopg's error if it failed."""
    loop = asyncio.get_running_loop()
    results: list[pq.abc.PGresult] = []
    if asked.flush():  # a few bytes, after an answer: there is always room
        raise psycopg.OperationalError("the connection takes nothing more")
    while True:
        while asked.is_busy():
            readable = loop.create_future()
            loop.add_reader(asked.socket, _is_readable, readable)
            try:
                await readable
            finally:
                loop.remove_reader(asked.socket)
            asked.consume_input()
        result = asked.get_result()
        if result is None:
            break
        results.append(result)
    if not results or results[0].status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
        raise (
            psycopg.errors.error_from_result(results[0])
            if results
            else (psycopg.OperationalError("the connection was lost"))
        )
    return results[0]


def _is_readable(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
