"""Somebody pages through a layer while others insert, change and delete its rows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import httpx
import pytest

from geoservice.database.engine import connect
from geoservice.settings import Settings

pytestmark = pytest.mark.anyio

PLACES = "/collections/place/items?limit=10&skipGeometry=true&properties=population"
STANDING = {f"stands{n}" for n in range(1, 121)}
MOST_STEPS = 20_000  # of each writer; it stops once the reader has read enough
WALKS = 3


@pytest.fixture
def url(settings: Settings) -> Iterator[str]:
    """The database with rows that stand throughout: many of one population, some without any."""
    assert settings.database_url is not None
    with connect(settings.database_url) as connection:
        connection.execute(
            "INSERT INTO source.place (id, kind, name_fa, population) "
            "SELECT 'stands' || n, 'village', 'ماندگار', CASE WHEN n % 7 > 0 THEN n % 10 END "
            "FROM generate_series(1, 120) n"
        )
    yield settings.database_url
    with connect(settings.database_url) as connection:
        connection.execute("DELETE FROM source.place WHERE id ~ '^(stands|passes)'")


def _write(url: str, writer: int, stop: Event, written: list[str]) -> None:
    """Insert, change and delete rows before, among and behind those that stand, each at once.

    Those that stand are changed too, but neither in id nor in population.
    """
    with connect(url) as connection:
        connection.autocommit = True
        for step in range(MOST_STEPS):
            if stop.is_set():
                break
            passing = f"{'stands' if step % 2 else 'passes'}{step % 90}x{writer}.{step}"
            connection.execute(
                "INSERT INTO source.place (id, kind, name_fa, population) "
                "VALUES (%s, 'city', 'گذرا', %s)",
                (passing, step % 12 or None),
            )
            connection.execute(
                "UPDATE source.place SET name_en = %s WHERE id = %s",
                (passing, f"stands{(step * 7 + writer) % len(STANDING) + 1}"),
            )
            connection.execute(
                "UPDATE source.place SET population = %s WHERE id = %s", ((step + 5) % 12, passing)
            )
            if step % 5:
                connection.execute("DELETE FROM source.place WHERE id = %s", (passing,))
            written.append(passing)


async def _walk(
    client: httpx.AsyncClient,
    following: str | None,
    written: list[str],
    writers: list[Future[None]],
) -> list[str]:
    """The ids of all pages, with something written before each of them."""
    seen: list[str] = []
    pages = 0
    while following and pages < 500:
        before = len(written)
        while len(written) < before + 2:
            for writer in writers:
                if writer.done():
                    writer.result()
                    pytest.fail("a writer ended before the reader")
            await asyncio.sleep(0.001)
        response = await client.get(following)
        assert response.status_code == 200, response.text
        page = response.json()
        assert page["numberReturned"] == len(page["features"]) <= 10
        seen += [feature["id"] for feature in page["features"]]
        following = next((k["href"] for k in page["links"] if k["rel"] == "next"), None)
        pages += 1
    assert following is None, "the pages do not end"
    return seen


async def test_what_stands_is_seen_once_whatever_is_written(
    client: httpx.AsyncClient, url: str
) -> None:
    stop, written = Event(), list[str]()
    with ThreadPoolExecutor(2) as threads:
        writers = [threads.submit(_write, url, writer, stop, written) for writer in range(2)]
        try:
            for _ in range(WALKS):
                by_id = await _walk(client, PLACES, written, writers)
                assert len(by_id) == len(set(by_id)), "no id changes, so none comes twice"
                assert set(by_id) >= STANDING
                for order in ("-population", "population"):
                    sorted_ = await _walk(client, f"{PLACES}&sortby={order}", written, writers)
                    standing = [id_ for id_ in sorted_ if id_ in STANDING]
                    assert len(standing) == len(set(standing)), order
                    assert set(standing) == STANDING, order
        finally:
            stop.set()
        for writer in writers:
            writer.result()
    assert any(id_ in written for id_ in by_id), "what was written in between is seen too"
