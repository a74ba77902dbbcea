"""Tiles in files: there after a restart, held against what was committed, and never in the way."""

from __future__ import annotations

import asyncio
import logging
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from geoservice.database.engine import Connection
from geoservice.http.app import create_app
from geoservice.http.kept_files import KeptFiles, Written
from geoservice.publish.grid import Tile, tile_at
from geoservice.settings import Settings
from tests.http.conftest import BASE, started
from tests.pyramids import make_pyramid

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module", autouse=True)
def _pyramid(settings: Settings) -> None:
    """What was made without it would be made anew, and differ, in the middle of a test."""
    asyncio.run(make_pyramid(str(settings.database_url), "place"))


_HERE = tile_at(50.01, 30.5, 12)
_THERE = tile_at(50.25, 30.5, 12)
_LARGE = tile_at(50.1, 30.5, 8)


@asynccontextmanager
async def worker(
    settings: Settings, directory: Path, mb: int = 10
) -> AsyncIterator[httpx.AsyncClient]:
    """A worker that keeps nothing in memory."""
    more = {"tile_cache_dir": directory, "tile_cache_mb": mb, "tile_memory_mb": 0}
    app = create_app(Settings.model_validate({**settings.model_dump(), **more}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


async def tile(client: httpx.AsyncClient, tile: Tile, coding: str = "gzip") -> tuple[str, bytes]:
    """How it came about, and its bytes."""
    path = f"/tiles/place/{tile.z}/{tile.x}/{tile.y}.mvt"
    response = await client.get(path, headers={"accept-encoding": coding})
    assert response.status_code == 200, response.text
    return response.headers["cache-status"].removeprefix("geoservice; "), response.content


def files(directory: Path) -> list[Path]:
    return sorted(directory.glob("*/*.tile"))


async def test_a_tile_is_there_after_a_restart_and_for_other_workers(
    settings: Settings, tmp_path: Path
) -> None:
    async with worker(settings, tmp_path) as one, worker(settings, tmp_path) as other:
        how, made = await tile(one, _LARGE)
        assert how == "fwd=miss; stored"
        while not files(tmp_path):  # noqa: ASYNC110  (it is written behind the answer)
            await asyncio.sleep(0.01)
        assert await tile(other, _LARGE) == ("hit; detail=file", made)
    async with worker(settings, tmp_path) as again:
        for coding in ("gzip", "br", "zstd", "identity"):
            assert await tile(again, _LARGE, coding) == ("hit; detail=file", made)
        assert (await again.get("/health/ready")).json() == {"status": "ready"}


async def test_a_write_while_nobody_served_is_seen(
    settings: Settings, tmp_path: Path, connection: Connection
) -> None:
    async with worker(settings, tmp_path) as client:
        kept = [(await tile(client, each))[1] for each in (_HERE, _THERE)]
    connection.execute("UPDATE source.place SET population = population + 1 WHERE id = 'v1'")
    connection.commit()
    async with worker(settings, tmp_path) as client:
        how, here = await tile(client, _HERE)
        assert how == "fwd=miss; stored"
        assert here != kept[0]
        assert await tile(client, _THERE) == ("hit; detail=file", kept[1])
    connection.execute("UPDATE source.place SET population = population - 1 WHERE id = 'v1'")
    connection.commit()


async def test_a_write_between_two_workers_is_seen(
    settings: Settings, tmp_path: Path, connection: Connection
) -> None:
    async with worker(settings, tmp_path) as one, worker(settings, tmp_path) as other:
        before = b""
        for number in range(50):
            connection.execute("UPDATE source.place SET population = %s WHERE id = 'v1'", [number])
            connection.commit()
            _, first = await tile(one, _HERE)
            _, second = await tile(other, _HERE)
            assert first == second != before
            before = first


@pytest.mark.parametrize(
    "content",
    [b"", b"{}\nxx", b"no json\n", b'{"format": 1, "length": 1}\nx', b"\xff\xfe", b"[1]\n"],
)
async def test_a_file_that_is_broken_is_made_anew(
    settings: Settings, tmp_path: Path, content: bytes
) -> None:
    async with worker(settings, tmp_path) as client:
        _, made = await tile(client, _LARGE)
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(content)
    async with worker(settings, tmp_path) as client:
        assert await tile(client, _LARGE) == ("fwd=miss; stored", made)
    for damaged in (whole[:-5], whole[:-5] + bytes(5)):
        (file,) = files(tmp_path)
        file.write_bytes(damaged)
        async with worker(settings, tmp_path) as client:
            assert await tile(client, _LARGE) == ("fwd=miss; stored", made)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 32 kB."""
    directory = tmp_path / "disk"
    directory.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(directory)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("to mount a file system takes root")
    yield directory
    subprocess.run(["umount", "-l", directory], check=True)


def remount_read_only(directory: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", directory], check=True)


def temporary(directory: Path) -> list[Path]:
    return list(directory.rglob("*.tmp"))


async def faults(client: httpx.AsyncClient) -> list[str]:
    ready = await client.get("/health/ready")
    assert ready.status_code == 200
    return list(ready.json().get("faults", []))


async def troubled(
    client: httpx.AsyncClient, directory: Path, log: pytest.LogCaptureFixture, reason: str
) -> None:
    """Answers are as ever, and the trouble is told: once in the log, and to who asks."""
    log.clear()
    for _ in range(3):
        how, body = await tile(client, _LARGE)
        assert how == "fwd=miss; stored"
        assert body
    for _ in range(200):
        if await faults(client):
            break
        await asyncio.sleep(0.01)
    (fault,) = await faults(client)
    assert str(directory) in fault
    assert reason in fault
    assert [
        each.getMessage() for each in log.records if "kept in files" in each.msg % each.args
    ] == [fault]


async def test_a_full_disk_is_told_and_harms_nobody(
    settings: Settings, small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    filling = small_disk / "filling"
    with pytest.raises(OSError, match="No space"):
        filling.write_bytes(bytes(40_000))
    async with worker(settings, small_disk) as client:
        await troubled(client, small_disk, caplog, "No space")
        assert not temporary(small_disk)
        filling.unlink()
        await tile(client, _HERE)
        for _ in range(200):
            if not await faults(client):
                break
            await asyncio.sleep(0.01)
        assert await faults(client) == []
        assert (await tile(client, _HERE))[0] == "hit; detail=file"


async def test_a_read_only_directory_is_told_and_what_is_in_it_is_served(
    settings: Settings, small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with worker(settings, small_disk) as client:
        _, made = await tile(client, _HERE)
    remount_read_only(small_disk)
    async with worker(settings, small_disk) as client:
        assert await tile(client, _HERE) == ("hit; detail=file", made)
        await troubled(client, small_disk, caplog, "Read-only")


async def test_a_directory_that_is_a_file_is_told(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = tmp_path / "no directory"
    directory.write_bytes(b"")
    async with worker(settings, directory) as client:
        await troubled(client, directory, caplog, "Not a directory")


async def test_a_directory_that_vanishes_is_made_again(settings: Settings, tmp_path: Path) -> None:
    directory = tmp_path / "a" / "b"
    async with worker(settings, directory) as client:
        await tile(client, _HERE)
    shutil.rmtree(directory)
    async with worker(settings, directory) as client:
        assert (await tile(client, _HERE))[0] == "fwd=miss; stored"
        shutil.rmtree(tmp_path / "a", ignore_errors=True)
        assert (await tile(client, _THERE))[0] == "fwd=miss; stored"
    assert files(directory)


def written(size: int) -> Written:
    return Written("1:1:@2", None, size, b"\x01" * 16, bytes(size))


def test_files_are_bounded_and_those_used_last_stay(tmp_path: Path) -> None:
    room = 200_000
    kept = KeptFiles(tmp_path, room)
    for number in range(300):
        kept.write(f"{number:032x}"[::-1], written(5000))
        assert kept.read(f"{0:032x}") is not None
    total = sum(file.stat().st_size for file in files(tmp_path))
    assert 0.5 * room < total < room * 1.1
    assert kept.read(f"{299:032x}"[::-1]) == written(5000)
    assert kept.fault is None


def test_what_takes_too_much_of_the_room_is_not_written(tmp_path: Path) -> None:
    kept = KeptFiles(tmp_path, 1000)
    kept.write("ab", written(900))
    assert kept.read("ab") is None


def test_the_log_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    place = tmp_path / "place"
    place.write_bytes(b"")
    kept = KeptFiles(place, 100_000)
    for _ in range(3):
        kept.write("ab", written(10))
        assert kept.read("ab") is None
    place.unlink()
    for _ in range(3):
        kept.write("ab", written(10))
        assert kept.read("ab") == written(10)
    told = [record.levelname for record in caplog.records]
    assert told == ["WARNING", "INFO"]
