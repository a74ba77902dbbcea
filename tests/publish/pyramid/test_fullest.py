"""Where shapes are too many, those that show fill the tile, and go on to show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from geoservice.catalog.layer import Layer, Zoom
from geoservice.database.engine import AsyncConnection, connect
from geoservice.database.tracking import track
from geoservice.model import Bounds
from geoservice.publish.grid import Tile, tile_at
from geoservice.publish.pyramid.build import build
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.score import unit
from geoservice.publish.pyramid.standing import standing
from geoservice.publish.selection import Selection
from geoservice.publish.tile_frame import MOST_BYTES
from geoservice.publish.tile_query import tile_query
from geoservice.publish.tile_request import Part, TileRequest
from geoservice.publish.tiles import make
from tests.publish.conftest import layer_of
from tests.vector_tiles import layers_of

pytestmark = pytest.mark.anyio

# All in one tile of zoom 5, which is 11.25° wide, and over the edge of two of zoom 6.
WEST, SOUTH, SIDE, ALONG = 48.7, 30.0, 0.02, 200
COUNT = ALONG * ALONG
ALL = tile_at(WEST + 2, SOUTH + 2, 5)
LARGE = 7  # one of so many


def _layer(table: str) -> Layer:
    layer = layer_of("SELECT 1", geometry="Polygon", id="integer", name="string")
    source = layer.source.model_copy(update={"table": f"public.{table}", "sql": None, "reads": ()})
    return layer.model_copy(update={"source": source, "zoom": Zoom(min=0, max=8), "id": table})


EQUAL, MIXED = _layer("equal"), _layer("mixed")


@pytest.fixture(scope="module")
def url(database_url: str) -> str:
    with connect(database_url) as connection:
        for table, side in (
            ("equal", f"{SIDE}"),
            ("mixed", f"CASE WHEN n % {LARGE} = 0 THEN 0.2 ELSE {SIDE} END"),
        ):
            connection.execute(
                f"""CREATE TABLE public.{table} AS SELECT n AS id, 'کشتزار ' || n AS name,
                    ST_MakeEnvelope(w, s, w + side, s + side, 4326) AS geom
                    FROM generate_series(0, {COUNT - 1}) n,
                    LATERAL (SELECT {WEST} + n % {ALONG} * {SIDE} AS w,
                             {SOUTH} + n / {ALONG} * {SIDE} AS s, {side} AS side) r""".encode()  # noqa: S608
            )
            connection.execute(f"CREATE INDEX ON public.{table} USING gist (geom)".encode())
            track(connection, [f"public.{table}"])
    return database_url


async def _pyramid(connection: AsyncConnection, layer: Layer) -> Pyramid:
    if (pyramid := await standing(connection, layer)) is None:
        assert await build(connection, layer)
        pyramid = await standing(connection, layer)
    assert pyramid is not None
    return pyramid


async def _shown(
    connection: AsyncConnection,
    part: Part,
    tile: Tile,
    pyramid: Pyramid | None,
) -> tuple[set[int], int, int]:
    """The ids in a tile, how many it leaves out, and its bytes: no more than may be."""

    async def look(_: AsyncConnection, __: Layer) -> Pyramid | None:
        return pyramid

    body = (await make(TileRequest(tile, (part,), ""), connection, look)).body
    assert len(body) <= MOST_BYTES
    layers = {layer.name: layer for layer in layers_of(body)}
    ids = _numbers(layers[part.layer.id], "id") if part.layer.id in layers else []
    assert len(ids) == len(set(ids))
    omitted = [0]
    if f"{part.layer.id}_omitted" in layers:
        omitted = _numbers(layers[f"{part.layer.id}_omitted"], "omitted")
    (left_out,) = omitted
    return set(ids), left_out, len(body)


def _numbers(layer: Any, name: str) -> list[int]:
    """Of each feature the attribute."""
    key = list(layer.keys).index(name)
    values = [value.int_value or value.uint_value or value.sint_value for value in layer.values]
    pairs = [dict(zip(f.tags[::2], f.tags[1::2], strict=True)) for f in layer.features]
    return [values[each[key]] for each in pairs]


def _tiles(zoom: int) -> Iterator[Tile]:
    first = tile_at(WEST, SOUTH + ALONG * SIDE, zoom)
    last = tile_at(WEST + ALONG * SIDE, SOUTH, zoom)
    for x in range(first.x, last.x + 1):
        for y in range(first.y, last.y + 1):
            yield Tile(zoom, x, y)


def _in(tile: Tile) -> set[int]:
    """The squares that meet the tile, and not only where they end."""
    box, end = tile.box(0), 1e-6
    columns = [
        n
        for n in range(ALONG)
        if box.west < WEST + (n + 1) * SIDE - end and WEST + n * SIDE + end < box.east
    ]
    rows = [
        n
        for n in range(ALONG)
        if box.south < SOUTH + (n + 1) * SIDE - end and SOUTH + n * SIDE + end < box.north
    ]
    return {row * ALONG + column for row in rows for column in columns}


@pytest.mark.parametrize("layer", [EQUAL, MIXED], ids=lambda layer: layer.id)
async def test_what_shows_goes_on_to_show_and_is_the_same_for_neighbours(
    url: str, writing: AsyncConnection, layer: Layer
) -> None:
    pyramid = await _pyramid(writing, layer)
    before: set[int] = set()
    for zoom in range(9):
        found = {
            tile: await _shown(writing, Part(layer, Selection()), tile, pyramid)
            for tile in _tiles(zoom)
        }
        shown = set().union(*(ids for ids, _, _ in found.values()))
        if len(found) == 1:
            ((ids, omitted, _),) = found.values()
            assert len(ids) + omitted == COUNT
        assert shown or zoom == 0  # where none is half a unit wide
        if zoom > 3:  # where each is wider than a unit: smaller ones show where they round to one
            assert before <= shown, zoom
            for tile, (ids, _, _) in found.items():
                assert shown & _in(tile) <= ids, tile
        if len(shown) < COUNT and zoom > 2:
            assert max(size for _, _, size in found.values()) > MOST_BYTES / 3, zoom
        before = shown
    assert len(before) == COUNT


async def test_large_ones_are_there_and_a_fair_share_of_the_small(
    url: str, writing: AsyncConnection
) -> None:
    pyramid = await _pyramid(writing, MIXED)
    large = set(range(0, COUNT, LARGE))
    shares = []
    for zoom in (4, 6):
        shown: set[int] = set()
        for tile in _tiles(zoom):
            shown |= (await _shown(writing, Part(MIXED, Selection()), tile, pyramid))[0]
        least = unit(pyramid.rank(zoom))
        # In EPSG:3857 they are some 35 and 3.5 km from corner to corner.
        for ids, metres in ((large, 35_000), (set(range(COUNT)) - large, 3_500)):
            share = len(shown & ids) / len(ids)
            assert share == pytest.approx(min(metres / least, 1), rel=0.15)
            shares.append(share)
    assert shares[2] == 1 > shares[3] > shares[1] > 0


@pytest.mark.parametrize("layer", [EQUAL, MIXED], ids=lambda layer: layer.id)
async def test_without_a_pyramid_a_tile_is_filled_too(
    url: str, writing: AsyncConnection, layer: Layer
) -> None:
    for zoom in range(2, 8):
        tile = tile_at(WEST + 1, SOUTH + 1, zoom)
        ids, omitted, size = await _shown(writing, Part(layer, Selection()), tile, None)
        assert size > MOST_BYTES / 3
        assert len(_in(tile) - ids) <= omitted <= len(_in(tile) - ids) + 4 * ALONG


async def test_where_some_rows_are_asked_for_they_all_show(
    url: str, writing: AsyncConnection
) -> None:
    pyramid = await _pyramid(writing, EQUAL)
    tile = tile_at(WEST + 1, SOUTH + 1, 6)
    wanted = sorted(_in(tile))[:: len(_in(tile)) // 20]
    by_id = {n: Selection(equal={"id": n}) for n in wanted}
    found = [await _shown(writing, Part(EQUAL, s), tile, pyramid) for s in by_id.values()]
    assert [(ids, omitted) for ids, omitted, _ in found] == [({n}, 0) for n in wanted]


async def test_a_touched_tile_shows_the_same(url: str, writing: AsyncConnection) -> None:
    pyramid = await _pyramid(writing, EQUAL)
    touched = replace(pyramid, touched=(Bounds(WEST, SOUTH, WEST + 1, SOUTH + 1),))
    tile = tile_at(WEST + 1, SOUTH + 1, 6)
    found = [await _shown(writing, Part(EQUAL, Selection()), tile, p) for p in (pyramid, touched)]
    assert found[0] == found[1]


async def test_labels_are_of_the_shapes_that_show(url: str, writing: AsyncConnection) -> None:
    pyramid = await _pyramid(writing, EQUAL)
    for tile in _tiles(6):
        shapes, _, _ = await _shown(writing, Part(EQUAL, Selection()), tile, pyramid)
        labels, _, _ = await _shown(writing, Part(EQUAL, Selection(), labels=True), tile, pyramid)
        assert labels
        assert labels <= shapes


async def test_where_all_fit_no_tile_asks_for_a_score(
    writing: AsyncConnection, counties: Layer
) -> None:
    await build(writing, counties)
    pyramid = await standing(writing, counties)
    assert pyramid is not None
    assert pyramid.ranks == ()
    for zoom in range(3, 13):
        query = tile_query(Part(counties, Selection()), tile_at(51.4, 35.7, zoom), pyramid)
        assert "hash" not in query.text
