from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.anyio


async def test_json_links_to_what_qgis_needs(client: httpx.AsyncClient) -> None:
    response = await client.get("/")
    assert response.headers["content-type"] == "application/json"
    links = {link["rel"]: link for link in response.json()["links"]}
    assert links["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    for rel in ("self", "service-desc", "conformance", "data", "alternate"):
        assert (await client.get(links[rel]["href"])).status_code == 200


@pytest.mark.parametrize(
    ("url", "accept", "media_type"),
    [
        ("/", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("/", "*/*", "application/json"),
        ("/", "application/json;q=0.9, text/html;q=0.5", "application/json"),
        ("/", "text/html;q=x", "application/json"),
        ("/?f=html", "application/json", "text/html; charset=utf-8"),
        ("/?f=json", "text/html", "application/json"),
    ],
)
async def test_f_and_accept_choose_the_format(
    client: httpx.AsyncClient, url: str, accept: str, media_type: str
) -> None:
    response = await client.get(url, headers={"accept": accept})
    assert response.headers["content-type"] == media_type


async def test_the_page_is_persian_first_and_names_every_layer(client: httpx.AsyncClient) -> None:
    page = (await client.get("/?f=html")).text
    assert '<html lang="fa" dir="rtl">' in page
    for layer in ("province", "county", "place", "address", "project", "balance_county"):
        assert f"http://geo.test/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt" in page
    assert "شهرستان‌ها" in page
    assert "$" not in page


@pytest.mark.parametrize(("query", "parameter"), [("f=xml", "f"), ("colour=red", "colour")])
async def test_bad_parameters(client: httpx.AsyncClient, query: str, parameter: str) -> None:
    response = await client.get(f"/?{query}")
    assert response.status_code == 400
    assert response.json()["parameter"] == parameter


async def test_a_host_that_is_none_never_enters_the_page(client: httpx.AsyncClient) -> None:
    page = await client.get("/?f=html", headers={"host": '"><script>alert(1)</script>'})
    assert "<script>" not in page.text
