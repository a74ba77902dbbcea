"""The service and its peers as processes over one database, ended when their block ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

OURS, TIPG = "geoservice", "tipg"

_TIPG_PAGE_LIMIT = "10000"  # its default, said anew: the same for all


@dataclass(frozen=True, slots=True)
class Server:
    """One that answers; `pid` leads a process group of its own."""

    name: str
    base: str
    pid: int

    def items(self, table: str, query: str) -> str:
        """The path of a page of features of a table, in the GeoJSON of this server."""
        if self.name != OURS and table == "project":
            table = "project_copy"  # a query with joins is beyond them
        if self.name == TIPG:
            return f"/collections/public.{table}/items?f=geojson&{query}"
        return f"/collections/{table}/items?f=json&{query}"


@contextmanager
def ours(
    url: str,
    layers: Path,
    *,
    workers: int = 1,
    more: Mapping[str, str] | None = None,
    logs: Path | None = None,
) -> Iterator[Server]:
    """`geoservice serve` over the declarations of a directory; `more` settings, if any.

    `logs`: where it writes what it says, beside the declarations without.
    """
    port = free_port()
    environment = {
        "DATABASE_URL": url,
        "GEOSERVICE_LAYERS_DIR": str(layers),
        "GEOSERVICE_PORT": str(port),
        "GEOSERVICE_WORKERS": str(workers),
        **(more or {}),
    }
    command = [sys.executable, "-m", "geoservice.cli", "serve"]
    with running(OURS, command, environment, port, logs or layers.parent) as server:
        yield server


@contextmanager
def tipg(
    venv: Path,
    url: str,
    directory: Path,
    *,
    workers: int = 1,
    more: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """tipg over the schema `public`; `more` settings, if any."""
    port = free_port()
    environment = {
        "DATABASE_URL": url,
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_MAX_FEATURES_PER_QUERY": _TIPG_PAGE_LIMIT,
        **(more or {}),
    }
    command = [
        *(str(venv / "bin/uvicorn"), "tipg.main:app", "--loop", "uvloop", "--http", "httptools"),
        *("--no-access-log", "--log-level", "warning", "--workers", str(workers)),
        *("--host", "127.0.0.1", "--port", str(port)),
    ]
    with running(TIPG, command, environment, port, directory) as server:
        yield server


@contextmanager
def running(  # noqa: PLR0913
    name: str,
    command: list[str],
    environment: Mapping[str, str],
    port: int,
    directory: Path,
    ready: str = "/collections",
) -> Iterator[Server]:
    """That command, once it answers `ready`; what it says goes to a log in the directory."""
    log = directory / f"{name}.log"
    base = f"http://127.0.0.1:{port}"
    with (
        log.open("ab") as told,
        subprocess.Popen(
            command,
            env=os.environ | environment,
            stdout=told,
            stderr=told,
            start_new_session=True,
        ) as process,
    ):
        try:
            _wait(name, f"{base}{ready}", process, log)
            yield Server(name, base, process.pid)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to stop, and after a while end its whole group, which is nobody else's."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _wait(name: str, url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(url, timeout=120) as answer:  # noqa: S310  (asked again, it would pile up)
                answer.read()
            return
        except (HTTPError, HTTPException, URLError, OSError):
            time.sleep(0.02)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise SystemExit(f"{name} did not answer {url}:\n{tail}")


def version(venv: Path, package: str) -> str:
    """The version of a package in a virtual environment."""
    asked = f"import importlib.metadata as m; print(m.version({package!r}))"
    said = subprocess.run(
        [str(venv / "bin/python"), "-c", asked], capture_output=True, text=True, check=True
    )
    return said.stdout.strip()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
