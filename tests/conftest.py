"""A migrated database for every test module, from one cluster or from DATABASE_URL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from geoservice.database import embedded
from geoservice.database.engine import Connection, connect
from geoservice.database.migrate import upgrade
from geoservice.database.scratch import scratch_database

ROOT = Path(__file__).resolve().parent.parent
_number = count(1)


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
