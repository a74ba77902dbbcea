from __future__ import annotations

import asyncio
import gzip
import os
import sqlite3
from pathlib import Path

import mapbox_vector_tile
import pyogrio
import pytest
from pmtiles.tile import zxy_to_tileid

from geoservice.catalog.layer import Layer
from geoservice.database.engine import acquire, connect, open_pool
from geoservice.database.tracking import track
from geoservice.errors import (
    Conflict,
    InvalidDeclaration,
    InvalidFile,
    InvalidParameter,
    NotFound,
)
from geoservice.model import Bounds
from geoservice.publish import tiles
from geoservice.publish.archive.file import read_archive
from geoservice.publish.archive.seed import Seeded, seed, work_of
from geoservice.publish.archive.wanted import Wanted
from geoservice.publish.archive.work import open_work
from geoservice.publish.grid import WEB_MERCATOR_QUAD, Tile
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.query import Query
from geoservice.publish.selection import Selection
from geoservice.publish.tile_query import tile_query
from geoservice.publish.tile_request import Part, TileRequest
from tests.read_tile import tile_of

pytestmark = pytest.mark.anyio


def _layer(name: str, table: str, kind: str) -> Layer:
    return Layer.model_validate(
        {
            "id": name,
            "title": {"fa": "نمونه", "en": "Sample"},
            "source": {"table": table},
            "feature_id": "id",
            "geometry": {"type": kind},
            "attributes": {"id": {"title": {"fa": "شناسه", "en": "Id"}, "type": "integer"}},
        }
    )


SPOTS, FIELDS = _layer("spot", "public.spot", "Point"), _layer("field", "public.field", "Polygon")
WANTED = Wanted((SPOTS, FIELDS), 0, 8)


@pytest.fixture
def url(database_url: str) -> str:
    """A database with 300 points, one of them in the corner of a tile, and 30 squares."""
    with connect(database_url) as connection:
        connection.execute(
            "DROP TABLE IF EXISTS public.spot, public.field; "
            "CREATE TABLE public.spot (id int PRIMARY KEY, geom geometry(Point, 4326));"
            "CREATE TABLE public.field (id int PRIMARY KEY, geom geometry(Polygon, 4326));"
            "INSERT INTO public.spot SELECT n, ST_Point(45 + n % 17, 26 + n % 13 + n / 900.0, 4326)"
            " FROM generate_series(1, 300) n; INSERT INTO public.spot VALUES (0, "
            "ST_Point(45.0001, 40.9799, 4326)); INSERT INTO public.field SELECT n, "
            "ST_MakeEnvelope(46 + n % 6, 27 + n / 6, 47 + n % 6, 28 + n / 6, 4326) "
            "FROM generate_series(1, 30) n"
        )
        track(connection, ["public.spot", "public.field"])
    return database_url


async def _seed(url: str, output: Path, wanted: Wanted = WANTED) -> Seeded:
    async with open_pool(url, max_size=2) as pool:
        return await seed(pool, wanted, output, lambda done, total: None)


def _read(path: Path) -> dict[int, bytes]:
    with read_archive(path) as (_, tiles):
        return dict(tiles)


def _said(body: bytes) -> dict[str, list[str]]:
    """What a tile says; in which order its features come is left to the planner."""
    return {
        name: sorted(map(repr, layer["features"]))
        for name, layer in mapbox_vector_tile.decode(body).items()
    }


async def _equals_the_service(url: str, path: Path) -> int:
    """Every tile of every zoom about Iran, there or not, is the service's own; how many are."""
    with read_archive(path) as (_, found):
        archive = {tile_id: gzip.decompress(body) for tile_id, body in found}
    there = 0
    async with open_pool(url, max_size=1) as pool, acquire(pool) as connection:
        for zoom in range(9):
            met = WEB_MERCATOR_QUAD.limits(Bounds(43.0, 24.0, 64.0, 42.0), zoom)
            for x in range(met.min_column, met.max_column + 1):
                for y in range(met.min_row, met.max_row + 1):
                    tile = Tile(zoom, x, y)
                    parts = tuple(Part(layer, Selection()) for layer in WANTED.layers)
                    served = await tile_of(TileRequest(tile, parts, ""), connection)
                    body = archive.pop(zxy_to_tileid(zoom, x, y), b"")
                    assert _said(body) == _said(served), tile
                    there += bool(body)
    assert not archive  # nothing elsewhere
    return there


async def test_an_archive_holds_what_the_service_answers(url: str, tmp_path: Path) -> None:
    path = tmp_path / "all.pmtiles"
    seeded = await _seed(url, path)
    assert seeded.tiles == await _equals_the_service(url, path) > 200
    assert os.listdir(tmp_path) == ["all.pmtiles"]  # noqa: PTH208  (ASYNC240)
    with read_archive(path) as (metadata, _):
        ids = [each["id"] for each in metadata["vector_layers"]]
        assert ids == ["spot", "field", "field_omitted"]
        fields = metadata["vector_layers"][0]["fields"]
        assert fields.keys() == {"id", "point_count"}
        assert fields["id"] == "شناسه · Id"
        assert (metadata["minzoom"], metadata["maxzoom"]) == (0, 8)
        assert metadata["bounds"] == pytest.approx([45, 26, 61, 40.9799], abs=1.2)


async def test_a_tile_that_got_too_large_is_not_made_whole_again(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def query(part: Part, tile: Tile, pyramid: Pyramid | None, coarser: int) -> Query:
        asked.append(coarser)
        return tile_query(part, tile, pyramid, coarser)

    monkeypatch.setattr(tiles, "MOST_BYTES", 300)
    monkeypatch.setattr(tiles, "tile_query", query)
    path = tmp_path / "all.pmtiles"
    await _seed(url, path)
    assert asked
    assert 0 not in asked
    monkeypatch.setattr(tiles, "tile_query", tile_query)
    await _equals_the_service(url, path)


async def test_gdal_reads_it(url: str, tmp_path: Path) -> None:
    path = tmp_path / "all.pmtiles"
    await _seed(url, path)
    assert {name for name, _ in pyogrio.list_layers(path)} == {"spot", "field", "field_omitted"}
    assert pyogrio.read_info(path, layer="spot")["features"] >= 301


async def test_only_what_was_touched_is_made_anew(url: str, tmp_path: Path) -> None:
    path = tmp_path / "all.pmtiles"
    first = await _seed(url, path)
    assert (await _seed(url, path)).made == 0
    before = _read(path)
    with connect(url) as connection:
        connection.execute("INSERT INTO public.spot VALUES (-1, ST_Point(60.3, 37.3, 4326))")
    again = await _seed(url, path)
    assert 9 <= again.made <= 60 < first.made
    after = _read(path)
    assert 9 <= sum(before.get(i) != body for i, body in after.items()) <= again.made
    await _equals_the_service(url, path)


async def test_rows_that_go_take_their_tiles_along(url: str, tmp_path: Path) -> None:
    path = tmp_path / "all.pmtiles"
    first = await _seed(url, path)
    with connect(url) as connection:
        connection.execute("DELETE FROM public.spot WHERE id = 0")
    assert (await _seed(url, path)).tiles < first.tiles
    await _equals_the_service(url, path)


async def test_what_is_touched_everywhere_is_made_anew(url: str, tmp_path: Path) -> None:
    path = tmp_path / "all.pmtiles"
    first = await _seed(url, path)
    with connect(url) as connection:
        connection.execute("TRUNCATE public.field")
    again = await _seed(url, path)
    assert 200 < again.made <= first.made
    await _equals_the_service(url, path)


async def test_it_goes_on_where_it_was_broken_off(url: str, tmp_path: Path) -> None:
    path, kept = tmp_path / "all.pmtiles", 0

    def break_off(done: int, total: int | None) -> None:
        nonlocal kept
        kept = done
        if done >= 128:
            raise KeyboardInterrupt

    async with open_pool(url, max_size=2) as pool:
        with pytest.raises(KeyboardInterrupt):
            await seed(pool, WANTED, path, break_off)
    assert not path.exists()
    assert path.with_name("all.pmtiles.work").exists()
    with connect(url) as connection:  # and what is touched meanwhile is seen
        connection.execute("INSERT INTO public.spot VALUES (-1, ST_Point(45.5, 26.5, 4326))")
    resumed = await _seed(url, path)
    whole = await _seed(url, tmp_path / "other.pmtiles")
    assert whole.made - kept <= resumed.made < whole.made
    one, other = _read(path), _read(tmp_path / "other.pmtiles")
    assert one.keys() == other.keys()
    for tile_id, body in one.items():
        assert _said(gzip.decompress(body)) == _said(gzip.decompress(other[tile_id]))
    await _equals_the_service(url, path)


async def test_other_options_begin_anew(url: str, tmp_path: Path) -> None:
    path = tmp_path / "all.pmtiles"
    await _seed(url, path)
    small = await _seed(url, path, Wanted((SPOTS, FIELDS), 3, 5, Bounds(45, 26, 50, 30)))
    assert small.made >= small.tiles > 0
    with read_archive(path) as (metadata, tiles):
        assert metadata["bounds"] == [45, 26, 50, 30]
        for _, body in tiles:
            assert mapbox_vector_tile.decode(gzip.decompress(body)).keys() <= {"spot", "field"}


async def test_an_archive_of_other_layers_is_left_alone(url: str, tmp_path: Path) -> None:
    path = tmp_path / "all.pmtiles"
    await _seed(url, path)
    before = path.read_bytes()
    with pytest.raises(InvalidFile, match=r"holds other layers too \(field.*remove it first"):
        await _seed(url, path, Wanted((SPOTS,), 3, 5))
    assert path.read_bytes() == before
    assert not work_of(path).exists()


@pytest.mark.parametrize(("first", "last"), [(5, 4), (-1, 3), (0, 25)])
def test_zooms_that_are_none(first: int, last: int) -> None:
    with pytest.raises(InvalidParameter, match="from 0 to 24"):
        Wanted((SPOTS,), first, last)


async def test_nothing_to_write_leaves_the_old_one(url: str, tmp_path: Path) -> None:
    path = tmp_path / "all.pmtiles"
    await _seed(url, path)
    before = path.read_bytes()
    with pytest.raises(NotFound, match="nothing to write"):
        await _seed(url, path, Wanted((SPOTS, FIELDS), 5, 6, Bounds(-80, -40, -70, -30)))
    assert path.read_bytes() == before
    assert not work_of(path).exists()


async def test_a_layer_whose_changes_go_unseen_is_refused(url: str, tmp_path: Path) -> None:
    with connect(url) as connection:
        connection.execute("CREATE OR REPLACE VIEW public.seen AS SELECT * FROM public.spot")
    wanted = Wanted((_layer("seen", "public.seen", "Point"),), 0, 3)
    with pytest.raises(InvalidDeclaration, match="seen: changes"):
        await _seed(url, tmp_path / "all.pmtiles", wanted)
    with connect(url) as connection:
        connection.execute("DROP VIEW public.seen")


async def test_places_that_cannot_be_written(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="cannot be written"):
        await _seed(url, tmp_path / "nowhere" / "all.pmtiles")
    foreign = tmp_path / "foreign.pmtiles"
    foreign.write_bytes(b"something else" * 100)
    with pytest.raises(InvalidFile, match="no PMTiles archive"):
        await _seed(url, foreign)
    assert foreign.read_bytes() == b"something else" * 100


@pytest.mark.parametrize("content", [b"not a database" * 100, "version"])
async def test_a_work_file_of_another_version(
    url: str, tmp_path: Path, content: bytes | str
) -> None:
    work = tmp_path / "all.pmtiles.work"
    if isinstance(content, bytes):
        work.write_bytes(content)
    else:
        with open_work(work):
            pass
        with sqlite3.connect(work) as db:
            db.execute("UPDATE said SET value = 'geoservice 0'")
        db.close()
    with pytest.raises(InvalidFile, match="no work file of this version"):
        await _seed(url, tmp_path / "all.pmtiles")


async def test_two_at_once(url: str, tmp_path: Path) -> None:
    with open_work(tmp_path / "all.pmtiles.work"), pytest.raises(Conflict, match="another run"):
        await asyncio.wait_for(_seed(url, tmp_path / "all.pmtiles"), 30)
