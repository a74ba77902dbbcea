"""Filters over HTTP: on items, on tiles, on dimensions; what is wrong is told by name."""

from __future__ import annotations

import json

import httpx
import pytest
from mapbox_vector_tile import decode

from tests.publish.cql2.published import EXAMPLES, Example

pytestmark = pytest.mark.anyio

COUNTIES = "/collections/county/items"


async def _ids(client: httpx.AsyncClient, path: str, **params: str) -> list[str]:
    named = {name.replace("_", "-"): text for name, text in params.items()}
    response = await client.get(path, params=named)
    assert response.status_code == 200, response.text
    page = response.json()
    assert page["numberMatched"] == len(page["features"])
    return [feature["id"] for feature in page["features"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("province_fa = 'کرمان'", ["0101", "0102"]),
        ("province_fa ILIKE '%كرمان%'", ["0101", "0102"]),
        ("CASEI(province_fa) = CASEI('كرمان')", ["0101", "0102"]),
        ("ACCENTI(province_fa) = ACCENTI('كِرمان')", ["0101", "0102"]),
        ("CASEI(name_en) LIKE CASEI('BA%')", ["0101", "0201"]),
        ("population >= 500 OR population IS NULL", ["0101", "0102"]),
        ("S_INTERSECTS(geom, POINT(51.5 31))", ["0201"]),
    ],
)
async def test_a_filter_finds(client: httpx.AsyncClient, text: str, expected: list[str]) -> None:
    assert await _ids(client, COUNTIES, filter=text) == expected


async def test_digits_of_either_kind_are_equal(client: httpx.AsyncClient) -> None:
    for text in ("آبادی 7", "آبادی ۷", "آبادی ٧"):
        found = await _ids(client, "/collections/place/items", filter=f"name_fa ILIKE '{text}'")
        assert found == ["v7"]


async def test_json_and_text_say_the_same(client: httpx.AsyncClient) -> None:
    tree = {"op": "=", "args": [{"property": "name_en"}, "Bam"]}
    found = await _ids(client, COUNTIES, filter=json.dumps(tree), filter_lang="cql2-json")
    assert found == await _ids(client, COUNTIES, filter="name_en = 'Bam'") == ["0101"]


async def test_coordinates_in_another_crs(client: httpx.AsyncClient) -> None:
    crs = "http://www.opengis.net/def/crs/EPSG/0/4326"
    found = await _ids(
        client, COUNTIES, filter="S_INTERSECTS(geom, POINT(31 51.5))", filter_crs=crs
    )
    assert found == ["0201"]


async def test_a_filter_narrows_what_else_is_asked_for(client: httpx.AsyncClient) -> None:
    found = await _ids(
        client,
        "/collections/place/items",
        filter="population BETWEEN 50 AND 150",
        bbox="50.0,30,50.105,31",
        sortby="-population",
        kind="village",
    )
    assert found == ["v10", "v9", "v8", "v7", "v6", "v5"]


async def test_a_dimension_in_the_filter_takes_no_default(client: httpx.AsyncClient) -> None:
    path = "/collections/balance_county/items"
    for text, years in (("year >= 1399", {1399, 1400}), ("year = 1399", {1399})):
        page = (await client.get(path, params={"filter": text})).json()
        assert {feature["properties"]["year"] for feature in page["features"]} == years
    by_default = (await client.get(path, params={"filter": "code = '0101'"})).json()
    assert {feature["properties"]["year"] for feature in by_default["features"]} == {1400}


async def test_tiles_are_filtered_too(client: httpx.AsyncClient) -> None:
    path = "/tiles/county/5/20/13.mvt"
    whole = decode((await client.get(path)).content)["county"]["features"]
    params = {"filter": "name_fa ILIKE 'بافق'"}
    some = await client.get(path, params=params)
    assert [f["properties"]["name_en"] for f in decode(some.content)["county"]["features"]] == [
        "Bafgh"
    ]
    assert len(whole) == 2
    assert (await client.get(path)).headers["etag"] != some.headers["etag"]


@pytest.mark.parametrize("path", [COUNTIES, "/tiles/county/5/20/13.mvt"])
@pytest.mark.parametrize(
    ("params", "parameter", "allowed"),
    [
        ({"filter": "name_fa ="}, "filter", None),
        ({"filter": "wealth = 1"}, "filter", "population"),
        ({"filter": "name_fa = 1"}, "filter", None),
        ({"filter": "{", "filter-lang": "cql2-json"}, "filter", None),
        ({"filter": "TRUE", "filter-lang": "ecql"}, "filter-lang", "cql2-text"),
        ({"filter": "TRUE", "filter-crs": "EPSG:4326"}, "filter-crs", None),
    ],
)
async def test_what_is_wrong_is_told(
    client: httpx.AsyncClient,
    path: str,
    params: dict[str, str],
    parameter: str,
    allowed: str | None,
) -> None:
    response = await client.get(path, params=params)
    assert response.status_code == 400
    problem = response.json()
    assert problem["parameter"] == parameter
    assert allowed is None or allowed in problem["allowed"]
    assert "SELECT" not in response.text


@pytest.mark.parametrize(
    "text",
    [
        "population ^ 999 > 1",
        "population * 1e300 * 1e300 * 1e300 > 1",
        "population / 0 = 1 OR population % 0 = 1 OR population div 0 = 1",
        "population = 1e300",
        "population > -9223372036854775809",
        "area_km2 > 1e307 * 1e307",
        "code LIKE '\\\\%'",
    ],
)
async def test_what_overflows_is_no_fault_of_the_server(
    client: httpx.AsyncClient, text: str
) -> None:
    response = await client.get(COUNTIES, params={"filter": text})
    assert response.status_code in (200, 400)


async def test_functions_are_listed(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/functions")).json()["functions"]
    assert "length" in {function["name"] for function in listed}


@pytest.mark.parametrize(
    "text",
    [
        "NOT " * 1000 + "schematic",
        "population = " + "-" * 4000 + "1",
        "(" * 1000 + "1",
        "population = " * 500 + "1",
    ],
    ids=["not", "minus", "bracket", "equals"],
)
async def test_a_filter_does_not_end_the_process(client: httpx.AsyncClient, text: str) -> None:
    response = await client.get(COUNTIES, params={"filter": text})
    assert response.status_code == 400
    assert "nested more than" in response.json()["detail"]


@pytest.mark.parametrize(
    "text",
    [
        r'{"op": "=", "args": [{"property": "\ud800"}, 1]}',
        r'{"op": "\ud800", "args": []}',
        r'{"op": "=", "args": [{"property": "name_fa"}, "\ud800"]}',
        r'{"op": "=", "args": [{"property": "name_fa"}, "\u0000"]}',
        r'{"op": "like", "args": [{"property": "name_fa"}, {"op": "\ud800", "args": [1]}]}',
        r'{"date": "\ud800"}',
        r'{"op": "s_within", "args": [{"property": "geom"}, {"type": "\ud800", "bbox": []}]}',
    ],
)
async def test_half_a_character_is_refused(client: httpx.AsyncClient, text: str) -> None:
    response = await client.get(COUNTIES, params={"filter": text, "filter-lang": "cql2-json"})
    assert response.status_code == 400
    assert response.json()["parameter"] == "filter"


async def test_what_is_published_without_a_value_has_none(client: httpx.AsyncClient) -> None:
    assert await _ids(client, COUNTIES, filter="area_km2 IS NULL") == ["0102", "0201"]
    assert await _ids(client, COUNTIES, filter="area_km2 > 0") == ["0101"]


async def test_a_default_hangs_on_what_the_filter_chose(client: httpx.AsyncClient) -> None:
    path = "/collections/balance_county/items"
    page = (await client.get(path, params={"filter": "variable = 'roads'"})).json()
    assert {feature["properties"]["year"] for feature in page["features"]} == {1401}


REFUSED = [each for each in EXAMPLES if each.refused and each.layer.geometry.column == "geometry"]


@pytest.mark.parametrize("example", REFUSED, ids=lambda each: each.name)
async def test_a_published_example_that_no_layer_can_carry(
    client: httpx.AsyncClient, example: Example
) -> None:
    writings = [(text, "cql2-text") for text in example.texts] + [(example.json, "cql2-json")]
    for text, language in writings:
        params = {"filter": text, "filter-lang": language}
        response = await client.get(COUNTIES, params=params)
        assert response.status_code == 400
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["parameter"] == "filter"
        assert example.refused in response.json()["detail"]
