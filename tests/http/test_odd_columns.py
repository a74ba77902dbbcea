"""Columns whose type is not that of the values which JSON has: uuid, character, real, numeric."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from geoservice.database.engine import connect
from geoservice.http.app import create_app
from geoservice.settings import Settings
from tests.http.conftest import BASE, started

pytestmark = pytest.mark.anyio

KEY = "a-key-of-the-test"
KINDS: dict[str, dict[str, str]] = {
    "keyed": {
        "u": "string",
        "ref": "string",
        "single": "number",
        "exact": "number",
        "day": "date",
        "at": "date-time",
        "yes": "boolean",
        "note": "string",
        "measured": "number",
    },
    "coded": {"id": "string"},
}
_TABLES = """
CREATE TABLE source.keyed (
    u uuid PRIMARY KEY, ref uuid, single real, exact numeric, day date, at timestamptz,
    yes boolean, note text DEFAULT 'unsaid', measured numeric NOT NULL DEFAULT 0.10,
    geom geometry(Point, 4326)
);
INSERT INTO source.keyed
SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid,
       ('aaaaaaaa-0000-0000-0000-00000000000' || 6 - n)::uuid, (n * 0.1)::real,
       12345678901234567.89, '9999-12-31', '9999-12-31T23:59:59Z', n % 2 = 1, 'n' || n,
       98765432109876543.21, ST_SetSRID(ST_Point(51, 35), 4326)
FROM generate_series(1, 5) n;
CREATE TABLE source.coded (id character(5) PRIMARY KEY, geom geometry(Point, 4326));
INSERT INTO source.coded VALUES ('a1'), ('b2'), ('c3');
"""


def one(number: int) -> str:
    return f"00000000-0000-0000-0000-00000000000{number}"


def _declared(table: str) -> str:
    lines = [
        'title = { fa = "ساخته", en = "Made" }',
        f'source = {{ table = "source.{table}" }}',
        f'feature_id = "{next(iter(KINDS[table]))}"',
        'geometry = { type = "Point" }',
        "editable = true",
    ]
    for name, kind in KINDS[table].items():
        lines += [
            f"[attributes.{name}]",
            'title = { fa = "ستون", en = "Column" }',
            f'type = "{kind}"',
            f"read_only = {'true' if name == 'measured' else 'false'}",
        ]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def odd_url(database_url: str) -> str:
    with connect(database_url) as connection:
        connection.execute(_TABLES.encode())
    return database_url


@pytest.fixture
async def odd(odd_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of a service over the two tables."""
    for table in KINDS:
        (tmp_path / f"{table}.toml").write_text(_declared(table), encoding="utf-8")
    settings = Settings.model_validate(
        {"DATABASE_URL": odd_url, "pool_size": 2, "layers_dir": tmp_path, "edit_key": KEY}
    )
    app = create_app(settings)
    headers = {"x-api-key": KEY}
    async with (
        started(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=BASE, headers=headers
        ) as client,
    ):
        yield client


async def _found(odd: httpx.AsyncClient, **asked: str) -> list[int]:
    page = await odd.get("/collections/keyed/items", params=asked)
    assert page.status_code == 200, page.text
    return [int(feature["id"][-1]) for feature in page.json()["features"]]


async def _walk(odd: httpx.AsyncClient, layer: str, **asked: str) -> list[str]:
    page = await odd.get(f"/collections/{layer}/items", params={"limit": "1", **asked})
    ids: list[str] = []
    while True:
        assert page.status_code == 200, page.text
        ids += [feature["id"].strip() for feature in page.json()["features"]]
        href = next((k["href"] for k in page.json()["links"] if k["rel"] == "next"), None)
        if href is None:
            return ids
        page = await odd.get(href)


async def _send(odd: httpx.AsyncClient, method: str, path: str, content: Any) -> httpx.Response:
    kind = "application/merge-patch+json" if method == "PATCH" else "application/geo+json"
    body = content if isinstance(content, str) else json.dumps(content)
    return await odd.request(method, path, content=body, headers={"content-type": kind})


@pytest.mark.parametrize("sortby", ["", "u", "ref", "-ref", "single", "-single", "note,exact"])
async def test_pages_over_every_type_join(odd: httpx.AsyncClient, sortby: str) -> None:
    asked = {"sortby": sortby} if sortby else {}
    expected = [one(n) for n in range(1, 6)]
    if sortby in ("ref", "-single"):
        expected.reverse()
    assert await _walk(odd, "keyed", **asked) == expected


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"u": one(3)}, [3]),
        ({"u": one(3).upper()}, [3]),
        ({"ref": "aaaaaaaa-0000-0000-0000-000000000001"}, [5]),
        ({"ref": "aaaaaaaa-0000-0000-0000-000000000009"}, []),
        ({"filter": f"u = '{one(2)}' OR ref LIKE '%5'"}, [1, 2]),
        ({"filter": "ref < 'aaaaaaaa-0000-0000-0000-000000000003'"}, [4, 5]),
        ({"single": "0.1"}, [1]),
        ({"single": "0.3"}, [3]),
        ({"single": "1e300"}, []),
        ({"single": "9e37"}, []),
        ({"single": "1e-44"}, []),
        ({"filter": "single > 1e-44 AND single < 9.99e37"}, [1, 2, 3, 4, 5]),
        ({"filter": "single = 0.1"}, [1]),
        ({"filter": "0.1 = single"}, [1]),
        ({"filter": "single > 0.1 AND single <= 0.3"}, [2, 3]),
        ({"filter": "single IN (0.2, 0.4)"}, [2, 4]),
        ({"filter": "single BETWEEN 0.2 AND 0.3"}, [2, 3]),
        ({"filter": "single IN (0.1, 1e300, 2)"}, [1]),
        ({"filter": "single BETWEEN 1e-300 AND 0.3"}, [1, 2, 3]),
        ({"filter": "exact IN (0.1, 1e300, 12345678901234567.89)"}, [1, 2, 3, 4, 5]),
        ({"filter": "single = exact OR single IN (exact, 0.5)"}, [5]),
        ({"filter": "single > 1e-300 AND single < 1e300"}, [1, 2, 3, 4, 5]),
        ({"filter": "exact = 12345678901234567.89"}, [1, 2, 3, 4, 5]),
        ({"exact": "12345678901234567.89"}, [1, 2, 3, 4, 5]),
        ({"exact": "12345678901234568"}, []),
        ({"yes": "1"}, [1, 3, 5]),
        ({"yes": "0"}, [2, 4]),
        ({"day": "9999-12-31"}, [1, 2, 3, 4, 5]),
        ({"datetime": "9999-12-31"}, [1, 2, 3, 4, 5]),
    ],
)
async def test_features_are_found_by_what_they_show(
    odd: httpx.AsyncClient, asked: dict[str, str], found: list[int]
) -> None:
    assert await _found(odd, **asked) == found


async def test_what_is_no_uuid_is_told_so(odd: httpx.AsyncClient) -> None:
    for name in ("u", "ref"):
        refused = await odd.get("/collections/keyed/items", params={name: "nope"})
        assert refused.status_code == 400
        assert "uuid" in refused.json()["detail"]
    assert await _found(odd, filter="u = 'nope'") == []


async def test_a_cursor_that_was_made_up_is_refused(odd: httpx.AsyncClient) -> None:
    page = await odd.get("/collections/coded/items", params={"limit": "1"})
    href = next(k["href"] for k in page.json()["links"] if k["rel"] == "next")
    cursor = httpx.URL(href).params["cursor"].replace("W1siaWQi", "W1sidSJd")
    assert (await odd.get("/collections/keyed/items", params={"cursor": cursor})).status_code == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("feature_id", ["nope", one(9)])
async def test_an_id_that_no_feature_has(
    odd: httpx.AsyncClient, method: str, feature_id: str
) -> None:
    path = f"/collections/keyed/items/{feature_id}"
    content: dict[str, Any] = {"type": "Feature", "geometry": None, "properties": {}}
    if method in ("GET", "DELETE"):
        response = await odd.request(method, path)
    else:
        response = await _send(odd, method, path, content)
    assert (response.status_code, response.json()["title"]) == (404, "Not Found"), response.text


async def test_features_keyed_by_uuids_are_edited(odd: httpx.AsyncClient) -> None:
    items = "/collections/keyed/items"
    new = {"u": one(8), "ref": one(1), "single": 0.7, "exact": 1.5, "yes": True}
    feature = {"type": "Feature", "geometry": None, "properties": new}
    created = await _send(odd, "POST", items, feature)
    assert created.status_code == 201, created.text
    path = created.headers["location"]
    unsaid = {"day": None, "at": None, "note": "unsaid", "measured": 0.1}
    assert (await odd.get(path)).json()["properties"] == new | unsaid
    assert (await _send(odd, "PATCH", path, {"ref": one(2), "note": None})).status_code == 204
    got = (await odd.get(path)).json()["properties"]
    assert (got["ref"], got["note"]) == (one(2), None)
    refused = await _send(odd, "PATCH", path, {"measured": 0.11})
    assert "it is read only: 0.1" in refused.json()["detail"]
    refused = await _send(odd, "PATCH", path, {"ref": "nope"})
    assert refused.status_code == 422
    assert "uuid" in refused.json()["detail"]
    assert (await odd.delete(path)).status_code == 204


async def test_a_feature_that_is_put_back_as_it_was_read_stays_so(odd: httpx.AsyncClient) -> None:
    path = f"/collections/keyed/items/{one(1)}"
    assert (await _send(odd, "PATCH", path, {"note": None})).status_code == 204
    before = await odd.get(path)
    assert before.json()["properties"]["day"] == "9999-12-31"
    assert before.json()["properties"]["at"] == "9999-12-31T23:59:59+00:00"
    assert '"exact":12345678901234567.89' in before.text
    assert '"measured":98765432109876543.21' in before.text
    put = await _send(odd, "PUT", path, before.text)
    assert put.status_code == 204, put.text
    assert (await odd.get(path)).text == before.text
    assert (await _send(odd, "PATCH", path, {"note": "n1"})).status_code == 204


async def test_the_last_day_has_every_format(odd: httpx.AsyncClient) -> None:
    for kind in ("html", "csv", "xlsx", "gpkg", "fgb", "parquet", "jsonfg"):
        answer = await odd.get("/collections/keyed/items", params={"f": kind})
        assert answer.status_code == 200, (kind, answer.text[:300])
        if kind in ("csv", "jsonfg", "html"):
            assert "9999-12-31" in answer.text, kind


async def test_blanks_behind_a_code_are_no_part_of_it(odd: httpx.AsyncClient) -> None:
    assert await _walk(odd, "coded") == ["a1", "b2", "c3"]
    assert await _walk(odd, "coded", sortby="-id") == ["c3", "b2", "a1"]
    page = (await odd.get("/collections/coded/items")).json()
    for shown in (page["features"][0]["id"], "a1"):
        got = await odd.get(f"/collections/coded/items/{shown}")
        assert got.status_code == 200, got.text
        listed = (await odd.get("/collections/coded/items", params={"id": shown})).json()
        assert listed["numberMatched"] == 1
    assert (await odd.get("/collections/coded/items/toolong")).status_code == 404
