"""OGC API Tiles Part 1, conformance class TileSet."""

from __future__ import annotations

import httpx

from tests.conformance.documents import links
from tests.conformance.tilesets import TILING_SCHEME, Tileset

_CLASS = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
_URIS = {
    f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{name}"
    for name in ("WebMercatorQuad", "WorldCRS84Quad")
}


def test_conformance(api: httpx.Client) -> None:
    """/conf/tileset/conformance-success"""
    declared = api.get("/conformance").json()["conformsTo"]
    assert {f"{_CLASS}/core", f"{_CLASS}/tileset"} <= set(declared)


def test_the_description_of_a_tileset(api: httpx.Client, tilesets: list[Tileset]) -> None:
    """/conf/tileset/description"""
    for tileset in tilesets:
        response = api.get(tileset.here, headers={"accept": "application/json"})
        assert response.headers["content-type"] == "application/json"
        document = response.json()
        assert document["dataType"] == "vector"
        assert document["tileMatrixSetURI"] in _URIS
        assert document["crs"].startswith("http://www.opengis.net/def/crs/")
        (scheme,) = links(document, TILING_SCHEME)
        defined = api.get(scheme["href"]).raise_for_status().json()
        assert defined["uri"] == document["tileMatrixSetURI"]
        assert defined["crs"] == document["crs"]
        ids = [matrix["id"] for matrix in defined["tileMatrices"]]
        for item in links(document, "item"):
            assert item["templated"] is True
            assert item["type"] == "application/vnd.mapbox-vector-tile"
            for name in ("{tileMatrix}", "{tileRow}", "{tileCol}"):
                assert item["href"].count(name) == 1
        assert links(document, "item")
        for limits in document["tileMatrixSetLimits"]:
            (matrix,) = (m for m in defined["tileMatrices"] if m["id"] == limits["tileMatrix"])
            assert 0 <= limits["minTileRow"] <= limits["maxTileRow"] < matrix["matrixHeight"]
            assert 0 <= limits["minTileCol"] <= limits["maxTileCol"] < matrix["matrixWidth"]
        for layer in document["layers"]:
            assert layer["dataType"] == "vector"
            assert layer["minTileMatrix"] in ids
            assert layer["maxTileMatrix"] in ids
            assert layer["propertiesSchema"]["type"] == "object"
