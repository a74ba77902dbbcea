"""XLSX: a sheet of the rows from right to left, and one that explains the columns.

Written piece by piece: the archive is never whole, in memory or on disk. Texts are never formulas.
A whole number beyond 2^53, and a date before March 1900, which Excel does not have, are texts. A
text longer than a cell can hold is cut and ends in «…»; of a shape that long only the kind is told,
since half a shape is none.
"""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, closing

from geoservice.catalog.layer import AttributeType
from geoservice.errors import InvalidValue
from geoservice.publish.formats.format import FORMATS
from geoservice.publish.formats.places import place_columns, place_names
from geoservice.publish.formats.sheet import (
    FOOT,
    HEADING,
    MOST_CHARACTERS,
    cells,
    head,
    letters,
    row,
    text_cell,
)
from geoservice.publish.formats.sink import Sink
from geoservice.publish.formats.table import Rows, Table, closing_rows
from geoservice.publish.formats.workbook import ROWS_PART, headings, parts

MOST_ROWS = FORMATS["xlsx"].most or 0  # of a sheet, below the header

_WIDEST = 40  # characters of a column


async def encode(table: Table, rows: Rows) -> AsyncGenerator[bytes, None]:
    """The file, a piece for each batch of rows. InvalidValue for more than `MOST_ROWS`."""
    loop = asyncio.get_running_loop()
    # Left in the opposite order: the archive is closed when the thread has let go of it.
    with closing(_Book(table)) as book, ThreadPoolExecutor(1, "xlsx") as thread:
        yield book.take()
        async with aclosing(closing_rows(rows)) as batches:
            async for batch in batches:
                if batch and (piece := await loop.run_in_executor(thread, book.add, batch)):
                    yield piece
        yield await loop.run_in_executor(thread, book.finish)


class _Book:
    """An archive in the making; the sheet of the rows is its last part."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._sink = Sink()
        # Level 1: three times as quick as 6, for a file a tenth larger.
        self._archive = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        for name, text in parts(table).items():
            self._archive.writestr(name, text.encode())
        self._sheet = self._archive.open(ROWS_PART, "w")
        titles = headings(table)
        widths = [min(max(len(title) + 4, 12), _WIDEST) for title in titles]
        first = [text_cell(f"{letters(at)}1", title, HEADING) for at, title in enumerate(titles)]
        self._sheet.write((head(widths, selected=True) + row(1, first)).encode())
        self._rows = 0

    def take(self) -> bytes:
        """The bytes that are ready."""
        return self._sink.take()

    def add(self, batch: Sequence[tuple[object, ...]]) -> bytes:
        """Take the rows; the bytes that are ready."""
        table = self._table
        first = self._rows + 2
        self._rows += len(batch)
        if self._rows > MOST_ROWS:
            raise InvalidValue(
                self._rows,
                f"a sheet of XLSX holds {MOST_ROWS:,} rows and these are more; "
                "ask for fewer, or for csv or gpkg, which hold any number",
            )
        columns = table.columns(batch)
        kinds: list[AttributeType] = list(table.types)
        if table.geometry:
            places = place_columns(table, columns.pop())
            kinds += ["number"] * 2 if len(place_names(table)) == 2 else ["string"]
            columns += places if len(places) == 2 else [[_shape(text) for text in places[0]]]
        written = [
            cells(kind, column, place, first)
            for place, (kind, column) in enumerate(zip(kinds, columns, strict=True))
        ]
        numbered = enumerate(zip(*written, strict=True), first)
        self._sheet.write("".join(row(number, parts) for number, parts in numbered).encode())
        return self.take()

    def finish(self) -> bytes:
        """The rest of the file."""
        self._sheet.write(FOOT.encode())
        self.close()
        return self.take()

    def close(self) -> None:
        """Write nothing more."""
        self._sheet.close()
        self._archive.close()


def _shape(text: str | None) -> str | None:
    if text is None or len(text) <= MOST_CHARACTERS:
        return text
    return f"{text[: text.index('(')].strip()} (… {len(text):,} characters)"
