from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import load_catalog
from geoservice.database.engine import AsyncConnection, Connection, acquire, open_pool
from geoservice.database.uniqueness import unproven

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def reading(database_url: str) -> AsyncIterator[AsyncConnection]:
    async with open_pool(database_url, max_size=1) as pool, acquire(pool) as connection:
        yield connection


def _layer(*dimensions: str, table: str = "source.shared") -> Layer:
    title = {"fa": "ساخته", "en": "Made"}
    return Layer.model_validate(
        {
            "id": "made",
            "title": title,
            "source": {"table": table},
            "feature_id": "id",
            "geometry": {"type": "Point"},
            "attributes": {n: {"title": title, "type": "integer"} for n in ("id", "year", "n")},
            "dimensions": {
                n: {"title": title, "type": "integer", "default": "SELECT 1"} for n in dimensions
            },
        }
    )


async def test_what_is_shipped_is_proven(reading: AsyncConnection) -> None:
    layers = load_catalog(Path(__file__).parents[2] / "layers").layers
    assert await unproven(reading, layers.values()) == {}


@pytest.mark.parametrize(
    ("index", "plain", "by_year"),
    [
        ("", False, False),
        ("UNIQUE INDEX ON source.shared (id)", True, True),
        ("INDEX ON source.shared (id)", False, False),
        ("UNIQUE INDEX ON source.shared (id) INCLUDE (n)", True, True),
        ("UNIQUE INDEX ON source.shared (year, id)", False, True),
        ("UNIQUE INDEX ON source.shared (id, n)", False, False),
        ("UNIQUE INDEX ON source.shared (id) WHERE year > 1", False, False),
        ("UNIQUE INDEX ON source.shared (abs(id))", False, False),
    ],
)
async def test_only_a_unique_index_on_what_names_a_row_is_proof(
    reading: AsyncConnection, connection: Connection, index: str, plain: bool, by_year: bool
) -> None:
    connection.execute("DROP TABLE IF EXISTS source.shared")
    connection.execute(
        "CREATE TABLE source.shared (id int, year int, n int, geom geometry(Point, 4326))"
    )
    if index:
        connection.execute(f"CREATE {index}".encode())
    connection.commit()
    told, told_by_year = [await unproven(reading, [layer]) for layer in (_layer(), _layer("year"))]
    assert (told == {}, told_by_year == {}) == (plain, by_year)
    if not plain:
        assert "CREATE UNIQUE INDEX ON source.shared (id)" in told["made"]
    if not by_year:
        assert "CREATE UNIQUE INDEX ON source.shared (id, year)" in told_by_year["made"]


async def test_nothing_is_said_of_a_view(reading: AsyncConnection, connection: Connection) -> None:
    connection.execute("CREATE VIEW source.seen AS SELECT 1 AS id, 1 AS year, 1 AS n")
    connection.commit()
    assert await unproven(reading, [_layer(table="source.seen"), _layer(table="no.where")]) == {}
