"""GeoPackage: one layer of points with a spatial index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import pyogrio.raw
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geoservice.errors import GeoserviceError
from geoservice.publish.formats.table import distinct, free_name
from geoservice.publish.rowfiles.shape import LAYER, Cells, Shape, plain

# The same rows make the same bytes, whenever it is.
_BEGINNING = "2000-01-01T00:00:00.000Z"
_TYPES = {"string": pa.string(), "number": pa.float64()}


def gpkg_part(shape: Shape, first: int, rows: Sequence[Cells]) -> bytes:
    """The rows as an Arrow stream with their points as WKB; columns that came in are texts."""
    columns = list(zip(*rows, strict=True)) or [()] * len(shape.columns)
    lon, lat = (np.array(columns[at], dtype=float) for at in (shape.lon, shape.lat))
    points = shapely.points(lon, lat)
    points[np.isnan(lon)] = None
    arrays = [
        pa.array(map(_text, column) if kind == "string" else column, _TYPES[kind])
        for column, kind in zip(columns, shape.types, strict=True)
    ]
    arrays.append(pa.array(shapely.to_wkb(points, flavor="iso"), pa.binary()))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, _schema(shape)) as stream:
        stream.write_batch(pa.record_batch(arrays, schema=_schema(shape)))
    made: bytes = sink.getvalue().to_pybytes()
    return made


def write_gpkg(shape: Shape, parts: Iterable[bytes], path: Path) -> None:
    """Write the file of such parts; one that is there keeps its other layers.

    GeoserviceError where GDAL does not.
    """
    names = distinct(shape.columns)
    kept = {name: pyogrio.get_gdal_config_option(name) for name in ("OGR_CURRENT_DATE",)}
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _BEGINNING})
    schema = _schema(shape)
    try:
        pyogrio.raw.write_arrow(
            pa.RecordBatchReader.from_batches(schema, _batches(parts)),
            str(path),
            layer=LAYER,
            driver="GPKG",
            geometry_name=schema.names[-1],
            geometry_type="Point",
            crs="EPSG:4326",
            layer_options={
                "FID": free_name("fid", (*names, schema.names[-1])),
                "GEOMETRY_NAME": schema.names[-1],
                "IDENTIFIER": shape.title,
            },
            # Of newer versions GDAL before 3.7, and with it QGIS of Debian 12, warns the user.
            dataset_options={"VERSION": "1.2"},
        )
    except (DataLayerError, DataSourceError) as error:
        raise GeoserviceError(f"{path}: GDAL did not write it: {error}") from error
    finally:
        pyogrio.set_gdal_config_options(kept)


def _batches(parts: Iterable[bytes]) -> Iterator[Any]:
    for part in parts:
        yield from pa.ipc.open_stream(part)


def _schema(shape: Shape) -> Any:
    names = distinct(shape.columns)
    fields = [pa.field(n, _TYPES[kind]) for n, kind in zip(names, shape.types, strict=True)]
    wkb = {"ARROW:extension:name": "geoarrow.wkb"}
    return pa.schema([*fields, pa.field(free_name("geom", names), pa.binary(), metadata=wkb)])


def _text(cell: Any) -> str | None:
    cell = plain(cell)
    return None if cell is None else str(cell).replace("\x00", "\ufffd")  # GDAL ends texts there
