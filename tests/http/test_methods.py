from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.anyio

PATHS = ("/", "/collections/place/items", "/tiles/place/8/163/104.mvt", "/health/live")


@pytest.mark.parametrize("path", PATHS)
async def test_head_is_get_without_the_body(client: httpx.AsyncClient, path: str) -> None:
    got = await client.get(path)
    head = await client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "etag", "content-type"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize("path", PATHS)
async def test_options_says_what_is_allowed(client: httpx.AsyncClient, path: str) -> None:
    response = await client.options(path, headers={"origin": "https://map.example"})
    assert response.status_code == 200
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", [*PATHS, "/nowhere", "/collections/nowhere/items"])
async def test_every_answer_may_be_read_from_elsewhere(
    client: httpx.AsyncClient, path: str
) -> None:
    response = await client.get(path)
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
async def test_other_methods_are_refused(client: httpx.AsyncClient, method: str) -> None:
    for path in PATHS:
        response = await client.request(method, path)
        assert response.status_code == 405
        assert response.headers["allow"] == "GET, HEAD, OPTIONS"
        assert response.json()["title"] == "Method Not Allowed"


async def test_head_of_a_file_is_only_its_head(client: httpx.AsyncClient) -> None:
    head = await client.head("/collections/place/items?f=csv")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["", "/items", "/items/1", "/schema"])
async def test_what_is_not_there_has_no_methods(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    response = await client.request(method, f"/collections/nowhere{path}")
    assert response.status_code == 404
    assert "nowhere" in response.json()["detail"]
    assert response.headers["access-control-allow-origin"] == "*"
    assert (await client.options(f"/collections/nowhere{path}")).status_code == 404
    asking = {"origin": "https://map.example", "access-control-request-method": method}
    preflight = await client.options(f"/collections/nowhere{path}", headers=asking)
    assert preflight.status_code == 200  # or a browser would not get to see the 404
