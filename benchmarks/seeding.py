"""Seeding an archive beside asking the service for every tile: the same database, by turns.

    DATABASE_URL=… python -m benchmarks.seeding [--layers DIRECTORY] [--max-zoom 10] [--clients 4]
        [--martin-cp PROGRAM --tables point,county429,project_copy]

Every tile is one of the bounds of Iran, asked for over HTTP on kept-alive connections, gzip taken,
of a service with one worker that has its pyramids; the archive begins anew each time. Making the
pyramids is timed apart. martin-cp copies the same rows, from the tables named, as gzip too, with as
many tiles at once as there are cores.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from benchmarks.figures import table, verdict
from benchmarks.machine import machine
from benchmarks.served import ours
from geoservice.catalog.load import load_catalog
from geoservice.model import IRAN
from geoservice.publish.grid import WEB_MERCATOR_QUAD
from geoservice.settings import Settings

_FASTER = 3.0


def main(  # noqa: PLR0913  (options of a command)
    layers: Annotated[Path | None, typer.Option(help="declarations; the shipped ones")] = None,
    max_zoom: Annotated[int, typer.Option(help="last zoom")] = 10,
    clients: Annotated[int, typer.Option(help="that ask at once")] = 4,
    rounds: Annotated[int, typer.Option(help="of each, by turns")] = 3,
    martin_cp: Annotated[Path | None, typer.Option(help="the program martin-cp")] = None,
    tables: Annotated[str, typer.Option(help="what it copies")] = "",
) -> None:
    """Print the seconds of each."""
    settings = Settings()
    url = settings.database_url
    if url is None:
        raise typer.BadParameter("DATABASE_URL has to name a database with the layers' rows")
    directory = (layers or settings.layers_dir).resolve()
    ids = ",".join(load_catalog(directory).layers)
    os.environ["GEOSERVICE_LAYERS_DIR"] = str(directory)
    prepared = _timed(partial(_geoservice, "tiles", "prepare"))
    paths = _paths(ids, max_zoom)
    asked, seeded, copied, size = [], [], [], 0
    with tempfile.TemporaryDirectory() as name:
        for number in range(rounds):
            output = Path(name) / f"{number}.pmtiles"
            seeded.append(_timed(partial(_seed, output, max_zoom)))
            size = output.stat().st_size
            with ours(url, directory, logs=Path(name)) as server:
                asked.append(_timed(partial(_ask, server.base, paths, clients)))
            if martin_cp is not None:
                copy = partial(_copy, martin_cp, url, tables, output.with_suffix(".mbtiles"))
                copied.append(_timed(partial(copy, max_zoom)))
    print(f"{machine()}; {ids}; z0-z{max_zoom}, {len(paths):,} tiles in the bounds; {size:,} bytes")
    print(f"pyramids: {prepared:.1f} s, where they were not there already")
    rows = [
        ("geoservice tiles seed", _spread(seeded), ""),
        (f"every tile over HTTP, {clients} clients", _spread(asked), _times(asked, seeded)),
    ]
    if copied:
        rows.append(("martin-cp", _spread(copied), _times(copied, seeded)))
    print(table((f"{len(paths):,} tiles", "s", "takes, of ours (≥ 3×)"), rows))


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


def _copy(program: Path, url: str, tables: str, output: Path, max_zoom: int) -> None:
    bounds = f"{IRAN.west},{IRAN.south},{IRAN.east},{IRAN.north}"
    zooms = ["--min-zoom", "0", "--max-zoom", str(max_zoom)]
    options = [f"--bbox={bounds}", "--encoding", "gzip", "--concurrency", str(os.cpu_count() or 1)]
    command = [str(program), "-s", tables, "-o", str(output), *zooms, *options, url]
    subprocess.run(command, check=True, capture_output=True, timeout=3600)


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


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _times(theirs: list[float], ours: list[float]) -> str:
    times = statistics.median(theirs) / statistics.median(ours)
    return f"{times:.1f}×, {verdict(times >= _FASTER)}"


def _spread(taken: list[float]) -> str:
    return f"{statistics.median(taken):.1f} ({min(taken):.1f}-{max(taken):.1f})"


if __name__ == "__main__":
    typer.run(main)
