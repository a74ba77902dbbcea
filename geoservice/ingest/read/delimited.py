"""CSV and TSV, row by row; a broken row comes back with its fault and the next one goes on."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

from geoservice.errors import InvalidFile
from geoservice.ingest.read.encoding import (
    detect_encoding,
    refuse_no_text,
    refuse_unmarked_utf16,
    refuse_wrong_encoding,
)
from geoservice.ingest.read.rows import (
    LONGEST_LINE,
    Cells,
    Row,
    Table,
    named,
    told_apart,
    too_long,
)

_LONGEST_CELL = 16 << 20  # a polygon as WKT may be long; an unclosed quote is longer
_DELIMITERS = ",;\t|،"
_TOLD = re.compile(r"\ufeff?sep=([,;\t|،])[,;\t|،]*\s*", re.IGNORECASE)
_BLOCK = 10_000  # lines read at once where nothing is odd


def read_delimited(path: Path, *, encoding: str | None = None, blanks: bool = False) -> Table:
    """Open a CSV or TSV file; its first line with anything in it is the header.

    Rows whose cells are all empty, and columns without a name behind the others, are left out,
    unless `blanks`; lines with nothing or with white space alone are no rows.
    Delimiter (`, ; tab | ،`) and encoding are found out unless `encoding` is named. Raises
    InvalidFile for an empty file, a lone header or a wrong encoding.
    """
    refuse_no_text(path)
    if encoding is None:
        refuse_unmarked_utf16(path)
        encoding = detect_encoding(path)
    else:
        refuse_wrong_encoding(path, encoding)
    with path.open(encoding=encoding, newline="") as file:
        try:
            lines = _Lines(file)
            delimiter, header = _header(lines, blanks)
            lines.record.clear()
            empty = not any(line.strip(f"{delimiter}\r\n\t ") for line in lines)
        except UnicodeError as error:
            raise InvalidFile(f"it is not {encoding}: {error}") from error
    if empty:
        raise InvalidFile("it has a header but no rows")
    return Table(
        columns=told_apart(header),
        header=header,
        rows=lambda: _rows(path, encoding, blanks),
        lists=(lambda: _lists(path, encoding)) if blanks else None,
        notes=(f"encoding {encoding}",) if encoding not in {"utf-8", "utf-8-sig"} else (),
    )


class _Lines:
    """The lines of a file from one on; those of a record that came to nothing can be read again."""

    def __init__(self, file: TextIO, begun: Sequence[str] = (), number: int = 0) -> None:
        self._file = file
        self._again: deque[str] = deque(begun)
        self.record: list[str] = []
        self.number = number

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._file.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        if len(line) > LONGEST_LINE:
            raise InvalidFile(too_long(self.number + 1))
        self.record.append(line)
        self.number += 1
        return line

    def give_back(self) -> None:
        """Let all lines of the record but the first be read again."""
        self._again.extendleft(reversed(self.record[1:]))
        self.number -= len(self.record) - 1
        del self.record[1:]


def _header(lines: _Lines, blanks: bool) -> tuple[str, tuple[str, ...]]:
    """The delimiter and the column names; reads past blank lines before them."""
    csv.field_size_limit(_LONGEST_CELL)
    first = next((line for line in lines if line.strip("\ufeff \t\r\n")), None)
    if first is None:
        raise InvalidFile("it is empty; a header line with column names is expected")
    delimiter = max(_DELIMITERS, key=first.count)
    told = _TOLD.fullmatch(first)
    if told:  # as Excel has it, above the header
        delimiter = told[1]
        first = next((line for line in lines if line.strip()), "")
    try:
        names = next(csv.reader(_from(first.lstrip("\ufeff"), lines), delimiter=delimiter))
    except csv.Error as error:
        raise InvalidFile(f"the header in line {lines.number} cannot be read: {error}") from error
    names = [" ".join(name.split()) for name in names]
    if not blanks:  # spreadsheets leave empty columns behind
        del names[named(names) :]
    return delimiter, tuple(names)


def _from(first: str, lines: _Lines) -> Iterator[str]:
    yield first
    yield from lines


def _rows(path: Path, encoding: str, blanks: bool) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file)
        delimiter, header = _header(lines, blanks)
        yield from _carefully(lines, delimiter, header, encoding, blanks)


def _lists(path: Path, encoding: str) -> Iterator[list[str] | Row]:
    """All rows, blank ones too: bare lists up to a block of lines with anything odd in it."""
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file)
        delimiter, header = _header(lines, blanks=True)
        number, width = lines.number, {len(header)}
        ends = iter(partial(file.readline, LONGEST_LINE + 1), "")
        while True:
            try:
                block = list(islice(ends, _BLOCK))
                if max(map(len, block), default=0) > LONGEST_LINE:
                    break
                cells = list(csv.reader(block, delimiter=delimiter, strict=True))
            except UnicodeError as error:
                raise _not_in(encoding, number + 1, error) from error
            except csv.Error:
                break
            if not block:
                return
            if set(map(len, cells)) != width:
                break
            yield from cells
            number += len(block)
        rest = _Lines(file, block, number)
        yield from _carefully(rest, delimiter, header, encoding, blanks=True)


def _carefully(
    lines: _Lines, delimiter: str, header: tuple[str, ...], encoding: str, blanks: bool
) -> Iterator[Row]:
    """The rows of `lines`, each by itself, so that what is broken is that row's own."""
    columns, needed = told_apart(header), named(header)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    broken = 0  # up to this line a broken quote may have misled the reader
    while True:
        lines.record.clear()
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except UnicodeError as error:
            raise _not_in(encoding, line, error) from error
        except csv.Error:
            broken = max(broken, lines.number)
            lines.give_back()
            yield Row(line, {"": _text(lines.record)}, fault=_QUOTE)
            continue
        if line <= broken and _doubtful(cells, columns):
            yield Row(line, {"": _text(lines.record)}, fault=_AFTER_QUOTE)
        elif any(map(str.strip, cells)) or (blanks and len(cells) >= min(2, len(columns))):
            yield _row(line, cells, columns, needed)


def _not_in(encoding: str, line: int, error: UnicodeError) -> InvalidFile:
    return InvalidFile(f"line {line} or one soon after it is not {encoding}: {error}")


_QUOTE = (
    "a quoted cell of it is never closed, or goes on after its closing quote; "
    "close it, and double the quotes inside it"
)
_AFTER_QUOTE = "it follows a line with a broken quote and may be a part of it"


def _doubtful(cells: list[str], columns: tuple[str, ...]) -> bool:
    """Whether it may be the rest of a broken cell rather than a row of its own."""
    return len(cells) != len(columns) or any('"' in cell for cell in cells)


def _text(record: list[str]) -> str:
    return "".join(record).rstrip("\r\n")


def _row(line: int, cells: list[str], columns: tuple[str, ...], needed: int) -> Row:
    """The row; it has to have about as many cells as there are columns up to the last named one."""
    found: Cells = dict(zip(columns, cells, strict=False))
    extra, lacking = cells[len(columns) :], needed - len(cells)
    if any(extra):
        found |= {f"+{number}": cell for number, cell in enumerate(extra, start=1)}
        fault = f"it has {len(cells)} cells and the header {len(columns)}; is a delimiter unquoted?"
        return Row(line, found, fault=fault)
    if lacking > needed // 2:
        fault = f"it has only {len(cells)} of {len(columns)} cells; is the line cut off?"
        return Row(line, found, fault=fault)
    if lacking > 0:
        remark = f"it has {len(cells)} of {len(columns)} cells; the others are taken as empty"
        return Row(line, found, remark=remark)
    return Row(line, found)
