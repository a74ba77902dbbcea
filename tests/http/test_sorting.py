from __future__ import annotations

from typing import Any

import httpx
import pytest

from geoservice.database.engine import Connection

pytestmark = pytest.mark.anyio

PLACES = "/collections/place/items"


async def _pages(client: httpx.AsyncClient, url: str) -> list[list[dict[str, Any]]]:
    pages = []
    following: str | None = url
    while following:
        response = await client.get(following)
        assert response.status_code == 200, response.text
        page = response.json()
        pages.append(page["features"])
        following = next((k["href"] for k in page["links"] if k["rel"] == "next"), None)
    return pages


@pytest.mark.parametrize(
    ("sortby", "key"),
    [
        ("population", lambda p: p["population"]),
        ("-population", lambda p: -p["population"]),
        ("kind,-population", lambda p: (p["kind"], -p["population"])),
        ("-id", None),
    ],
)
async def test_pages_follow_the_order_that_is_asked_for(
    client: httpx.AsyncClient, sortby: str, key: Any
) -> None:
    pages = await _pages(client, f"{PLACES}?limit=4&sortby={sortby}")
    assert [len(page) for page in pages] == [4] * 6 + [1]
    found = [feature["properties"] for page in pages for feature in page]
    assert len({p["id"] for p in found}) == 25
    if key is None:
        assert [p["id"] for p in found] == sorted((p["id"] for p in found), reverse=True)
    else:
        assert found == sorted(found, key=key)


async def test_what_is_sorted_by_need_not_be_written(client: httpx.AsyncClient) -> None:
    pages = await _pages(client, f"{PLACES}?limit=20&sortby=-population&properties=name_fa")
    assert [len(page) for page in pages] == [20, 5]
    assert all(set(feature["properties"]) == {"name_fa"} for page in pages for feature in page)


async def test_a_cursor_of_another_order_is_refused(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"{PLACES}?limit=4&sortby=kind,population")).json()
    following = next(k["href"] for k in page["links"] if k["rel"] == "next")
    cursor = httpx.URL(following).params["cursor"]
    response = await client.get(PLACES, params={"cursor": cursor})
    assert response.status_code == 400
    assert response.json()["parameter"] == "cursor"


async def test_sortby_names_what_it_may_be(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{PLACES}?sortby=wealth")
    assert response.status_code == 400
    problem = response.json()
    assert problem["parameter"] == "sortby"
    assert "population" in problem["allowed"]


async def test_rows_that_come_and_go_move_nothing_else(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    """With an offset, a row written before the page would repeat one; with the cursor none."""
    first = (await client.get(f"{PLACES}?limit=10&sortby=population")).json()
    following = next(k["href"] for k in first["links"] if k["rel"] == "next")
    connection.execute(
        "INSERT INTO source.place (id, kind, name_fa, population) "
        "SELECT 'new' || n, 'village', 'نو', 1 FROM generate_series(1, 5) n"
    )
    connection.execute("DELETE FROM source.place WHERE id = 'v3'")
    connection.commit()
    rest = await _pages(client, following)
    connection.execute("DELETE FROM source.place WHERE id LIKE 'new%'")
    connection.commit()
    seen = [f["id"] for f in first["features"]] + [f["id"] for page in rest for f in page]
    assert seen == [f"v{n}" for n in range(1, 26)]
