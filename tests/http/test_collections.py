from __future__ import annotations

from typing import Any

import httpx
import pytest

from geoservice.database.engine import Connection

pytestmark = pytest.mark.anyio


async def _collections(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    document = (await client.get("/collections")).json()
    return {collection["id"]: collection for collection in document["collections"]}


async def test_every_layer_is_a_collection(client: httpx.AsyncClient) -> None:
    collections = await _collections(client)
    assert set(collections) == {
        *("province", "county", "place", "address", "project"),
        *("balance_province", "balance_county"),
    }
    assert collections["county"]["title"] == "شهرستان‌ها"
    assert collections["county"]["titles"]["en"] == "Counties"
    assert collections["county"]["itemCount"] == 3
    assert collections["county"]["extent"]["spatial"]["bbox"] == [[50, 30, 52, 32]]
    assert collections["project"]["extent"]["temporal"]["interval"] == [
        ["2015-03-21T00:00:00Z", "2019-01-01T00:00:00Z"]
    ]
    west, south, east, north = collections["place"]["extent"]["spatial"]["bbox"][0]
    assert (west, south, east, north) == pytest.approx((50.01, 30.5, 50.25, 30.5), abs=1e-4)
    assert collections["balance_province"]["itemCount"] == 0
    assert collections["balance_province"]["extent"] == {}


async def test_each_collection_alone_is_as_in_the_list(client: httpx.AsyncClient) -> None:
    for layer_id, listed in (await _collections(client)).items():
        assert (await client.get(f"/collections/{layer_id}")).json() == listed


async def test_every_link_leads_somewhere(client: httpx.AsyncClient) -> None:
    for collection in (await _collections(client)).values():
        for link in collection["links"]:
            response = await client.get(link["href"])
            assert response.status_code == 200, link
            assert response.headers["content-type"] == link["type"]


async def test_the_summary_follows_the_data(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    before = (await client.get("/collections/county")).json()["itemCount"]
    connection.execute(
        "INSERT INTO source.region (region_set, level, code) VALUES ('1395', 'county', '0299')"
    )
    connection.commit()
    assert (await client.get("/collections/county")).json()["itemCount"] == before + 1


async def test_schema_and_queryables(client: httpx.AsyncClient) -> None:
    schema = (await client.get("/collections/project/schema")).json()
    assert schema["$id"] == "http://geo.test/collections/project/schema"
    assert schema["properties"]["id"]["x-ogc-role"] == "id"
    assert schema["properties"]["geom"]["format"] == "geometry-point"
    assert schema["properties"]["planned_start"]["format"] == "date"
    assert schema["properties"]["uncertainty_m"]["x-ogc-unit"] == "m"
    assert schema["properties"]["budget"]["title"] == "اعتبار مصوب"
    queryables = (await client.get("/collections/project/queryables")).json()
    assert "status" in queryables["properties"]
    assert "budget" in queryables["properties"]


@pytest.mark.parametrize(
    "path",
    [
        "/collections/x",
        "/collections/x/schema",
        "/collections/x/queryables",
        "/collections/place/x",
    ],
)
async def test_what_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["", "/place", "/place/schema", "/place/queryables"])
@pytest.mark.parametrize(("query", "parameter"), [("f=xml", "f"), ("colour=red", "colour")])
async def test_bad_parameters(
    client: httpx.AsyncClient, path: str, query: str, parameter: str
) -> None:
    response = await client.get(f"/collections{path}?{query}")
    assert response.status_code == 400
    assert response.json()["parameter"] == parameter
