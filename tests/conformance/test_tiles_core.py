"""OGC API Tiles Part 1, conformance class Core, of each collection and of all at once.

The first line of a test's docstring names the abstract tests that it stands for.
"""

from __future__ import annotations

from typing import Any

import httpx
import mapbox_vector_tile
import pytest

from geoservice.model import Bounds
from geoservice.publish.grid import matrix_set
from tests.conformance.documents import parameter
from tests.conformance.tilesets import Tileset

CORE = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core"
_IDS = {"place": "id", "project": "id", "address": "postal_code"}
MVT = "application/vnd.mapbox-vector-tile"


def test_conformance(api: httpx.Client) -> None:
    """/conf/core/conformance-success"""
    declared = api.get("/conformance").raise_for_status().json()["conformsTo"]
    assert CORE in declared
    assert all(isinstance(each, str) for each in declared)


def test_tiles_are_where_the_template_says(tilesets: list[Tileset]) -> None:
    """/conf/core/tc-op

    The template comes from the tileset, the rows and columns from its limits, all at each zoom.
    """
    for tileset in tilesets:
        tried = 0
        for limits in tileset.document["tileMatrixSetLimits"]:
            for row in (limits["minTileRow"], limits["maxTileRow"]):
                for column in (limits["minTileCol"], limits["maxTileCol"]):
                    response = tileset.tile(limits["tileMatrix"], row, column)
                    assert response.status_code == 200, response.url
                    tried += 1
        assert tried
        assert tileset.some(tileset.zooms[-1]).content, tileset.here


@pytest.mark.parametrize(
    ("name", "kind"), [("tileMatrix", "string"), ("tileRow", "integer"), ("tileCol", "integer")]
)
def test_the_address_is_defined(definition: dict[str, Any], name: str, kind: str) -> None:
    """/conf/core/tc-tilematrix-definition, /conf/core/tc-tilerow-definition

    /conf/core/tc-tilecol-definition
    """
    tiles = [path for path in definition["paths"] if path.endswith("/{tileRow}/{tileCol}")]
    assert len(tiles) > 5
    for path in tiles:
        found = parameter(definition, path, name)
        assert found["in"] == "path"
        assert found["required"] is True
        assert found["schema"]["type"] == kind
        if kind == "integer":
            assert found["schema"]["minimum"] == 0


@pytest.mark.parametrize("accept", [MVT, "*/*", "application/*;q=0.5", f"text/html, {MVT};q=0.1"])
def test_a_tile_has_the_format_that_is_asked_for(tilesets: list[Tileset], accept: str) -> None:
    """/conf/core/tc-success, first half: status and format"""
    for tileset in tilesets:
        response = tileset.some(7, headers={"accept": accept})
        assert response.status_code == 200
        assert response.headers["content-type"] == MVT
        assert set(mapbox_vector_tile.decode(response.content)) <= set(tileset.layers)


def test_a_tile_shows_what_lies_in_it(api: httpx.Client, tilesets: list[Tileset]) -> None:
    """/conf/core/tc-success, second half: the elements are those of the area

    At the last zoom, where nothing is left out for being small, what lies in the tile is what
    `bbox` of the same box finds; what lies in the margin may be added.
    """
    for tileset in (each for each in tilesets if len(each.collections) == 1):
        (layer,) = tileset.collections
        id_ = _IDS.get(layer, "code")
        zoom = tileset.zooms[-1]
        tile = tileset.some_tile(zoom)
        decoded = mapbox_vector_tile.decode(tileset.tile(zoom, tile.y, tile.x).content)
        there = {f["properties"][id_] for f in decoded.get(layer, {"features": []})["features"]}
        inside = _items(api, layer, tile.box(-4))
        assert inside, "else nothing is tested"
        assert {f["properties"][id_] for f in inside} <= there
        assert there <= {f["properties"][id_] for f in _items(api, layer, tile.box())}


def _items(api: httpx.Client, layer: str, b: Bounds) -> list[dict[str, Any]]:
    bbox = f"{b.west!r},{b.south!r},{b.east!r},{b.north!r}"
    found = api.get(f"/collections/{layer}/items?limit=10000&bbox={bbox}").json()
    features: list[dict[str, Any]] = found["features"]
    return features


def test_what_lies_outside_is_not_there(tilesets: list[Tileset]) -> None:
    """/conf/core/tc-error, out of range: 404; no content: a tile without bytes

    Outside the limits too, within the matrix set: they say where rows lie now, and a write widens
    them between two requests, so a tile there is empty rather than none.
    """
    for tileset in tilesets:
        grid = matrix_set(tileset.grid)
        columns, rows = grid.size(5)
        for zoom, row, column in (
            (5, rows, 0),
            (5, 0, columns),
            (5, -1, 0),
            (5, 2**31 - 1, 2**31 - 1),
            (grid.deepest + 1, 0, 0),
            (-1, 0, 0),
            ("9" * 30, 0, 0),
            ("five", 0, 0),
        ):
            response = tileset.tile(zoom, row, column)
            assert response.status_code == 404, response.url
            assert response.headers["content-type"] == "application/problem+json"
            assert response.json()["detail"].startswith("there is no")
        empty = tileset.tile(5, 0, 0)
        assert (empty.status_code, empty.content) == (200, b"")
        assert empty.headers["content-type"] == MVT
