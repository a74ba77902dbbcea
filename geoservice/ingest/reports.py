"""Reports of an import beside its file: what could not go in, and what went in with a remark."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from geoservice.database.engine import Connection
from geoservice.ingest.read.open import is_remote
from geoservice.ingest.rejects import Outcome, write_report

_SUFFIXES: dict[Outcome, str] = {"rejected": "rejects", "remark": "remarks"}


class Reports(NamedTuple):
    """Where the reports lie that were written, and why others were not."""

    rejects: Path | None
    remarks: Path | None
    notes: tuple[str, ...]


def write_reports(
    connection: Connection, import_id: int, location: str, counts: Mapping[Outcome, int]
) -> Reports:
    """Write the reports beside the file; those of an earlier run that no longer hold go.

    The rows are committed by now, so a report that cannot be written is told, not raised.
    """
    beside = _report_base(location)
    written: dict[Outcome, Path] = {}
    notes: list[str] = []
    for outcome, suffix in _SUFFIXES.items():
        report = beside.with_name(f"{beside.name}.{suffix}.csv")
        try:
            if counts[outcome]:
                write_report(connection, import_id, outcome, location, report)
                written[outcome] = report
            else:
                report.unlink(missing_ok=True)
        except OSError as error:
            notes.append(
                f"{report} cannot be written ({error.strerror}); the {suffix} are in the "
                f"database: table meta.reject, import_id = {import_id}"
            )
    return Reports(written.get("rejected"), written.get("remark"), tuple(notes))


def _report_base(location: str) -> Path:
    """Reports lie beside a local file; those of a URL in the current directory, named in full."""
    if not is_remote(location):
        return Path(location)
    return Path.cwd() / (Path(urlsplit(location).path).name or "import")
