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
from geoservice.ingest.clean import cleaners
from geoservice.ingest.geometry import projection, refuse_unknown_crs
from geoservice.ingest.kind import Columns, Kind, kind_named, recognise
from geoservice.ingest.load import Merged, Staging
from geoservice.ingest.read.open import is_remote, open_table
from geoservice.ingest.read.rows import Table
from geoservice.ingest.records import DERIVED
from geoservice.ingest.rejects import Outcome, Rejects, keep, write_report
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


def ingest(
    connection: Connection,
    kind_name: str,
    location: str,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
) -> Summary:
    """Load one file and commit, or raise and leave the database as it was.

    What the caller left uncommitted on the connection is committed first.

    InvalidFile and InvalidParameter carry the file's name; DatabaseError where the database
    failed, with nothing of the file applied.
    """
    options = options or Options()
    kind = kind_named(kind_name)
    connection.commit()  # so that the block below is a transaction, not a part of one
    try:
        with connection.transaction(), Rejects() as rejects:
            summary = _load(connection, kind, location, options, rejects=rejects, progress=progress)
            import_id = _record(connection, summary, options)
            keep(connection, import_id, rejects)
    except InvalidFile as error:
        raise InvalidFile(f"{location}: {error}") from error
    reports = _write_reports(connection, import_id, location, summary)
    connection.commit()
    return reports


def digest(location: str, options: Options) -> str:
    """SHA-256 of a local file and of how it is read: equal means there is nothing to load."""
    told = json.dumps([options.mapping, options.constants, str(options)], default=str)
    hashed = hashlib.sha256(told.encode())
    path = Path(location)
    if path.is_file():
        with path.open("rb") as file:
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
    location: str,
    options: Options,
    *,
    rejects: Rejects,
    progress: Progress | None,
) -> Summary:
    table = open_table(location, encoding=options.encoding, layer=options.layer)
    constants = _constants(connection, kind, options)
    columns = recognise(kind, table.columns, options.mapping, constants)
    if kind.geometry and table.has_geometry:
        refuse_unknown_crs(Path(location).name, declared=table.crs, given=options.crs)
    cleaner = RowCleaner(
        kind=kind,
        columns=columns,
        constants=_cleaned(kind, constants, options),
        cleaners=cleaners(options.postal_code_pattern),
        project=projection(table.crs, options.crs),
    )
    stored = _stored_columns(kind, columns, constants, table)
    staging = Staging(connection, kind, stored)
    stage = Stage(cleaner, stored, rejects)
    with staging.copy() as copy:
        read = stage.fill(copy, table, progress)
    verify(staging, table, rejects, constants.get("region_set"))
    stage.variables.save(connection)
    merged = staging.merge()
    notes = list(table.notes)
    if kind.id == "regions":
        notes += _finish_regions(connection, constants["region_set"], stage.provinces, merged)
    return Summary(
        kind=kind.id,
        file=location,
        read=read,
        rejected=rejects.rejected,
        remarks=rejects.remarks,
        records=merged,
        unused_columns=columns.unused,
        notes=tuple(notes),
    )


def _constants(connection: Connection, kind: Kind, options: Options) -> dict[str, str]:
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
    wanted = options.region_set.id if options.region_set else None
    if kind.id == "regions":
        if options.region_set is None:
            raise InvalidParameter(
                "region-set", None, "regions belong to a region set; name it with --region-set"
            )
        region_sets.save_region_set(connection, options.region_set)
        constants["region_set"] = options.region_set.id
    elif kind.id != "places" or wanted or _any_region_set(connection):
        constants["region_set"] = region_sets.find_region_set(connection, wanted)
    return constants


def _any_region_set(connection: Connection) -> bool:
    return connection.execute("SELECT 1 FROM source.region_set LIMIT 1").fetchone() is not None


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


def _finish_regions(
    connection: Connection,
    region_set: str,
    provinces: dict[str, tuple[str | None, str | None]],
    merged: Merged,
) -> list[str]:
    connection.execute(
        "DELETE FROM source.region_set s WHERE id = %s "
        "AND NOT EXISTS (SELECT FROM source.region r WHERE r.region_set = s.id)",
        [region_set],
    )
    if not provinces or not (merged.inserted or merged.updated):
        return []
    derived = region_sets.derive_provinces(connection, region_set, provinces)
    return [f"{derived} provinces were derived from their counties"] if derived else []


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


def _write_reports(
    connection: Connection, import_id: int, location: str, summary: Summary
) -> Summary:
    """Write the reports beside the file; those of an earlier run that no longer hold go."""
    base = Path(Path(location).name) if is_remote(location) else Path(location)
    written: dict[Outcome, Path | None] = {}
    counts: dict[Outcome, int] = {"rejected": summary.rejected, "remark": summary.remarks}
    suffixes: dict[Outcome, str] = {"rejected": "rejects", "remark": "remarks"}
    for outcome, suffix in suffixes.items():
        report = base.with_name(f"{base.name}.{suffix}.csv")
        if counts[outcome]:
            write_report(connection, import_id, outcome, location, report)
            written[outcome] = report
        else:
            report.unlink(missing_ok=True)
            written[outcome] = None
    return replace(summary, rejects_report=written["rejected"], remarks_report=written["remark"])
