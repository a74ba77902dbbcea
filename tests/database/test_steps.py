"""Steps are driven alike over either kind of connection."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from geoservice.database.engine import AsyncConnection, Connection
from geoservice.database.steps import Ask, Steps, run, run_async


def _sum(numbers: list[int]) -> Steps[int]:
    total = 0
    for number in numbers:
        rows = yield Ask("SELECT %s::int", [number])
        total += rows[0][0]
    return total


def _twice(numbers: list[int]) -> Steps[int]:
    first = yield from _sum(numbers)
    second = yield from _sum(numbers)
    return first + second


@pytest.mark.parametrize(("numbers", "total"), [([], 0), ([1], 2), ([1, 2, 3], 12)])
def test_either_connection_gives_what_the_steps_return(
    connection: Connection, database_url: str, numbers: list[int], total: int
) -> None:
    async def over_async() -> int:
        opened: AsyncConnection
        async with await psycopg.AsyncConnection.connect(database_url) as opened:
            return await run_async(opened, _twice(numbers))

    assert run(connection, _twice(numbers)) == total
    assert asyncio.run(over_async()) == total


def test_what_the_database_refuses_is_raised(connection: Connection) -> None:
    def wrong() -> Steps[None]:
        yield Ask("SELECT 1/%s", [0])

    with pytest.raises(psycopg.errors.DivisionByZero):
        run(connection, wrong())
    connection.rollback()
