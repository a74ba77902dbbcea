"""`geoservice ingest KIND FILE…`"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from geoservice.cli.database import database
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
from geoservice.ingest.pairs import pairs
from geoservice.ingest.region_sets import RegionSet
from geoservice.model import Title
from geoservice.persian.calendar import parse_date
from geoservice.persian.numbers import persian_digits
from geoservice.persian.postal_code import DEFAULT_PATTERN
from geoservice.settings import Settings, read_settings

console = Console(soft_wrap=True, highlight=False, markup=False)

_REJECTS = 3


# The options of the command, each with what it says of itself.
_Text = str | None
_Kind = Annotated[
    str,
    typer.Argument(
        help="regions, population, statistics, places, addresses, agencies, projects or corrections"
    ),
]
_Files = Annotated[list[str], typer.Argument(help="paths or URLs")]
_Set = Annotated[_Text, typer.Option(help="set of regions; default: the current one")]
_Level = Annotated[_Text, typer.Option(help="province, county, district, rural_district …")]
_Year = Annotated[_Text, typer.Option(help="Solar Hijri year of a population")]
_Columns = Annotated[
    list[str] | None, typer.Option("--map", help="COLUMN=FIELD, as often as needed")
]
_Mapping = Annotated[
    Path | None, typer.Option(help="TOML file whose table «columns» has lines column = field")
]
_Constants = Annotated[list[str] | None, typer.Option("--set", help="FIELD=VALUE for every row")]
_Layer = Annotated[_Text, typer.Option(help="layer of a GeoPackage, or sheet of a workbook")]
_Encoding = Annotated[_Text, typer.Option(help="such as windows-1256, where it is not found out")]
_Crs = Annotated[_Text, typer.Option(help="such as EPSG:32639, where the file does not say")]
_TitleFa = Annotated[_Text, typer.Option(help="Persian title of the region set")]
_TitleEn = Annotated[_Text, typer.Option(help="English title of the region set")]
_From = Annotated[_Text, typer.Option(help="first day of the region set, Jalali or Gregorian")]
_To = Annotated[_Text, typer.Option(help="its last day")]
_Source = Annotated[_Text, typer.Option(help="where the rows come from")]
_Current = Annotated[bool, typer.Option("--current", help="make this region set the current one")]


def ingest_command(  # noqa: PLR0913  (one argument an option)
    kind: _Kind,
    files: _Files,
    region_set: _Set = None,
    level: _Level = None,
    year: _Year = None,
    columns: _Columns = None,
    mapping: _Mapping = None,
    constants: _Constants = None,
    layer: _Layer = None,
    encoding: _Encoding = None,
    crs: _Crs = None,
    title_fa: _TitleFa = None,
    title_en: _TitleEn = None,
    valid_from: _From = None,
    valid_to: _To = None,
    source: _Source = None,
    current: _Current = False,
) -> None:
    """Load files; every row is in, or in FILE.rejects.csv with its line and reason."""
    fields = kind_named(kind).fields
    given = pairs("set", constants or [])
    for name, value in (("level", level), ("year", year), ("source", source)):
        if value is not None and (name in fields or kind != "regions"):
            given[name] = value
    settings = read_settings()
    validity = (valid_from, valid_to)
    options = Options(
        mapping=_mapping_file(mapping) | pairs("map", columns or []),
        constants=given,
        region_set=_region_set(region_set, title_fa, title_en, validity, source, current),
        layer=layer,
        encoding=encoding,
        crs=crs,
        postal_code_pattern=settings.postal_code_pattern,
    )
    if _loaded(settings, kind, files, options):
        raise typer.Exit(_REJECTS)


def _loaded(settings: Settings, kind: str, files: Sequence[str], options: Options) -> int:
    """Load them one by one, telling what became of each; returns how many rows were rejected."""
    rejected = 0
    pattern = settings.postal_code_pattern or DEFAULT_PATTERN
    examine_ = partial(_examine, pattern)
    with database(settings) as url:
        upgrade(url, settings.migrations_dir)
        for file in files:
            with progress_bar(Path(file).name) as advance, connect(url) as connection:
                if kind == "corrections":  # what they are held against
                    build_gazetteer(connection)
                summary = ingest(
                    connection, kind, file, options, progress=advance, examine=examine_
                )
                if kind == "corrections":
                    run(connection, find_places(pattern))
                    connection.commit()
            tell(summary)
            rejected += summary.rejected
    return rejected


def _examine(pattern: str, connection: Connection, rows: Sequence[Verified]) -> list[Title | None]:
    """Why those points cannot be kept as corrections, by the rules that requests have too."""
    drafts = [Draft(*row, who="") for row in rows]
    return [refusal for _, refusal in run(connection, examine(drafts, pattern))]


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
