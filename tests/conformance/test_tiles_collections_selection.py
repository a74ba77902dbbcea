"""OGC API Tiles Part 1, conformance class Geo Data Resource Selection."""

from __future__ import annotations

import httpx
import pytest

from tests.conformance.documents import links
from tests.conformance.tilesets import Tileset
from tests.vector_tiles import layers_of

CHOICES = ["place", "county,place", "place,county", "project,county,province", "address"]


def _of_the_dataset(api: httpx.Client, tilesets: list[Tileset]) -> list[Tileset]:
    tiles = f"{str(api.base_url).rstrip('/')}/tiles/"
    return [tileset for tileset in tilesets if tileset.here.startswith(tiles)]


@pytest.mark.parametrize("names", CHOICES)
def test_collections_can_be_chosen(api: httpx.Client, tilesets: list[Tileset], names: str) -> None:
    """/conf/collections-selection/query-collections"""
    chosen = {"collections": names}
    for tileset in _of_the_dataset(api, tilesets):
        assert api.get(tileset.here, params=chosen).status_code == 200
        assert tileset.some(6, params=chosen).status_code == 200
        unknown = {"collections": f"{names},nowhere"}
        for refused in (api.get(tileset.here, params=unknown), tileset.some(6, params=unknown)):
            assert refused.status_code == 400
            assert refused.json()["parameter"] == "collections"
            assert "county" in refused.json()["allowed"]


@pytest.mark.parametrize("names", CHOICES)
def test_only_what_is_chosen_is_there_and_in_that_order(
    api: httpx.Client, tilesets: list[Tileset], names: str
) -> None:
    """/conf/collections-selection/collections-response"""
    each = names.split(",")
    shown: set[str] = set()
    for tileset in _of_the_dataset(api, tilesets):
        described = api.get(tileset.here, params={"collections": names}).json()
        of_these = Tileset(api, tileset.here, tileset.listed, described)
        assert of_these.collections == each
        (item,) = links(described, "item")
        assert item["href"].endswith(f"?collections={names}")
        for zoom in (5, 8, 10):
            found = [layer.name for layer in layers_of(of_these.some(zoom).content)]
            assert found == [name for name in each if name in found]
            shown |= set(found)
    assert shown == set(each), "else nothing is tested"
