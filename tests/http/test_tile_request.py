from __future__ import annotations

import pytest

from geoservice.catalog.load import Catalog, load_catalog
from geoservice.errors import InvalidParameter
from geoservice.http.asked import Asked
from geoservice.http.tile_request import TileRequest, named, tile_request
from geoservice.publish.grid import WORLD_CRS84_QUAD, Tile
from geoservice.settings import Settings

TILE = Tile(5, 20, 12)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(Settings().layers_dir)


def _request(
    catalog: Catalog, query: str = "", ids: str = "county", tile: Tile = TILE
) -> TileRequest:
    return tile_request(Asked("/", query.encode(), {}, "http://x"), named(catalog, ids), tile)


def test_all_that_decides_the_bytes_is_in_the_digest(catalog: Catalog) -> None:
    county = catalog.layer("county")
    other = county.model_copy(update={"tiles": county.tiles.model_copy(update={"buffer": 8})})
    declared_anew = Catalog({**catalog.layers, "county": other})
    requests = [
        _request(catalog),
        _request(catalog, tile=Tile(5, 20, 13)),
        _request(catalog, tile=Tile(5, 12, 20)),
        _request(catalog, tile=Tile(5, 20, 12, WORLD_CRS84_QUAD)),
        _request(catalog, ids="county,place"),
        _request(catalog, ids="place,county"),
        _request(catalog, ids="province"),
        _request(catalog, "region_set=1400"),
        _request(catalog, "properties=code"),
        _request(catalog, "label-points=true"),
        _request(catalog, "label-points=true&properties=code"),
        _request(catalog, "properties=code,name_fa"),
        _request(catalog, "cell-size=16"),
        _request(catalog, "cell-size=64"),
        _request(catalog, "filter=population>5"),
        _request(
            catalog, "filter=population>5&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326"
        ),
        _request(catalog, "datetime=2020-01-01"),
        _request(declared_anew),
    ]
    assert len({request.digest for request in requests}) == len(requests)


def test_what_decides_nothing_is_not(catalog: Catalog) -> None:
    digest = _request(catalog, "code=01&region_set=1400").digest
    assert _request(catalog, "region_set=1400&code=01").digest == digest
    assert _request(catalog, "region_set=1400&v=77&f=mvt&code=01").digest == digest
    assert _request(catalog, "region_set=1400&code=01&label-points=false").digest == digest
    assert _request(catalog, "region_set=1400&code=01&cell-size=8").digest == digest


def test_layers_that_the_zoom_leaves_out_are_not_made(catalog: Catalog) -> None:
    request = _request(catalog, ids="county,address", tile=Tile(4, 10, 6))
    assert [part.layer.id for part in request.parts] == ["county", "address"]
    assert [part.layer.id for part in request.showing] == ["county"]


@pytest.mark.parametrize("query", ["filter=name_fa>1", "filter=nothing=1", "filter=("])
@pytest.mark.parametrize("tile", [TILE, Tile(0, 0, 0)])
def test_a_wrong_filter_is_told_for_empty_tiles_too(
    catalog: Catalog, query: str, tile: Tile
) -> None:
    with pytest.raises(InvalidParameter):
        _request(catalog, query, tile=tile)
