"""A row as read becomes its cleaned values and geometry, or the reject that says why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geoservice.errors import InvalidValue
from geoservice.ingest.clean import REASON_FA, SPREADSHEET_ERRORS, Cleaner, is_empty
from geoservice.ingest.geometry import Placed, Project, from_geometry, point
from geoservice.ingest.kind import Columns, Kind
from geoservice.ingest.read.rows import Row

Values = dict[str, Any]

_LONGEST_SHOWN = 200


class RowRejected(Exception):
    """Why one row cannot go in; caught by the loop that reads, never seen outside."""

    def __init__(self, column: str | None, value: object, reason: str, reason_fa: str) -> None:
        super().__init__(reason)
        self.column = column
        self.value = None if value is None else str(value)[:_LONGEST_SHOWN]
        self.reason = reason
        self.reason_fa = reason_fa


@dataclass(frozen=True, slots=True)
class RowCleaner:
    """Cleans rows of one file: which columns, which types, which values hold for all rows."""

    kind: Kind
    columns: Columns
    constants: Mapping[str, Any]
    cleaners: Mapping[str, Cleaner]
    project: Project | None

    def values(self, row: Row) -> Values:
        """The cleaned value of every field that the file or the options give."""
        if row.fault is not None:
            raise RowRejected(None, None, row.fault, "سطر خواندنی نیست")
        values: Values = dict(self.constants)
        for name, column in self.columns.fields.items():
            field = self.kind.fields[name]
            cell = row.cells.get(column)
            if is_empty(cell):
                if field.required:
                    raise RowRejected(column, cell, f"{name} is missing", "مقدار لازم خالی است")
                values[name] = field.default
                continue
            if cell in SPREADSHEET_ERRORS:
                raise RowRejected(
                    column, cell, f"{name}: the formula in the cell failed", "فرمول خطا داده است"
                )
            try:
                values[name] = self.cleaners[field.type](cell)
            except InvalidValue as error:
                raise RowRejected(
                    column, cell, f"{name}: {error.reason}", REASON_FA[field.type]
                ) from error
        return values

    def geometry(self, row: Row) -> Placed | None:
        """The row's geometry in EPSG:4326; None where it gives none."""
        if self.kind.geometry is None:
            return None
        columns = self.columns
        try:
            if row.geometry is not None:
                return from_geometry(row.geometry, self.kind.geometry, self.project)
            if columns.longitude and columns.latitude:
                lon, lat = row.cells.get(columns.longitude), row.cells.get(columns.latitude)
                if is_empty(lon) and is_empty(lat):
                    return None
                for name, cell in ((columns.longitude, lon), (columns.latitude, lat)):
                    if is_empty(cell):
                        raise InvalidValue(cell, f"«{name}» is empty, and a point needs both")
                return point(lon, lat, self.project)
            if columns.geometry and not is_empty(row.cells.get(columns.geometry)):
                text = row.cells[columns.geometry]
                return from_geometry(str(text), self.kind.geometry, self.project)
        except InvalidValue as error:
            raise RowRejected(
                self.geometry_column, error.value, error.reason, REASON_FA["point"]
            ) from error
        return None

    @property
    def geometry_column(self) -> str:
        """Where the geometry comes from, for reports."""
        columns = self.columns
        if columns.longitude and columns.latitude:
            return f"{columns.longitude}, {columns.latitude}"
        return columns.geometry or "geometry"
