"""The formats of files of rows: how their parts are made, each by itself, and joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from geoservice.errors import GeoserviceError
from geoservice.publish.rowfiles import text
from geoservice.publish.rowfiles.shape import Cells, Shape

Part = Callable[[Shape, int, Sequence[Cells], pa.Table], bytes]


class Joined(Protocol):
    """A file in the making, written forwards."""

    def head(self) -> bytes:
        """What stands before the rows."""

    def add(self, part: bytes) -> bytes:
        """What a part adds to the file."""

    def tail(self) -> bytes:
        """What stands behind the rows."""


@dataclass(frozen=True, slots=True)
class RowFile:
    """A format. `part` makes what rows, from a number on, come to, each with its row of a table
    behind its own cells; `write` a file of all parts.
    """

    part: Part
    write: Callable[[Shape, Iterable[bytes], Path], None]
    joined: Callable[[Shape], Joined] | None = None

    def begun(self, shape: Shape) -> Joined:
        """A file that is sent while it is made. GeoserviceError where the format has none."""
        if self.joined is None:
            raise GeoserviceError("this format is only written as a whole")
        return self.joined(shape)


def _of_rows(part: Callable[[Shape, int, Sequence[Cells]], bytes]) -> Part:
    """Of a format that goes row by row."""

    def call(shape: Shape, first: int, given: Sequence[Cells], added: pa.Table) -> bytes:
        columns = (column.to_pylist() for column in added.columns)
        rows = [(*row, *more) for row, *more in zip(given, *columns, strict=True)]
        return part(shape, first, rows)

    return call


def _forwards(part: Part, joined: Callable[[Shape], Joined]) -> RowFile:
    def write(shape: Shape, parts: Iterable[bytes], path: Path) -> None:
        made = joined(shape)
        with path.open("wb") as file:
            file.write(made.head())
            for each in parts:
                file.write(made.add(each))
            file.write(made.tail())

    return RowFile(part, write, joined)


def _later(module: str, name: str) -> Callable[..., Any]:
    """The function of that name, whose module is imported when it is first called: who writes CSV
    would wait for GDAL.
    """

    def call(*arguments: Any) -> Any:
        return getattr(import_module(f"{__package__}.{module}"), name)(*arguments)

    return call


ROW_FILES = {
    "csv": _forwards(text.csv_part, text.csv_file),
    "xlsx": _forwards(_of_rows(_later("workbook", "xlsx_part")), _later("workbook", "Workbook")),
    "gpkg": RowFile(
        _of_rows(_later("geopackage", "gpkg_part")), _later("geopackage", "write_gpkg")
    ),
    "geojson": _forwards(_of_rows(text.geojson_part), text.geojson_file),
    "ndjson": _forwards(_of_rows(text.ndjson_part), text.ndjson_file),
}
"""By the ending of the file's name."""
