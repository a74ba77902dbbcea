"""Counties as a coverage: whatever the zoom, neighbours share their edge."""

from __future__ import annotations

from dataclasses import replace

import mapbox_vector_tile
import pytest
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import load_catalog
from geoservice.database.engine import AsyncConnection, connect
from geoservice.database.tracking import track
from geoservice.model import Bounds
from geoservice.publish.cql2.parse import parse
from geoservice.publish.grid import Tile, tile_at
from geoservice.publish.pyramid.generalised import generalised
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.selection import Selection
from geoservice.publish.tile_query import tile_query
from geoservice.publish.tile_request import Part
from tests.publish.conftest import ROOT
from tests.publish.pyramid.conftest import built, table_layer

pytestmark = pytest.mark.anyio

# Square units of a tile, 4096 wide: a sixty-fourth of a pixel of 256 along its side.
_SLIVER = 4.0


async def _polygons(
    connection: AsyncConnection, layer: Layer, tile: Tile, pyramid: Pyramid | None
) -> tuple[int, dict[int, BaseGeometry]]:
    query = tile_query(Part(layer, Selection()), tile, pyramid)
    row = await (await connection.execute(query.text.encode(), query.params)).fetchone()
    assert row is not None
    decoded = mapbox_vector_tile.decode(bytes(row[0]), default_options={"y_coord_down": True})
    features = decoded["made"]["features"] if decoded else []
    return len(row[0]), {f["properties"]["id"]: shape(f["geometry"]) for f in features}


@pytest.mark.parametrize("zoom", range(3, 13))
async def test_no_gap_and_no_overlap(writing: AsyncConnection, counties: Layer, zoom: int) -> None:
    pyramid = await built(writing, counties)
    for lon, lat in ((51.4, 35.7), (56.3, 30.1), (46.3, 38.1)):
        tile = tile_at(lon, lat, zoom)
        _, made = await _polygons(writing, counties, tile, pyramid)
        _, raw = await _polygons(writing, counties, tile, None)
        assert made.keys() == raw.keys()
        assert all(polygon.is_valid for polygon in made.values())
        whole = shapely.union_all(list(made.values()))
        assert sum(p.area for p in made.values()) - whole.area < _SLIVER
        # What is open in the whole is open in the original too: no gap between neighbours.
        original = shapely.union_all([p.buffer(0.5) for p in raw.values()])
        for part in shapely.get_parts(whole):
            for ring in shapely.get_rings(part)[1:]:
                gap = shapely.polygons(ring)
                assert gap.area < _SLIVER or original.intersection(gap).area < gap.area / 2


@pytest.mark.parametrize("zoom", [5, 6, 7])
async def test_it_takes_a_fraction_of_the_bytes(
    writing: AsyncConnection, counties: Layer, zoom: int
) -> None:
    tile = tile_at(53.0, 33.0, zoom)
    made, _ = await _polygons(writing, counties, tile, await built(writing, counties))
    raw, _ = await _polygons(writing, counties, tile, None)
    assert made < raw / 2


async def test_where_a_county_changed_since_it_comes_from_the_source(
    writing: AsyncConnection, counties: Layer
) -> None:
    pyramid = await built(writing, counties)
    async with writing.transaction(force_rollback=True):
        row = await (
            await writing.execute(
                f"UPDATE {counties.source.table} SET geom = ST_Multi(ST_MakeEnvelope("  # noqa: S608
                "51, 35, 52, 36, 4326)) WHERE id = 0 RETURNING 1"
            )
        ).fetchone()
        assert row is not None
        touched = Pyramid(pyramid.table, pyramid.deepest, (Bounds(51, 35, 52, 36),))
        tile = tile_at(51.4, 35.7, 6)
        _, made = await _polygons(writing, counties, tile, touched)
    assert made[0].equals(made[0].envelope)


def test_a_tile_that_was_touched_comes_from_the_source_whole() -> None:
    """A shape of it beside generalised neighbours would leave slivers."""
    county = load_catalog(ROOT / "layers").layer("county").model_copy(update={"dimensions": {}})
    tile = tile_at(51.4, 35.7, 6)
    box = tile.box()
    inside = Bounds(box.west, box.south, box.west, box.south)
    beside = Bounds(box.east + 9, box.south, box.east + 9, box.south)
    pyramid = Pyramid("tile.county", 9)
    for touched, used in ((), True), ((beside,), True), ((beside, inside), False):
        query = tile_query(Part(county, Selection()), tile, replace(pyramid, touched=touched))
        assert ("tile.county" in query.text) is used


@pytest.mark.parametrize(
    ("selection", "used"),
    [
        (Selection(), True),
        (Selection(filter=parse("name_fa = 'کاشان'")), True),
        (Selection(equal={"region_set": "other"}), False),
        (Selection(filter=parse("region_set = 'other'")), False),
    ],
)
def test_shapes_of_another_dimension_are_not_those_that_were_generalised(
    selection: Selection, used: bool
) -> None:
    county = load_catalog(ROOT / "layers").layer("county")
    query = tile_query(Part(county, selection), tile_at(51.4, 35.7, 6), Pyramid("tile.county", 9))
    assert ("tile.county" in query.text) is used


def test_lines_are_generalised_each_by_itself() -> None:
    wiggle = shapely.linestrings([[n, (n % 2) * 10.0] for n in range(0, 100_000, 10)])
    made = dict(generalised(shapely.multilinestrings([[wiggle]]).reshape(-1), range(3, 12)))
    assert set(made) == set(range(3, 12))
    assert all(len(shapely.get_coordinates(lines[0])) == 2 for lines in made.values())


def test_what_has_nothing_to_leave_out_has_no_pyramid() -> None:
    square = shapely.box(0, 0, 1e6, 1e6)
    assert list(generalised(shapely.from_wkb([square.wkb]), range(3, 12))) == []


async def test_what_goes_beyond_the_world_spoils_no_pyramid(
    writing: AsyncConnection, database_url: str
) -> None:
    layer = table_layer("beyond", "Polygon")
    with connect(database_url) as connection:
        connection.execute(
            "CREATE TABLE public.beyond AS SELECT n AS id, ST_MakeEnvelope(n, -100, 200 * n, 100, "
            "4326)::geometry(Polygon, 4326) AS geom FROM generate_series(1, 3) n"
        )
        track(connection, ["public.beyond"])
    pyramid = await built(writing, layer)
    tile = tile_at(51, 35, 4)
    _, shown = await _polygons(writing, layer, tile, pyramid)
    assert shown.keys() == {1, 2, 3}
