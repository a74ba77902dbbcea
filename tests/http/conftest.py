"""The service over a database with a few rows, asked in-process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from geoservice.database.engine import connect
from geoservice.http.app import create_app
from geoservice.http.methods import App
from geoservice.ingest.gazetteer import build_gazetteer
from geoservice.settings import Settings

ROWS = Path(__file__).resolve().parent.parent / "publish" / "rows.sql"
BASE = "http://geo.test"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def settings(database_url: str) -> Settings:
    """Settings of a service over the module's database, which gets its rows."""
    with connect(database_url) as connection:
        connection.execute(ROWS.read_bytes())
    return Settings.model_validate({"DATABASE_URL": database_url, "pool_size": 2})


@pytest.fixture(scope="module")
def geocoder_settings(database_url: str) -> Settings:
    """Settings of a service over the module's database with addresses and their gazetteer."""
    with connect(database_url) as connection:
        connection.execute(ROWS.read_bytes())
        connection.execute((Path(__file__).parent / "geocode.sql").read_bytes())
        build_gazetteer(connection)
    return Settings.model_validate({"DATABASE_URL": database_url, "pool_size": 2})


@asynccontextmanager
async def started(app: App) -> AsyncIterator[None]:
    """`app` between its start-up and its shutdown, as a server would bring about."""
    to_app: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    from_app: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()

    async def live() -> None:
        await app({"type": "lifespan"}, to_app.get, from_app.put)

    task = asyncio.create_task(live())
    await to_app.put({"type": "lifespan.startup"})
    assert (await from_app.get())["type"] == "lifespan.startup.complete"
    try:
        yield
    finally:
        await to_app.put({"type": "lifespan.shutdown"})
        assert (await from_app.get())["type"] == "lifespan.shutdown.complete"
        await task


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running service."""
    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client
