"""CSV and TSV, row by row; a broken row comes back with its fault and the next one goes on."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from geoservice.errors import InvalidFile
from geoservice.ingest.read.encoding import detect_encoding
from geoservice.ingest.read.rows import Cells, Row, Table

_LONGEST_CELL = 16 << 20  # a polygon as WKT may be long; an unclosed quote is longer
_DELIMITERS = ",;\t|،"


def read_delimited(path: Path, *, encoding: str | None = None) -> Table:
    """Open a CSV or TSV file; its first line is the header.

    Delimiter (`, ; tab | ،`) and encoding are found out unless `encoding` is named. Raises
    InvalidFile for an empty file, a lone header or an unknown encoding.
    """
    encoding = encoding or detect_encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline(_LONGEST_CELL)
            second = file.readline()
    except (UnicodeDecodeError, LookupError) as error:
        raise InvalidFile(f"it cannot be read as {encoding}: {error}") from error
    if not first.strip("\ufeff \t\r\n"):
        raise InvalidFile("it is empty; a header line with column names is expected")
    if not second:
        raise InvalidFile("it has a header but no rows")
    delimiter = max(_DELIMITERS, key=first.count)
    header = [
        name.strip() for name in next(csv.reader([first.lstrip("\ufeff")], delimiter=delimiter))
    ]
    while header and not header[-1]:
        header.pop()  # spreadsheets leave empty columns behind
    columns = tuple(header)
    return Table(
        columns=columns,
        rows=lambda: _rows(path, encoding, delimiter, columns),
        notes=(f"encoding {encoding}",) if encoding not in {"utf-8", "utf-8-sig"} else (),
    )


def _rows(path: Path, encoding: str, delimiter: str, columns: tuple[str, ...]) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        next(reader)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError as error:
                raise InvalidFile(f"line {line} is not {encoding}: {error.reason}") from error
            except csv.Error as error:
                yield Row(line, {}, fault=_fault(str(error), line, reader.line_num))
                continue
            if any(cells):
                yield _row(line, cells, columns)


def _row(line: int, cells: list[str], columns: tuple[str, ...]) -> Row:
    named: Cells = dict(zip(columns, cells, strict=False))
    extra = cells[len(columns) :]
    if any(extra):
        named |= {f"+{number}": cell for number, cell in enumerate(extra, start=1)}
        fault = f"it has {len(cells)} cells and the header {len(columns)}; is a delimiter unquoted?"
        return Row(line, named, fault=fault)
    if len(cells) < len(columns) and len(columns) - len(cells) > len(columns) // 2:
        fault = f"it has only {len(cells)} of {len(columns)} cells; is the line cut off?"
        return Row(line, named, fault=fault)
    return Row(line, named)


def _fault(message: str, first: int, last: int) -> str:
    where = f"lines {first} to {last}" if last > first else f"line {first}"
    if "unexpected end" in message or "field larger" in message:
        return f"a quote that opens on line {first} is never closed; {where} cannot be read"
    return f"{where}: a quoted cell goes on after its closing quote; double the quotes inside it"
