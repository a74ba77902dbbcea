"""Which ASGI server carries the service: granian beside uvicorn with uvloop and httptools.

    python -m benchmarks.servers --uvicorn /path/to/a/venv/with/uvicorn

The peer's environment holds uvicorn, uvloop, httptools and this package; it is not ours, since
only one server is a dependency. wrk asks both for the same resources, interleaved.
"""

from __future__ import annotations

import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.error import URLError
from urllib.request import urlopen

import typer

from benchmarks.machine import machine, scratch_server
from geoservice.cli.demo import prepare
from geoservice.settings import Settings

RESOURCES = {
    "live": "/health/live",
    "tile, z5": "/tiles/balance_county/5/20/12.mvt",
    "tile, z8 project": "/tiles/project/8/164/100.mvt",
    "10 items": "/collections/place/items?limit=10",
    "one item": "/collections/county/items/0001",
}
ROUNDS = 5


def main(
    uvicorn: Annotated[Path, typer.Option(help="virtual environment that has uvicorn")],
    seconds: Annotated[int, typer.Option(help="of load for each figure")] = 3,
) -> None:
    """Print requests per second, medians with their spread."""
    servers = {
        "granian": f"{sys.executable} -m granian --interface asgi --factory --loop uvloop "
        "--log-level warning",
        "uvicorn": f"{uvicorn}/bin/python -m uvicorn --factory --loop uvloop --http httptools "
        "--no-access-log --log-level warning",
    }
    rates: dict[tuple[str, str], list[float]] = {}
    settings = Settings()
    with scratch_server(settings) as url:
        prepare(url, settings)
        for _ in range(ROUNDS):
            for name, command in servers.items():
                with _served(command, url) as base:
                    for resource, path in RESOURCES.items():
                        rates.setdefault((resource, name), []).append(_rate(base + path, seconds))
    print(machine())
    print("| requests/s, 8 clients, 1 process | granian | uvicorn | ratio |")
    print("|---|---|---|---|")
    for resource in RESOURCES:
        ours, theirs = rates[resource, "granian"], rates[resource, "uvicorn"]
        ratio = statistics.median(ours) / statistics.median(theirs)
        print(f"| {resource} | {_shown(ours)} | {_shown(theirs)} | {ratio:.2f} |")


@contextmanager
def _served(command: str, url: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    address = ["--host", "127.0.0.1", "--port", port, "geoservice.http.app:application"]
    environment = os.environ | {"DATABASE_URL": url}
    with subprocess.Popen([*command.split(), *address], env=environment) as process:
        try:
            base = f"http://127.0.0.1:{port}"
            for _ in range(100):
                try:
                    with urlopen(f"{base}/health/ready", timeout=5):  # noqa: S310
                        break
                except (URLError, OSError):
                    time.sleep(0.1)
            yield base
        finally:
            process.terminate()
            process.wait(20)


def _rate(url: str, seconds: int) -> float:
    said = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", url], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in said:
        raise SystemExit(f"{url} answered with errors:\n{said}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    return float(found.group(1)) if found else 0.0


def _shown(rates: list[float]) -> str:
    return f"{statistics.median(rates):,.0f} ({min(rates):,.0f}-{max(rates):,.0f})"


if __name__ == "__main__":
    typer.run(main)
