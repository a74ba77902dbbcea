from __future__ import annotations

import httpx
import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator, validate

from geoservice.catalog.load import load_catalog
from geoservice.settings import Settings

pytestmark = pytest.mark.anyio

# What a parameter that has to be given is given.
ASKED = {"q": "کرمان", "lat": "30.5", "lon": "50.5"}


async def test_the_definition_is_openapi_3_0(client: httpx.AsyncClient) -> None:
    response = await client.get("/api")
    assert response.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    validate(response.json(), cls=OpenAPIV30SpecValidator)
    assert response.json()["servers"] == [{"url": "http://geo.test"}]


async def test_every_path_it_names_is_served(client: httpx.AsyncClient, settings: Settings) -> None:
    """A parameter that the definition names is taken by the service, and no path is made up."""
    paths = (await client.get("/api")).json()["paths"]
    ids = {"place": "v1", "address": "7618700001", "project": "p2"}
    filled = {"tileMatrixSetId": "WebMercatorQuad", "z": "5", "x": "20", "y": "13"}
    filled |= {"tileMatrix": "5", "tileCol": "20", "tileRow": "13", "collectionIds": "place,county"}
    filled |= {"fontstack": "Vazirmatn Bold", "range": "0-255", "name": "sprite.json"}
    for layer_id in load_catalog(settings.layers_dir).layers:
        assert f"/collections/{layer_id}/items" in paths
    for path, methods in paths.items():
        layer_id = path.split("/")[2] if path.count("/") > 1 else ""
        if "{featureId}" in path and layer_id == "balance_province":
            continue  # the rows hold no balance of provinces
        if "{archive}" in path:
            continue  # there is none; test_archives has one
        feature_id = ids.get(layer_id, "0101" if "county" in layer_id else "01")
        if "get" not in methods or "{code}" in path:
            continue  # no address of the rows has a code that the rule lets pass
        url = path.format(featureId=feature_id, indicatorId="gini", **filled)
        required: dict[str, str] = {
            each["name"]: ASKED[each["name"]]
            for each in methods["get"]["parameters"]
            if each.get("required") and each["in"] == "query"
        }
        if path == "/geocode/structured":  # one part at least, whichever
            required = {"province": "کرمان"}
        response = await client.get(url, params=required or None)
        assert response.status_code == 200, url
        declared = methods["get"]["responses"]["200"]["content"]
        assert response.headers["content-type"] in declared, url


async def test_bad_parameter(client: httpx.AsyncClient) -> None:
    response = await client.get("/api?f=yaml")
    assert response.status_code == 400
    assert response.json()["parameter"] == "f"
