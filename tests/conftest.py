"""A migrated database for every test module, from one cluster or from DATABASE_URL."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from geoservice.cli.demo import prepare
from geoservice.database import embedded
from geoservice.database.engine import Connection, connect
from geoservice.database.migrate import upgrade
from geoservice.database.scratch import scratch_database
from geoservice.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
_number = count(1)
Serve = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A server on which tests may make databases: DATABASE_URL, or a cluster of their own."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    home = Path(tempfile.mkdtemp(prefix="geoservice-test-"))
    home.chmod(0o755)  # the server's own user has to reach its data
    try:
        yield embedded.start(home, throw_away=True)
    finally:
        embedded.remove(home)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """The name of a migrated, empty database to copy."""
    name = f"geoservice_test_{os.getpid()}_template"
    with scratch_database(server_url, name) as url:
        upgrade(url, ROOT / "migrations")
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture(scope="module")
def database_url(server_url: str, template: str) -> Iterator[str]:
    """A fresh migrated database for the module."""
    name = f"geoservice_test_{os.getpid()}_{next(_number)}"
    with scratch_database(server_url, name, template=template) as url:
        yield url


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """A connection to the module's database, committed when the test ends well."""
    with connect(database_url) as connection:
        yield connection


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data beside the checkout; it is not part of the repository."""
    directory = ROOT.parent / "shared" / "data"
    if not directory.is_dir():
        pytest.skip(f"the real data is not beside the checkout ({directory.name} is absent)")
    return directory


@pytest.fixture(scope="session")
def sample_url(server_url: str, template: str) -> Iterator[str]:
    """A database with the sample loaded, placed and measured."""
    name = f"geoservice_test_{os.getpid()}_sample"
    with scratch_database(server_url, name, template=template) as url:
        prepare(url, Settings())
        yield url


@pytest.fixture(scope="session")
def service(sample_url: str) -> Iterator[str]:
    """The base URL of `geoservice serve` over the sample."""
    with serving(sample_url) as base:
        yield base


@pytest.fixture(scope="session")
def serve() -> Serve:
    """`geoservice serve` over a database, for as long as the block lasts; yields the base URL.

    It takes the database's URL, and variables of the environment by their names.
    """
    return serving


@contextmanager
def serving(url: str, **settings: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"DATABASE_URL": url, "GEOSERVICE_PORT": str(port), **settings}
    command = [sys.executable, "-m", "geoservice.cli", "serve"]
    with subprocess.Popen(command, env=environment) as process:
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base, process)
            yield base
        finally:
            process.terminate()
            process.wait(20)


def _wait(base: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            pytest.fail(f"the service ended with status {process.returncode}")
        try:
            with urlopen(f"{base}/health/ready", timeout=5):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail("the service was not ready within 20 seconds")
