"""OGC API Tiles Part 1, conformance class TileSets List."""

from __future__ import annotations

import httpx

from tests.conformance.documents import links
from tests.conformance.tilesets import TILING_SCHEME, Tileset

_CLASS = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"


def test_conformance(api: httpx.Client) -> None:
    """/conf/tilesets-list/conformance-success"""
    declared = api.get("/conformance").json()["conformsTo"]
    assert {f"{_CLASS}/tileset", f"{_CLASS}/tilesets-list"} <= set(declared)


def test_what_a_list_says_of_each_tileset(api: httpx.Client, tilesets: list[Tileset]) -> None:
    """/conf/tilesets-list/tileset-links"""
    for tileset in tilesets:
        listed = tileset.listed
        parent, word, name = tileset.here.rsplit("/", 2)
        assert (word, name) == ("tiles", tileset.grid)
        assert api.get(parent).status_code == 200
        response = api.get(f"{parent}/tiles", headers={"accept": "application/json"})
        assert response.headers["content-type"] == "application/json"
        assert listed in response.json()["tilesets"]
        for key in ("dataType", "crs", "tileMatrixSetURI"):
            assert listed[key] == tileset.document[key]
        (scheme,) = links(listed, TILING_SCHEME)
        assert api.get(scheme["href"]).json()["uri"] == listed["tileMatrixSetURI"]
