from __future__ import annotations

import json

import httpx
import pytest

pytestmark = pytest.mark.anyio

PLACES = "/collections/place/items"
JSON_FG = "application/vnd.ogc.fg+json"
SEQUENCE = "application/geo+json-seq"


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("", "*/*", "application/geo+json"),
        ("", "application/json", "application/geo+json"),
        ("?f=json", JSON_FG, "application/geo+json"),
        ("?f=geojson", "*/*", "application/geo+json"),
        ("?f=jsonfg", "*/*", JSON_FG),
        ("", JSON_FG, JSON_FG),
        ("", f"application/geo+json;q=0.5, {JSON_FG}", JSON_FG),
        ("?f=geojsonseq", "*/*", SEQUENCE),
        ("", SEQUENCE, SEQUENCE),
    ],
)
async def test_f_decides_and_else_accept(
    client: httpx.AsyncClient, query: str, accept: str, media_type: str
) -> None:
    response = await client.get(PLACES + query, headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert "Accept" in response.headers["vary"]


async def test_each_format_has_its_own_tag(client: httpx.AsyncClient) -> None:
    tags = set()
    for accept in ("application/geo+json", JSON_FG, SEQUENCE):
        response = await client.get(PLACES, headers={"accept": accept})
        tags.add(response.headers["etag"])
    assert len(tags) == 3


async def test_a_page_links_to_its_other_formats(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"{PLACES}?limit=3&bbox=50,30,51,31")).json()
    others = {k["type"]: k["href"] for k in page["links"] if k["rel"] == "alternate"}
    assert {JSON_FG, SEQUENCE} <= set(others)
    for media_type, href in others.items():
        response = await client.get(href)
        assert response.status_code == 200
        assert response.headers["content-type"].partition(";")[0] == media_type.partition(";")[0]


async def test_a_file_holds_everything_unless_it_is_limited(client: httpx.AsyncClient) -> None:
    whole = await client.get(f"{PLACES}?f=geojsonseq")
    assert whole.content.count(b"\x1e") == 25
    some = await client.get(f"{PLACES}?f=geojsonseq&limit=4&sortby=-population")
    records = [json.loads(text) for text in some.text.split("\x1e")[1:]]
    assert [record["id"] for record in records] == ["v25", "v24", "v23", "v22"]


async def test_json_fg_is_geojson_and_more(client: httpx.AsyncClient) -> None:
    page = (await client.get("/collections/project/items?f=jsonfg")).json()
    assert page["type"] == "FeatureCollection"
    assert page["featureType"] == "project"
    assert "http://www.opengis.net/spec/json-fg-1/1.0/conf/core" in page["conformsTo"]
    assert page["coordRefSys"] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    by_id = {f["id"]: f for f in page["features"]}
    assert by_id["p2"]["time"] == {"interval": ["2016-03-20", "2019-01-01"]}
    assert by_id["p2"]["geometry"]["coordinates"] == [51.5, 31.5]
    one = (await client.get("/collections/project/items/p2?f=jsonfg")).json()
    assert one["featureType"] == "project"
    assert one["time"] == by_id["p2"]["time"]


@pytest.mark.parametrize("zoom", ["x", "-1", "25", ""])
async def test_what_is_no_zoom_level(client: httpx.AsyncClient, zoom: str) -> None:
    response = await client.get(PLACES, params={"zoom-level": zoom})
    assert response.status_code == 400
    assert response.json()["parameter"] == "zoom-level"


async def test_a_zoom_level_rounds_what_nobody_sees(client: httpx.AsyncClient) -> None:
    mercator = {"crs": "http://www.opengis.net/def/crs/EPSG/0/3857"}
    for zoom, whole in (("4", True), ("24", False)):
        page = (await client.get(PLACES, params=mercator | {"zoom-level": zoom})).json()
        found = [c for f in page["features"] for c in f["geometry"]["coordinates"]]
        assert all(c == int(c) for c in found) is whole
