"""OGC API Tiles Part 1, conformance class GeoData TileSets."""

from __future__ import annotations

from typing import Any

import httpx

from tests.conformance.documents import links
from tests.conformance.tilesets import TILESETS, found_from

Collections = dict[str, dict[str, Any]]
_CLASS = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"


def test_conformance(api: httpx.Client) -> None:
    """/conf/geodata-tilesets/conformance-success"""
    declared = api.get("/conformance").json()["conformsTo"]
    assert {f"{_CLASS}/core", f"{_CLASS}/geodata-tilesets"} <= set(declared)


def test_a_collection_leads_to_its_list(api: httpx.Client, collections: Collections) -> None:
    """/conf/geodata-tilesets/desc-links"""
    for name, listed in collections.items():
        for described in (listed, api.get(f"/collections/{name}").json()):
            (link,) = links(described, TILESETS)
            assert api.get(link["href"]).status_code == 200


def test_the_list_is_where_it_should_be(api: httpx.Client, collections: Collections) -> None:
    """/conf/geodata-tilesets/operation"""
    for name, described in collections.items():
        (link,) = links(described, TILESETS)
        (here,) = links(described, "self")
        assert link["href"] == f"{here['href']}/tiles"
        for tileset in found_from(api, described):
            assert tileset.collections == [name]
