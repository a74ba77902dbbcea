"""NDJSON: one JSON object a line, its members are the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Never

from geoservice.errors import InvalidFile
from geoservice.ingest.read.rows import LONGEST_LINE, Row, Table, too_long

MOST_COLUMNS = 1_000


def read_ndjson(path: Path) -> Table:
    """Open a file of objects; its columns are all their members, in the order they are met.

    A line that is no object is a row with a fault. Raises InvalidFile where it is not UTF-8, no
    line is an object, or members have over a thousand names.
    """
    columns: dict[str, None] = {}
    total = objects = 0
    try:
        for _, line in _lines(path):
            total += 1
            document = _document(line)
            if isinstance(document, dict):
                objects += 1
                columns.update(dict.fromkeys(document))
            if len(columns) > MOST_COLUMNS:
                raise InvalidFile(f"its members have over {MOST_COLUMNS:,} different names")
    except OSError as error:
        raise InvalidFile(f"it cannot be read: {error.strerror or error}") from error
    if not objects:
        raise InvalidFile("no line of it is a JSON object" if total else "it is empty")
    names = tuple(columns)
    return Table(columns=names, rows=lambda: _rows(path, names), total=total)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    for number, line in _lines(path):
        document = _document(line)
        if isinstance(document, dict):
            yield Row(number, {column: document.get(column) for column in columns})
        else:
            yield Row(number, {"": line}, fault=f"a JSON object is expected; {document}")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines with something in them, and their numbers."""
    with path.open("rb") as file:
        for number in count(1):
            raw = file.readline(LONGEST_LINE + 1)
            if not raw:
                return
            if len(raw) > LONGEST_LINE:
                raise InvalidFile(too_long(number))
            try:
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeDecodeError as error:
                raise InvalidFile(f"line {number} is not UTF-8: {error.reason}") from error
            if line:
                yield number, line


def _document(line: str) -> dict[str, Any] | str:
    """The object; or what is wrong with it."""
    try:
        document = json.loads(line, parse_constant=_no_number)
    except RecursionError:
        return "it is nested too deeply"
    except ValueError as error:
        return f"it is not JSON: {error}"
    return document if isinstance(document, dict) else "it is JSON of another kind"


def _no_number(text: str) -> Never:
    raise ValueError(f"{text} is no number")
