"""Tiles beside their peers: one run, the same rows, the same tiles, requests interleaved.

    python -m benchmarks.tiles --martin PATH --tipg VENV [--keep DIR] [--only cold,warm]

Neither peer is ours: Martin is built of crates.io, the environment has tipg 1.6 with
uvicorn[standard]. wrk and nginx are Debian's. Pyramids are made before anything else is measured.
`--pictures DIR` keeps the pictures of the counties that are compared.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.data import fill
from benchmarks.layers import declare
from benchmarks.machine import kept_server, machine, scratch_server
from benchmarks.served import version
from benchmarks.tiles import built, cold, outlines, replay, visible, warm
from benchmarks.tiles.bench import TileBench
from benchmarks.tiles.peers import version_of_martin
from geoservice.settings import Settings

_MEASURES = {
    "build": (built.pyramids,),
    "cold": (cold.points,),
    "cold-counties": (cold.counties,),
    "counties": (outlines.counties,),
    "warm": (warm.warm, warm.front),
    "replay": (replay.replay,),
    "visible": (visible.visible, visible.commit),
}


def main(  # noqa: PLR0913  (one argument an option)
    martin: Annotated[Path | None, typer.Option(help="the program")] = None,
    tipg: Annotated[Path | None, typer.Option(help="virtual environment that has tipg")] = None,
    points: Annotated[int, typer.Option(help="how many points")] = 1_000_000,
    projects: Annotated[int, typer.Option(help="how many projects")] = 100_000,
    rounds: Annotated[int, typer.Option(help="how often each figure is taken")] = 3,
    seconds: Annotated[int, typer.Option(help="of load for each figure")] = 3,
    only: Annotated[str, typer.Option(help="measures, by comma")] = ",".join(_MEASURES),
    pictures: Annotated[Path | None, typer.Option(help="directory for pictures")] = None,
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
        directory.chmod(0o755)  # nginx reads in it under another name
        url = stack.enter_context(kept_server(settings, keep) if keep else scratch_server(settings))
        origin = fill(url, settings, points=points, projects=projects)
        declare(directory / "layers", settings)
        bench = TileBench(
            url, directory, directory / "layers", rounds, seconds, martin, tipg, pictures
        )
        asyncio.run(built.prepared(bench))
        print(f"{date.today()}, {machine()}; {points:,} points; {origin}; {projects:,} projects")
        if martin:
            print(version_of_martin(martin))
        if tipg:
            print(f"tipg {version(tipg, 'tipg')}")
        for name in names:
            for measure in _MEASURES[name]:
                print(f"\n{measure(bench)}", flush=True)


if __name__ == "__main__":
    typer.run(main)
