"""The file formats by the value of `f` that asks for them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from geoservice.publish.formats import csv_text, flatgeobuf, geopackage, geoparquet, xlsx
from geoservice.publish.formats.table import Rows, Table


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    `compressible`: whether a content coding makes the file much smaller: CSV, and of FlatGeobuf
    and GeoPackage it leaves two fifths or less; the others are packed inside. `most`: how many rows
    a file can hold, None for any number.
    """

    id: str
    media_type: str
    extension: str
    compressible: bool
    encode: Callable[[Table, Rows], AsyncGenerator[bytes, None]]
    most: int | None = None


FORMATS: dict[str, Format] = {
    made.id: made
    for made in (
        Format("csv", "text/csv; charset=utf-8; header=present", "csv", True, csv_text.encode),
        Format(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
            False,
            xlsx.encode,
            xlsx.MOST_ROWS,
        ),
        Format("fgb", "application/vnd.flatgeobuf", "fgb", True, flatgeobuf.encode),
        Format("gpkg", "application/geopackage+sqlite3", "gpkg", True, geopackage.encode),
        Format("parquet", "application/vnd.apache.parquet", "parquet", False, geoparquet.encode),
    )
}
