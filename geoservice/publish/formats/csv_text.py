"""CSV (RFC 4180): UTF-8 with a byte order mark, so that Excel takes it for what it is.

Texts stand as they are, also those that a spreadsheet would compute («=1+1», «-5»): the file is
data, read back by programs, and an apostrophe before them would change it. For spreadsheets there
is XLSX, in which a text is never a formula. Null and the empty text are both an empty field.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import UTC, date, datetime
from typing import Any

from geoservice.catalog.layer import AttributeType
from geoservice.publish.formats.places import place_columns, place_names
from geoservice.publish.formats.table import Column, Rows, Table, closing_rows


async def encode(table: Table, rows: Rows) -> AsyncGenerator[bytes, None]:
    """The file, a piece for each batch of rows."""
    yield b"\xef\xbb\xbf" + _lines([(*table.names, *place_names(table))])
    async with aclosing(closing_rows(rows)) as batches:
        async for batch in batches:
            if batch:
                yield await asyncio.to_thread(_written, table, batch)


def _written(table: Table, batch: Sequence[tuple[object, ...]]) -> bytes:
    columns = table.columns(batch)
    written = [
        _WRITERS[kind](column) if kind in _WRITERS else column
        for kind, column in zip(table.types, columns, strict=False)
    ]
    if table.geometry:
        written += place_columns(table, columns[-1])
    return _lines(zip(*written, strict=True))


def _lines(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _booleans(column: Column) -> list[str | None]:
    return [None if cell is None else "true" if cell else "false" for cell in column]


def _dates(column: Column) -> list[str | None]:
    return [cell.isoformat() if isinstance(cell, date) else None for cell in column]


def _times(column: Column) -> list[str | None]:
    return [
        cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
        if isinstance(cell, datetime)
        else None
        for cell in column
    ]


_WRITERS: dict[AttributeType, Callable[[Column], list[str | None]]] = {
    "boolean": _booleans,
    "date": _dates,
    "date-time": _times,
}
