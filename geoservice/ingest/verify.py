"""After the pass: what only the whole file and the database can tell; such rows are taken out."""

from __future__ import annotations

from geoservice.ingest.checks import Finding, misplaced, other_county, unknown_regions
from geoservice.ingest.load import Staging
from geoservice.ingest.read.rows import Table
from geoservice.ingest.references import resolve_agencies
from geoservice.ingest.rejects import Outcome, Reject, Rejects

_Found = list[tuple[Outcome, Finding]]


def verify(staging: Staging, table: Table, rejects: Rejects, region_set: str | None) -> None:
    """Reject repeated keys with other content, unknown regions and misplaced places.

    `region_set` is the one whose polygons points are held against; None leaves that check out.
    """
    kind, connection = staging.kind, staging.connection
    against = region_set if kind.id == "places" and "geom" in staging.columns else None
    found, same = _repeated(staging)
    if kind.id in {"population", "statistics"}:
        found += [("rejected", finding) for finding in unknown_regions(connection)]
    if against:
        found += [("rejected", finding) for finding in misplaced(connection, against)]
    _note(found, table, rejects)
    staging.discard([*(row[0] for outcome, row in found if outcome == "rejected"), *same])
    late: list[Finding] = []
    if against:
        late += other_county(connection, against)
    if kind.id == "projects" and "agency_id" in staging.columns:
        late += resolve_agencies(connection)
    _note([("remark", finding) for finding in late], table, rejects)


def _repeated(staging: Staging) -> tuple[_Found, list[int]]:
    """Findings for rows with the key of an earlier one, and the lines that only repeat it."""
    found: _Found = []
    same: list[int] = []
    column = ", ".join(staging.kind.key)
    for line, first, identical, key in staging.repeated():
        if identical:
            same.append(line)
            reason, reason_fa = f"line {first} is the same already", "این سطر تکراری است"
            found.append(("remark", (line, column, key, reason, reason_fa)))
        else:
            reason = f"line {first} has the same key with other content"
            found.append(("rejected", (line, column, key, reason, "کلید تکراری با محتوای دیگر")))
    return found, same


def _note(found: _Found, table: Table, rejects: Rejects) -> None:
    """Add findings to the report, a rejected row once, its cells from a second pass."""
    wanted = {finding[0] for _, finding in found}
    cells = {row.line: row.cells for row in table.rows() if row.line in wanted} if wanted else {}
    refused: set[int] = set()
    for outcome, (line, column, value, reason, reason_fa) in found:
        if line in refused:
            continue
        if outcome == "rejected":
            refused.add(line)
        rejects.add(Reject(outcome, line, column, value, reason, reason_fa, cells[line]))
