"""OGC API Tiles Part 1, conformance class Dataset TileSets."""

from __future__ import annotations

from typing import Any

import httpx

from tests.conformance.documents import links
from tests.conformance.tilesets import TILESETS, found_from

Collections = dict[str, dict[str, Any]]
_CLASS = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"


def test_conformance(api: httpx.Client) -> None:
    """/conf/dataset-tilesets/conformance-success"""
    declared = api.get("/conformance").json()["conformsTo"]
    assert {f"{_CLASS}/core", f"{_CLASS}/dataset-tilesets"} <= set(declared)


def test_the_landing_page_leads_to_the_list(api: httpx.Client) -> None:
    """/conf/dataset-tilesets/landingpage"""
    (link,) = links(api.get("/").json(), TILESETS)
    assert link["type"] == "application/json"
    assert api.get(link["href"]).json()["tilesets"]


def test_the_list_is_where_it_should_be(api: httpx.Client, collections: Collections) -> None:
    """/conf/dataset-tilesets/operation"""
    (link,) = links(api.get("/").json(), TILESETS)
    assert link["href"] == f"{str(api.base_url).rstrip('/')}/tiles"
    for tileset in found_from(api, api.get("/").json()):
        assert tileset.collections == list(collections)
