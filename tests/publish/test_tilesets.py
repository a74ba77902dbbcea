from __future__ import annotations

from geoservice.catalog.load import Catalog
from geoservice.model import Bounds
from geoservice.publish.counts import Count
from geoservice.publish.summary import Summary
from geoservice.publish.tilesets import tileset, tilesets

SUMMARY = Summary(7, Bounds(44, 25, 63, 40), None, Count(3, False))


def test_limits_hold_the_extent(catalog: Catalog) -> None:
    layer = catalog.layer("county")
    document = tileset(layer, SUMMARY, "http://x")
    zooms = [int(limit["tileMatrix"]) for limit in document["tileMatrixSetLimits"]]
    assert zooms == list(range(layer.zoom.min, layer.zoom.max + 1))
    fourth = next(x for x in document["tileMatrixSetLimits"] if x["tileMatrix"] == "4")
    assert fourth == {
        "tileMatrix": "4",
        "minTileRow": 6,
        "maxTileRow": 6,
        "minTileCol": 9,
        "maxTileCol": 10,
    }
    assert document["boundingBox"]["lowerLeft"] == [44, 25]


def test_an_empty_layer_has_no_limits(catalog: Catalog) -> None:
    nothing = Summary(0, None, None, Count(0, False))
    assert "tileMatrixSetLimits" not in tileset(catalog.layer("county"), nothing, "http://x")


def test_the_list_leads_to_the_tileset(catalog: Catalog) -> None:
    (listed,) = tilesets(catalog.layer("county"), "http://x")["tilesets"]
    assert listed["links"][0]["href"] == "http://x/collections/county/tiles/WebMercatorQuad"
    assert listed["dataType"] == "vector"
