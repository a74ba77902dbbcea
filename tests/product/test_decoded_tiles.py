"""Tiles of the sample, read by what reads tiles: mapbox-vector-tile, GDAL, and our own eyes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import httpx
import mapbox_vector_tile
import pyogrio
import pytest
from shapely.geometry import Point, Polygon, box, shape

from geoservice.publish.grid import MATRIX_SETS, Tile, TileMatrixSet, tile_at
from tests.vector_tiles import POLYGON, layers_of, polygons

IRAN = box(44, 25, 63.4, 39.9)
# Up to here every tile of the country is looked at; deeper, some, on borders between counties.
ALL_UP_TO = 5
SOME = 12

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def api(service: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def borders(api: httpx.Client) -> list[tuple[float, float]]:
    """Points on the outlines of counties."""
    found = api.get("/collections/county/items?limit=1000").json()["features"]
    assert len(found) > 400
    chosen = random.Random(4).sample(found, SOME)  # noqa: S311
    return [
        tuple(shape(f["geometry"]).boundary.interpolate(0.3, normalized=True).coords[0])
        for f in chosen
    ]


def _tiles(zoom: int, grid: TileMatrixSet, borders: list[tuple[float, float]]) -> set[Tile]:
    if zoom > ALL_UP_TO:
        return {tile_at(lon, lat, zoom, grid) for lon, lat in borders}
    west, south, east, north = IRAN.bounds
    first, last = tile_at(west, north, zoom, grid), tile_at(east, south, zoom, grid)
    return {
        Tile(zoom, x, y, grid)
        for x in range(first.x, last.x + 1)
        for y in range(first.y, last.y + 1)
    }


@pytest.mark.parametrize("zoom", range(15))
@pytest.mark.parametrize("grid", MATRIX_SETS.values(), ids=MATRIX_SETS)
def test_polygons_are_valid_and_wound_as_they_should(
    api: httpx.Client, borders: list[tuple[float, float]], grid: TileMatrixSet, zoom: int
) -> None:
    seen = 0
    for tile in _tiles(zoom, grid, borders):
        address = f"{grid.id}/{tile.z}/{tile.y}/{tile.x}"
        body = api.get(f"/collections/county/tiles/{address}").raise_for_status().content
        for layer in layers_of(body):
            assert (layer.name, layer.version, layer.extent) == ("county", 2, 4096)
            for feature in layer.features:
                assert feature.type == POLYGON
                for exterior, holes in polygons(feature.geometry):
                    made = Polygon(exterior, holes)
                    assert made.is_valid, (address, exterior, holes)
                    # Clipped to the tile and its margin.
                    assert box(-65, -65, 4161, 4161).contains(made)
                    seen += 1
    first = 3 - grid.above  # of the layer's zooms
    assert (seen > 0) is (zoom >= first)


def test_a_tile_holds_exactly_what_lies_in_it(api: httpx.Client) -> None:
    """Places of a tile are those that a box of its edges finds, at the points where they are."""
    places = api.get("/collections/place/items?limit=10000").json()["features"]
    where = {f["id"]: f["geometry"]["coordinates"] for f in places if f["geometry"]}
    for grid in MATRIX_SETS.values():
        for zoom in (6, 9, 14 - grid.above):
            lon, lat = next(iter(where.values()))
            tile = tile_at(lon, lat, zoom, grid)
            edges = tile.box(0)
            address = f"{grid.id}/{tile.z}/{tile.y}/{tile.x}"
            body = api.get(f"/collections/place/tiles/{address}?properties=id").content
            options = {"y_coord_down": True}
            decoded = mapbox_vector_tile.decode(body, default_options=options)["place"]
            there = {
                f["properties"]["id"]: f["geometry"]["coordinates"] for f in decoded["features"]
            }
            inside = {i for i, (lon, lat) in where.items() if edges.contain(lon, lat)}
            shown = {i for i, (x, y) in there.items() if 0 < x < 4096 and 0 < y < 4096}
            assert inside
            assert shown <= inside
            if zoom > 9:  # before, a layer may leave out the less important
                assert inside <= set(there)
            for id_, (x, _) in there.items():
                lon = edges.west + x / 4096 * (edges.east - edges.west)
                assert lon == pytest.approx(where[id_][0], abs=(edges.east - edges.west) / 4096)
            if grid.srid == 4326:
                for id_, (_, y) in there.items():
                    lat = edges.north - y / 4096 * (edges.north - edges.south)
                    assert lat == pytest.approx(where[id_][1], abs=180 / 2**zoom / 4096)


@pytest.mark.parametrize("zoom", [3, 5, 8, 12])
def test_gdal_reads_a_tile_of_several_layers(
    api: httpx.Client, borders: list[tuple[float, float]], tmp_path: Path, zoom: int
) -> None:
    tile = tile_at(*borders[0], zoom)
    body = api.get(f"/tiles/province,county/{tile.z}/{tile.x}/{tile.y}.mvt").content
    path = tmp_path / "tile.mvt"
    path.write_bytes(body)
    # Without CLIP the driver leaves out what lies in the margin only.
    options = {"X": tile.x, "Y": tile.y, "Z": tile.z, "CLIP": "NO"}
    assert [name for name, _ in pyogrio.list_layers(path)] == ["province", "county"]
    counties = pyogrio.read_dataframe(path, layer="county", **options)
    named = {f["properties"]["code"] for f in mapbox_vector_tile.decode(body)["county"]["features"]}
    assert set(counties["code"]) == named
    assert counties.crs.to_epsg() == 3857
    assert counties.geometry.is_valid.all()
    here = counties.to_crs(4326).union_all()
    assert here.distance(Point(borders[0])) < 360 / 2**zoom / 4096 * 2


def test_gdal_finds_the_tiles_of_a_collection_by_its_links(api: httpx.Client) -> None:
    """From the collection over tileset, matrix set and limits to every county, in degrees."""
    items = api.get("/collections/county/items?limit=1000&properties=code").json()["features"]
    counties = pyogrio.read_dataframe(
        f"OGCAPI:{str(api.base_url).rstrip('/')}/collections/county",
        layer="Zoom level 5",
        API="TILES",
        TILEMATRIXSET="WorldCRS84Quad",
    )
    assert set(counties["code"]) == {f["properties"]["code"] for f in items}
    assert counties.crs.is_geographic
    west, south, east, north = counties.total_bounds
    assert (west, east) == pytest.approx((44, 63.3), abs=1)
    assert (south, north) == pytest.approx((25, 39.8), abs=1)
