"""Rows of several years share an id: in pages of any size none is lost and none repeated."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

import httpx
import pytest

from geoservice.database.engine import connect
from geoservice.settings import Settings

pytestmark = pytest.mark.anyio

PATH = "/collections/balance_county/items"
YEARS = range(1402, 1405)
CODES = [f"90{n:02}" for n in range(60)]
WANTED: dict[str, str | int] = {
    "filter": "year >= 1402 AND code LIKE '90%'",
    "skipGeometry": "true",
}

_REGIONS = """
INSERT INTO source.region (region_set, level, code, name_fa, name_en, parent_code, schematic)
SELECT '1395', 'county', code, 'نام ' || right(code, 1), 'Made', '01', true
FROM unnest(%s::text[]) code
"""
_RUNS = """
INSERT INTO indicator.run
    (region_set, level, year, variable, period_start, period_end, population_year)
SELECT '1395', 'county', year, 'budget', '2023-03-21', '2024-03-19', 1395
FROM unnest(%s::int[]) year
"""
_VALUES = """
INSERT INTO indicator.value
    (run_id, indicator, region_level, code, value, unit, reason_fa, reason_en)
SELECT id, 'spending_per_head', 'county', code, nullif(right(code, 1)::int, 3), 'IRR/person',
       'گفته', 'said'
FROM indicator.run, unnest(%s::text[]) code WHERE year = ANY(%s)
"""


@pytest.fixture(scope="module", autouse=True)
def years(settings: Settings) -> None:
    """Sixty counties, each with three years besides those that all tests have."""
    assert settings.database_url is not None
    with connect(settings.database_url) as connection:
        connection.execute(_REGIONS, [CODES])
        connection.execute(_RUNS, [list(YEARS)])
        connection.execute(_VALUES, [CODES, list(YEARS)])


async def _walk(client: httpx.AsyncClient, **params: Any) -> list[tuple[str, int]]:
    """The code and the year of each row, in their order."""
    seen: list[tuple[str, int]] = []
    following: str | None = str(httpx.URL(PATH, params=WANTED | params))
    while following:
        response = await client.get(following)
        assert response.status_code == 200, response.text
        page = response.json()
        assert page["numberMatched"] == len(CODES) * len(YEARS)
        seen += [(f["id"], f["properties"]["year"]) for f in page["features"]]
        following = next((k["href"] for k in page["links"] if k["rel"] == "next"), None)
    return seen


_ORDERS = (
    *("code", "-code", "year", "-spending_per_head", "spending_per_head", "name_fa"),
    *("code,year", "-code,-year", "year,code", "-year,name_fa", "code,name_fa,-year"),
)


@pytest.mark.parametrize("limit", [7, 13, 50])
@pytest.mark.parametrize("sortby", [None, *_ORDERS])
async def test_pages_join_to_one_large_page(
    client: httpx.AsyncClient, sortby: str | None, limit: int
) -> None:
    order = {} if sortby is None else {"sortby": sortby}
    whole = await _walk(client, limit=1000, **order)
    assert Counter(whole) == Counter(product(CODES, YEARS))
    assert await _walk(client, limit=limit, **order) == whole
    if sortby == "-code,-year":
        assert whole == sorted(whole, reverse=True)


async def test_several_dimensions_left_open(client: httpx.AsyncClient) -> None:
    text = f"{WANTED['filter']} AND variable IN ('budget', 'roads') AND region_set = '1395'"
    assert await _walk(client, filter=text, limit=7) == await _walk(client, limit=1000)


async def test_a_cursor_over_years_is_of_no_page_of_one_year(client: httpx.AsyncClient) -> None:
    page = (await client.get(PATH, params=WANTED | {"limit": 7})).json()
    following = next(k["href"] for k in page["links"] if k["rel"] == "next")
    cursor = httpx.URL(following).params["cursor"]
    refused = await client.get(PATH, params=WANTED | {"year": 1403, "cursor": cursor})
    assert refused.status_code == 400
    assert refused.json()["parameter"] == "cursor"


async def test_a_row_of_a_page_links_to_its_own_year(client: httpx.AsyncClient) -> None:
    page = await client.get(PATH, params=WANTED | {"f": "html", "limit": 5})
    for year in YEARS:
        href = f"{PATH}/9000?year={year}"
        assert f'href="http://geo.test{href}"' in page.text
        found = await client.get(href)
        assert (found.json()["id"], found.json()["properties"]["year"]) == ("9000", year)
    assert f'{PATH}/9000"' not in page.text


async def test_a_row_whose_year_is_not_written_links_nowhere(client: httpx.AsyncClient) -> None:
    params = WANTED | {"f": "html", "limit": 5, "properties": "code,name_fa"}
    page = await client.get(PATH, params=params)
    assert "9000" in page.text
    assert f"{PATH}/9000" not in page.text


async def test_where_the_year_is_given_the_link_says_it_once(client: httpx.AsyncClient) -> None:
    page = await client.get(PATH, params=WANTED | {"f": "html", "limit": 5, "year": 1403})
    assert f'href="http://geo.test{PATH}/9000?year=1403"' in page.text
