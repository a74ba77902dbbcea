"""Where a benchmark ran, and a database for it alone."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from geoservice.database import embedded
from geoservice.database.engine import connect
from geoservice.database.migrate import upgrade
from geoservice.settings import Settings


def machine() -> str:
    """One line: processor, cores, Python."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


@contextmanager
def scratch_server(settings: Settings) -> Iterator[str]:
    """A migrated database in a cluster with the settings of the embedded one, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="geoservice-bench-") as name:
        home = Path(name)
        home.chmod(0o755)  # the server's own user has to reach its data
        try:
            url = embedded.start(home)
            upgrade(url, settings.migrations_dir)
            with connect(url) as connection:
                version = connection.execute("SHOW server_version").fetchone()
            print(f"PostgreSQL {version[0] if version else '?'}")
            yield url
        finally:
            embedded.remove(home)


def bring_to_rest(url: str) -> None:
    """So that no run is measured while the server tidies up after a load, or plans by guesses."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


@contextmanager
def kept_server(settings: Settings, home: Path) -> Iterator[str]:
    """A migrated database in the cluster of that directory, stopped at the end and not removed."""
    home.mkdir(parents=True, exist_ok=True)
    url = embedded.start(home)
    try:
        upgrade(url, settings.migrations_dir)
        yield url
    finally:
        embedded.stop(home)
