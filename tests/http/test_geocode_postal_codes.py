"""Postal codes over HTTP: one by its path, many in the shape of the national service."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from geoservice.http.geocode_postal_codes import MOST_ROWS

pytestmark = pytest.mark.anyio

MANY = "/geocode/postal-codes"
CODE = "1436947502"
WRITTEN = [CODE, "۱۴۳۶۹۴۷۵۰۲", "14369-47502", "۱۴۳۶۹ ۴۷۵۰۲", "١٤٣٦٩٤٧٥٠٢"]


@pytest.fixture(scope="module")
def settings(geocoder_settings: Any) -> Any:
    return geocoder_settings


async def sent(client: httpx.AsyncClient, content: object) -> httpx.Response:
    headers = {"content-type": "application/json"}
    return await client.post(MANY, content=json.dumps(content), headers=headers)


async def results(client: httpx.AsyncClient, *codes: object) -> list[dict[str, Any]]:
    rows = [{"ClientRowID": n, "PostCode": code} for n, code in enumerate(codes)]
    response = await sent(client, rows)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    found: list[dict[str, Any]] = response.json()["results"]
    assert [each["ClientRowID"] for each in found] == list(range(len(codes)))
    assert [each["PostCode"] for each in found] == list(codes)
    return found


@pytest.mark.parametrize("written", WRITTEN)
async def test_a_code_is_an_address(client: httpx.AsyncClient, written: str) -> None:
    response = await client.get(f"{MANY}/{written}")
    assert response.status_code == 200, response.text
    (feature,) = response.json()["features"]
    assert feature["geometry"]["coordinates"] == [50.6012, 30.6]
    properties = feature["properties"]
    assert properties["match_level"] == "plaque"
    assert properties["geocoding"]["postcode"] == CODE
    assert properties["geocoding"]["street"] == "زند"
    assert [each["code"] for each in properties["regions"]] == ["01", "0101"]
    (searched, *_) = (await client.get("/geocode/search", params={"q": written})).json()["features"]
    for member in ("match_level", "confidence", "uncertainty_m", "regions"):
        assert searched["properties"][member] == properties[member]


async def test_five_digits_are_a_zone(client: httpx.AsyncClient) -> None:
    (feature,) = (await client.get(f"{MANY}/۱۴۳۶۹")).json()["features"]
    assert feature["properties"]["match_level"] == "postal_zone"
    assert feature["properties"]["geocoding"]["accuracy"] >= 50


async def test_an_address_without_a_point_says_so(client: httpx.AsyncClient) -> None:
    (feature,) = (await client.get(f"{MANY}/1436947506")).json()["features"]
    assert feature["geometry"] is None
    assert [each["name"] for each in feature["properties"]["faults"]] == ["postal_code.no_point"]
    assert feature["properties"]["geocoding"]["alley"] == "یاس"


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("1436947599", 404, "not_found"),
        ("99999", 404, "not_found"),
        ("123", 400, "invalid_format"),
        ("1111111111", 400, "invalid_format"),
        ("0436947501", 400, "invalid_format"),
        ("abcdefghij", 400, "invalid_format"),
        ("1436947502/x", 400, "invalid_format"),
        ("9" * 10_000, 400, "invalid_format"),
        ("1%00", 400, "invalid_format"),
    ],
)
async def test_unknown_and_malformed_are_different_things(
    client: httpx.AsyncClient, code: str, status: int, said: str
) -> None:
    response = await client.get(f"{MANY}/{code}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    detail = response.json()["detail"]
    assert detail.startswith(f"{said}: کد پستی ")
    assert " · " in detail
    assert len(response.content) < 2_000


async def test_a_parameter_that_is_not_there(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{MANY}/{CODE}?limit=2")
    assert response.status_code == 400
    assert response.json()["parameter"] == "limit"


async def test_each_row_has_its_result_or_its_error(client: httpx.AsyncClient) -> None:
    codes = ("۱۴۳۶۹-۴۷۵۰۲", 1436947501, "14369", "1436947599", "12345678", "1436947506", CODE)
    one, two, zone, unknown, bad, no_point, again = await results(client, *codes)
    assert one["Succ"] is two["Succ"] is True
    assert one["Result"] == again["Result"]
    assert one["Result"]["Kind"] == "address"
    assert one["Result"]["Province"] == "کرمان"
    assert one["Result"]["TownShip"] == "بم"
    assert one["Result"]["LocalityName"] == "بم"
    assert one["Result"]["Street"] == "زند"
    assert one["Result"]["HouseNumber"] == "3"
    assert (one["Result"]["Lat"], one["Result"]["Lon"]) == (30.6, 50.6012)
    assert one["Error"] is None
    assert zone["Succ"]
    assert zone["Result"]["Kind"] == "zone"
    assert (unknown["Succ"], unknown["Result"]) == (False, None)
    assert unknown["Error"]["Code"] == "not_found"
    assert bad["Error"]["Code"] == "invalid_format"
    assert "8 digits" in bad["Error"]["Message"]
    assert no_point["Succ"]
    assert no_point["Result"]["Street2"] == "یاس"
    assert no_point["Result"]["Lat"] is None


async def test_a_row_that_is_none_harms_no_other(client: httpx.AsyncClient) -> None:
    rows: list[Any] = [
        5,
        {"PostCode": CODE},
        {"ClientRowID": 7},
        {"ClientRowID": "الف", "PostCode": CODE},
        {"ClientRowID": True, "PostCode": CODE},
        {"ClientRowID": 8, "PostCode": None},
        {"ClientRowID": 9, "PostCode": "\x00"},
        {"ClientRowID": 10, "PostCode": "\ud800"},
    ]
    found = (await sent(client, rows)).json()["results"]
    assert len(found) == len(rows)
    errors = [each["Error"] and each["Error"]["Code"] for each in found]
    invalid = "invalid_row"
    assert errors == [
        *(invalid, invalid, invalid, None, invalid, invalid),
        *("invalid_format", "invalid_format"),
    ]
    assert found[3]["ClientRowID"] == "الف"


async def test_no_rows_are_no_answers(client: httpx.AsyncClient) -> None:
    assert await results(client) == []


async def test_a_batch_is_bounded(client: httpx.AsyncClient) -> None:
    row = {"ClientRowID": 1, "PostCode": "1"}
    assert (await sent(client, [row] * MOST_ROWS)).status_code == 200
    response = await sent(client, [row] * (MOST_ROWS + 1))
    assert response.status_code == 413
    assert "10,000" in response.json()["detail"]
    response = await sent(client, ["x" * 5 * 1024 * 1024])
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("content", "media_type", "status", "said"),
    [
        (b"[{", "application/json", 400, "not JSON"),
        (b"", "application/json", 400, "not JSON"),
        (b"\xff", "application/json", 400, "UTF-8"),
        (b"[" * 100_000, "application/json", 400, "nested"),
        (b"[NaN]", "application/json", 400, "NaN"),
        (b"{}", "application/json", 400, "list"),
        (b'"14369"', "application/json", 400, "list"),
        (b"[]", "text/csv", 415, "application/json"),
        (b"[]", "", 400, "Content-Type"),
    ],
)
async def test_content_that_cannot_be_taken(
    client: httpx.AsyncClient, content: bytes, media_type: str, status: int, said: str
) -> None:
    headers = {"content-type": media_type} if media_type else {}
    response = await client.post(MANY, content=content, headers=headers)
    assert response.status_code == status
    assert said in response.json()["detail"]


async def test_only_post(client: httpx.AsyncClient) -> None:
    for method in ("GET", "PUT", "DELETE"):
        response = await client.request(method, MANY)
        assert response.status_code == 405
        assert response.headers["allow"] == "OPTIONS, POST"
    options = await client.options(MANY)
    assert options.headers["accept-post"] == "application/json"


@pytest.mark.parametrize(
    ("language", "label"), [("fa", "گشت ۱۴۳۶۹، کرمان"), ("en", "Postal zone 14369, Kerman")]
)
async def test_a_zone_is_called_one(client: httpx.AsyncClient, language: str, label: str) -> None:
    for path, asked in ((f"{MANY}/14369", {}), ("/geocode/search", {"q": "کد پستی ۱۴۳۶۹"})):
        response = await client.get(path, params={**asked, "lang": language})
        (feature,) = response.json()["features"]
        assert feature["properties"]["geocoding"]["label"] == label
