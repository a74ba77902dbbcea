"""Rows that peers fall over, asked through the whole service."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from geoservice.http.app import create_app
from geoservice.settings import Settings
from tests.http.conftest import BASE, started

pytestmark = pytest.mark.anyio

LONG = "ن" * 31 + "x"  # 63 bytes: one more and PostgreSQL would cut it
NAMES = ('sa"id', "it's", "نام فارسی", LONG, "a%b")
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
BIG = "123456789012345678901234567890"
_SHAPES = (
    "POINT(51 35)",
    "LINESTRING(51 35, 52 36)",
    "POLYGON EMPTY",
    "POINT Z(51 35 1200)",
    "POINT(-129 -89.9)",
    "POINT(141 0)",
    "POINT(51 90)",
    "POINT(500 500)",
    None,
)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _toml(sql: str, kinds: dict[str, str]) -> str:
    lines = [
        'title = { fa = "ساخته", en = "Made" }',
        f'source = {{ sql = {json.dumps(sql, ensure_ascii=False)}, reads = ["source.place"] }}',
        'feature_id = "id"',
        'geometry = { type = "Geometry", crs = 4326 }',
    ]
    for name, kind in kinds.items():
        lines += [
            f"[attributes.{json.dumps(name, ensure_ascii=False)}]",
            'title = { fa = "ستون", en = "Column" }',
            f'type = "{kind}"',
            f"queryable = {'false' if name in ('text', 'big', 'number') else 'true'}",
        ]
    return "\n".join(lines)


@pytest.fixture
async def odd(database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A service with an odd layer and an empty one."""
    named = ", ".join(
        f"'v' || id AS {chr(34)}{name.replace(chr(34), chr(34) * 2)}{chr(34)}" for name in NAMES
    ).replace("%", "%%")
    rows = ", ".join(
        f"({n}, {f'ST_GeomFromText({_literal(shape)}, 4326)' if shape else 'NULL'})"
        for n, shape in enumerate(_SHAPES, 1)
    )
    sql = f"""SELECT id, geom, (ARRAY['NaN','Infinity','-Infinity','1.5'])[id]::float8 AS number,
        {BIG}::numeric AS big, repeat('x', 1000000) AS text,
        (ARRAY['1800-02-03'::date, '0044-03-15 BC', 'infinity', '-infinity', '12000-01-01'])[id]
            AS day,
        (ARRAY['1800-02-03Z'::timestamptz, '0044-03-15Z BC', 'infinity', '-infinity',
            '12000-01-01Z'])[id] AS "at time",
        {named} FROM (VALUES {rows}) v (id, geom)"""  # noqa: S608
    kinds = {"id": "integer", "number": "number", "big": "number", "text": "string"}
    kinds |= {"day": "date", "at time": "date-time"} | dict.fromkeys(NAMES, "string")
    sql = sql.replace("%%", "%")
    (tmp_path / "odd.toml").write_text(_toml(sql, kinds), encoding="utf-8")
    nothing = "SELECT 1 AS id, NULL::geometry AS geom WHERE false"
    (tmp_path / "nothing.toml").write_text(_toml(nothing, {"id": "integer"}), encoding="utf-8")
    settings = Settings.model_validate(
        {"DATABASE_URL": database_url, "pool_size": 2, "layers_dir": tmp_path}
    )
    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


async def test_values(odd: httpx.AsyncClient) -> None:
    response = await odd.get("/collections/odd/items?exclude-properties=text")
    assert response.status_code == 200, response.text[:300]
    features = json.loads(response.text, parse_float=str)["features"]
    assert len(features) == len(_SHAPES)
    assert [f["properties"]["number"] for f in features[:4]] == [None, None, None, "1.5"]
    assert {f["properties"]["big"] for f in features} == {f"{BIG}.0"}
    assert features[0]["properties"]["day"] == "1800-02-03"
    kinds = [f["geometry"] and f["geometry"]["type"] for f in features]
    assert kinds == ["Point", "LineString", "Polygon", *["Point"] * 5, None]


async def test_dates_that_have_no_writing_are_null(odd: httpx.AsyncClient) -> None:
    asked = "/collections/odd/items?properties=day,at time"
    page = (await odd.get(asked)).json()
    days = [tuple(f["properties"].values()) for f in page["features"]]
    assert days == [("1800-02-03", "1800-02-03T00:00:00+00:00"), *[(None, None)] * 8]
    assert (await odd.get("/collections/odd/items/3")).json()["properties"]["day"] is None
    fg = (await odd.get(f"{asked}&f=jsonfg")).json()
    assert [f["time"] for f in fg["features"]] == [{"date": "1800-02-03"}, *[None] * 8]
    rows = (await odd.get(f"{asked}&f=csv")).text.splitlines()
    assert rows[1].startswith("1800-02-03,1800-02-03T00:00:00Z,")
    assert all(row.startswith(",,") for row in rows[2:]), rows


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"filter": "day IS NULL"}, [2, 3, 4, 5, 6, 7, 8, 9]),
        ({"filter": '"at time" IS NULL'}, [2, 3, 4, 5, 6, 7, 8, 9]),
        ({"filter": "day < DATE('2000-01-01')"}, [1]),
        ({"filter": "T_AFTER(\"at time\", DATE('1700-01-01'))"}, [1]),
        ({"datetime": "../.."}, [1]),
        ({"datetime": "1700-01-01/.."}, [1]),
        ({"sortby": "-day"}, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ({"sortby": "at time"}, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ({"sortby": "-number"}, [4, 1, 2, 3, 5, 6, 7, 8, 9]),
    ],
)
async def test_what_shows_as_null_is_null_to_every_request(
    odd: httpx.AsyncClient, asked: dict[str, str], found: list[int]
) -> None:
    page = await odd.get("/collections/odd/items", params={"properties": "id", **asked})
    assert page.status_code == 200, page.text
    assert [feature["id"] for feature in page.json()["features"]] == found


async def test_odd_dates_cost_no_collection(odd: httpx.AsyncClient) -> None:
    described = await odd.get("/collections/odd")
    assert described.status_code == 200, described.text
    (interval,) = described.json()["extent"]["temporal"]["interval"]
    assert [end[:10] for end in interval] == ["1800-02-03"] * 2
    listed = (await odd.get("/collections")).json()["collections"]
    assert [layer["id"] for layer in listed] == ["nothing", "odd"]
    for path in ("", "/items", *(f"/items/{n}" for n in range(1, 6))):
        page = await odd.get(f"/collections/odd{path}?f=html")
        assert page.status_code == 200, page.text


async def test_paging_by_odd_dates_finds_every_row(odd: httpx.AsyncClient) -> None:
    href, found = "/collections/odd/items?sortby=day&limit=1&properties=id", []
    while href:
        page = (await odd.get(href)).json()
        found += [feature["id"] for feature in page["features"]]
        href = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert found == [1, 2, 3, 4, 5, 6, 7, 8, 9]  # those that show no day are equal


async def test_long_text(odd: httpx.AsyncClient) -> None:
    response = await odd.get("/collections/odd/items/1?properties=text")
    assert response.json()["properties"] == {"text": "x" * 1_000_000}


@pytest.mark.parametrize("name", NAMES)
async def test_column_names(odd: httpx.AsyncClient, name: str) -> None:
    page = await odd.get("/collections/odd/items", params={name: "v2", "properties": f"{name}"})
    assert page.status_code == 200, page.text[:300]
    (feature,) = page.json()["features"]
    assert feature["properties"] == {name: "v2"}
    assert (await odd.get("/collections/odd/items", params={name: "v'2"})).json()["features"] == []


@pytest.mark.parametrize("code", [4326, 3857, 32638, 32639, 32640, 32641])
@pytest.mark.parametrize("path", ["items", *(f"items/{n}" for n in range(1, 10))])
async def test_every_crs_answers(odd: httpx.AsyncClient, code: int, path: str) -> None:
    asked = {"crs": f"{EPSG}{code}", "properties": "id"}
    response = await odd.get(f"/collections/odd/{path}", params=asked)
    assert response.status_code == 200, response.text[:300]
    assert "Infinity" not in response.text
    assert "NaN" not in response.text
    response.json()


async def test_an_empty_layer(odd: httpx.AsyncClient) -> None:
    described = (await odd.get("/collections/nothing")).json()
    assert "spatial" not in described["extent"]
    assert described["itemCount"] == 0
    page = (await odd.get("/collections/nothing/items")).json()
    assert (page["features"], page["numberMatched"]) == ([], 0)
    assert not [link for link in page["links"] if link["rel"] == "next"]
    schema = (await odd.get("/collections/nothing/schema")).json()
    assert schema["properties"]["id"]["type"] == "integer"
    assert schema["properties"]["geom"]["format"] == "geometry-any"
