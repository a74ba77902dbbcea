"""XLSX: one sheet, right to left, its header frozen; texts are never formulas."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

from geoservice.errors import InvalidValue
from geoservice.publish.formats.format import FORMATS
from geoservice.publish.formats.sheet import FOOT, HEADING, cell, head, letters, row, text_cell
from geoservice.publish.formats.sink import Sink
from geoservice.publish.formats.workbook import ROWS_PART, one_sheet
from geoservice.publish.rowfiles.shape import Cells, Shape

_MOST_ROWS = FORMATS["xlsx"].most or 0  # of a sheet, below the header
_WIDEST = 40  # characters of a column
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the same rows make the same bytes, whenever it is


def xlsx_part(shape: Shape, first: int, rows: Sequence[Cells]) -> bytes:
    """The rows as SpreadsheetML; `first` is the number of the first of them, from 0.

    InvalidValue for more rows than a sheet holds.
    """
    if first + len(rows) > _MOST_ROWS:
        raise InvalidValue(
            first + len(rows),
            f"a sheet of XLSX holds {_MOST_ROWS:,} rows and these are more; "
            "ask for csv or gpkg, which hold any number",
        )
    columns = [letters(place) for place in range(len(shape.columns))]
    return "".join(
        row(
            number,
            [cell(f"{at}{number}", v) for at, v in zip(columns, cells, strict=True)],
        )
        for number, cells in enumerate(rows, first + 2)
    ).encode()


class Workbook:
    """An archive in the making; the sheet of the rows is its last part."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._sink = Sink()
        self._archive = zipfile.ZipFile(self._sink, "w")
        for name, text in one_sheet(shape.title).items():
            with self._archive.open(_entry(name), "w") as part:
                part.write(text.encode())
        self._sheet = self._archive.open(_entry(ROWS_PART), "w", force_zip64=True)

    def head(self) -> bytes:
        """What stands before the rows."""
        names = self._shape.header
        widths = [min(max(len(name) + 4, 12), _WIDEST) for name in names]
        first = [text_cell(f"{letters(at)}1", name, HEADING) for at, name in enumerate(names)]
        return self.add((head(widths, selected=True) + row(1, first)).encode())

    def add(self, part: bytes) -> bytes:
        """What a part adds to the file, as far as it is packed."""
        self._sheet.write(part)
        return self._sink.take()

    def tail(self) -> bytes:
        """What stands behind the rows."""
        self._sheet.write(FOOT.encode())
        self._sheet.close()
        self._archive.close()
        return self._sink.take()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _BEGINNING)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = 1  # type: ignore[attr-defined]  # three times as quick as 6
    return entry
