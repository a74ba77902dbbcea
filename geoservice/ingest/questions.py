"""Files of addresses to be geocoded: any columns, of which some ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from geoservice.errors import InvalidFile
from geoservice.ingest.kind import Field, Kind, kinds, recognise
from geoservice.ingest.read.ndjson import MOST_COLUMNS, read_ndjson
from geoservice.ingest.read.open import is_remote, open_table
from geoservice.ingest.read.rows import Row, Table
from geoservice.model import Language, Title
from geoservice.persian.numbers import persian_digits

_NDJSON = (".ndjson", ".jsonl")
READ = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", *_NDJSON)
"""Endings of the names of files that are read."""

Cells = tuple[Any, ...]

_TEXT = ("q", "query", "full address", "نشانی کامل", "آدرس کامل", "متن نشانی", "متن")
_LOOKED_AT = 20  # rows that may stand above the header
_SEPARATORS = re.compile(r"[,;\t|،]")
_CITY = ("city name", "نام شهر", "نام روستا", "شهر یا روستا")


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows, one behind the other: their cells in the file's columns.

    `first` is the number of the first of them, from 0; `faults` say, by place in `rows`, why a row
    cannot be read: its cells then hold what could be saved.
    """

    first: int
    rows: list[Cells]
    faults: dict[int, Title]


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A file of addresses. `asking` has the place of the column for each field that one feeds.

    `columns` are told apart; `header` has their names as written: they may be blank or repeat.
    """

    columns: tuple[str, ...]
    header: tuple[str, ...]
    asking: Mapping[str, int]
    notes: tuple[str, ...]
    table: Table

    @property
    def language(self) -> Language:
        """That of the names of most columns that ask."""
        names = [self.columns[place] for place in self.asking.values()]
        persian = sum(any("\u0600" <= c <= "\u06ff" for c in name) for name in names)
        return "fa" if 2 * persian > len(names) else "en"

    def parts(self, size: int) -> Iterator[Part]:
        """All rows, so many in each part, in bounded memory."""
        rows = self.table.lists() if self.table.lists else self.table.rows()
        first = 0
        asking = frozenset(self.columns[place] for place in self.asking.values())
        while read := list(islice(rows, size)):
            yield _part(first, read, self.columns, asking)
            first += len(read)


@cache
def questions() -> Kind:
    """What can be asked by: parts of an address, its postal code, or one line of text.

    Columns go by the names that files of addresses and of projects have for them.
    """
    addresses, projects = kinds()["addresses"].fields, kinds()["projects"].fields

    def names(field: str, *more: str) -> tuple[str, ...]:
        found = addresses[field].known_as(field)
        found += projects[field].known_as(field) if field in projects else ()
        return tuple(dict.fromkeys((*found, *more)))

    fields = {
        "text": names("text", *projects["address"].known_as("address"), *_TEXT),
        "postal_code": names("postal_code"),
        "province": names("province"),
        "county": names("county"),
        "city": ("city", *names("locality", *projects["city"].known_as("city"), *_CITY)),
        **{name: names(name) for name in ("neighbourhood", "street", "alley", "plaque", "unit")},
    }
    return Kind(
        id="questions",
        table="",
        key=(),
        fields={name: Field(type="text", names=known) for name, known in fields.items()},
    )


def open_questions(
    location: str,
    *,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> QuestionFile:
    """Open a CSV, XLSX or NDJSON file whose columns go by Persian or English names.

    `mapping` (column → field) comes first. Raises InvalidFile with what was wrong: no column that
    asks, two of one name, a wrong encoding.
    """
    if is_remote(location):
        raise InvalidFile("nothing is fetched here; save it as a file and name that")
    suffix = Path(location).suffix.lower()
    if suffix not in READ:
        raise InvalidFile(
            f"«{suffix or location}» is no ending of a file that is read here; "
            f"these are: {', '.join(READ)}"
        )
    if suffix in _NDJSON:
        table = read_ndjson(Path(location))
    else:
        table = open_table(location, encoding=encoding, layer=sheet, blanks=True)
    if len(table.columns) > MOST_COLUMNS:
        raise InvalidFile(f"it has {len(table.columns):,} columns; {MOST_COLUMNS:,} are read")
    found = recognise(questions(), table.columns, mapping or {}, {}, table.header)
    header = table.header or table.columns
    if not found.fields:
        named = "; ".join(
            f"{name} ({', '.join(field.known_as(name)[1:6])} …)"
            for name, field in questions().fields.items()
        )
        sheets = f". Other sheets of it: {', '.join(table.others)}" if table.others else ""
        raise InvalidFile(
            f"no column of it asks for a place; it has: {', '.join(header)}. "
            f"Expected is one of these at least: {named}; or say which column is one{sheets}"
            f"{_later_header(table)}",
            "map",
        )
    places = {column: place for place, column in enumerate(table.columns)}
    asking = {field: places[column] for field, column in found.fields.items()}
    return QuestionFile(table.columns, header, asking, table.notes, table)


def _later_header(table: Table) -> str:
    """A hint, where a row further down looks like a header, or none does."""
    for row in islice(table.rows(), _LOOKED_AT):
        names = _SEPARATORS.split(",".join(str(cell) for cell in row.cells.values() if cell))
        with suppress(InvalidFile):
            if recognise(questions(), names, {}, {}, names).fields:
                return (
                    f". Line {row.line} looks like its header: take out what stands above it; the "
                    "first line is taken for the names of the columns"
                )
    return ". The first line is taken for the names of the columns: does it hold them?"


def _part(
    first: int, read: list[list[str] | Row], columns: tuple[str, ...], asking: frozenset[str]
) -> Part:
    rows: list[Cells] = []
    faults: dict[int, Title] = {}
    width = len(columns)
    for place, row in enumerate(read):
        if isinstance(row, list):
            rows.append(tuple(row))
            continue
        if lacking := [column for column in row.uncomputed if column in asking]:
            faults[place] = _without_result(row.line, lacking)
        if row.fault is None and len(row.cells) == width:
            rows.append(tuple(row.cells.values()))  # in the columns' order, as readers make them
            continue
        if row.fault is not None:
            faults[place] = _told(row, columns)
        rows.append(_saved(row, columns))
    return Part(first, rows, faults)


def _without_result(line: int, columns: list[str]) -> Title:
    named = ", ".join(columns)
    return Title(
        f"سطر {persian_digits(str(line))}: حاصل فرمول «{named}» در فایل نیست؛ "
        "فایل را در اکسل باز و ذخیره کنید",
        f"line {line}: the result of the formula in «{named}» is not in the file; "
        "open it in a spreadsheet program and save it there",
    )


def _saved(row: Row, columns: tuple[str, ...]) -> Cells:
    cells = [row.cells.get(column) for column in columns]
    if "" in row.cells:  # the line as it was, where nobody can tell its cells apart
        cells[0] = row.cells[""]
    return tuple(cells)


def _told(row: Row, columns: tuple[str, ...]) -> Title:
    beyond = [str(cell) for name, cell in row.cells.items() if name.startswith("+") and cell]
    more = f"; beyond the header: {', '.join(beyond)}" if beyond and "+" not in columns else ""
    told = f"line {row.line}: {row.fault}{more}"
    return Title(f"سطر {persian_digits(str(row.line))} خواندنی نیست · {told}", told)
