"""Attributes may be called whatever the statements that read them call things themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import pytest

from geoservice.catalog.layer import RESERVED, Layer
from geoservice.catalog.tiling import POINT_COUNT
from geoservice.database.engine import AsyncConnection, connect
from geoservice.database.tracking import track
from geoservice.publish.cql2.parse import parse
from geoservice.publish.grid import MATRIX_SETS, Tile, tile_at
from geoservice.publish.order import Key, Paging
from geoservice.publish.presentation import Presentation
from geoservice.publish.pyramid.build import build
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.standing import standing
from geoservice.publish.query import (
    Query,
    cells_query,
    count_query,
    extent_query,
    features_query,
    item_query,
    page_query,
)
from geoservice.publish.selection import Selection
from geoservice.publish.sql import quoted
from geoservice.publish.tile_query import tile_query
from geoservice.publish.tile_request import Part

pytestmark = pytest.mark.anyio

SHAPES = {
    "Point": "ST_Point(50 + n / 1000.0, 30 + n % 7, 4326)",
    "Polygon": "ST_MakeEnvelope(50 + n / 1000.0, 30 + n % 7, 51 + n / 1000.0, 31 + n % 7, 4326)",
    "LineString": "ST_MakeLine(ST_Point(50 + n / 1000.0, 30, 4326), ST_Point(51, 31 + n, 4326))",
}
ROWS = 40


@pytest.mark.parametrize("column", ["shape", "t"])
@pytest.mark.parametrize("geometry", list(SHAPES))
async def test_every_word_of_our_statements_can_be_an_attribute(
    writing: AsyncConnection,
    database_url: str,
    geometry: str,
    column: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    executed: list[str] = []
    driver = type(writing)
    execute = driver.execute

    async def recorded(self: AsyncConnection, query: Any, *args: Any, **options: Any) -> Any:
        executed.append(query.decode() if isinstance(query, bytes) else str(query))
        return await execute(self, query, *args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(driver, "execute", recorded)
        plain = await _made(writing, database_url, geometry, column, ["name"])
    words = set(re.findall(r"\b[a-z_][a-z_0-9]*", " ".join(executed)))
    assert {"geom", "placed", "t", "s"} <= words
    words -= {"id", column, POINT_COUNT, "xmin", "xmax", "ctid"}  # of ours, and of PostgreSQL
    words = {word for word in words if not word.endswith("_sum")}
    assert await _made(writing, database_url, geometry, column, sorted(words)) == plain


async def _made(
    connection: AsyncConnection, url: str, geometry: str, column: str, names: list[str]
) -> list[object]:
    """What the service makes of a table whose columns of these names all hold the number of the
    row: without the attributes, which are what they should be.
    """
    layer = _layer(geometry, column, names)
    values = ", ".join(f"n AS {quoted(name)}" for name in names)
    with connect(url) as tracking:
        tracking.execute(
            f"DROP TABLE IF EXISTS public.named; CREATE TABLE public.named AS SELECT n AS id, "  # noqa: S608
            f"{SHAPES[geometry]} AS {quoted(column)}, {values} FROM generate_series(1, {ROWS}) n; "
            f"CREATE UNIQUE INDEX ON public.named (id)".encode()
        )
        track(tracking, layer.source.tables)
    made: list[object] = []
    for each in _items(layer):
        made.append([row[0] for row in await _read(connection, each)])
    assert await build(connection, layer) is not None
    whole = await standing(connection, layer)
    await connection.execute(b"UPDATE public.named SET id = id WHERE id = 1")
    touched = await standing(connection, layer)
    assert whole is not None
    assert touched is not None
    assert touched.touched
    for query in _tiles(layer, (None, whole, touched)):
        (row,) = await _read(connection, query)
        for tile in mapbox_vector_tile.decode(bytes(row[0])).values():
            for feature in sorted(tile["features"], key=str):
                properties = feature["properties"]
                number = properties.get("id")
                assert {properties.pop(name, number) for name in names} <= {number}, properties
                added = {properties.pop(f"{name}_sum", None) for name in names}
                made.append((feature, added))
    return made


def _layer(geometry: str, column: str, names: list[str]) -> Layer:
    title = {"fa": "نام", "en": "Name"}
    first = {"importance": names[0], "sums": names} if geometry == "Point" else {}
    return Layer.model_validate(
        {
            "id": "made",
            "title": title,
            "source": {"table": "public.named"},
            "feature_id": "id",
            "geometry": {"type": geometry, "column": column},
            "tiles": first,
            "attributes": {
                name: {"title": title, "type": "integer", "queryable": name not in RESERVED}
                for name in ("id", *names)
            },
        }
    )


def _items(layer: Layer) -> Iterator[Query]:
    """Statements of items, none of which shows an attribute but the id."""
    column = layer.geometry.column
    texts = [f'"{name}" + 0 < 20' for name in layer.queryables]
    texts.append(f'S_INTERSECTS("{column}", POLYGON((50 29, 51 29, 51 40, 50 29)))')
    texts.append(f'S_WITHIN("{column}", POLYGON((50 29, 51 29, 51 40, 50 29)))')
    chosen = Selection(filter=parse(" AND ".join(texts)))
    shown = Presentation(attributes=("id",))
    paging = Paging(
        order=(Key(layer.sortables[-1], descending=True),), limit=10, after=("30", "30")
    )
    for selection in (Selection(), chosen):
        for fg in (False, True):
            yield page_query(layer, selection, shown, paging, fg=fg)
            yield features_query(layer, selection, shown, paging, fg=fg)
        yield cells_query(layer, selection, shown, paging)
        yield count_query(layer, selection, most=100)
        yield item_query(layer, selection, 3, shown)
    yield extent_query(layer)


def _tiles(layer: Layer, pyramids: tuple[Pyramid | None, ...]) -> Iterator[Query]:
    for pyramid in pyramids:
        for tile in (Tile(0, 0, 0), tile_at(50.5, 30.5, 7), tile_at(50.01, 33.0, 14)):
            for labels in (False, True):
                for coarser in (0, 2):
                    part = Part(layer, Selection(), labels=labels)
                    yield tile_query(part, tile, pyramid, coarser)
            yield tile_query(Part(layer, Selection(), cell=32), tile, pyramid)
    yield tile_query(Part(layer, Selection()), Tile(0, 1, 0, MATRIX_SETS["WorldCRS84Quad"]))


async def _read(connection: AsyncConnection, query: Query) -> list[tuple[Any, ...]]:
    return await (await connection.execute(query.text.encode(), query.params)).fetchall()
