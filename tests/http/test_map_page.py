"""The map page and what it loads, as HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from gzip import decompress
from html import unescape
from typing import Any

import brotli
import httpx
import pytest
import zstandard

from geoservice.http.app import create_app
from geoservice.settings import Settings
from tests.http.conftest import started

pytestmark = pytest.mark.anyio

_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
    "identity": bytes,
}


@pytest.fixture
async def behind_a_proxy(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings.model_copy(update={"base_url": "https://maps.test/geo/"}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url="http://in") as client:
        yield client


def told(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="told">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    document: dict[str, Any] = json.loads(found[1])
    return document


@pytest.mark.parametrize(
    ("lang", "direction", "word"), [("fa", "rtl", "لایه‌ها"), ("en", "ltr", "Layers")]
)
async def test_the_page_is_in_one_language(
    client: httpx.AsyncClient, lang: str, direction: str, word: str
) -> None:
    response = await client.get(f"/map?lang={lang}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{lang}" dir="{direction}">' in response.text
    assert word in response.text
    assert (await client.get("/map", headers={"if-none-match": "x"})).status_code == 200
    again = await client.get(
        f"/map?lang={lang}", headers={"if-none-match": response.headers["etag"]}
    )
    assert again.status_code == 304


async def test_it_is_persian_unless_asked_otherwise(client: httpx.AsyncClient) -> None:
    assert (await client.get("/map")).text == (await client.get("/map?lang=fa&f=html")).text


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("lang=de", "lang"), ("f=json", "f"), ("layer=county", "layer"), ("lang=fa&lang=en", "lang")],
)
async def test_bad_parameters(client: httpx.AsyncClient, query: str, parameter: str) -> None:
    response = await client.get(f"/map?{query}")
    assert response.status_code == 400
    assert response.json()["parameter"] == parameter


async def test_it_is_told_every_layer_with_its_styles(client: httpx.AsyncClient) -> None:
    layers = {each["id"]: each for each in told((await client.get("/map")).text)["layers"]}
    listed = (await client.get("/collections")).json()["collections"]
    assert layers.keys() == {each["id"] for each in listed}
    assert [each["shape"] for each in layers.values()] == sorted(
        (each["shape"] for each in layers.values()), key=["point", "line", "polygon"].index
    )
    assert layers["county"]["styles"][0]["id"] == "county"
    assert layers["county"]["names"][0] == "name_fa"
    assert "name_fa" in layers["place"]["searched"]
    for layer in layers.values():
        for name in layer["searched"]:
            schema = (await client.get(f"/collections/{layer['id']}/queryables")).json()
            assert schema["properties"][name]["type"] == "string"


async def test_all_that_the_page_names_is_there_and_ours(client: httpx.AsyncClient) -> None:
    page = (await client.get("/map")).text
    addresses = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert len(addresses) > 10
    for address in addresses:
        if not address.startswith(("data:", "#")):
            assert address.startswith("http://geo.test/")
            assert (await client.get(address)).status_code == 200, address
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    sources = {each for part in unescape(policy).split(";") for each in part.split()[1:]}
    assert sources == {"'none'", "'self'", "http://geo.test", "data:"}


async def test_behind_a_proxy_all_addresses_are_the_public_ones(
    behind_a_proxy: httpx.AsyncClient,
) -> None:
    page = (await behind_a_proxy.get("/map")).text
    assert told(page)["base"] == "https://maps.test/geo"
    for address in re.findall(r'(?:href|src)="([^"]+)"', page):
        assert address.startswith(("https://maps.test/geo/", "data:", "#"))
    assert "connect-src &#39;self&#39; https://maps.test;" in page


@pytest.mark.parametrize("coding", _UNPACK)
async def test_files_of_the_page_are_packed_and_kept_for_ever(
    client: httpx.AsyncClient, coding: str
) -> None:
    page = (await client.get("/map")).text
    (address,) = re.findall(r'href="([^"]+/maplibre-gl\.mjs)"', page)
    async with client.stream("GET", address, headers={"accept-encoding": coding}) as response:
        body = b"".join([part async for part in response.aiter_raw()])
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers.get("content-encoding", "identity") == coding
    assert response.headers["vary"] == "Accept-Encoding"
    plain = _UNPACK[coding](body)
    assert plain.startswith(b"/**\n* MapLibre GL JS")
    assert len(body) == len(plain) or len(body) < len(plain) / 3
    etag = response.headers["etag"]
    again = await client.get(address, headers={"accept-encoding": coding, "if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/fonts/Vazirmatn%20Regular/0-255.pbf", "application/x-protobuf"),
        ("/fonts/Nothing,Vazirmatn%20Bold/64256-64511.pbf", "application/x-protobuf"),
        ("/sprites/sprite.json", "application/json"),
        ("/sprites/sprite@2x.png", "image/png"),
    ],
)
async def test_what_styles_refer_to(client: httpx.AsyncClient, path: str, media_type: str) -> None:
    response = await client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.headers["cache-control"] == "public, max-age=86400"
    assert response.headers["access-control-allow-origin"] == "*"
    again = await client.get(path, headers={"if-none-match": response.headers["etag"]})
    assert again.status_code == 304


async def test_styles_refer_to_what_is_there(client: httpx.AsyncClient) -> None:
    for listed in (await client.get("/styles")).json()["styles"]:
        style = (await client.get(f"/styles/{listed['id']}?f=mapbox")).json()
        assert (await client.get(f"{style['sprite']}.json")).status_code == 200
        for layer in style["layers"]:
            for font in layer.get("layout", {}).get("text-font", []):
                address = style["glyphs"].format(fontstack=font, range="1536-1791")
                assert (await client.get(address)).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/fonts/Comic%20Sans/0-255.pbf", 404, "Vazirmatn Regular"),
        ("/fonts/Vazirmatn%20Regular/1-255.pbf", 400, "256-511"),
        ("/fonts/Vazirmatn%20Regular/19968-20223.pbf", 404, "0-255"),
        ("/fonts/Vazirmatn%20Regular/0-255.pbf?v=1", 400, "parameter"),
        ("/sprites/sprite.svg", 404, "sprite.png"),
        ("/assets/0/main.js", 404, "edition"),
        ("/assets/0/..%2F..%2Fsettings.py", 404, "nothing"),
    ],
)
async def test_what_is_not_there(
    client: httpx.AsyncClient, path: str, status: int, said: str
) -> None:
    response = await client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.json()["detail"]


async def test_other_pages_lead_to_the_map(client: httpx.AsyncClient) -> None:
    landing = (await client.get("/?f=html")).text
    assert 'href="http://geo.test/map"' in landing
    assert 'href="http://geo.test/map#layers=county"' in landing
    assert (
        "http://geo.test/map#layers=county" in (await client.get("/collections/county?f=html")).text
    )
    links = (await client.get("/?f=json")).json()["links"]
    assert {"http://geo.test/map"} <= {each["href"] for each in links}


async def test_the_address_of_the_geocoder_may_say_what_to_search_for(
    client: httpx.AsyncClient,
) -> None:
    for query in ("q=%D8%A8%D9%85", "lang=en&q=x", "at=30,50", "q="):
        assert (await client.get(f"/geocode?{query}")).status_code == 200
    assert (await client.get("/map?q=x")).status_code == 400
    assert (await client.get("/geocode?street=x")).status_code == 400


@pytest.mark.parametrize(
    ("query", "told_in"),
    [("lang=de", "«lang» در نشانی"), ("foo=1&lang=en", "«foo» in the address")],
)
async def test_a_browser_gets_a_page_for_a_wrong_parameter(
    client: httpx.AsyncClient, query: str, told_in: str
) -> None:
    accept = "text/html,application/xhtml+xml,*/*;q=0.8"
    response = await client.get(f"/geocode?{query}", headers={"accept": accept})
    assert response.status_code == 400
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert told_in in response.text
    assert (
        "در نشانی این صفحه شناخته نیست"
        not in (await client.get("/geocode")).text.split("</script>")[-1]
    )
    plain = await client.get(f"/geocode?{query}")
    assert plain.headers["content-type"] == "application/problem+json"
    hostile = await client.get("/geocode?<b>=1", headers={"accept": accept})
    assert "<b>" not in hostile.text
    assert (await client.get("/favicon.ico")).status_code == 204
