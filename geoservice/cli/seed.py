"""`geoservice tiles seed [LAYER…] -o FILE`"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog, load_catalog
from geoservice.cli.database import tracked_database
from geoservice.cli.stopped import until_stopped
from geoservice.database.engine import open_pool
from geoservice.errors import InvalidFile, InvalidParameter
from geoservice.model import Bounds
from geoservice.publish.archive.seed import Seeded, seed, work_of
from geoservice.publish.archive.wanted import Wanted
from geoservice.publish.pyramid.prepare import prepare
from geoservice.settings import read_settings

console = Console(markup=False, soft_wrap=True)

_TIMEOUT_MS = 600_000  # of one statement


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:,.0f} tiles/s")


def seed_command(
    output: Annotated[Path, typer.Option("--output", "-o", help="FILE.pmtiles to write")],
    layers: Annotated[
        list[str] | None, typer.Argument(help="ids of layers; all", metavar="LAYER")
    ] = None,
    min_zoom: Annotated[int, typer.Option(help="first zoom")] = 0,
    max_zoom: Annotated[int, typer.Option(help="last zoom")] = 10,
    bounds: Annotated[
        str | None, typer.Option(help="WEST,SOUTH,EAST,NORTH in degrees; everywhere without it")
    ] = None,
) -> None:
    """Write all tiles of the layers into one PMTiles file, or bring it up to date.

    Broken off, it goes on from there when it is run again; over a finished file, it makes only
    tiles that were touched since.
    """
    settings = read_settings()
    catalog = load_catalog(settings.layers_dir)
    chosen = _chosen(catalog, layers or list(catalog.layers))
    wanted = Wanted(chosen, min_zoom, max_zoom, None if bounds is None else _bounds(bounds))
    _writable(output)
    with tracked_database(settings, chosen) as url:
        columns = (
            *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()),
            *(_Rate(), TimeRemainingColumn()),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(output.name, total=None)

            def advance(done: int, total: int | None) -> None:
                bar.update(task, completed=done, total=total)

            making = _seed(url, wanted, output, settings.pool_size, advance)
            try:
                seeded = until_stopped(making)
            except (KeyboardInterrupt, SystemExit):
                bar.stop()
                _tell_stopped(output)
                raise
    size = output.stat().st_size
    console.print(
        f"{output}: {seeded.tiles:,} tiles with something in them, {size:,} bytes; "
        f"made now, with the empty ones: {seeded.made:,}"
    )


def _tell_stopped(output: Path) -> None:
    kept = work_of(output)
    if kept.exists():
        told = f"what was made is kept in {kept}: run the command again, and it goes on from there"
    else:
        told = "no tile was made yet"
    Console(stderr=True, soft_wrap=True, markup=False).print(
        f"geoservice: {output}: stopped; {told}", highlight=False
    )


async def _seed(
    url: str,
    wanted: Wanted,
    output: Path,
    connections: int,
    progress: Callable[[int, int | None], None],
) -> Seeded:
    """First pyramids where they are wanting or old: what tiles show hangs on them."""
    await prepare(url, wanted.layers)
    async with open_pool(
        url, max_size=connections, wait_s=_TIMEOUT_MS / 1000, statement_timeout_ms=_TIMEOUT_MS
    ) as pool:
        return await seed(pool, wanted, output, progress)


def _chosen(catalog: Catalog, names: Sequence[str]) -> tuple[Layer, ...]:
    for name, times in Counter(names).items():
        if times > 1:
            raise InvalidParameter(
                "layers", name, f"«{name}» is named {times} times: an archive has each layer once"
            )
    return tuple(catalog.layer(name) for name in names)


def _writable(output: Path) -> None:
    """Told before the first tile is made: InvalidFile where no file can be written."""
    if output.is_dir():
        raise InvalidFile(
            f"{output}: this is a directory: name a file in it, as {output.name}.pmtiles"
        )
    if output.suffix != ".pmtiles":
        raise InvalidFile(f"{output}: the name is to end in .pmtiles, by which archives are served")
    if not output.parent.is_dir():
        raise InvalidFile(f"{output}: there is no directory {output.parent}: make it first")


def _bounds(text: str) -> Bounds:
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        west = math.nan
    if math.isnan(west) or not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InvalidParameter(
            "bounds", text, f"--bounds {text}: WEST,SOUTH,EAST,NORTH in degrees is expected"
        )
    return Bounds(west, south, east, north)
