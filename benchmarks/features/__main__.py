"""The features service beside its peers: one run, the same rows, requests interleaved.

    python -m benchmarks.features --tipg VENV --pygeoapi VENV [--points 1000000] [--only items,qgis]

The environments are not ours: one has tipg 1.6 with uvicorn[standard], one pygeoapi 0.21 with
geoalchemy2, psycopg2-binary and gunicorn (0.24 needs Python 3.12). wrk, curl, psql, ogr2ogr and
QGIS are Debian's. Every server listens on 127.0.0.1, with as many workers as the others, its JSON
uncompressed and with the digits that it gives by default.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.data import boxes, fill
from benchmarks.features import desktop, exports, pages, psql, rates, startup
from benchmarks.features.pygeoapi import pygeoapi
from benchmarks.figures import Bench
from benchmarks.layers import declare
from benchmarks.machine import kept_server, machine, scratch_server
from benchmarks.served import Server, ours, tipg, version
from geoservice.settings import Settings

_MEASURES = {
    "items": (rates.items, psql.beside_psql),
    "projects": (rates.projects,),
    "page": (pages.first,),
    "counties": (rates.counties,),
    "keyset": (pages.keyset,),
    "exports": (exports.exports,),
    "startup": (startup.startup,),
    "qgis": (desktop.qgis,),
}


def main(  # noqa: PLR0913  (one argument an option)
    tipg_venv: Annotated[
        Path | None, typer.Option("--tipg", help="virtual environment that has tipg")
    ] = None,
    pygeoapi_venv: Annotated[
        Path | None, typer.Option("--pygeoapi", help="virtual environment that has pygeoapi")
    ] = None,
    points: Annotated[int, typer.Option(help="how many points")] = 1_000_000,
    projects: Annotated[int, typer.Option(help="how many projects")] = 100_000,
    rounds: Annotated[int, typer.Option(help="how often each figure is taken")] = 5,
    seconds: Annotated[int, typer.Option(help="of load for each figure")] = 3,
    workers: Annotated[int, typer.Option(help="processes of each server")] = 1,
    only: Annotated[str, typer.Option(help="measures, by comma")] = ",".join(_MEASURES),
    keep: Annotated[
        Path | None, typer.Option(help="directory of a cluster that stays for the next run")
    ] = None,
) -> None:
    """Print a table for each measure, with whether its target holds."""
    names = only.split(",")
    if unknown := set(names) - set(_MEASURES):
        raise typer.BadParameter(f"{', '.join(unknown)}; there are: {', '.join(_MEASURES)}")
    settings = Settings()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(kept_server(settings, keep) if keep else scratch_server(settings))
        origin = fill(url, settings, points=points, projects=projects)
        declare(directory / "layers", settings)
        started = [
            stack.enter_context(ours(url, directory / "layers", workers=workers)),
            *_peers(stack, url, directory, workers, tipg_venv, pygeoapi_venv),
        ]
        servers = {server.name: server for server in started}
        print(
            f"{machine()}, {workers} workers each; {points:,} points; "
            f"{origin}; {projects:,} projects"
        )
        bench = Bench(url, settings, servers, directory, rounds, seconds, boxes(url))
        for name in names:
            for measure in _MEASURES[name]:
                print(f"\n{measure(bench)}", flush=True)


def _peers(  # noqa: PLR0913
    stack: ExitStack,
    url: str,
    directory: Path,
    workers: int,
    tipg_venv: Path | None,
    pygeoapi_venv: Path | None,
) -> Iterator[Server]:
    """Those whose environment was given."""
    if tipg_venv:
        print(f"tipg {version(tipg_venv, 'tipg')}")
        yield stack.enter_context(tipg(tipg_venv, url, directory, workers=workers))
    if pygeoapi_venv:
        print(f"pygeoapi {version(pygeoapi_venv, 'pygeoapi')}")
        yield stack.enter_context(pygeoapi(pygeoapi_venv, url, directory, workers=workers))


if __name__ == "__main__":
    typer.run(main)
