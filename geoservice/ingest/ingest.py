"""One file, one transaction: every row is in, or in the report with its reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from geoservice.database.engine import Connection
from geoservice.errors import InvalidFile, InvalidParameter, InvalidValue
from geoservice.ingest import region_sets
from geoservice.ingest.checks import Examine
from geoservice.ingest.clean import clean_key, cleaners
from geoservice.ingest.finish import finish
from geoservice.ingest.geometry import projection, refuse_unknown_crs
from geoservice.ingest.kind import Columns, Kind, has_column, kind_named, recognise
from geoservice.ingest.load import Merged, Staging
from geoservice.ingest.read.fetch import local
from geoservice.ingest.read.open import is_remote, open_table
from geoservice.ingest.read.rows import Table
from geoservice.ingest.records import DERIVED
from geoservice.ingest.rejects import Outcome, Rejects, keep
from geoservice.ingest.reports import write_reports
from geoservice.ingest.rows import RowCleaner
from geoservice.ingest.stage import Progress, Stage
from geoservice.ingest.verify import verify


@dataclass(frozen=True, slots=True)
class Options:
    """How to read a file: what the command line says beside its name."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    region_set: region_sets.RegionSet | None = None
    layer: str | None = None
    encoding: str | None = None
    crs: str | None = None
    postal_code_pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a file's rows; `rejected` + `rows_in` = `read`."""

    kind: str
    file: str
    read: int
    rejected: int
    remarks: int
    records: Merged
    unused_columns: tuple[str, ...]
    notes: tuple[str, ...]
    rejects_report: Path | None = None
    remarks_report: Path | None = None

    @property
    def rows_in(self) -> int:
        """Rows whose content stands in the database now."""
        return self.read - self.rejected


def ingest(  # noqa: PLR0913  (what a load is told, each by its name)
    connection: Connection,
    kind_name: str,
    location: str,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    examine: Examine | None = None,
) -> Summary:
    """Load one file and commit, or raise and leave the database as it was.

    `examine` says which points of corrections cannot be those of their addresses.
    What the caller left uncommitted on the connection is committed first.

    InvalidFile and InvalidParameter carry the file's name; DatabaseError where the database
    failed, with nothing of the file applied.
    """
    options = options or Options()
    kind = kind_named(kind_name)
    connection.commit()  # so that the block below is a transaction, not a part of one
    try:
        with connection.transaction(), Rejects() as rejects, local(location) as path:
            summary = _load(connection, kind, path, options, rejects, progress, examine)
            summary = replace(summary, file=location)
            import_id = _record(connection, summary, options)
            keep(connection, import_id, rejects)
    except InvalidFile as error:
        raise InvalidFile(f"{location}: {error}", error.option) from error
    counts: dict[Outcome, int] = {"rejected": summary.rejected, "remark": summary.remarks}
    reports = write_reports(connection, import_id, location, counts)
    connection.commit()
    return replace(
        summary,
        rejects_report=reports.rejects,
        remarks_report=reports.remarks,
        notes=(*summary.notes, *reports.notes),
    )


def digest(location: str, options: Options) -> str | None:
    """SHA-256 of a local file and of how it is read: equal means there is nothing to load.

    A Shapefile is all its files. None for what is fetched: it may change any time.
    """
    path = Path(location)
    if is_remote(location) or not path.is_file():
        return None
    told = json.dumps([options.mapping, options.constants, str(options)], default=str)
    hashed = hashlib.sha256(told.encode())
    parts = [path]
    if path.suffix.lower() == ".shp":
        parts += [path.with_suffix(suffix) for suffix in (".dbf", ".prj", ".cpg")]
    for part in parts:
        if part.is_file():
            with part.open("rb") as file:
                while block := file.read(1 << 20):
                    hashed.update(block)
    return hashed.hexdigest()


def was_ingested(connection: Connection, kind: str, location: str, options: Options) -> bool:
    """Whether this very file was loaded before in this very way."""
    found = connection.execute(
        "SELECT 1 FROM meta.import WHERE kind = %s AND digest = %s LIMIT 1",
        [kind, digest(location, options)],
    )
    return found.fetchone() is not None


def _load(  # noqa: PLR0913  (the one place where everything meets)
    connection: Connection,
    kind: Kind,
    path: str,
    options: Options,
    rejects: Rejects,
    progress: Progress | None,
    examine: Examine | None,
) -> Summary:
    table = open_table(path, encoding=options.encoding, layer=options.layer)
    constants = _constants(connection, kind, options, table)
    columns = recognise(kind, table.columns, options.mapping, constants, table.header)
    constants |= columns.told
    if kind.geometry and table.has_geometry:
        refuse_unknown_crs(Path(path).name, declared=table.crs, given=options.crs)
    cleaner = RowCleaner(
        kind=kind,
        columns=columns,
        constants=_cleaned(kind, constants, options),
        cleaners=cleaners(options.postal_code_pattern),
        project=projection(table.crs, options.crs),
    )
    stored = _stored_columns(kind, columns, constants, table)
    staging = Staging(connection, kind, stored)
    stage = Stage(cleaner, stored, rejects, options.postal_code_pattern)
    with staging.copy() as copy:
        read = stage.fill(copy, table, progress)
    notes = [
        *table.notes,
        *(f"{name}: {value}, as its column says" for name, value in columns.told.items()),
    ]
    if options.crs and table.crs and options.crs != table.crs:
        notes.append(f"coordinates are read as {options.crs}; the file itself says {table.crs}")
    notes += verify(staging, table, rejects, constants.get("region_set"), examine)
    stage.variables.save(connection)
    merged = staging.merge()
    notes += finish(connection, kind, constants, stage.provinces, merged)
    return Summary(
        kind=kind.id,
        file=path,
        read=read,
        rejected=rejects.rejected,
        remarks=rejects.remarks,
        records=merged,
        unused_columns=columns.unused,
        notes=tuple(notes),
    )


def _constants(
    connection: Connection, kind: Kind, options: Options, table: Table
) -> dict[str, str]:
    """Values that hold for every row, the region set among them."""
    constants = dict(options.constants)
    for name in constants:
        if name not in kind.fields:
            known = ", ".join(kind.fields)
            raise InvalidParameter(
                "set", name, f"{kind.id} have no field «{name}»; there are: {known}"
            )
    if "region_set" not in kind.fields or "region_set" in constants:
        return constants
    wanted = clean_key(options.region_set.id) if options.region_set else None
    if kind.id == "regions":
        if options.region_set is None or wanted is None:
            raise InvalidParameter(
                "region-set", None, "regions belong to a region set; name it with --region-set"
            )
        region_sets.save_region_set(connection, replace(options.region_set, id=wanted))
        constants["region_set"] = wanted
    elif wanted or not _says_region_set(connection, kind, table, options):
        constants["region_set"] = region_sets.find_region_set(connection, wanted)
    return constants


def _says_region_set(connection: Connection, kind: Kind, table: Table, options: Options) -> bool:
    """Whether the rows name their own; places, which need none, also go without any."""
    if kind.id == "places":
        return connection.execute("SELECT FROM source.region_set LIMIT 1").fetchone() is None
    named = "region_set" in options.mapping.values()
    return named or has_column(kind, "region_set", table.columns)


def _cleaned(kind: Kind, constants: Mapping[str, str], options: Options) -> dict[str, Any]:
    types = cleaners(options.postal_code_pattern)
    cleaned: dict[str, Any] = {}
    for name, value in constants.items():
        try:
            cleaned[name] = types[kind.fields[name].type](value)
        except InvalidValue as error:
            raise InvalidParameter(name, value, f"{name}: {error.reason}") from error
    return cleaned


def _stored_columns(
    kind: Kind, columns: Columns, constants: Mapping[str, str], table: Table
) -> list[str]:
    """The target's columns that this file can fill; the others keep what they hold."""
    given = {*columns.fields, *constants, *DERIVED[kind.id]}
    if "name" in columns.fields:
        given |= {"title_fa", "title_en"} if kind.id == "projects" else {"name_fa", "name_en"}
    stored = [
        name
        for name in (*kind.fields, *sorted(DERIVED[kind.id] - set(kind.fields)))
        if name in given and (name not in kind.fields or kind.fields[name].stored)
    ]
    if kind.geometry and (table.has_geometry or columns.geometry or columns.longitude):
        stored.append(kind.geometry_column)
    return stored


def _record(connection: Connection, summary: Summary, options: Options) -> int:
    row = connection.execute(
        "INSERT INTO meta.import (kind, file, digest, options, read, inserted, updated, unchanged, "
        "rejected, remarks) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [
            summary.kind,
            summary.file,
            digest(summary.file, options),
            json.dumps({"mapping": dict(options.mapping), "set": dict(options.constants)}),
            summary.read,
            summary.records.inserted,
            summary.records.updated,
            summary.records.unchanged,
            summary.rejected,
            summary.remarks,
        ],
    ).fetchone()
    return int(row[0]) if row else 0
