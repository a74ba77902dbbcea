from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from geoservice.http.app import create_app
from geoservice.settings import Settings
from tests.http.conftest import BASE, started

pytestmark = pytest.mark.anyio

BODY = os.urandom(300_000)


@pytest.fixture
async def client(settings: Settings, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service with one archive, and a secret beside its directory."""
    directory = tmp_path / "archives"
    directory.mkdir()
    (directory / "all.pmtiles").write_bytes(BODY)
    (directory / "all.pmtiles.work").write_bytes(b"secret")
    (tmp_path / "secret.pmtiles").write_bytes(b"secret")
    app = create_app(settings.model_copy(update={"archives_dir": directory}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


async def test_what_there_is(client: httpx.AsyncClient) -> None:
    (only,) = (await client.get("/archives")).json()["archives"]
    assert (only["name"], only["size"]) == ("all.pmtiles", len(BODY))
    answer = await client.get(only["href"])
    assert answer.status_code == 200
    assert answer.content == BODY
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == only["type"] == "application/vnd.pmtiles"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-126", 0, 127),
        ("bytes=299990-", 299_990, 300_000),
        ("bytes=-5", 299_995, 300_000),
        ("bytes=1000-199999", 1000, 200_000),
        ("bytes=299999-400000", 299_999, 300_000),
    ],
)
async def test_ranges(client: httpx.AsyncClient, asked: str, first: int, last: int) -> None:
    answer = await client.get("/archives/all.pmtiles", headers={"range": asked})
    assert answer.status_code == 206
    assert answer.content == BODY[first:last]
    assert answer.headers["content-range"] == f"bytes {first}-{last - 1}/300000"
    assert "Content-Range" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    ("asked", "status"), [("bytes=300000-", 416), ("bytes=5-2", 400), ("bytes=x", 400)]
)
async def test_a_range_that_cannot_be_had(
    client: httpx.AsyncClient, asked: str, status: int
) -> None:
    headers = {b"range": asked.encode()}
    answer = await client.get("/archives/all.pmtiles", headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-range"] == "bytes */300000"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "300,000 bytes" in answer.json()["detail"]
    head = await client.head("/archives/all.pmtiles", headers=headers)
    assert (head.status_code, head.content) == (status, b"")


async def test_tags(client: httpx.AsyncClient) -> None:
    head = await client.head("/archives/all.pmtiles")
    etag = head.headers["etag"]
    assert head.headers["content-length"] == "300000"
    assert head.content == b""
    assert not etag.startswith("W/")
    kept = await client.get("/archives/all.pmtiles", headers={"if-none-match": etag})
    assert kept.status_code == 304
    part = {"range": "bytes=0-9"}
    same = await client.get("/archives/all.pmtiles", headers={**part, "if-range": etag})
    other = await client.get("/archives/all.pmtiles", headers={**part, "if-range": '"other"'})
    assert (same.status_code, other.status_code) == (206, 200)
    assert other.content == BODY


@pytest.mark.parametrize(
    "name",
    [
        *("none.pmtiles", "all.pmtiles.work", "..%2Fsecret.pmtiles", "%2e%2e%2fsecret.pmtiles"),
        *("..%5Csecret.pmtiles", "a%00.pmtiles", ".pmtiles", "%2Fetc%2Fpasswd"),
    ],
)
async def test_nothing_else_is_served(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/archives/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert b"secret" not in answer.content or b"there is no" in answer.content


async def test_without_a_directory(settings: Settings) -> None:
    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        assert (await client.get("/archives")).json() == {"archives": []}
        assert (await client.get("/archives/all.pmtiles")).status_code == 404


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a directory"):
        Settings.model_validate({"archives_dir": tmp_path / "nowhere"})


async def test_a_range_in_units_that_nobody_knows_is_none(client: httpx.AsyncClient) -> None:
    whole = await client.get("/archives/all.pmtiles")
    for asked in ("lines=1-2", "یک"):
        answer = await client.get("/archives/all.pmtiles", headers={b"range": asked.encode()})
        assert (answer.status_code, answer.content) == (200, whole.content)
