"""`geoservice ingest KIND FILE…`"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from geoservice.cli.database import database
from geoservice.cli.pairs import pairs
from geoservice.cli.progress import progress_bar
from geoservice.database.engine import Connection, connect
from geoservice.database.migrate import upgrade
from geoservice.database.steps import run
from geoservice.errors import InvalidFile, InvalidParameter, InvalidValue
from geoservice.geocode.corrections import find_places
from geoservice.geocode.drafts import Draft, examine
from geoservice.ingest.checks import Verified
from geoservice.ingest.gazetteer import build_gazetteer
from geoservice.ingest.ingest import Options, Summary, ingest
from geoservice.ingest.kind import kind_named
from geoservice.ingest.region_sets import RegionSet
from geoservice.model import Title
from geoservice.persian.calendar import parse_date
from geoservice.persian.numbers import persian_digits
from geoservice.settings import read_settings

console = Console(soft_wrap=True, highlight=False, markup=False)

_REJECTS = 3


def ingest_command(  # noqa: PLR0913  (one argument an option)
    kind: Annotated[
        str,
        typer.Argument(
            help="regions, population, statistics, places, addresses, agencies, projects or "
            "corrections"
        ),
    ],
    files: Annotated[list[str], typer.Argument(help="paths or URLs")],
    region_set: Annotated[
        str | None, typer.Option(help="set of regions; default: the current one")
    ] = None,
    level: Annotated[
        str | None, typer.Option(help="province, county, district, rural_district …")
    ] = None,
    year: Annotated[str | None, typer.Option(help="Solar Hijri year of a population")] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="COLUMN=FIELD, as often as needed")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="TOML file whose table «columns» has lines column = field")
    ] = None,
    constants: Annotated[
        list[str] | None, typer.Option("--set", help="FIELD=VALUE for every row")
    ] = None,
    layer: Annotated[
        str | None, typer.Option(help="layer of a GeoPackage, or sheet of a workbook")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="such as windows-1256, where it is not found out")
    ] = None,
    crs: Annotated[
        str | None, typer.Option(help="such as EPSG:32639, where the file does not say")
    ] = None,
    title_fa: Annotated[str | None, typer.Option(help="Persian title of the region set")] = None,
    title_en: Annotated[str | None, typer.Option(help="English title of the region set")] = None,
    valid_from: Annotated[
        str | None, typer.Option(help="first day of the region set, Jalali or Gregorian")
    ] = None,
    valid_to: Annotated[str | None, typer.Option(help="its last day")] = None,
    source: Annotated[str | None, typer.Option(help="where the rows come from")] = None,
    current: Annotated[
        bool, typer.Option("--current", help="make this region set the current one")
    ] = False,
) -> None:
    """Load files; every row is in, or in FILE.rejects.csv with its line and reason."""
    kind_fields = kind_named(kind).fields
    given = pairs("set", constants or [])
    for name, value in (("level", level), ("year", year), ("source", source)):
        if value is not None and (name in kind_fields or kind != "regions"):
            given[name] = value
    options = Options(
        mapping=_mapping_file(mapping) | pairs("map", columns or []),
        constants=given,
        region_set=_region_set(
            region_set, title_fa, title_en, (valid_from, valid_to), source, current
        ),
        layer=layer,
        encoding=encoding,
        crs=crs,
        postal_code_pattern=read_settings().postal_code_pattern,
    )
    rejected = 0
    settings = read_settings()
    with database(settings) as url:
        upgrade(url, settings.migrations_dir)
        for file in files:
            with progress_bar(Path(file).name) as advance, connect(url) as connection:
                if kind == "corrections":  # what they are held against
                    build_gazetteer(connection)
                summary = ingest(
                    connection, kind, file, options, progress=advance, examine=_examine
                )
                if kind == "corrections":
                    run(connection, find_places())
                    connection.commit()
            tell(summary)
            rejected += summary.rejected
    if rejected:
        raise typer.Exit(_REJECTS)


def _examine(connection: Connection, rows: Sequence[Verified]) -> list[Title | None]:
    """Why those points cannot be kept as corrections, by the rules that requests have too."""
    drafts = [Draft(*row, who="") for row in rows]
    return [refusal for _, refusal in run(connection, examine(drafts))]


def tell(summary: Summary) -> None:
    """Print what became of a file, in English and Persian."""
    records = summary.records
    console.print(
        f"{summary.file}: {summary.read:,} rows read, {summary.rows_in:,} in "
        f"(records: {records.inserted:,} new, {records.updated:,} changed, "
        f"{records.unchanged:,} as before), {summary.rejected:,} rejected, "
        f"{summary.remarks:,} remarks"
    )
    persian = (
        f"{summary.read:,} سطر خوانده شد، {summary.rows_in:,} پذیرفته، {summary.rejected:,} رد شد"
    )
    console.print(persian_digits(persian.replace(",", "٬")))
    for note in summary.notes:
        console.print(f"  {note}")
    if summary.unused_columns:
        console.print(f"  columns not used: {', '.join(summary.unused_columns)}")
    if summary.rejects_report:
        console.print(f"  rejected rows and reasons: {summary.rejects_report}")
    if summary.remarks_report:
        console.print(f"  rows that are in, with a remark: {summary.remarks_report}")


def _mapping_file(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        columns = tomllib.loads(path.read_text(encoding="utf-8")).get("columns")
    except (OSError, ValueError) as error:
        raise InvalidFile(f"{path}: the mapping file cannot be read: {error}") from error
    if not isinstance(columns, dict) or not all(isinstance(v, str) for v in columns.values()):
        raise InvalidFile(f'{path}: a [columns] table with lines «column» = "field" is expected')
    return columns


def _region_set(  # noqa: PLR0913
    name: str | None,
    title_fa: str | None,
    title_en: str | None,
    validity: tuple[str | None, str | None],
    source: str | None,
    current: bool,
) -> RegionSet | None:
    if name is None:
        return None
    title = Title(title_fa or title_en or name, title_en or title_fa or name)
    first, last = (_date(day) for day in validity)
    return RegionSet(
        name, title if title_fa or title_en else None, first, last, source=source, current=current
    )


def _date(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return parse_date(text)
    except InvalidValue as error:
        raise InvalidParameter("valid-from/valid-to", text, error.reason) from error
