"""pygeoapi as a process over the same database."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.features.pygeoapi_config import configuration
from benchmarks.served import Server, free_port, running

PYGEOAPI = "pygeoapi"


@contextmanager
def pygeoapi(venv: Path, url: str, directory: Path, *, workers: int = 1) -> Iterator[Server]:
    """pygeoapi under gunicorn, each table a collection of its PostgreSQL provider."""
    port = free_port()
    config, definition = directory / "pygeoapi.json", directory / "pygeoapi-openapi.json"
    config.write_text(configuration(url, port), encoding="utf-8")
    environment = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(definition)}
    made = [venv / "bin/pygeoapi", "openapi", "generate", config]
    with definition.open("wb") as out:
        subprocess.run(
            [*map(str, made), "--format", "json"],
            stdout=out,
            stderr=subprocess.DEVNULL,
            env=os.environ | environment,
            check=True,
        )
    command = [
        *(str(venv / "bin/gunicorn"), "--bind", f"127.0.0.1:{port}", "--workers", str(workers)),
        *("--timeout", "120", "--log-level", "warning", "pygeoapi.flask_app:APP"),
    ]
    with running(PYGEOAPI, command, environment, port, directory) as server:
        yield server
