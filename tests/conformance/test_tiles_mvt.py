"""OGC API Tiles Part 1, conformance class Mapbox Vector Tiles."""

from __future__ import annotations

import httpx
import pytest
from pyproj import Transformer

from geoservice.publish.grid import matrix_set
from tests.conformance.tilesets import Tileset
from tests.vector_tiles import LINE, POINT, POLYGON, layers_of, paths


def test_a_tile_is_one_vector_tile(tilesets: list[Tileset]) -> None:
    """/conf/mvt/content, first and second: one document, whose features have shapes and types"""
    features = 0
    for tileset in tilesets:
        for zoom in (5, 8, 11):
            response = tileset.some(zoom)
            assert response.headers["content-type"] == "application/vnd.mapbox-vector-tile"
            for layer in layers_of(response.content):
                assert layer.version == 2
                assert layer.name in tileset.layers
                for feature in layer.features:
                    assert feature.type in (POINT, LINE, POLYGON)
                    assert paths(feature.geometry)
                    features += 1
    assert features > 1000


def test_the_grid_maps_linearly_to_the_crs(api: httpx.Client, tilesets: list[Tileset]) -> None:
    """/conf/mvt/content, third: 0,0 is the corner in the north-west, in the CRS of the tileset"""
    places = api.get("/collections/place/items?limit=10000").json()["features"]
    where = {f["id"]: f["geometry"]["coordinates"] for f in places if f["geometry"]}
    tried = 0
    for tileset in (each for each in tilesets if each.layers == ["place"]):
        grid = matrix_set(tileset.grid)
        to_crs = Transformer.from_crs(4326, grid.srid, always_xy=True)
        tile = tileset.some_tile(7)
        (layer,) = layers_of(tileset.tile(7, tile.y, tile.x).content)
        unit = grid.side / 2**7 / layer.extent
        ids = {
            layer.values[value].string_value: feature
            for feature in layer.features
            for key, value in zip(feature.tags[::2], feature.tags[1::2], strict=True)
            if layer.keys[key] == "id"
        }
        for id_, feature in ids.items():
            (((x, y),),) = paths(feature.geometry)
            easting, northing = to_crs.transform(*where[id_])
            left = grid.origin[0] + tile.x * grid.side / 2**7
            top = grid.origin[1] - tile.y * grid.side / 2**7
            assert left + x * unit == pytest.approx(easting, abs=unit)
            assert top - y * unit == pytest.approx(northing, abs=unit)
            tried += 1
    assert tried > 20
