"""Points that are too many for a tile: one stands for each cell, and says for how many."""

from __future__ import annotations

import math
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import mapbox_vector_tile
import pytest

from geoservice.catalog.layer import Dimension, Layer, Tiles, Zoom
from geoservice.catalog.tiling import CELL_SIZES, CellSize
from geoservice.database.engine import AsyncConnection, acquire, connect, open_pool
from geoservice.database.tracking import track
from geoservice.model import Bounds
from geoservice.publish.cql2.parse import parse
from geoservice.publish.grid import Tile, tile_at
from geoservice.publish.pyramid.build import build
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.standing import standing
from geoservice.publish.selection import Selection
from geoservice.publish.tile_query import tile_query
from geoservice.publish.tile_request import Part
from tests.publish.conftest import layer_of

pytestmark = pytest.mark.anyio

POINTS = 3000
# Crowded about a middle, as settlements are, with some that share one place exactly.
_MADE = random.Random(7)  # noqa: S311  (no secret)
PLACES = [
    (round(51.4 + _MADE.gauss(0, 0.3) ** 3, 6), round(35.7 + _MADE.gauss(0, 0.3) ** 3, 6))
    for _ in range(POINTS - 5)
] + [(51.4, 35.7)] * 5


def crowd(importance: str | None = None) -> Layer:
    layer = layer_of("SELECT 1", id="integer", weight="integer", name="string")
    source = layer.source.model_copy(update={"table": "public.crowd", "sql": None, "reads": ()})
    return layer.model_copy(
        update={
            "source": source,
            "zoom": Zoom(min=3, max=12),
            "tiles": Tiles(importance=importance, sums=("weight",)),
        }
    )


PLAIN, WEIGHTED = crowd(), crowd(importance="weight")


@pytest.fixture(scope="module")
def crowded(database_url: str) -> str:
    with connect(database_url) as connection:
        connection.execute(
            "CREATE TABLE public.crowd (id integer PRIMARY KEY, weight integer, name text, "
            "geom geometry(Point, 4326))"
        )
        with connection.cursor().copy(
            "COPY public.crowd (id, weight, name, geom) FROM STDIN"
        ) as copy:
            for number, (lon, lat) in enumerate(PLACES):
                weight = None if number % 7 == 0 else number * 7919 % 1000
                copy.write_row((number, weight, f"نام {number}", f"SRID=4326;POINT({lon} {lat})"))
            copy.write_row((POINTS, 1, "nowhere", None))
            copy.write_row((POINTS + 1, 1, "empty", "SRID=4326;POINT EMPTY"))
            copy.write_row((POINTS + 2, 1, "beyond the map", "SRID=4326;POINT(51 89)"))
        connection.execute("CREATE INDEX ON public.crowd USING gist (geom)")
        track(connection, ["public.crowd"])
    return database_url


@pytest.fixture
async def writing(crowded: str) -> AsyncIterator[AsyncConnection]:
    async with open_pool(crowded, max_size=1, writing=True) as pool, acquire(pool) as connection:
        yield connection


async def tile_of(
    connection: AsyncConnection,
    layer: Layer,
    tile: Tile,
    pyramid: Pyramid | None,
    selection: Selection | None = None,
    coarser: int = 0,
    cell: CellSize = 8,
) -> dict[int, dict[str, Any]]:
    part = Part(layer, selection or Selection(), cell=cell)
    query = tile_query(part, tile, pyramid, coarser)
    row = await (await connection.execute(query.text.encode(), query.params)).fetchone()
    assert row is not None
    features = mapbox_vector_tile.decode(bytes(row[0])).get(layer.id, {"features": []})["features"]
    return {f["properties"]["id"]: f["properties"] for f in features}


def weights(features: dict[int, dict[str, Any]]) -> float:
    return float(sum(f.get("weight_sum", f.get("weight", 0)) for f in features.values()))


def stands_for(features: dict[int, dict[str, Any]]) -> int:
    return sum(f.get("point_count", 1) for f in features.values())


@pytest.mark.parametrize("layer", [PLAIN, WEIGHTED], ids=["by id", "by weight"])
async def test_made_beforehand_or_not_a_tile_is_the_same(
    writing: AsyncConnection, layer: Layer
) -> None:
    built = await build(writing, layer)
    assert built is not None
    assert layer.zoom.min < built.deepest < layer.zoom.max
    pyramid = await standing(writing, layer)
    assert pyramid is not None
    for zoom in range(layer.zoom.min, built.deepest + 1):
        tile = tile_at(51.4, 35.7, zoom)
        made = await tile_of(writing, layer, tile, pyramid)
        assert made == await tile_of(writing, layer, tile, None)
        assert made


async def test_every_point_is_counted_and_its_weight_added(writing: AsyncConnection) -> None:
    await build(writing, PLAIN)
    pyramid = await standing(writing, PLAIN)
    everywhere = Tile(3, 5, 3)  # all of them but those that have no place on the map
    row = await (
        await writing.execute("SELECT sum(weight) FROM public.crowd WHERE id < %s", [POINTS])
    ).fetchone()
    assert row is not None
    for made in (pyramid, None):
        features = await tile_of(writing, PLAIN, everywhere, made)
        assert 1 < len(features) < POINTS
        assert stands_for(features) == POINTS
        assert weights(features) == row[0]


async def test_what_shows_at_a_zoom_shows_at_every_deeper_one(writing: AsyncConnection) -> None:
    await build(writing, WEIGHTED)
    pyramid = await standing(writing, WEIGHTED)
    assert pyramid is not None
    shown: set[int] = set()
    for zoom in range(3, 13):
        tiles = {tile_at(lon, lat, zoom) for lon, lat in PLACES}
        here = set[int]()
        for tile in tiles:
            here |= (await tile_of(writing, WEIGHTED, tile, pyramid)).keys()
        assert shown <= here
        shown = here
    assert len(shown) == POINTS


async def test_the_most_important_shows_first(writing: AsyncConnection) -> None:
    await build(writing, WEIGHTED)
    pyramid = await standing(writing, WEIGHTED)
    row = await (
        await writing.execute(
            "SELECT id FROM public.crowd WHERE geom && ST_MakeEnvelope(45, 30, 60, 40, 4326) "
            "ORDER BY weight DESC NULLS LAST, id LIMIT 1"
        )
    ).fetchone()
    assert row is not None
    assert row[0] in await tile_of(writing, WEIGHTED, Tile(3, 5, 3), pyramid)


async def test_a_filter_thins_what_it_leaves(writing: AsyncConnection) -> None:
    await build(writing, PLAIN)
    pyramid = await standing(writing, PLAIN)
    selection = Selection(filter=parse("weight < 100"))
    features = await tile_of(writing, PLAIN, Tile(3, 5, 3), pyramid, selection)
    assert all(f["weight"] < 100 for f in features.values())
    row = await (
        await writing.execute(
            "SELECT count(*) FROM public.crowd WHERE weight < 100 AND id < %s", [POINTS]
        )
    ).fetchone()
    assert row is not None
    assert stands_for(features) == row[0]


@pytest.mark.parametrize("cell", CELL_SIZES[1:])
async def test_in_wider_cells_one_stands_for_more(writing: AsyncConnection, cell: CellSize) -> None:
    await build(writing, WEIGHTED)
    pyramid = await standing(writing, WEIGHTED)
    before: set[int] = set()
    for zoom in range(3, WEIGHTED.zoom.max + 1):
        tile = tile_at(51.4, 35.7, zoom)
        made = within(tile, await tile_of(writing, WEIGHTED, tile, pyramid, cell=cell))
        assert made == within(tile, await tile_of(writing, WEIGHTED, tile, None, cell=cell))
        usual = within(tile, await tile_of(writing, WEIGHTED, tile, pyramid))
        assert made.keys() <= usual.keys()
        assert {number for number in before if number in usual} <= made.keys()
        before = set(made)
        if zoom == WEIGHTED.zoom.max:
            assert made == usual
        elif zoom < 9:
            assert len(made) <= (512 // cell) ** 2
            assert len(made) < len(usual)
    everywhere = await tile_of(writing, WEIGHTED, Tile(3, 5, 3), pyramid, cell=cell)
    assert stands_for(everywhere) == POINTS


@pytest.mark.parametrize("zoom", [4, 7, 10])
async def test_those_that_stand_for_many_have_room(writing: AsyncConnection, zoom: int) -> None:
    await build(writing, PLAIN)
    tile = tile_at(51.4, 35.7, zoom)
    for pyramid in (await standing(writing, PLAIN), None):
        query = tile_query(Part(PLAIN, Selection(), cell=64), tile, pyramid)
        row = await (await writing.execute(query.text.encode(), query.params)).fetchone()
        assert row is not None
        features = mapbox_vector_tile.decode(bytes(row[0]))[PLAIN.id]["features"]
        many = [f["geometry"]["coordinates"] for f in features if "point_count" in f["properties"]]
        inside = [(x, y) for x, y in many if 0 < x < 4096 and 0 < y < 4096]
        assert len({(x // 512, y // 512) for x, y in inside}) == len(inside) > 1
        assert min(math.dist(a, b) for a, b in combinations(inside, 2)) >= 254


def within(tile: Tile, features: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Those that lie in the tile itself; at the edge of its margin rounding decides."""
    return {n: f for n, f in features.items() if tile_at(*PLACES[n], tile.z) == tile}


@pytest.mark.parametrize("zoom", [3, 6, 8, 12])
async def test_halving_the_detail_loses_nobody(writing: AsyncConnection, zoom: int) -> None:
    await build(writing, PLAIN)
    tile = tile_at(51.4, 35.7, zoom)
    for pyramid in (await standing(writing, PLAIN), None):
        numbers = []
        for coarser in range(6):
            features = await tile_of(writing, PLAIN, tile, pyramid, coarser=coarser)
            numbers.append(len(features))
            assert stands_for(features) >= numbers[0]
        assert numbers == sorted(numbers, reverse=True)
        assert numbers[-1] < 200


async def test_where_rows_changed_since_they_come_from_the_source(
    writing: AsyncConnection,
) -> None:
    """A changed, a moved, a deleted and a new one, in areas that are known to be touched."""
    await build(writing, PLAIN)
    pyramid = await standing(writing, PLAIN)
    assert pyramid is not None
    tile = tile_at(51.4, 35.7, 5)
    before = await tile_of(writing, PLAIN, tile, pyramid)
    changed, moved, deleted, *_ = [number for number in before if number < POINTS - 5]
    async with writing.transaction(force_rollback=True):
        boxes = [(*PLACES[n], *PLACES[n]) for n in (changed, moved, deleted)]
        boxes += [(52.2, 36.2, 52.2, 36.2), (52.4, 36.4, 52.4, 36.4)]
        await writing.execute("UPDATE public.crowd SET name = 'تازه' WHERE id = %s", [changed])
        await writing.execute(
            "UPDATE public.crowd SET geom = ST_SetSRID(ST_Point(52.2, 36.2), 4326) WHERE id = %s",
            [moved],
        )
        await writing.execute("DELETE FROM public.crowd WHERE id = %s", [deleted])
        await writing.execute(
            "INSERT INTO public.crowd VALUES (-1, 5, 'نو', ST_SetSRID(ST_Point(52.4, 36.4), 4326))"
        )
        touched = tuple(Bounds(*box) for box in boxes)
        stale = replace(pyramid, touched=touched)
        after = await tile_of(writing, PLAIN, tile, stale)
    assert after[changed]["name"] == "تازه"
    assert moved in after
    assert deleted not in after
    assert after[-1]["name"] == "نو"
    assert before.keys() - {deleted} <= after.keys()


@pytest.mark.parametrize("zoom", [3, 5, 8])
async def test_where_it_was_touched_everybody_is_counted_once(
    writing: AsyncConnection, zoom: int
) -> None:
    """Whole cells come from the source: the counts hold, and nobody shows who is stood for."""
    await build(writing, WEIGHTED)
    pyramid = await standing(writing, WEIGHTED)
    assert pyramid is not None
    tile = tile_at(51.4, 35.7, zoom)
    before = await tile_of(writing, WEIGHTED, tile, pyramid)
    hidden = [number for number in range(POINTS) if number not in before][:20]
    async with writing.transaction(force_rollback=True):
        touched = tuple(Bounds(*PLACES[n], *PLACES[n]) for n in hidden)
        await writing.execute("UPDATE public.crowd SET name = name WHERE id = ANY(%s)", [hidden])
        stale = replace(pyramid, touched=touched)
        after = await tile_of(writing, WEIGHTED, tile, stale)
        assert after.keys() == before.keys()
        assert stands_for(after) == stands_for(before)
        assert weights(after) == weights(before)
        await writing.execute("DELETE FROM public.crowd WHERE id = ANY(%s)", [hidden])
        fewer = await tile_of(writing, WEIGHTED, tile, stale)
        assert stands_for(fewer) == stands_for(before) - len(hidden)


async def test_a_write_is_seen_at_once_and_the_rest_stays(writing: AsyncConnection) -> None:
    await build(writing, PLAIN)
    assert await standing(writing, WEIGHTED) is None  # of another declaration
    tile = tile_at(51.4, 35.7, 5)
    untouched = await standing(writing, PLAIN)
    assert untouched is not None
    assert untouched.touched == ()
    before = await tile_of(writing, PLAIN, tile, untouched)
    changed = min(before)
    await writing.execute("UPDATE public.crowd SET name = 'تازه' WHERE id = %s", [changed])
    pyramid = await standing(writing, PLAIN)
    assert pyramid is not None
    assert len(pyramid.touched) == 1
    after = await tile_of(writing, PLAIN, tile, pyramid)
    assert after.pop(changed)["name"] == "تازه"
    del before[changed]
    assert after.items() >= before.items()
    await build(writing, PLAIN)
    rebuilt = await standing(writing, PLAIN)
    assert rebuilt is not None
    assert rebuilt.touched == ()


async def test_a_write_to_another_table_that_the_layer_reads_ends_it(
    writing: AsyncConnection,
) -> None:
    source = PLAIN.source.model_copy(update={"reads": ("source.place",)})
    layer = PLAIN.model_copy(update={"source": source, "id": "reader"})
    await build(writing, layer)
    assert await standing(writing, layer) is not None
    await writing.execute("TRUNCATE source.place CASCADE")
    assert await standing(writing, layer) is None


async def test_a_write_ends_it_where_a_dimension_may_hang_on_any_row(
    writing: AsyncConnection,
) -> None:
    newest = Dimension.model_validate(
        {
            "title": {"fa": "وزن", "en": "Weight"},
            "type": "integer",
            "default": "SELECT max(weight) FROM public.crowd",
        }
    )
    layer = PLAIN.model_copy(update={"dimensions": {"weight": newest}, "id": "dimensional"})
    await build(writing, layer)
    assert await standing(writing, layer) is not None
    await writing.execute("UPDATE public.crowd SET name = name WHERE id = 1")
    assert await standing(writing, layer) is None


@pytest.mark.parametrize("rows", [0, 1, 3])
async def test_of_few_points_far_apart(writing: AsyncConnection, rows: int) -> None:
    await writing.execute(
        f"CREATE TABLE public.few_{rows} AS SELECT n AS id, n AS weight, 'x' AS name, "  # noqa: S608
        f"ST_SetSRID(ST_Point(48 + n, 30 + n), 4326) AS geom FROM generate_series(1, {rows}) n"
    )
    source = PLAIN.source.model_copy(update={"table": f"public.few_{rows}"})
    layer = PLAIN.model_copy(update={"source": source, "id": "few"})
    with connect(writing.info.dsn + f" password={writing.info.password}") as tracking:
        track(tracking, layer.source.tables)
    assert await build(writing, layer) is not None
    pyramid = await standing(writing, layer)
    shown = await tile_of(writing, layer, Tile(3, 5, 3), pyramid)
    assert stands_for(shown) == rows


async def test_of_what_cannot_be_tracked_there_is_none(writing: AsyncConnection) -> None:
    await writing.execute("CREATE TABLE public.unseen AS SELECT * FROM public.crowd LIMIT 5")
    source = PLAIN.source.model_copy(update={"table": "public.unseen"})
    assert await build(writing, PLAIN.model_copy(update={"source": source})) is None
