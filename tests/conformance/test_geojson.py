"""OGC API Features Part 1, conformance class GeoJSON."""

from __future__ import annotations

from typing import Any

import httpx
from shapely.geometry import shape

Collections = dict[str, dict[str, Any]]
GEOJSON = "application/geo+json"


def test_definition(api: httpx.Client, collections: Collections) -> None:
    """/conf/geojson/definition"""
    for name in collections:
        items = f"/collections/{name}/items"
        page = api.get(items, headers={"accept": GEOJSON})
        assert page.headers["content-type"] == GEOJSON
        first = page.json()["features"][0]["id"]
        one = api.get(f"{items}/{first}", headers={"accept": GEOJSON})
        assert one.headers["content-type"] == GEOJSON


def test_content(api: httpx.Client, collections: Collections) -> None:
    """/conf/geojson/content"""
    for name in collections:
        page = api.get(f"/collections/{name}/items?limit=200").json()
        assert page["type"] == "FeatureCollection"
        assert isinstance(page["links"], list)
        for feature in page["features"]:
            assert feature["type"] == "Feature"
            assert isinstance(feature["id"], str | int)
            assert isinstance(feature["properties"], dict)
            assert "crs" not in feature
            if feature["geometry"] is not None:
                assert not shape(feature["geometry"]).is_empty
