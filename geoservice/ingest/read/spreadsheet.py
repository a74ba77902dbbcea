"""XLSX, row by row; the first non-empty row is the header."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from geoservice.errors import InvalidFile
from geoservice.ingest.read.rows import Row, Table

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})


def read_spreadsheet(path: Path, *, sheet: str | None = None) -> Table:
    """Open a sheet (the first, unless `sheet` names another); formulas give their last value."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise InvalidFile(f"it cannot be read as an XLSX workbook: {error}") from error
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise InvalidFile(f"it has no sheet «{sheet}»; there are: {', '.join(book.sheetnames)}")
        name = sheet or book.sheetnames[0]
        numbered = _numbered(book[name])
        header_line, header = next(numbered, (0, ()))
        if not header:
            raise InvalidFile(f"the sheet «{name}» is empty; a row of column names is expected")
        if next(numbered, None) is None:
            raise InvalidFile(f"the sheet «{name}» has a header but no rows")
    finally:
        book.close()
    columns = [str(cell).strip() if cell is not None else "" for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    return Table(
        columns=tuple(columns), rows=lambda: _rows(path, name, header_line, tuple(columns))
    )


def _rows(path: Path, sheet: str, header_line: int, columns: tuple[str, ...]) -> Iterator[Row]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for line, cells in _numbered(book[sheet]):
            if line <= header_line:
                continue
            named = dict(zip(columns, cells, strict=False))
            broken = next((name for name, cell in named.items() if cell in _ERRORS), None)
            fault = f"the formula in «{broken}» gives {named[broken]}" if broken else None
            yield Row(line, named, fault=fault)
    finally:
        book.close()


def _numbered(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()  # some writers declare fewer cells than there are
    for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(cell not in {None, ""} for cell in cells):
            yield line, cells
