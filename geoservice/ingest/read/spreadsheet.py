"""XLSX, row by row; the first non-empty row is the header."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from geoservice.errors import InvalidFile
from geoservice.ingest.read.rows import Cells, Row, Table, named, told_apart
from geoservice.ingest.read.sheet_xml import Merged, SheetFacts, sheet_facts

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

    A cell that is merged over several lines stands in each of them that has something else in it.
    `blanks`: rows without any content count, if others follow; and so do columns without a name
    behind the others, where one of the first thousand rows has something in them.
    """
    _refuse_other_files(path)
    try:
        book = _open(path)
    except _UNREADABLE as error:
        raise InvalidFile(f"it cannot be read as an XLSX workbook: {error}") from error
    try:
        titles = [each.title for each in book.worksheets]  # and not those of charts
        if not titles or (sheet is not None and sheet not in titles):
            raise InvalidFile(
                f"it has no sheet «{sheet or ''}»; there are: {', '.join(titles)}", "sheet"
            )
        name = sheet or titles[0]
        facts = sheet_facts(path, book[name]._worksheet_path)
        numbered = _numbered(book[name], facts)
        header_line, header = next(numbered, (0, ()))
        if not header:
            raise _without_rows(
                f"the sheet «{name}» is empty; a row of column names is expected", book, name
            )
        rows = [cells for _, cells in islice(numbered, _LOOKED_AT if blanks else 1)]
        if not rows:
            raise _without_rows(f"the sheet «{name}» has a header but no rows", book, name)
        others = _others(book, name)
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
        rows=lambda: _rows(path, name, header_line, columns, blanks, facts),
        header=tuple(names),
        others=others,
        notes=tuple(_notes(name, others if sheet is None else (), facts)),
    )


def _notes(name: str, others: Sequence[str], facts: SheetFacts) -> Iterator[str]:
    """What else the user should know of the file."""
    if others:
        yield (f"the sheet «{name}» was read; name another to have it read: {', '.join(others)}")
    if facts.merged:
        yield "merged cells stand in each row that they reach over"
    if facts.uncomputed:
        yield (
            f"{len(facts.uncomputed):,} rows have formulas whose results are not in the file; "
            "open it in a spreadsheet program and save it there"
        )


def _refuse_other_files(path: Path) -> None:
    with path.open("rb") as file:
        first = file.read(4)
    if first == b"\xd0\xcf\x11\xe0":
        raise InvalidFile(
            "it is encrypted, or of the old Excel; save it as .xlsx without a password"
        )
    if first[:2] != b"PK":
        raise InvalidFile(
            "it is no XLSX workbook, whatever its name says; the name of a CSV file ends in .csv"
        )


def _without_rows(reason: str, book: Any, name: str) -> InvalidFile:
    others = _others(book, name)
    more = f"; there is something in: {', '.join(others)}" if others else ""
    return InvalidFile(reason + more, "sheet" if others else None)


def _others(book: Any, name: str) -> tuple[str, ...]:
    """The sheets besides that have something in them."""
    return tuple(other.title for other in book.worksheets if _is_other(other, name))


def _is_other(sheet: Any, name: str) -> bool:
    """Whether it is another sheet than that, and not an empty one."""
    try:
        return sheet.title != name and next(_numbered(sheet), None) is not None
    except _UNREADABLE:
        return True


def _rows(  # noqa: PLR0913  (what a pass needs, each by its name)
    path: Path,
    sheet: str,
    header_line: int,
    columns: tuple[str, ...],
    blanks: bool,
    facts: SheetFacts,
) -> Iterator[Row]:
    book = _open(path)
    last = header_line
    merged = Merged(facts, header_line)
    try:
        for line, shown in _numbered(book[sheet], facts):
            if line <= header_line:
                continue
            cells = merged.filled(line, shown)
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
                empty = facts.uncomputed.get(line, ())
                lacking = tuple(name for place, name in enumerate(columns) if place in empty)
                yield Row(line, found, uncomputed=lacking)
    except _UNREADABLE as error:
        raise InvalidFile(f"reading the sheet «{sheet}» stopped: {error}") from error
    finally:
        book.close()


def _open(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # styles and validations that it leaves out
        return load_workbook(path, read_only=True, data_only=True)


def _numbered(sheet: Any, facts: SheetFacts | None = None) -> Iterator[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()  # some writers declare fewer cells than there are
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = tuple(_shown(cell) for cell in row)
        is_computing = facts is not None and line in facts.uncomputed
        if is_computing or any(cell not in {None, ""} for cell in cells):
            yield line, cells


def _shown(cell: Any) -> Any:
    """The value, but a percentage as the sheet shows it: 75% is stored as 0.75."""
    value = cell.value
    if isinstance(value, int | float) and "%" in (cell.number_format or ""):
        return f"{value * 100:.10g}%"
    return value
