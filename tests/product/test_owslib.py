"""OWSLib's client of OGC API Features reads the service."""

from __future__ import annotations

from owslib.ogcapi.features import Features  # type: ignore[import-untyped]


def test_collections(service: str) -> None:
    client = Features(service)
    assert {"county", "place", "project"} <= set(client.feature_collections())
    assert client.collection("county")["id"] == "county"
    assert "code" in client.collection_queryables("county")["properties"]
    assert any("features-1" in name for name in client.conformance()["conformsTo"])


def test_items(service: str) -> None:
    client = Features(service)
    page = client.collection_items("place", limit=3)
    assert page["numberReturned"] == len(page["features"]) == 3
    later = client.collection_items("place", limit=3, offset=2)
    assert later["features"][0] == page["features"][2]
    first = page["features"][0]
    alone = client.collection_item("place", first["id"])
    assert alone["properties"] == first["properties"]


def test_filters(service: str) -> None:
    client = Features(service)
    everything = client.collection_items("county", limit=1)["numberMatched"]
    code = client.collection_items("county", limit=1)["features"][0]["properties"]["code"]
    found = client.collection_items("county", code=code)
    assert [feature["properties"]["code"] for feature in found["features"]] == [code]
    west, south, east, north = client.collection("county")["extent"]["spatial"]["bbox"][0]
    box = [west, south, (west + east) / 2, (south + north) / 2]
    assert 0 < client.collection_items("county", bbox=box)["numberMatched"] < everything
    first, _ = client.collection("project")["extent"]["temporal"]["interval"][0]
    projects = client.collection_items("project", limit=1)["numberMatched"]
    dated = client.collection_items("project", limit=1, datetime_=f"{first}/..")
    until = client.collection_items("project", limit=1, datetime=f"../{first[:10]}")
    assert dated["numberMatched"] <= projects
    assert 1 <= until["numberMatched"] < projects
