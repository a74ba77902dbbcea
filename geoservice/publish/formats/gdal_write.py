"""A process of its own: an Arrow stream on standard input becomes a file that GDAL writes.

Its one argument is a JSON object: `path`, `driver`, `layer`, `geometry_name`, `geometry_type`,
`crs`, `options` of the layer, and for a GeoPackage `file_options` and `columns`, the words on its
columns.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

# pyogrio looks for these at import, though it writes Arrow without them: a second for nothing.
for _name in ("geopandas", "pandas", "pyproj", "shapely"):
    sys.modules.setdefault(_name, None)  # type: ignore[arg-type]

import pyarrow as pa  # noqa: E402
import pyogrio.raw  # noqa: E402
from pyogrio.core import read_info  # noqa: E402
from pyogrio.errors import DataLayerError  # noqa: E402

from geoservice.publish.formats.fgb_header import has_false_extent, set_extent  # noqa: E402

# What the driver says when it meets a feature that an index has no place for.
_NO_PLACE = "NULL geometry not supported with spatial index"


def main() -> None:
    """Read standard input to its end, write the file."""
    asked = json.loads(sys.argv[1])
    rows = pa.ipc.open_stream(sys.stdin.buffer)
    if asked["driver"] == "FlatGeobuf":
        _write_flatgeobuf(asked, rows)
    else:
        # The file is made for one reader and thrown away if it is not finished.
        pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "OFF"})
        _write(asked, rows)
        with closing(sqlite3.connect(asked["path"])) as connection, connection:
            _describe_columns(connection, asked["layer"], asked["columns"])


def _write(asked: dict[str, Any], rows: Any, **options: str) -> None:
    pyogrio.raw.write_arrow(
        rows,
        asked["path"],
        layer=asked["layer"],
        driver=asked["driver"],
        geometry_name=asked["geometry_name"],
        geometry_type=asked["geometry_type"],
        crs=asked["crs"],
        layer_options=asked["options"] | options,
        dataset_options=asked.get("file_options", {}),
    )


def _write_flatgeobuf(asked: dict[str, Any], rows: Any) -> None:
    """With a spatial index; without, once a feature comes that has no place in one.

    What came before that feature is kept on the side, to be written again.
    """
    here = str(Path(asked["path"]).parent)
    with tempfile.TemporaryFile(dir=here) as kept:
        with pa.ipc.new_stream(kept, rows.schema) as copy:
            try:
                _write(asked, _reader(rows, _copied(rows, copy)), TEMPORARY_DIR=here)
            except DataLayerError as error:
                if _NO_PLACE not in str(error):
                    raise
            else:
                return
        Path(asked["path"]).unlink(missing_ok=True)
        _write(asked, _reader(rows, _both(kept, rows)), SPATIAL_INDEX="NO")
        _put_extent_right(Path(asked["path"]))


def _put_extent_right(path: Path) -> None:
    if has_false_extent(path):
        set_extent(path, read_info(path, force_total_bounds=True)["total_bounds"])


def _reader(rows: Any, batches: Iterator[Any]) -> Any:
    return pa.RecordBatchReader.from_batches(rows.schema, batches)


def _copied(rows: Any, copy: Any) -> Iterator[Any]:
    for batch in rows:
        copy.write_batch(batch)
        yield batch


def _both(kept: IO[bytes], rows: Any) -> Iterator[Any]:
    kept.seek(0)
    yield from pa.ipc.open_stream(kept)
    yield from rows


def _describe_columns(
    connection: sqlite3.Connection, layer: str, columns: list[tuple[str, str, str, str]]
) -> None:
    """Words on each column, as GeoPackage's extension for schemas keeps them: name of the column,
    a name for people (unique in the layer), title, description.
    """
    connection.execute(
        """CREATE TABLE IF NOT EXISTS gpkg_data_columns (
            table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
            description TEXT, mime_type TEXT, constraint_name TEXT,
            CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
            CONSTRAINT gdc_tn UNIQUE (table_name, name))"""
    )
    connection.execute(
        """CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
            constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT,
            min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN,
            description TEXT,
            CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))"""
    )
    connection.execute(
        """CREATE TABLE IF NOT EXISTS gpkg_extensions (
            table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
            definition TEXT NOT NULL, scope TEXT NOT NULL,
            CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))"""
    )
    connection.executemany(
        """INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description)
        VALUES (?, ?, ?, ?, ?)""",
        [(layer, *column) for column in columns],
    )
    connection.executemany(
        """INSERT INTO gpkg_extensions
            (table_name, column_name, extension_name, definition, scope)
        VALUES (?, NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema',
            'read-write')""",
        [("gpkg_data_columns",), ("gpkg_data_column_constraints",)],
    )


if __name__ == "__main__":
    main()
