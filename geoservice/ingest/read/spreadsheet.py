"""XLSX, row by row; the first non-empty row is the header."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from geoservice.errors import InvalidFile
from geoservice.ingest.read.rows import Cells, Row, Table, named, told_apart

# What openpyxl lets through of a damaged or foreign file.
_UNREADABLE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    OSError,
    TypeError,
    ValueError,
)
_LOOKED_AT = 1_000  # rows


def read_spreadsheet(path: Path, *, sheet: str | None = None, blanks: bool = False) -> Table:
    """Open a sheet (the first, unless `sheet` names another); formulas give their last value.

    `blanks`: rows without any content count, if others follow; and so do columns without a name
    behind the others, where one of the first thousand rows has something in them.
    """
    try:
        book = _open(path)
    except _UNREADABLE as error:
        raise InvalidFile(f"it cannot be read as an XLSX workbook: {error}") from error
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise InvalidFile(f"it has no sheet «{sheet}»; there are: {', '.join(book.sheetnames)}")
        name = sheet or book.sheetnames[0]
        numbered = _numbered(book[name])
        header_line, header = next(numbered, (0, ()))
        if not header:
            raise InvalidFile(f"the sheet «{name}» is empty; a row of column names is expected")
        rows = [cells for _, cells in islice(numbered, _LOOKED_AT if blanks else 1)]
        if not rows:
            raise InvalidFile(f"the sheet «{name}» has a header but no rows")
        others = tuple(other.title for other in book.worksheets if _is_other(other, name))
    except _UNREADABLE as error:
        raise InvalidFile(f"reading it as an XLSX workbook stopped: {error}") from error
    finally:
        book.close()
    names = [str(cell).strip() if cell is not None else "" for cell in header]
    del names[named(names) :]
    if blanks:
        widest = max(named(["" if cell is None else str(cell) for cell in cells]) for cells in rows)
        names += [""] * (widest - len(names))
    columns = told_apart(names)
    return Table(
        columns=columns,
        rows=lambda: _rows(path, name, header_line, columns, blanks),
        header=tuple(names),
        others=others,
    )


def _is_other(sheet: Any, name: str) -> bool:
    """Whether it is another sheet than that, and not an empty one."""
    try:
        return sheet.title != name and next(_numbered(sheet), None) is not None
    except _UNREADABLE:
        return True


def _rows(
    path: Path, sheet: str, header_line: int, columns: tuple[str, ...], blanks: bool
) -> Iterator[Row]:
    book = _open(path)
    last = header_line
    try:
        for line, cells in _numbered(book[sheet]):
            if line <= header_line:
                continue
            if blanks:
                yield from (Row(blank, {}) for blank in range(last + 1, line))
            last = line
            found: Cells = dict(zip(columns, cells, strict=False))
            extra = [cell for cell in cells[len(columns) :] if cell not in {None, ""}]
            if extra:
                found |= {f"+{number}": cell for number, cell in enumerate(extra, start=1)}
                fault = f"it has cells beyond the {len(columns)} columns of the header"
                yield Row(line, found, fault=fault)
            else:
                yield Row(line, found)
    except _UNREADABLE as error:
        raise InvalidFile(f"reading the sheet «{sheet}» stopped: {error}") from error
    finally:
        book.close()


def _open(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # styles and validations that it leaves out
        return load_workbook(path, read_only=True, data_only=True)


def _numbered(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()  # some writers declare fewer cells than there are
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = tuple(_shown(cell) for cell in row)
        if any(cell not in {None, ""} for cell in cells):
            yield line, cells


def _shown(cell: Any) -> Any:
    """The value, but a percentage as the sheet shows it: 75% is stored as 0.75."""
    value = cell.value
    if isinstance(value, int | float) and "%" in (cell.number_format or ""):
        return f"{value * 100:.10g}%"
    return value
