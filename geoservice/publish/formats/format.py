"""The file formats by the value of `f` that asks for them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from importlib import import_module

from geoservice.publish.formats.table import Rows, Table


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    `compressible`: whether a content coding makes the file much smaller: CSV, and of FlatGeobuf
    and GeoPackage it leaves two fifths or less; the others are packed inside. `most`: how many rows
    a file can hold, None for any number.
    """

    id: str
    module: str
    media_type: str
    extension: str
    compressible: bool
    most: int | None = None

    def encode(self, table: Table, rows: Rows) -> AsyncGenerator[bytes, None]:
        """The file, in pieces.

        Its module is imported when first asked for: with Arrow and GDAL a third of a second, which
        a start of the service would wait for.
        """
        made: AsyncGenerator[bytes, None] = import_module(f"{__package__}.{self.module}").encode(
            table, rows
        )
        return made


FORMATS: dict[str, Format] = {
    made.id: made
    for made in (
        Format("csv", "csv_text", "text/csv; charset=utf-8; header=present", "csv", True),
        Format(
            "xlsx",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
            False,
            1_048_575,
        ),
        Format("fgb", "flatgeobuf", "application/vnd.flatgeobuf", "fgb", True),
        Format("gpkg", "geopackage", "application/geopackage+sqlite3", "gpkg", True),
        Format("parquet", "geoparquet", "application/vnd.apache.parquet", "parquet", False),
    )
}
