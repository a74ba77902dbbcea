"""nginx in front of two workers: tiles from its own disk, each as new as the last commit."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import mapbox_vector_tile
import pytest

from geoservice.database.engine import connect
from geoservice.publish.grid import tile_at
from tests.conftest import Serve

RUN = Path(__file__).parents[2] / "setup" / "nginx" / "run.sh"
MODULE = Path("/usr/lib/nginx/modules/ngx_http_lua_module.so")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not MODULE.exists(), reason="nginx with its Lua module is not installed"),
]

HIT = "nginx; hit"


@contextmanager
def in_front(of: str, state: Path) -> Iterator[str]:
    """nginx before the service at the address `of`, until the block ends; its own address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{probe.getsockname()[1]}"
    environment = os.environ | {
        "LISTEN": listen,
        "UPSTREAM": urlsplit(of).netloc,
        "STATE": str(state),
    }
    with subprocess.Popen([RUN], env=environment) as process:
        try:
            deadline = time.monotonic() + 20
            while True:
                try:
                    socket.create_connection(("127.0.0.1", int(listen.rpartition(":")[2]))).close()
                    break
                except OSError:
                    assert process.poll() is None, "nginx ended"
                    assert time.monotonic() < deadline, "nginx does not listen"
                    time.sleep(0.05)
            yield f"http://{listen}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def get(base: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers by their names in lower case, body."""
    said = {name.replace("_", "-"): text for name, text in headers.items()}
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    try:
        connection.request("GET", path, headers=said)
        response = connection.getresponse()
        told = {name.lower(): text for name, text in response.getheaders()}
        return response.status, told, response.read()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def place(sample_url: str) -> tuple[str, str]:
    """A place's id, and the path of a tile that shows it."""
    with connect(sample_url) as connection:
        row = connection.execute(
            "SELECT id, ST_X(geom), ST_Y(geom) FROM source.place "
            "WHERE geom IS NOT NULL ORDER BY population DESC NULLS LAST, id LIMIT 1"
        ).fetchone()
    assert row is not None
    tile = tile_at(row[1], row[2], 12)
    return row[0], f"/tiles/place/{tile.z}/{tile.x}/{tile.y}.mvt"


def test_every_answer_is_as_new_as_the_last_commit_and_mostly_from_disk(
    serve: Serve, sample_url: str, tmp_path: Path, place: tuple[str, str]
) -> None:
    place_id, path = place
    update = "UPDATE source.place SET population = %s WHERE id = %s"
    with (
        serve(sample_url, GEOSERVICE_WORKERS="2") as base,
        in_front(base, tmp_path) as front,
        connect(sample_url) as connection,
    ):
        hits = 0
        for number in range(1, 101):
            connection.execute(update, [number, place_id])
            connection.commit()
            for _ in range(3):
                status, headers, body = get(front, path)
                assert status == 200
                hits += headers["cache-status"] == HIT
                features = mapbox_vector_tile.decode(body)["place"]["features"]
                (shown,) = (f for f in features if f["properties"]["id"] == place_id)
                assert shown["properties"]["population"] == number
        assert hits >= 190  # of 300: the first after each write is made anew


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("identity", None),
        ("gzip", "gzip"),
        ("br, gzip", "br"),
        ("gzip;q=0", None),
        ("zstd", "zstd"),
    ],
)
def test_a_tile_is_kept_in_each_coding_and_revalidated(
    serve: Serve, sample_url: str, tmp_path: Path, asked: str, sent: str | None
) -> None:
    path = "/tiles/county/5/20/12.mvt"
    with serve(sample_url) as base, in_front(base, tmp_path) as front:
        _, made, body = get(front, path, accept_encoding=asked)
        status, kept, same = get(front, path, accept_encoding=asked)
        assert (status, kept["cache-status"], same) == (200, HIT, body)
        assert kept.get("content-encoding") == made.get("content-encoding") == sent
        tag = kept["etag"]
        assert tag == made["etag"]
        again = get(front, path, accept_encoding=asked, if_none_match=tag)
        assert (again[0], again[2]) == (304, b"")


def test_what_is_wrong_is_told_as_without_it(serve: Serve, sample_url: str, tmp_path: Path) -> None:
    with serve(sample_url) as base, in_front(base, tmp_path) as front:
        for path in (
            "/tiles/nothing/5/20/12.mvt",
            "/tiles/place/5/99/12.mvt",
            "/tiles/place/5/20/12.mvt?colour=red",
            "/tiles/place%2Cplace/5/20/12.mvt",
            "/tiles/%D8%A7/5/20/12.mvt",
            "/collections/nothing/tiles/WebMercatorQuad/5/12/20",
            "/-/version/place",
        ):
            plain = get(base, path)
            assert plain[0] in (400, 404)
            for _ in range(2):  # an error is not kept
                status, headers, _body = get(front, path)
                assert (status, headers.get("cache-status")) == (plain[0], None), path


def test_without_the_service_it_says_so(tmp_path: Path) -> None:
    with in_front("http://127.0.0.1:9", tmp_path) as front:
        assert get(front, "/tiles/place/5/20/12.mvt")[0] == 502
