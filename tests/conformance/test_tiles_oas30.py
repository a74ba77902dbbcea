"""OGC API Tiles Part 1, conformance class OpenAPI 3.0."""

from __future__ import annotations

import re
from typing import Any

import httpx

from tests.conformance.documents import links, parameter
from tests.conformance.tilesets import TILESETS, Tileset

Collections = dict[str, dict[str, Any]]


def test_every_resource_of_tiles_is_described(
    api: httpx.Client,
    definition: dict[str, Any],
    collections: Collections,
    tilesets: list[Tileset],
) -> None:
    """/conf/oas30/completeness"""
    base = str(api.base_url).rstrip("/")
    linked = {links(each, TILESETS)[0]["href"] for each in collections.values()}
    linked |= {f"{base}/tiles", f"{base}/tileMatrixSets"}
    for tileset in tilesets:
        linked |= {link["href"] for link in tileset.document["links"]}
    patterns = [
        re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) + r"\Z")
        for path in definition["paths"]
    ]
    for url in linked:
        path = url.removeprefix(base).partition("?")[0]
        assert any(pattern.match(path) for pattern in patterns), url
    for here in ("", *(f"/collections/{name}" for name in collections)):
        tile = f"{here}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
        content = definition["paths"][tile]["get"]["responses"]["200"]["content"]
        assert list(content) == ["application/vnd.mapbox-vector-tile"]
        for path in (tile, f"{here}/tiles/{{tileMatrixSetId}}"):
            sets = parameter(definition, path, "tileMatrixSetId")["schema"]["enum"]
            assert sets == ["WebMercatorQuad", "WorldCRS84Quad"]
    for path in ("/tiles/{tileMatrixSetId}", tile.removeprefix(here)):
        chosen = parameter(definition, path, "collections")
        assert (chosen["style"], chosen["explode"]) == ("form", False)
        assert chosen["schema"]["items"]["enum"] == list(collections)


def test_operations_are_found_by_the_ends_of_their_names(definition: dict[str, Any]) -> None:
    """/conf/oas30/operation-id"""
    names = [
        operation["operationId"]
        for methods in definition["paths"].values()
        for operation in methods.values()
    ]
    assert len(names) == len(set(names))
    for level in ("dataset", "collection"):
        for what in ("getTileSetsList", "getTileSet", "getTile"):
            assert any(name.endswith(f".{level}.vector.{what}") for name in names), (level, what)
    assert {"getTileMatrixSetsList", "getTileMatrixSet"} <= set(names)
