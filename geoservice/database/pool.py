"""A pool of connections that knows whether the database can be reached at all."""

from __future__ import annotations

import asyncio
import select
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool

AsyncConnection = psycopg.AsyncConnection[tuple[Any, ...]]

# How often a database that cannot be reached is tried, and how long it may take to answer.
_PAUSE_S = 0.25
_CONNECT_TIMEOUT_S = 5


class Pool(AsyncConnectionPool[AsyncConnection]):
    """Whoever asks while all connections are busy waits for one, up to `wait_s`; while none can be
    made, whoever asks is told so at once.

    That none can be made is found out by the first who needs one. From then on it is tried again
    and again beside, so that requests go on as soon as the database is back.
    """

    def __init__(
        self, url: str, *, min_size: int, max_size: int, wait_s: float, kwargs: dict[str, Any]
    ) -> None:
        self._trying: asyncio.Task[None] | None = None  # while the database cannot be reached
        self._waiting_here: set[asyncio.Timeout] = set()
        super().__init__(
            url,
            min_size=min_size,
            max_size=max_size,
            timeout=wait_s,
            open=False,
            kwargs={"connect_timeout": _CONNECT_TIMEOUT_S, **kwargs},
            configure=self._reached,
            reconnect_timeout=0,  # its pauses grow up to minutes; ours do not
            reconnect_failed=self._lost,
        )

    async def getconn(self, timeout: float | None = None) -> AsyncConnection:  # noqa: ASYNC109
        """A connection that the server has not left.

        PoolTimeout if none comes free in time, OperationalError if the database cannot be reached.
        """
        if self._trying is not None:
            raise _unreachable()
        try:
            async with asyncio.timeout(None) as patience:
                self._waiting_here.add(patience)
                try:
                    return await self._living(timeout)
                finally:
                    self._waiting_here.discard(patience)
        except TimeoutError:
            raise _unreachable() from None

    async def close(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109  (as psycopg has them)
        """Close all connections; whoever waits for one is told so."""
        if self._trying is not None:
            self._trying.cancel()
        await super().close(timeout)

    async def _living(self, wait_s: float | None) -> AsyncConnection:
        while True:
            connection = await super().getconn(wait_s)
            try:
                await _check(connection)
            except psycopg.Error:
                await connection.close()
                await self.putconn(connection)  # which has another made
            except BaseException:
                await self.putconn(connection)
                raise
            else:
                return connection

    async def _reached(self, connection: AsyncConnection) -> None:
        """One was made: requests go on."""
        trying, self._trying = self._trying, None
        if trying is not None:
            trying.cancel()

    async def _lost(self, pool: AsyncConnectionPool[Any]) -> None:
        """One could not be made: unless there are others to wait for, nobody waits any longer."""
        if self.get_stats()["pool_size"] > 0 or self._trying is not None or self.closed:
            return
        self._trying = asyncio.create_task(self._try_again())
        waiting, self._waiting_here = self._waiting_here, set()
        for patience in waiting:
            patience.reschedule(0)

    async def _try_again(self) -> None:
        while True:
            await asyncio.sleep(_PAUSE_S)
            await self.check()  # of an empty pool: have a connection made


def _unreachable() -> psycopg.OperationalError:
    return psycopg.OperationalError("it cannot be reached; it is tried again and again")


async def _check(connection: AsyncConnection) -> None:
    """Raise if the server has left the connection: only where its socket has something to say, as
    it has after a restart, so that most requests are spared a round trip.
    """
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    if heard.poll(0):
        await AsyncConnectionPool.check_connection(connection)
