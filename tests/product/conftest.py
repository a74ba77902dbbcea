"""The running service with the sample loaded, as a newcomer has it after `make demo`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from geoservice.cli.demo import prepare
from geoservice.database.scratch import scratch_database
from geoservice.settings import Settings

Serve = Callable[[str], AbstractContextManager[str]]


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
    """`geoservice serve` over a database, for as long as the block lasts; yields the base URL."""
    return serving


@contextmanager
def serving(url: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"DATABASE_URL": url, "GEOSERVICE_PORT": str(port)}
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
