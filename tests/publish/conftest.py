"""Layers made for a test, and a database with a few rows to publish."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog, load_catalog
from geoservice.database.engine import AsyncConnection, acquire, connect, open_pool

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The layers that the project ships."""
    return load_catalog(ROOT / "layers")


@pytest.fixture(scope="module")
def rows(database_url: str) -> str:
    """The URL of the module's database, with rows in it."""
    with connect(database_url) as connection:
        connection.execute((Path(__file__).parent / "rows.sql").read_bytes())
    return database_url


@pytest.fixture
async def reading(rows: str) -> AsyncIterator[AsyncConnection]:
    """A connection as the service has it."""
    async with open_pool(rows, max_size=1) as pool, acquire(pool) as connection:
        yield connection


def layer_of(sql: str, geometry: str = "Point", crs: int = 4326, **attributes: str) -> Layer:
    """A layer over `sql` with these attributes and types; the first is the feature id."""
    declared: dict[str, Any] = {
        name: {"title": {"fa": name, "en": name}, "type": kind, "queryable": True}
        for name, kind in attributes.items()
    }
    return Layer.model_validate(
        {
            "id": "made",
            "title": {"fa": "ساخته", "en": "Made"},
            "source": {"sql": sql, "reads": ["source.place"]},
            "feature_id": next(iter(attributes)),
            "geometry": {"type": geometry, "crs": crs},
            "attributes": declared,
        }
    )
