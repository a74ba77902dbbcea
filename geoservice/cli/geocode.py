"""`geoservice geocode projects` and `geoservice geocode FILE -o OUT`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from geoservice.cli.database import database
from geoservice.cli.progress import progress_bar
from geoservice.database.engine import connect
from geoservice.database.revision import ensure_head
from geoservice.ingest.pairs import pairs
from geoservice.publish.formats.sheet import MOST_CHARACTERS
from geoservice.settings import read_settings

console = Console(soft_wrap=True, highlight=False, markup=False)

_WITHOUT_PLACE = 3


def geocode_command(  # noqa: PLR0913  (one argument an option)
    what: Annotated[
        str, typer.Argument(help="projects, or a CSV, XLSX or NDJSON file", metavar="FILE")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="OUT.csv, .xlsx, .gpkg, .geojson or .ndjson to write"),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", help="COLUMN=FIELD, where names are not recognised"),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="of a CSV file; found out without it")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="of an XLSX file; the first")] = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite",
            help="replace OUT even if another program made it; a GeoPackage keeps other layers",
        ),
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="processes; as many as processors without it")
    ] = None,
) -> None:
    """Give every row of a file its place, or place every project.

    The rows come back in OUT as they were, in the same order, with columns added. Broken off, it
    goes on from there when it is run again.
    """
    settings = read_settings()
    if what == "projects" and output is None:
        from geoservice.cli.place_and_measure import place  # noqa: PLC0415  (half a second)

        with database(settings) as url:
            ensure_head(url, settings.migrations_dir)
            with connect(url) as connection:
                place(connection, settings)
        return
    if output is None:
        raise typer.BadParameter("give the file to write to with -o OUT", param_hint="--output")
    from geoservice.cli.geocode_file import Order, geocode_file  # noqa: PLC0415  (a second)

    order = Order(what, output, pairs("map", columns or []), encoding, sheet, workers, overwrite)
    with database(settings) as url:
        ensure_head(url, settings.migrations_dir)
        with progress_bar(output.name) as advance:
            done = geocode_file(url, order, settings.postal_code_pattern, advance)
    levels = ", ".join(f"{count:,} {level}" for level, count in sorted(done.levels.items()))
    console.print(
        f"{output}: {done.rows:,} rows, {done.levels.total():,} with a place"
        + (f" ({levels})" if levels else "")
        + f", {done.errors:,} without one"
        + (", each with its reason" if done.errors else "")
        + (f"; {done.found:,} rows were there from before" if done.found else "")
    )
    if done.cut:
        console.print(
            f"  {done.cut:,} cells are cut: a cell of XLSX holds {MOST_CHARACTERS:,} characters; "
            "csv and gpkg hold all"
        )
    for note in done.notes:
        console.print(f"  {note}")
    if done.errors:
        raise typer.Exit(_WITHOUT_PLACE)
