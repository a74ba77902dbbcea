"""Batches of rows as Arrow record batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from pyarrow import compute

from geoservice.catalog.layer import AttributeType
from geoservice.publish.formats.table import Table
from geoservice.publish.formats.wkb import fitted, flat

_TYPES: dict[AttributeType, Any] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "date-time": pa.timestamp("us", "UTC"),
}
_MILLISECONDS = pa.timestamp("ms", "UTC")


def schema(table: Table, names: Sequence[str], geometry: str, *, milliseconds: bool) -> Any:
    """The Arrow schema with the attributes as `names` and the geometry as WKB.

    `milliseconds`: date-times no finer than that, and before 1970 no finer than seconds, as GDAL
    wants them.
    """
    fields = [
        pa.field(name, _type(kind, milliseconds))
        for name, kind in zip(names, table.types, strict=True)
    ]
    if table.geometry:
        wkb = {"ARROW:extension:name": "geoarrow.wkb"}
        fields.append(pa.field(geometry, pa.binary(), metadata=wkb))
    return pa.schema(fields)


def record_batch(
    table: Table, shape: Any, batch: Sequence[tuple[object, ...]], *, flattened: bool = False
) -> Any:
    """The rows as a record batch of that schema; geometries as the layer declares them,
    `flattened` to two dimensions.
    """
    columns = table.columns(batch)
    if table.geometry:
        columns[-1] = fitted(columns[-1], table.layer.geometry.type)
        if flattened:
            columns[-1] = flat(columns[-1])
    return pa.record_batch(
        [_array(column, kind) for column, kind in zip(columns, shape.types, strict=True)],
        schema=shape,
    )


def _type(kind: AttributeType, milliseconds: bool) -> Any:
    return _MILLISECONDS if milliseconds and kind == "date-time" else _TYPES[kind]


def _array(column: Sequence[object], kind: Any) -> Any:
    if kind != _MILLISECONDS:
        return pa.array(column, type=kind)
    # The finer digits are cut, not rounded: 23:59:59.9996 stays in its year.
    exact = pa.array(column, type=_TYPES["date-time"])
    cut = compute.floor_temporal(exact, unit="millisecond")
    # Not made when this module is imported: a scalar looks for pandas, half a second of the start.
    early = compute.less(exact, pa.scalar(0, exact.type))
    if compute.any(early).as_py():
        # Before 1970, GDAL takes 06:59.123 for 07:00: it gets whole seconds there.
        cut = compute.if_else(early, compute.floor_temporal(exact, unit="second"), cut)
    return cut.cast(kind)
