from __future__ import annotations

import pytest

from geoservice.catalog.load import Catalog
from geoservice.model import JSON, Bounds
from geoservice.publish.counts import Count
from geoservice.publish.grid import WEB_MERCATOR_QUAD, WORLD_CRS84_QUAD, TileMatrixSet
from geoservice.publish.summary import Summary
from geoservice.publish.tilejson import tilejson
from geoservice.publish.tilesets import tileset, tilesets, union

SUMMARY = Summary(7, Bounds(44, 25, 63, 40), None, Count(3, False))
NOTHING = Summary(0, None, None, Count(0, False))
HERE = "http://x/collections/county/tiles"


def _limits(document: JSON, zoom: int) -> JSON:
    (found,) = (x for x in document["tileMatrixSetLimits"] if x["tileMatrix"] == str(zoom))
    return {name: value for name, value in found.items() if name != "tileMatrix"}


def test_limits_hold_the_extent(catalog: Catalog) -> None:
    layer = catalog.layer("county")
    document = tileset("t", [(layer, SUMMARY)], WEB_MERCATOR_QUAD, HERE, "http://x")
    zooms = [int(limit["tileMatrix"]) for limit in document["tileMatrixSetLimits"]]
    assert zooms == list(range(layer.zoom.min, layer.zoom.max + 1))
    assert _limits(document, 4) == {
        "minTileRow": 6,
        "maxTileRow": 6,
        "minTileCol": 9,
        "maxTileCol": 10,
    }
    assert document["boundingBox"]["lowerLeft"] == [44, 25]


def test_the_same_scales_have_other_numbers_in_degrees(catalog: Catalog) -> None:
    layer = catalog.layer("county")
    document = tileset("t", [(layer, SUMMARY)], WORLD_CRS84_QUAD, HERE, "http://x")
    zooms = [int(limit["tileMatrix"]) for limit in document["tileMatrixSetLimits"]]
    assert zooms == list(range(layer.zoom.min - 1, layer.zoom.max))
    # Tiles of 11.25°: from 44° east in the 20th, from 40° north in the 5th row.
    assert _limits(document, 4) == {
        "minTileRow": 4,
        "maxTileRow": 5,
        "minTileCol": 19,
        "maxTileCol": 21,
    }
    described, _ = document["layers"]
    assert described["minTileMatrix"] == str(layer.zoom.min - 1)
    assert document["crs"] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    assert not [x for x in document["links"] if x["rel"] == "describedby"], "TileJSON has no CRS"


def test_what_tiles_carry_beside_attributes_is_described(catalog: Catalog) -> None:
    layers = [(catalog.layer("county"), SUMMARY), (catalog.layer("project"), SUMMARY)]
    document = tileset("t", layers, WEB_MERCATOR_QUAD, HERE, "http://x")
    county, omitted, project = document["layers"]
    assert list(omitted["propertiesSchema"]["properties"]) == ["omitted"]
    assert omitted["propertiesSchema"]["properties"]["omitted"]["type"] == "integer"
    assert omitted["geometryDimension"] == 0
    zooms = ("minTileMatrix", "maxTileMatrix")
    assert [omitted[each] for each in zooms] == [county[each] for each in zooms]
    assert omitted["title"].startswith(county["title"])
    carried = project["propertiesSchema"]["properties"]
    assert carried["point_count"]["type"] == "integer"
    assert carried["budget_sum"]["type"] == "number"
    told = tilejson(layers, "http://x/{z}/{x}/{y}", {})["vector_layers"]
    assert [each["id"] for each in told] == [each["id"] for each in document["layers"]]


def test_an_empty_layer_has_no_limits(catalog: Catalog) -> None:
    document = tileset(
        "t", [(catalog.layer("county"), NOTHING)], WEB_MERCATOR_QUAD, HERE, "http://x"
    )
    assert "tileMatrixSetLimits" not in document


def test_several_layers_share_their_limits(catalog: Catalog) -> None:
    layers = [(catalog.layer("county"), SUMMARY), (catalog.layer("project"), NOTHING)]
    document = tileset(
        "t", layers, WEB_MERCATOR_QUAD, "http://x/tiles", "http://x", "?collections=county,project"
    )
    assert [layer["id"] for layer in document["layers"]] == ["county", "county_omitted", "project"]
    zooms = [int(limit["tileMatrix"]) for limit in document["tileMatrixSetLimits"]]
    both = [catalog.layer("county").zoom, catalog.layer("project").zoom]
    assert (zooms[0], zooms[-1]) == (min(z.min for z in both), max(z.max for z in both))
    for link in document["links"]:
        assert ("collections=county,project" in link["href"]) is (
            link["rel"] in ("self", "item", "describedby")
        )


@pytest.mark.parametrize("grid", [WEB_MERCATOR_QUAD, WORLD_CRS84_QUAD])
def test_the_list_leads_to_the_tilesets(grid: TileMatrixSet) -> None:
    listed = {x["tileMatrixSetURI"]: x for x in tilesets("t", HERE, "http://x")["tilesets"]}
    assert len(listed) == 2
    assert listed[grid.uri]["links"][0]["href"] == f"{HERE}/{grid.id}"
    assert listed[grid.uri]["dataType"] == "vector"


def test_the_union_of_boxes() -> None:
    assert union([None, Bounds(1, 2, 3, 4), Bounds(0, 3, 2, 9)]) == Bounds(0, 2, 3, 9)
    assert union([None]) is None
    assert union([]) is None
