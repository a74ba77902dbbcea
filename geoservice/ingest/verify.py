"""After the pass: what only the whole file and the database can tell; such rows are taken out."""

from __future__ import annotations

from itertools import groupby

from geoservice.ingest.checks import (
    Examine,
    Finding,
    current_provinces,
    has_provinces,
    misplaced,
    nowhere,
    other_county,
    unknown_regions,
    unverified,
)
from geoservice.ingest.load import Staging
from geoservice.ingest.read.rows import Table
from geoservice.ingest.references import resolve_agencies
from geoservice.ingest.rejects import Outcome, Reject, Rejects

_Found = list[tuple[Outcome, Finding]]


def verify(
    staging: Staging,
    table: Table,
    rejects: Rejects,
    region_set: str | None,
    examine: Examine | None = None,
) -> tuple[str, ...]:
    """Reject repeated keys with other content, unknown regions, misplaced places and corrections.

    `region_set` is the one whose polygons points are held against; None leaves that check out, as
    it does that of corrections where nobody can `examine` them.
    Returns what the user must know of checks that could not be made.
    """
    kind, connection = staging.kind, staging.connection
    places = kind.id == "places" and "geom" in staging.columns
    against = region_set if places else None
    notes: tuple[str, ...] = ()
    if places and not (against and has_provinces(connection, against)):
        against = None
        notes = ("the points were not checked: no region set with polygons of provinces is loaded",)
    found: _Found = []
    if kind.id == "corrections" and examine and kind.geometry_column in staging.columns:
        # First: a row that is refused is none that a later one repeats.
        wrong = list(unverified(connection, staging.columns, examine))
        staging.take_out([line for line, *_ in wrong])
        found = [("rejected", finding) for finding in wrong]
    found += _repeated(staging)
    if kind.id in {"population", "statistics"}:
        found += [("rejected", finding) for finding in unknown_regions(connection)]
    if against:
        found += [("rejected", finding) for finding in misplaced(connection, against)]
    staging.discard([line for outcome, (line, *_) in found if outcome == "rejected"])
    if against:
        found += [("remark", finding) for finding in other_county(connection, against)]
    column = kind.geometry_column
    if kind.id in {"places", "projects"} and column in staging.columns:
        provinces = against or current_provinces(connection)
        if provinces:
            found += [("remark", finding) for finding in nowhere(connection, provinces, column)]
    if kind.id == "projects" and "agency_id" in staging.columns:
        found += [("remark", finding) for finding in resolve_agencies(connection)]
    _note(found, table, rejects)
    return notes


def _repeated(staging: Staging) -> _Found:
    """Findings for rows with the key of an earlier one."""
    found: _Found = []
    column: str | None = ", ".join(staging.kind.key)
    said = "has the same key with other content"
    said_fa = "کلید تکراری با محتوای دیگر"
    if staging.kind.id == "corrections":  # whose keys are made of the address, not written
        column, said = None, "corrects the same address otherwise"
        said_fa = "سطری پیش از این همین نشانی را جور دیگری تصحیح می‌کند"
    for line, first, identical, key in staging.repeated():
        shown = key if column else None
        if identical:
            reason, reason_fa = f"line {first} says the same already", "این سطر تکراری است"
            found.append(("remark", (line, column, shown, reason, reason_fa)))
        else:
            reason = f"line {first}, which is in, {said}"
            found.append(("rejected", (line, column, shown, reason, said_fa)))
    return found


def _note(found: _Found, table: Table, rejects: Rejects) -> None:
    """Add findings to the report with their rows, from a second pass; a rejected row just once."""
    found.sort(key=lambda each: (each[1][0], each[0] != "rejected"))
    by_line = groupby(found, key=lambda each: each[1][0])
    wanted = next(by_line, None)
    for row in table.rows() if wanted else ():
        if wanted is None:
            return
        if row.line != wanted[0]:
            continue
        findings = list(dict.fromkeys(wanted[1]))
        if findings[0][0] == "rejected":
            del findings[1:]
        for outcome, (line, column, value, reason, reason_fa) in findings:
            rejects.add(Reject(outcome, line, column, value, reason, reason_fa, row.cells))
        wanted = next(by_line, None)
