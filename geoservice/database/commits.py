"""A connection of a worker's own that tells what was committed, whoever else is busy."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import psycopg

from geoservice.database.engine import AsyncConnection
from geoservice.database.errors import translated
from geoservice.database.question import Question, Told
from geoservice.database.touched import Touched, mark_of, snapshot_of, touched_since
from geoservice.errors import DatabaseTimeout, DatabaseUnavailable

_PATIENCE_S = 2.0
# How long a database that cannot be reached is left alone.
_PAUSE_S = 0.5

_NAME = b"geoservice_snapshot"
_SNAPSHOT = b"SELECT pg_current_snapshot()::text"

_Answer = TypeVar("_Answer")


class Commits:
    """Asks one thing at a time; opens its connection when first asked, and again if it was lost.

    DatabaseUnavailable or DatabaseTimeout where the database does not say, at once for a moment
    after it could not be reached.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: AsyncConnection | None = None
        self._question: Question | None = None  # for the snapshot, on that connection
        self._one_at_a_time = asyncio.Lock()
        self._again_at = 0.0

    async def snapshot(self) -> str:
        """What is committed; the same text for as long as no transaction that writes ends."""
        return await self._told(snapshot_of)

    def ask(self, told: Told) -> None:
        """Ask for the `snapshot` as cheaply as can be, as it is asked before each answer.

        `told` hears it, at the latest after two seconds; None where it is to be asked by
        `snapshot`, which opens a connection, waits for its turn and says what is wrong.
        """
        question = self._question
        if question is None or self._one_at_a_time.locked():
            told(None)
            return

        def heard(snapshot: str | None) -> None:
            if not question.usable:
                self.close()
            told(snapshot)

        question.ask(heard)

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

    def close(self) -> None:
        """Close the connection, whatever is on its way; asked again, another is opened."""
        connection, self._connection = self._connection, None
        question, self._question = self._question, None
        if question is not None:
            question.close()
        if connection is not None:
            connection.pgconn.finish()

    async def _told(self, ask: Callable[[AsyncConnection], Awaitable[_Answer]]) -> _Answer:
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

    async def _asked(self, ask: Callable[[AsyncConnection], Awaitable[_Answer]]) -> _Answer:
        try:
            with translated():
                async with asyncio.timeout(_PATIENCE_S):
                    if self._connection is None:
                        self._connection = await self._opened()
                        self._question = Question(self._connection, _NAME, _PATIENCE_S)
                        await self._question.prepare(_SNAPSHOT)
                    if self._question is not None:
                        await self._question.left()
                    return await ask(self._connection)
        except TimeoutError as error:
            self.close()
            self._rest()
            raise DatabaseTimeout("the database did not say in time what was committed") from error
        except BaseException:
            # What it was asked may still be on its way, if the one who asked was stopped.
            self.close()
            raise

    def _rest(self) -> None:
        self._again_at = asyncio.get_running_loop().time() + _PAUSE_S

    async def _opened(self) -> AsyncConnection:
        return await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            application_name="geoservice commits",
            options="-c default_transaction_read_only=on -c jit=off -c statement_timeout=2000",
            prepare_threshold=0,
        )
