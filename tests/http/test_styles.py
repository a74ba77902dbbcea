from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.anyio

SHIPPED = (
    "address",
    "balance_county",
    "balance_province",
    "county",
    "place",
    "project",
    "province",
)


async def test_every_layer_has_a_style_and_leads_to_it(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/styles")).json()["styles"]
    assert {style["id"] for style in listed} >= set(SHIPPED)
    for layer in SHIPPED:
        collection = (await client.get(f"/collections/{layer}")).json()
        rel = "http://www.opengis.net/def/rel/ogc/1.0/styles"
        (href,) = [link["href"] for link in collection["links"] if link["rel"] == rel]
        first, *others = (await client.get(href)).json()["styles"]
        assert first["id"] == layer, "the default comes first"
        assert {style["collection"] for style in (first, *others)} == {layer}


async def test_every_link_of_every_style_answers_with_its_type(client: httpx.AsyncClient) -> None:
    for style in (await client.get("/styles")).json()["styles"]:
        for link in style["links"]:
            response = await client.get(link["href"])
            assert response.status_code == 200, link
            media_type = response.headers["content-type"].partition(";")[0]
            assert media_type == link["type"].partition(";")[0], link


async def test_the_format_is_what_f_or_accept_asks_for(client: httpx.AsyncClient) -> None:
    sent = {
        "application/vnd.mapbox.style+json": "application/vnd.mapbox.style+json",
        "application/json": "application/vnd.mapbox.style+json",  # as MapLibre asks
        "*/*": "application/vnd.mapbox.style+json",
        "image/png": "image/png",
        "text/html,application/xhtml+xml,*/*;q=0.8": "text/html; charset=utf-8",
        "application/vnd.ogc.sld+xml": "application/vnd.ogc.sld+xml;version=1.1",
        "image/svg+xml;q=0.9, image/png;q=0.5": "image/svg+xml",
    }
    for accept, media_type in sent.items():
        response = await client.get("/styles/county", headers={"accept": accept})
        assert response.headers["content-type"] == media_type, accept
    metadata = (await client.get("/styles/county?f=json")).json()
    assert metadata == (await client.get("/styles/county/metadata")).json()
    assert [each["link"]["rel"] for each in metadata["stylesheets"]] == ["stylesheet"] * 3


async def test_the_language_is_that_of_labels_and_legends(client: httpx.AsyncClient) -> None:
    persian = (await client.get("/styles/county")).json()
    english = (await client.get("/styles/county?lang=en")).json()
    texts = [style["layers"][-1]["layout"]["text-field"] for style in (persian, english)]
    assert texts == [["get", "name_fa"], ["get", "name_en"]]
    assert "شهرستان‌ها" in (await client.get("/styles/county?f=svg")).text
    assert "Counties" in (await client.get("/styles/county?f=svg&lang=en")).text


async def test_pages_show_the_legend_in_both_languages(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/styles?f=html")).text
    assert "جمعیت شهرستان‌ها" in listed
    of_one = (await client.get("/collections/county/styles?f=html")).text
    assert "Population of counties" in of_one
    assert "Settlements" not in of_one
    shown = (await client.get("/styles/balance_county?f=html&year=1399")).text
    assert shown.count("<svg") == 2
    assert "بیش از ۴" in shown
    assert "over 4" in shown
    assert "?f=sld&amp;year=1399" in shown


async def test_addresses_are_absolute_and_of_the_service_itself(client: httpx.AsyncClient) -> None:
    style = (await client.get("/styles/balance_county?year=1399")).json()
    base = "http://geo.test"
    assert style["sprite"] == f"{base}/sprites/sprite"
    assert style["glyphs"] == f"{base}/fonts/{{fontstack}}/{{range}}.pbf"
    shapes = f"{base}/tiles/balance_county.json?year=1399"
    labels = f"{shapes}&label-points=true&properties=code,name_fa,name_en,population"
    assert style["sources"] == {
        "balance_county": {"type": "vector", "url": shapes},
        "balance_county-labels": {"type": "vector", "url": labels},
    }
    (tiles,) = (await client.get(labels)).json()["tiles"]
    for part in ("year=1399", "label-points=true", "population"):
        assert part in tiles
    tilejson = (await client.get(shapes)).json()
    names = {each["id"]: set(each["fields"]) for each in tilejson["vector_layers"]}
    for layer in style["layers"]:
        assert layer["source"] == f"balance_county{'-labels' * (layer['type'] == 'symbol')}"
        assert layer["source-layer"] in names
        used = {layer["layout"]["text-field"][1]} if layer["type"] == "symbol" else set()
        assert used <= names[layer["source-layer"]]


async def test_it_is_kept_and_revalidated(client: httpx.AsyncClient) -> None:
    for path in ("/styles", "/styles/county", "/styles/place?f=png", "/styles/county/metadata"):
        first = await client.get(path)
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/styles/nowhere", 404, "there are: address, balance_county"),
        ("/styles/nowhere/legend", 404, "there are"),
        ("/styles/nowhere/metadata", 404, "there are"),
        ("/collections/nowhere/styles", 404, "no layer"),
        ("/styles/county?f=bmp", 400, "mapbox, sld, qml, svg, png, html, json"),
        ("/styles/county/legend?f=qml", 400, "svg, png"),
        ("/styles/county/metadata?f=png", 400, "json"),
        ("/styles?f=png", 400, "json, html"),
        ("/styles/county?lang=de", 400, "fa, en"),
        ("/styles/county?colour=red", 400, "colour"),
        ("/styles/county?f=svg&f=png", 400, "twice"),
        ("/styles/balance_county?year=next", 400, "year"),
        ("/styles/balance_county?population=3", 400, "population"),
    ],
)
async def test_what_cannot_be_answered(
    client: httpx.AsyncClient, path: str, status: int, told: str
) -> None:
    response = await client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert told in response.json()["detail"]
