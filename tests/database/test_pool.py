from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import pytest

from geoservice.database.engine import Pool, acquire, open_pool
from geoservice.errors import DatabaseUnavailable

pytestmark = pytest.mark.anyio

# Far less than the 30 seconds that one waits for a connection that is busy.
_AT_ONCE_S = 5


class Door:
    """A port of this machine that leads to a server, while it is open."""

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._inside: set[asyncio.Task[object]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        user = self._to.netloc.rpartition("@")[0]
        return urlunsplit(self._to._replace(netloc=f"{user}@127.0.0.1:{self.port}"))

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._lead, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Refuse, and break off whoever is inside."""
        self.refuse()
        inside, self._inside = self._inside, set()
        for task in inside:
            task.cancel()
        await asyncio.gather(*inside, return_exceptions=True)

    def refuse(self) -> None:
        """Let nobody in any more."""
        if self._server is not None:
            self._server.close()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._inside.add(task)
        there_reader, there_writer = await asyncio.open_connection(self._to.hostname, self._to.port)
        copying = [
            asyncio.create_task(_copy(reader, there_writer)),
            asyncio.create_task(_copy(there_reader, writer)),
        ]
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait(copying, return_when=asyncio.FIRST_COMPLETED)
        for each in copying:
            each.cancel()
        for end in (writer, there_writer):
            end.close()
            with contextlib.suppress(ConnectionError):
                await end.wait_closed()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


@pytest.fixture
async def door(database_url: str) -> AsyncIterator[Door]:
    door = Door(database_url)
    await door.open()
    yield door
    await door.shut()


async def _one(pool: Pool) -> int:
    async with acquire(pool) as connection:
        row = await (await connection.execute("SELECT 1")).fetchone()
    return int(row[0]) if row else 0


async def test_nobody_waits_for_a_database_that_cannot_be_reached() -> None:
    async with open_pool("postgresql://nobody@127.0.0.1:1/nowhere", max_size=2) as pool:
        for _ in range(3):
            async with asyncio.timeout(_AT_ONCE_S):
                with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
                    await _one(pool)


async def test_it_is_told_at_once_when_the_database_goes_and_served_when_it_is_back(
    door: Door,
) -> None:
    async with open_pool(door.url, min_size=2, max_size=4) as pool:
        assert await asyncio.gather(*(_one(pool) for _ in range(20))) == [1] * 20
        await door.shut()
        async with asyncio.timeout(_AT_ONCE_S):
            told = await asyncio.gather(*(_one(pool) for _ in range(20)), return_exceptions=True)
        assert {type(each) for each in told} == {DatabaseUnavailable}
        await door.open()
        async with asyncio.timeout(_AT_ONCE_S):
            while True:
                try:
                    assert await _one(pool) == 1
                    break
                except DatabaseUnavailable:
                    await asyncio.sleep(0.05)
        assert await asyncio.gather(*(_one(pool) for _ in range(20))) == [1] * 20


async def test_connections_that_were_lost_unseen_cost_no_request(door: Door) -> None:
    async with open_pool(door.url, min_size=4, max_size=4) as pool:
        await pool.wait()
        await door.shut()
        await door.open()
        async with asyncio.timeout(_AT_ONCE_S):
            assert await asyncio.gather(*(_one(pool) for _ in range(8))) == [1] * 8


async def test_one_that_is_busy_is_waited_for(database_url: str) -> None:
    async with open_pool(database_url, max_size=1) as pool:
        async with acquire(pool):
            waiting = [asyncio.create_task(_one(pool)) for _ in range(50)]
            await asyncio.sleep(0.2)
            assert not any(task.done() for task in waiting)
        assert await asyncio.gather(*waiting) == [1] * 50


async def test_but_not_for_ever(database_url: str) -> None:
    async with open_pool(database_url, max_size=1, wait_s=0.1) as pool, acquire(pool):
        with pytest.raises(DatabaseUnavailable, match="too much is asked"):
            await _one(pool)


async def test_one_that_cannot_be_made_leaves_the_others(door: Door) -> None:
    """As where the server has no more room: those that there are will come free."""
    async with open_pool(door.url, max_size=2) as pool:
        await pool.wait()
        async with acquire(pool):
            door.refuse()
            waiting = asyncio.create_task(_one(pool))
            await asyncio.sleep(0.2)
            assert not waiting.done()
        assert await waiting == 1
