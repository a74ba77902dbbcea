"""`geoservice`: every command, thin; errors become one line and an exit status.

0 done · 1 it could not be done · 2 wrong usage · 3 done, and some rows were rejected.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from geoservice.catalog.load import load_catalog
from geoservice.cli import demo as demonstration
from geoservice.cli.database import database, database_app
from geoservice.cli.ingest import ingest_command
from geoservice.cli.place_and_measure import compute_command, geocode_command
from geoservice.cli.progress import adding, progress_bar
from geoservice.cli.serve import refuse_taken_port, serve_app
from geoservice.database.engine import connect
from geoservice.database.introspection import check_layer
from geoservice.database.migrate import current_revision, head_revision, upgrade
from geoservice.errors import DatabaseError, GeoserviceError
from geoservice.settings import read_settings
from geoservice.synthetic.write import write_sample

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
app.add_typer(database_app, name="database")
app.command("ingest")(ingest_command)
app.command("geocode")(geocode_command)
app.command("compute")(compute_command)

console = Console(markup=False)


def main() -> None:
    """Run a command; every error of ours ends as its message on stderr and status 1."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `finally` stops what we began
    try:
        app()
    except GeoserviceError as error:
        told = f"[red]geoservice:[/red] {escape(str(error))}"
        Console(stderr=True, soft_wrap=True).print(told, highlight=False)
        sys.exit(1)
    except OSError as error:  # a path that cannot be read or written
        told = f"[red]geoservice:[/red] {escape(str(error))}"
        Console(stderr=True, soft_wrap=True).print(told, highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


@app.command()
def demo() -> None:
    """Load the sample, place it, measure it and serve it; loads nothing twice."""
    settings = read_settings()
    refuse_taken_port(settings)
    with database(settings) as url:
        upgrade(url, settings.migrations_dir)
        demonstration.prepare(url, settings)
        demonstration.tell_where_to_look(settings)
        serve_app(url, settings)


@app.command()
def serve() -> None:
    """Serve the layers of the database over HTTP."""
    settings = read_settings()
    refuse_taken_port(settings)
    with database(settings) as url:
        upgrade(url, settings.migrations_dir)
        console.print(f"serving on http://{settings.host}:{settings.port}/", highlight=False)
        serve_app(url, settings)


@app.command()
def migrate() -> None:
    """Bring the database's tables to what this version needs."""
    settings = read_settings()
    with database(settings) as url:
        upgrade(url, settings.migrations_dir)
    console.print("the database is up to date")


@app.command()
def check() -> None:
    """Hold every layer declaration against the real columns; status 1 if one is wrong."""
    settings = read_settings()
    catalog = load_catalog(settings.layers_dir)
    with database(settings) as url:
        stands, needed = current_revision(url), head_revision(settings.migrations_dir)
        if stands != needed:
            raise DatabaseError(
                f"the database stands at migration {stands or 'none'}, this version needs "
                f"{needed}; run: geoservice migrate"
            )
        with connect(url) as connection:
            faults = [
                fault
                for layer in catalog.layers.values()
                for fault in check_layer(connection, layer)
            ]
    for fault in faults:
        console.print(fault, style="red", highlight=False)
    if faults:
        raise typer.Exit(1)
    console.print(f"{len(catalog.layers)} layers agree with the database")


@app.command()
def sample(
    out: Annotated[Path, typer.Option(help="directory to write to")],
    addresses: Annotated[int, typer.Option(help="how many addresses, up to 10 million")] = 5_000,
    projects: Annotated[int, typer.Option(help="how many projects")] = 1_200,
    seed: Annotated[int, typer.Option(help="another seed, another sample")] = 1404,
) -> None:
    """Write a synthetic sample: the same seed and numbers give the same files."""
    settings = read_settings()
    total = addresses + projects
    with progress_bar("sample", total) as advance:
        written = write_sample(
            out,
            facts=settings.sample_dir / "facts",
            addresses=addresses,
            projects=projects,
            seed=seed,
            progress=adding(advance, total),
        )
    for name, rows in written.items():
        console.print(f"{out / name}: {rows:,} rows", highlight=False)
