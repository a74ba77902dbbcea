"""`geoservice tiles`: what tiles are made of, made ahead of time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import load_catalog
from geoservice.cli.database import tracked_database
from geoservice.cli.seed import seed_command
from geoservice.cli.stopped import until_stopped
from geoservice.publish.pyramid.build import Built
from geoservice.publish.pyramid.prepare import drop_all_but
from geoservice.publish.pyramid.prepare import prepare as prepare_pyramids
from geoservice.settings import read_settings

tiles_app = typer.Typer(no_args_is_help=True, help="Make ahead of time what tiles are made of.")

tiles_app.command("seed")(seed_command)

console = Console(markup=False, soft_wrap=True)


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

    The service does so itself within seconds of a change; this is for before it is started. Without
    names, what was made of layers that are declared no longer is dropped.
    """
    settings = read_settings()
    catalog = load_catalog(settings.layers_dir)
    chosen = [catalog.layer(name) for name in layers or catalog.layers]
    with tracked_database(settings, chosen) as url:
        until_stopped(prepare_pyramids(url, chosen, _telling()))
        if not layers:
            for layer_id in until_stopped(drop_all_but(url, catalog.layers)):
                console.print(f"{layer_id}: dropped, since no layer is called so")


def _telling() -> Callable[[Layer, Built | str], None]:
    """What prints how each layer fared, and how long it took."""
    begun = time.monotonic()

    def told(layer: Layer, made: Built | str) -> None:
        nonlocal begun
        took, begun = time.monotonic() - begun, time.monotonic()
        if isinstance(made, str):
            console.print(f"{layer.id}: {made}")
            return
        console.print(
            f"{layer.id}: {made.rows:,} rows, for zooms up to {made.deepest}, {took:.1f} s"
        )
        if made.remark is not None:
            console.print(f"{layer.id}: {made.remark}")

    return told
