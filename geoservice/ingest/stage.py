"""The pass over a file: each row into the staging table, or into the rejects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geoservice.errors import InvalidFile, InvalidValue
from geoservice.ingest.read.rows import Row, Table
from geoservice.ingest.records import records_of
from geoservice.ingest.references import Variables
from geoservice.ingest.rejects import Reject, Rejects
from geoservice.ingest.rows import RowCleaner, RowRejected, Values
from geoservice.model import Level

Progress = Callable[[int, int | None], None]

_PROGRESS_EVERY = 1_000


class Stage:
    """One pass; beside the rows it learns which variables and provinces they name."""

    def __init__(
        self,
        cleaner: RowCleaner,
        stored: list[str],
        rejects: Rejects,
        postal_code_pattern: str | None = None,
    ) -> None:
        self._cleaner = cleaner
        self._kind = cleaner.kind
        self._made = records_of(cleaner.kind.id, postal_code_pattern)
        self._stored = stored
        self._rejects = rejects
        self.variables = Variables()
        self.provinces: dict[str, tuple[str | None, str | None]] = {}

    def fill(self, copy: Any, table: Table, progress: Progress | None) -> int:
        """Copy every row of the table in; returns how many were read."""
        read = 0
        for row in table.rows():
            read += 1
            remarks: list[Reject] = []
            try:
                for record in self._records(row, remarks):
                    copy.write_row((row.line, *(record.get(name) for name in self._stored)))
            except InvalidFile as error:
                raise InvalidFile(f"line {row.line}: {error}") from error
            except RowRejected as error:
                remarks = [
                    Reject(
                        outcome="rejected",
                        line=row.line,
                        column=error.column,
                        value=error.value,
                        reason=error.reason,
                        reason_fa=error.reason_fa,
                        row=row.cells,
                    )
                ]
            for remark in remarks:
                self._rejects.add(remark)
            if progress and read % _PROGRESS_EVERY == 0:
                progress(read, table.total)
        if progress:
            progress(read, table.total)
        return read

    def _records(self, row: Row, remarks: list[Reject]) -> list[Values]:
        """The records of a row; what is odd about it goes to `remarks`."""
        values = self._cleaner.values(row)
        if row.remark is not None:
            remarks.append(_remark(row, None, None, row.remark, "سطر کامل نیست"))
        self._place(row, values, remarks)
        try:
            records = list(self._made(values))
            if self._kind.id == "statistics":
                facts = {name: values.get(name) for name in ("title_fa", "title_en", "unit")}
                self.variables.add(values["variable"], facts)
        except InvalidValue as error:
            said = error.reason_fa or "سطر پذیرفته نیست"
            raise RowRejected(None, error.value, error.reason, said) from error
        if self._kind.id == "regions" and records[0]["level"] == Level.COUNTY:
            names = (values.get("parent_name"), values.get("parent_name_en"))
            self.provinces.setdefault(records[0]["parent_code"], names)
        return records

    def _place(self, row: Row, values: Values, remarks: list[Reject]) -> None:
        """Set the geometry. A point that cannot be true refuses a place or a correction, which are
        little else; an address goes in without it, a project with it, for the geocoder to judge.
        """
        placed = self._cleaner.geometry(row)
        column = self._cleaner.geometry_column
        if placed is None:
            if self._kind.id == "corrections":
                raise RowRejected(column, None, "a correction needs a point", "مختصات خالی است")
            if (
                self._kind.id in {"regions", "places"}
                and self._kind.geometry_column in self._stored
            ):
                reason = "the row has no geometry where others have one"
                remarks.append(_remark(row, column, None, reason, "سطر مختصات ندارد"))
            return
        doubtful = placed.remark is not None and self._kind.geometry == "point"
        if doubtful and self._kind.id in {"places", "corrections"}:
            raise RowRejected(column, placed.text, placed.remark or "", placed.remark_fa)
        if not doubtful or self._kind.id == "projects":
            values[self._kind.geometry_column] = placed.text
        if placed.remark is not None:
            shown = placed.text if doubtful else None
            remarks.append(_remark(row, column, shown, placed.remark, placed.remark_fa))


def _remark(row: Row, column: str | None, value: str | None, reason: str, reason_fa: str) -> Reject:
    return Reject("remark", row.line, column, value, reason, reason_fa, row.cells)
