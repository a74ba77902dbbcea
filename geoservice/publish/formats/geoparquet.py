"""GeoParquet 1.1: WKB in row groups that are written as they fill, zstd inside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely

from geoservice.model import JSON
from geoservice.publish.formats.arrow import record_batch, schema
from geoservice.publish.formats.sink import Sink
from geoservice.publish.formats.table import Rows, Table, closing_rows, free_name

# A row group is written when it has so many rows or bytes: it is what has to fit in memory.
_ROWS = 65_536
_BYTES = 32 << 20

_BOX = ("xmin", "ymin", "xmax", "ymax")


async def encode(table: Table, rows: Rows) -> AsyncGenerator[bytes, None]:
    """The file, a piece for each row group, the footer last."""
    file = _File(table)
    async with aclosing(closing_rows(rows)) as batches:
        async for batch in batches:
            if batch:
                piece = await asyncio.to_thread(file.add, batch)
                if piece:
                    yield piece
    yield await asyncio.to_thread(file.finish)


class _File:
    """A Parquet file in the making."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._geometry = free_name("geometry", table.names)
        self._shape = schema(table, table.names, self._geometry, milliseconds=False)
        # A point is its own box, so its column would only repeat it.
        self._boxed = table.geometry and table.layer.geometry.type != "Point"
        self._box = free_name("bbox", (*table.names, self._geometry))
        whole = self._shape
        if self._boxed:
            parts = [pa.field(name, pa.float64(), nullable=False) for name in _BOX]
            whole = whole.append(pa.field(self._box, pa.struct(parts)))
        self._whole = whole
        self._sink = Sink()
        self._writer = pq.ParquetWriter(self._sink, whole, compression="zstd")
        self._waiting: list[Any] = []
        self._rows = self._bytes = 0
        self._types: set[str] = set()
        self._bounds = np.array([np.inf, np.inf, -np.inf, -np.inf])

    def add(self, batch: Any) -> bytes:
        """Take the rows; the bytes that are ready."""
        made = record_batch(self._table, self._shape, batch)
        if self._table.geometry:
            made = self._measured(made)
        self._waiting.append(made)
        self._rows += made.num_rows
        self._bytes += made.nbytes
        if self._rows >= _ROWS or self._bytes >= _BYTES:
            self._write()
        return self._sink.take()

    def finish(self) -> bytes:
        """The rest of the file."""
        if self._waiting:
            self._write()
        if self._table.geometry:
            geo = json.dumps(self._geo(), ensure_ascii=False)
            self._writer.add_key_value_metadata({"geo": geo})
        self._writer.close()
        return self._sink.take()

    def _write(self) -> None:
        group = pa.Table.from_batches(self._waiting, schema=self._whole)
        self._writer.write_table(group, row_group_size=max(group.num_rows, 1))
        self._waiting.clear()
        self._rows = self._bytes = 0

    def _measured(self, made: Any) -> Any:
        """The batch, with the boxes of its geometries if they are written; notes what it holds."""
        shapes = shapely.from_wkb(made.column(made.num_columns - 1).to_numpy(zero_copy_only=False))
        bounds = shapely.bounds(shapes)
        there = ~np.isnan(bounds[:, 0])
        if there.any():
            low, high = bounds[there].min(axis=0), bounds[there].max(axis=0)
            self._bounds[:2] = np.minimum(self._bounds[:2], low[:2])
            self._bounds[2:] = np.maximum(self._bounds[2:], high[2:])
        kinds, deep = shapely.get_type_id(shapes), shapely.has_z(shapes)
        for kind in np.unique(kinds[kinds >= 0]).tolist():
            for z in np.unique(deep[kinds == kind]).tolist():
                self._types.add(_TYPES[kind] + (" Z" if z else ""))
        if not self._boxed:
            return made
        parts = [pa.array(bounds[:, place]) for place in range(4)]
        fields = list(self._whole.field(self._box).type)
        boxes = pa.StructArray.from_arrays(parts, fields=fields, mask=pa.array(~there))
        return pa.record_batch([*made.columns, boxes], schema=self._whole)

    def _geo(self) -> JSON:
        """The metadata that make the file GeoParquet; without `crs` it is CRS84."""
        column: JSON = {"encoding": "WKB", "geometry_types": sorted(self._types)}
        if self._table.crs.srid != 4326:
            column["crs"] = pyproj.CRS.from_epsg(self._table.crs.srid).to_json_dict()
        if np.isfinite(self._bounds).all():
            column["bbox"] = self._bounds.tolist()
        if self._boxed:
            column["covering"] = {"bbox": {name: [self._box, name] for name in _BOX}}
        return {
            "version": "1.1.0",
            "primary_column": self._geometry,
            "columns": {self._geometry: column},
        }


_TYPES = (
    *("Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString"),
    *("MultiPolygon", "GeometryCollection"),
)
