"""Which database a command works on: DATABASE_URL, or the embedded cluster while it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from geoservice.catalog.layer import Layer
from geoservice.database import embedded
from geoservice.database.engine import connect
from geoservice.database.revision import ensure_head
from geoservice.database.tracking import track
from geoservice.settings import Settings, read_settings

database_app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The embedded database cluster."
)
console = Console()


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL to work on; an embedded cluster runs for as long as somebody uses it."""
    if settings.database_url:
        yield settings.database_url
        return
    with embedded.running(settings.home) as url:
        yield url


@contextmanager
def tracked_database(settings: Settings, layers: Iterable[Layer]) -> Iterator[str]:
    """The same, its tables those of this version and every write to the layers' tables seen."""
    with database(settings) as url:
        ensure_head(url, settings.migrations_dir)
        with connect(url, application="geoservice layers") as connection:
            track(connection, sorted({table for each in layers for table in each.source.tables}))
        yield url


@database_app.command()
def url() -> None:
    """Print the URL for psql or QGIS, password included; the cluster has to be running."""
    settings = read_settings()
    print(settings.database_url or embedded.url_of(settings.home))


@database_app.command()
def remove(
    yes: bool = typer.Option(False, "--yes", help="do not ask"),
) -> None:
    """Stop the embedded cluster and delete everything in it."""
    settings = read_settings()
    if not yes:
        typer.confirm(f"Delete the embedded database of {settings.home.absolute()}?", abort=True)
    embedded.remove(settings.home)
    console.print("the embedded database is gone")
