"""A database that stops and comes back takes nothing with it: requests say so, then go on."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from geoservice.database import embedded
from geoservice.database.engine import connect
from geoservice.database.migrate import upgrade
from geoservice.http.app import create_app
from geoservice.settings import Settings
from tests.http.conftest import BASE, ROWS, started

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

# Far less than a request waits for a connection that is busy.
_AT_ONCE_S = 5
_ITEMS = "/collections/place/items"


@pytest.fixture
def home() -> Iterator[Path]:
    """The home of a cluster of this test's own, with a few rows."""
    home = Path(tempfile.mkdtemp(prefix="geoservice-test-"))
    home.chmod(0o755)
    try:
        url = embedded.start(home, throw_away=True)
        upgrade(url, Settings().migrations_dir)
        with connect(url) as connection:
            connection.execute(ROWS.read_bytes())
        yield home
    finally:
        embedded.remove(home)
        shutil.rmtree(home, ignore_errors=True)


async def _served_again(client: httpx.AsyncClient, path: str) -> httpx.Response:
    async with asyncio.timeout(_AT_ONCE_S):
        while True:
            answer = await client.get(path)
            if answer.status_code != 503 and "stale" not in answer.headers.get("cache-status", ""):
                return answer
            await asyncio.sleep(0.05)


async def test_it_serves_again_without_a_restart_of_its_own(home: Path) -> None:
    url = embedded.url_of(home)
    app = create_app(Settings.model_validate({"DATABASE_URL": url, "pool_size": 2}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        page = await client.get(_ITEMS)
        assert page.status_code == 200
        await client.get("/health/ready")
        await asyncio.to_thread(embedded.stop, home)
        for path in (_ITEMS, "/collections", "/health/ready"):
            async with asyncio.timeout(_AT_ONCE_S):
                answer = await client.get(path)
            assert answer.status_code == 503, path
            assert answer.headers["content-type"] == "application/problem+json"
        assert (await client.get("/health/live")).status_code == 200
        assert await asyncio.to_thread(embedded.start, home) == url
        ready = await _served_again(client, "/health/ready")
        assert ready.json() == {"status": "ready"}
        again = await client.get(_ITEMS, headers={"if-none-match": page.headers["etag"]})
        assert again.status_code == 304
        listed = (await client.get("/collections")).json()["collections"]
        assert "place" in [each["id"] for each in listed]


@pytest.mark.parametrize("where", ["memory", "files"])
async def test_tiles_that_are_kept_are_served_and_marked_meanwhile(
    home: Path, tmp_path: Path, where: str
) -> None:
    url = embedded.url_of(home)
    kept = {"tile_cache_dir": tmp_path, "tile_memory_mb": 0} if where == "files" else {}
    app = create_app(Settings.model_validate({"DATABASE_URL": url, "pool_size": 2, **kept}))
    transport = httpx.ASGITransport(app)
    warm, cold = "/tiles/place/5/20/13.mvt", "/tiles/place/6/40/26.mvt"
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        made = await client.get(warm)
        held = {"if-none-match": made.headers["etag"]}
        assert made.content
        assert (await client.get(warm, headers=held)).status_code == 304
        await asyncio.to_thread(embedded.stop, home)
        # Known by its bytes; asked for in other words; and in another coding.
        same = "/collections/place/tiles/WebMercatorQuad/5/13/20"
        for path, more in ((warm, {}), (same, held), (warm, {"accept-encoding": "identity"})):
            stale = await client.get(path, headers=more)
            assert stale.status_code == 200
            assert stale.content == made.content
            assert stale.headers["cache-status"] == "geoservice; hit; detail=stale"
            assert stale.headers["cache-control"] == "no-store"
        assert (await client.get(cold)).status_code == 503
        assert await asyncio.to_thread(embedded.start, home) == url
        with connect(url) as connection:
            connection.execute("UPDATE source.address SET street = 'x'")
        for _ in range(120):
            again = await client.get(warm, headers=held)
            if again.headers["cache-control"] != "no-store":
                break
            await asyncio.sleep(0.25)
        assert again.status_code == 304
        assert again.headers["cache-status"].startswith("geoservice; hit")
        with connect(url) as connection:
            connection.execute("UPDATE source.place SET population = population + 1")
        again = await _served_again(client, warm)
        assert again.status_code == 200
        assert again.content != made.content


async def test_a_map_can_begin_with_what_was_known_meanwhile(home: Path) -> None:
    """TileJSON and the class breaks of styles are as they were last, beside kept tiles."""
    app = create_app(Settings.model_validate({"DATABASE_URL": embedded.url_of(home)}))
    transport = httpx.ASGITransport(app)
    known = (
        "/tiles/place.json",
        "/tiles/place,county.json",
        "/collections/place/tiles/WebMercatorQuad?f=tilejson",
        "/styles/place_population?f=mapbox&lang=en",
        "/styles/place_population/legend",
        "/styles/place?f=mapbox",
    )
    unknown = (
        "/tiles/address.json",
        "/tiles/place,address.json",
        "/styles/county_population?f=sld",
    )
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        before = {path: await client.get(path) for path in known}
        assert {answer.status_code for answer in before.values()} == {200}
        await asyncio.to_thread(embedded.stop, home)
        for path, then in before.items():
            answer = await client.get(path)
            assert (answer.status_code, answer.content) == (200, then.content), path
            if path != "/styles/place?f=mapbox":  # which asks no database
                assert answer.headers["cache-control"] == "no-store"
                assert answer.headers["cache-status"] == "geoservice; hit; detail=stale"
        for path in unknown:
            assert (await client.get(path)).status_code == 503, path
        await asyncio.to_thread(embedded.start, home)
        for path in (*known, *unknown):
            answer = await _served_again(client, path)
            assert answer.status_code == 200, answer.text
