"""A question that is asked by callbacks, between the statements of others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from geoservice.database.engine import AsyncConnection
from geoservice.database.question import Question

pytestmark = pytest.mark.anyio


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[AsyncConnection]:
    made: AsyncConnection = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
    yield made
    await made.close()  # whatever is on its way


async def question(
    connection: AsyncConnection, statement: bytes, patience_s: float = 10
) -> Question:
    made = Question(connection, b"asked", patience_s)
    await made.prepare(statement)
    return made


async def told(question: Question) -> str | None:
    heard: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
    question.ask(heard.set_result)
    return await heard


async def test_it_is_asked_again_and_again_with_statements_in_between(
    connection: AsyncConnection,
) -> None:
    asked = await question(connection, b"SELECT n::text FROM (SELECT 41 + 1 AS n) q")
    for _ in range(3):
        assert [await told(asked) for _ in range(3)] == ["42"] * 3
        await asked.left()
        assert await (await connection.execute("SELECT 7")).fetchone() == (7,)


async def test_who_wants_the_connection_waits_for_the_answer(connection: AsyncConnection) -> None:
    asked = await question(connection, b"SELECT 'x' FROM pg_sleep(0.2)")
    heard: list[str | None] = []
    asked.ask(heard.append)
    await asked.left()
    assert heard == ["x"]
    assert await (await connection.execute("SELECT 7")).fetchone() == (7,)


async def test_it_is_asked_once_at_a_time(connection: AsyncConnection) -> None:
    asked = await question(connection, b"SELECT 'x'")
    asked.ask(lambda _: None)
    with pytest.raises(RuntimeError, match="once at a time"):
        asked.ask(lambda _: None)
    await asked.left()


@pytest.mark.parametrize("statement", [b"SELECT (1 / (random() * 0)::int)::text", b"SELECT NULL"])
async def test_no_answer_is_told_as_none(connection: AsyncConnection, statement: bytes) -> None:
    asked = await question(connection, statement)
    assert await told(asked) is None
    assert asked.usable


async def test_a_statement_that_is_none_is_told_as_none(connection: AsyncConnection) -> None:
    assert await told(await question(connection, b"SELECT FROM WHERE")) is None


async def test_a_late_answer_is_not_waited_for(connection: AsyncConnection) -> None:
    asked = await question(connection, b"SELECT 'x' FROM pg_sleep(30)", patience_s=0.1)
    assert await told(asked) is None
    assert not asked.usable


async def test_a_server_that_leaves_is_told_as_none(
    connection: AsyncConnection, database_url: str
) -> None:
    async def ended() -> None:
        other = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
        async with other:
            await other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])

    waiting = await question(connection, b"SELECT 'x' FROM pg_sleep(30)")
    heard = asyncio.create_task(told(waiting))
    await asyncio.sleep(0.1)
    await ended()
    assert await asyncio.wait_for(heard, 5) is None
    assert await told(waiting) is None  # also from then on


async def test_closed_it_leaves_nobody_waiting(connection: AsyncConnection) -> None:
    asked = await question(connection, b"SELECT 'x' FROM pg_sleep(30)")
    heard: list[str | None] = []
    asked.ask(heard.append)
    asked.close()
    assert heard == [None]
