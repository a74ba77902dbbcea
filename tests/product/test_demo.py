"""`geoservice demo` on the embedded cluster, as `make demo` runs it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from geoservice.database import embedded
from geoservice.database.server_binaries import server_binaries
from geoservice.errors import NotFound

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    try:
        server_binaries()
    except NotFound as error:
        pytest.skip(f"the embedded cluster needs PostgreSQL on this machine: {error}")
    directory = Path(tempfile.mkdtemp(prefix="geoservice-demo-"))
    directory.chmod(0o755)  # the server's own user has to reach its data
    yield directory
    embedded.remove(directory)


@contextmanager
def demo(home: Path) -> Iterator[tuple[httpx.Client, subprocess.Popen[str], float]]:
    """A running demo in a process group of its own: client, process, seconds until it was up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"GEOSERVICE_HOME": str(home), "GEOSERVICE_PORT": str(port)}
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "geoservice.cli", "demo"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            while not _is_ready(client):
                assert process.poll() is None, process.stdout and process.stdout.read()
                if time.monotonic() - started > 120:
                    pytest.fail("waited two minutes in vain")
                time.sleep(0.1)
            yield client, process, time.monotonic() - started
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
        if process.stdout:
            process.stdout.close()


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def _interrupted(process: subprocess.Popen[str]) -> str:
    """Press Ctrl-C, as a terminal does: to the whole process group; returns what was printed."""
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    return said


def _server_runs(home: Path) -> bool:
    return (home / "cluster" / "data" / "postmaster.pid").exists()


def test_the_first_run_loads_places_measures_and_serves(home: Path) -> None:
    with demo(home) as (client, process, _):
        counties = client.get("/collections/county/items", params={"limit": 1000}).json()
        assert counties["numberMatched"] == len(counties["features"]) == 429
        assert sum(each["properties"]["population"] for each in counties["features"]) == 79_926_270
        assert all(each["properties"]["schematic"] for each in counties["features"])
        attribution = client.get("/tiles/county.json").json()["attribution"]
        assert "OpenStreetMap" in attribution
        assert "شماتیک" in attribution
        gini = client.get("/indicators/gini", params={"level": "county", "year": 1404}).json()
        assert 0 < gini["values"][0]["value"] < 1
        said = _interrupted(process)
    assert "1,200 rows read" in said
    assert not _server_runs(home), "Ctrl-C left the database running"


def test_the_second_run_loads_nothing_again_and_is_up_soon(home: Path) -> None:
    with demo(home) as (client, process, seconds):
        assert client.get("/collections/project/items", params={"limit": 1}).status_code == 200
        said = _interrupted(process)
    assert "rows read" not in said
    assert "indicators by" not in said
    print(f"up after {seconds:.1f} s")  # a number to look at; machines differ


def test_after_everything_was_killed_the_next_run_recovers(home: Path) -> None:
    with demo(home) as (_, process, _):
        postmaster = int((home / "cluster" / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
    with demo(home) as (client, process, _):
        assert client.get("/collections/county/items").json()["numberMatched"] == 429
        _interrupted(process)
    assert not _server_runs(home)


def test_a_server_left_behind_is_taken_over_and_stopped(home: Path) -> None:
    with demo(home) as (_, process, _):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
    assert _server_runs(home)
    with demo(home) as (client, process, _):
        assert client.get("/health/ready").status_code == 200
        _interrupted(process)
    assert not _server_runs(home)


def test_a_port_that_is_taken_is_named(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        done = subprocess.run(
            [sys.executable, "-m", "geoservice.cli", "demo"],
            env=environment | {"GEOSERVICE_HOME": str(home), "GEOSERVICE_PORT": port},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    assert f"port {port} is taken" in done.stderr
    assert not _server_runs(home)
