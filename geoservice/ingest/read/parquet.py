"""Parquet and GeoParquet, in batches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pyarrow import parquet
from pyarrow.lib import ArrowException

from geoservice.errors import InvalidFile
from geoservice.ingest.read.rows import Row, Table

_BATCH = 2_000


def read_parquet(path: Path) -> Table:
    """Open a Parquet file; a GeoParquet one brings its primary geometry and CRS."""
    try:
        with parquet.ParquetFile(path) as file:
            names = list(file.schema_arrow.names)
            total = file.metadata.num_rows
            described = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
    except (ArrowException, OSError, ValueError) as error:
        raise InvalidFile(f"it cannot be read as Parquet: {error}") from error
    if total == 0:
        raise InvalidFile("it is empty: it has no rows")
    geometry = described.get("primary_column")
    return Table(
        columns=tuple(name for name in names if name != geometry),
        rows=lambda: _rows(path, geometry),
        crs=_crs(described, geometry),
        has_geometry=geometry is not None,
        total=total,
    )


def _crs(described: dict[str, dict[str, dict[str, object]]], geometry: str | None) -> str | None:
    if geometry is None:
        return None
    column = described["columns"][geometry]
    if column.get("encoding") != "WKB":
        raise InvalidFile(f"its geometry is encoded as {column.get('encoding')}; WKB is expected")
    crs = column.get("crs", "OGC:CRS84")  # GeoParquet's default
    return crs if crs is None or isinstance(crs, str) else json.dumps(crs)


def _rows(path: Path, geometry: str | None) -> Iterator[Row]:
    line = 0
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_BATCH):
                for cells in batch.to_pylist():
                    line += 1
                    wkb = cells.pop(geometry, None) if geometry else None
                    yield Row(line, cells, geometry=wkb)
    except (ArrowException, OSError, UnicodeDecodeError) as error:
        raise InvalidFile(f"reading stopped after row {line}: {error}") from error
