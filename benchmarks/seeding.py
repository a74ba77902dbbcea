"""Seeding an archive beside asking the service for every tile: the same database, by turns.

    DATABASE_URL=… python -m benchmarks.seeding [--layers DIRECTORY] [--max-zoom 10] [--clients 4]

Every tile is one of the bounds of Iran, asked for over HTTP on kept-alive connections, gzip taken,
of a service with one worker that has its pyramids; the archive begins anew each time.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from benchmarks.machine import machine
from benchmarks.served import ours
from geoservice.catalog.load import load_catalog
from geoservice.model import IRAN
from geoservice.publish.grid import WEB_MERCATOR_QUAD
from geoservice.settings import Settings


def main(
    layers: Annotated[Path | None, typer.Option(help="declarations; the shipped ones")] = None,
    max_zoom: Annotated[int, typer.Option(help="last zoom")] = 10,
    clients: Annotated[int, typer.Option(help="that ask at once")] = 4,
    rounds: Annotated[int, typer.Option(help="of each, by turns")] = 3,
) -> None:
    """Print the seconds of each."""
    settings = Settings()
    url = settings.database_url
    if url is None:
        raise typer.BadParameter("DATABASE_URL has to name a database with the layers' rows")
    directory = (layers or settings.layers_dir).resolve()
    ids = ",".join(load_catalog(directory).layers)
    os.environ["GEOSERVICE_LAYERS_DIR"] = str(directory)
    _geoservice("tiles", "prepare")
    paths = _paths(ids, max_zoom)
    asked, seeded, size = [], [], 0
    with tempfile.TemporaryDirectory() as name:
        for number in range(rounds):
            output = Path(name) / f"{number}.pmtiles"
            seeded.append(_timed(lambda out=output: _seed(out, max_zoom)))
            size = output.stat().st_size
            with ours(url, directory, logs=Path(name)) as server:
                asked.append(_timed(lambda base=server.base: _ask(base, paths, clients)))
    times = statistics.median(asked) / statistics.median(seeded)
    print(f"{machine()}; {ids}; z0-z{max_zoom}, {len(paths):,} tiles in the bounds; {size:,} bytes")
    print("\n| | s |\n|---|---|")
    print(f"| every tile over HTTP, {clients} clients | {_spread(asked)} |")
    print(f"| geoservice tiles seed | {_spread(seeded)}, {times:.1f}× |")


def _paths(ids: str, max_zoom: int) -> list[str]:
    found = []
    for zoom in range(max_zoom + 1):
        met = WEB_MERCATOR_QUAD.limits(IRAN, zoom)
        for x in range(met.min_column, met.max_column + 1):
            for y in range(met.min_row, met.max_row + 1):
                found.append(f"/tiles/{ids}/{zoom}/{x}/{y}.mvt")
    return found


def _seed(output: Path, max_zoom: int) -> None:
    _geoservice("tiles", "seed", "-o", str(output), "--max-zoom", str(max_zoom))


def _geoservice(*arguments: str) -> None:
    command = [sys.executable, "-m", "geoservice.cli", *arguments]
    subprocess.run(command, check=True, capture_output=True)


def _ask(base: str, paths: list[str], clients: int) -> None:
    def client(mine: list[str]) -> None:
        connection = HTTPConnection(urlsplit(base).netloc, timeout=300)
        for path in mine:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status}")

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(client, (paths[i::clients] for i in range(clients))))


def _timed(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - began


def _spread(taken: list[float]) -> str:
    return f"{statistics.median(taken):.1f} ({min(taken):.1f}-{max(taken):.1f})"


if __name__ == "__main__":
    typer.run(main)
