"""`geoservice compute`, and the placing of projects that it works from."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from geoservice.cli.database import database
from geoservice.cli.progress import adding, progress_bar
from geoservice.database.engine import Connection, connect
from geoservice.database.migrate import upgrade
from geoservice.database.steps import run
from geoservice.errors import InvalidParameter, InvalidValue
from geoservice.geocode.corrections import find_places
from geoservice.geocode.projects import geocode_projects, projects_are_placed
from geoservice.indicators.compute import RunSummary, compute_years
from geoservice.ingest.gazetteer import build_gazetteer
from geoservice.model import Level
from geoservice.persian.calendar import jalali_year, parse_year
from geoservice.persian.postal_code import DEFAULT_PATTERN
from geoservice.settings import Settings, read_settings

console = Console(soft_wrap=True, highlight=False, markup=False)


class MeasuredLevel(StrEnum):
    """Levels at which balance is measured."""

    PROVINCE = "province"
    COUNTY = "county"


def place(connection: Connection, settings: Settings) -> None:
    """Bring gazetteer and placements up to date and print how the projects were placed."""
    pattern = settings.postal_code_pattern or DEFAULT_PATTERN
    with progress_bar("gazetteer"):
        build_gazetteer(connection)
        run(connection, find_places(pattern))  # the gazetteer may know by now what was corrected
    counted = connection.execute("SELECT count(*) FROM source.project").fetchone()
    total = counted[0] if counted else 0
    with progress_bar("projects", total) as advance:
        counts = geocode_projects(
            connection,
            postal_code_pattern=pattern,
            progress=adding(advance, total),
        )
    levels = ", ".join(f"{count:,} {level}" for level, count in counts.by_level.items())
    console.print(
        f"projects: {counts.read:,} read, {counts.placed:,} placed"
        + (f" ({levels})" if levels else "")
        + f", {counts.unplaced:,} without a place; {counts.changed:,} changed"
    )


def compute_command(  # noqa: PLR0913  (one argument an option)
    region_set: Annotated[
        str | None, typer.Option(help="set of regions; default: the current one")
    ] = None,
    level: Annotated[MeasuredLevel, typer.Option(help="regions to measure")] = MeasuredLevel.COUNTY,
    year: Annotated[str | None, typer.Option(help="Solar Hijri year; default: this one")] = None,
    first: Annotated[str | None, typer.Option("--from", help="first of several years")] = None,
    last: Annotated[str | None, typer.Option("--to", help="last of several years")] = None,
    variable: Annotated[
        str, typer.Option(help="what is distributed: budget, spent, or a variable of «statistics»")
    ] = "budget",
) -> None:
    """Compute balance, coverage and lives of projects into the indicator tables."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    years = _years(year, first, last, this=jalali_year(today))
    settings = read_settings()
    with database(settings) as url:
        upgrade(url, settings.migrations_dir)
        with connect(url) as connection:
            if not projects_are_placed(connection):
                console.print("projects or regions changed: placing the projects first")
                place(connection, settings)
            with progress_bar("years", len(years)) as advance:
                done: list[RunSummary] = []

                def tell(made: RunSummary) -> None:
                    done.append(made)
                    advance(len(done), None)

                compute_years(
                    connection,
                    region_set=region_set,
                    level=Level(level),
                    years=years,
                    variable=variable,
                    today=today,
                    progress=tell,
                )
    for each in done:
        console.print(
            f"{each.region_set} {each.level} {each.year} {each.variable}: {each.values:,} values "
            f"({each.nulls:,} without one, {each.excluded:,} exclusions told)"
            + ("" if each.changed else ", as before")
        )
    for note in dict.fromkeys((note.fa, note.en) for each in done for note in each.notes):
        console.print(f"  {note[1]}\n  {note[0]}")


def _years(year: str | None, first: str | None, last: str | None, *, this: int) -> list[int]:
    given = {"year": year, "from": first, "to": last}
    parsed: dict[str, int] = {}
    for name, text in given.items():
        if text is not None:
            try:
                parsed[name] = parse_year(text)
            except InvalidValue as error:
                raise InvalidParameter(name, text, f"--{name}: {error.reason}") from error
    if "year" in parsed:
        if len(parsed) > 1:
            raise InvalidParameter("year", year, "give either --year or --from and --to")
        return [parsed["year"]]
    start = parsed.get("from", parsed.get("to", this))
    end = parsed.get("to", max(start, this) if "from" in parsed else start)
    if start > end:
        raise InvalidParameter("from", first, f"--from {start} lies after --to {end}")
    return list(range(start, end + 1))
