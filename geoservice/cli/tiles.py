"""`geoservice tiles`: what tiles are made of, made ahead of time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import load_catalog
from geoservice.cli.database import tracked_database
from geoservice.cli.seed import seed_command
from geoservice.database.engine import acquire, open_pool
from geoservice.publish.pyramid.build import build, has_pyramid
from geoservice.settings import read_settings

tiles_app = typer.Typer(no_args_is_help=True, help="Make ahead of time what tiles are made of.")

tiles_app.command("seed")(seed_command)

console = Console(markup=False)

_TIMEOUT_MS = 6 * 3_600_000


@tiles_app.callback()
def tiles() -> None:
    """Make ahead of time what tiles are made of."""


@tiles_app.command()
def prepare(
    layers: Annotated[
        list[str] | None,
        typer.Argument(help="ids of layers; all that can have one", metavar="LAYER"),
    ] = None,
) -> None:
    """Rank points by the zoom at which they first show, and generalise shapes for each zoom.

    The service does so itself within seconds of a change; this is for before it is started.
    """
    settings = read_settings()
    catalog = load_catalog(settings.layers_dir)
    chosen = [catalog.layer(name) for name in layers or catalog.layers]
    with tracked_database(settings, chosen) as url:
        asyncio.run(_prepare(url, chosen))


async def _prepare(url: str, layers: Sequence[Layer]) -> None:
    async with (
        open_pool(url, max_size=1, writing=True, statement_timeout_ms=_TIMEOUT_MS) as pool,
        acquire(pool) as connection,
    ):
        for layer in layers:
            if not has_pyramid(layer):
                console.print(f"{layer.id}: shows at one zoom, or has shapes of several kinds")
                continue
            begun = time.monotonic()
            built = await build(connection, layer)
            if built is None:
                console.print(f"{layer.id}: its changes cannot be seen, or another is making it")
                continue
            took = time.monotonic() - begun
            console.print(
                f"{layer.id}: {built.rows:,} rows, for zooms up to {built.deepest}, {took:.1f} s"
            )
