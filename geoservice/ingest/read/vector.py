"""Everything GDAL reads (GeoPackage, GeoJSON, Shapefile, FlatGeobuf, …), as streamed batches."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyogrio
from pyarrow.lib import ArrowException
from pyogrio.errors import DataLayerError, DataSourceError

from geoservice.errors import InvalidFile
from geoservice.ingest.read.encoding import detect_encoding
from geoservice.ingest.read.rows import Row, Table

_BATCH = 2_000


def read_vector(path: str, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """Open a vector file, a /vsi path or a URL; `layer` must be named if it has several.

    A Shapefile without a .cpg is read in `encoding`, or in the one its .dbf looks like.
    """
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        return _open(path, layer, encoding, said)


def _open(
    path: str, layer: str | None, encoding: str | None, said: list[warnings.WarningMessage]
) -> Table:
    layers = _layers(path)
    if layer is None and len(layers) > 1:
        raise InvalidFile(f"it has several layers, name one with --layer: {', '.join(layers)}")
    if layer is not None and layer not in layers:
        raise InvalidFile(f"it has no layer «{layer}»; there are: {', '.join(layers)}")
    shapefile = Path(path).suffix.lower() == ".shp"
    if shapefile:
        encoding = encoding or _shapefile_encoding(Path(path))
    try:
        information = pyogrio.read_info(path, layer=layer, encoding=encoding)
    except (DataSourceError, DataLayerError, LookupError, ValueError) as error:
        raise InvalidFile(f"it cannot be read: {error}") from error
    total = information["features"]
    if total == 0:
        raise InvalidFile("it is empty: the layer has no features")
    return Table(
        columns=tuple(information["fields"]),
        # A Shapefile counts its deleted rows too.
        rows=lambda: _rows(path, layer, encoding, promised=0 if shapefile else total),
        crs=information["crs"],
        has_geometry=information["geometry_type"] is not None,
        total=total if total > 0 else None,
        notes=tuple(dict.fromkeys(str(warning.message) for warning in said)),
    )


def _layers(path: str) -> list[str]:
    try:
        return [str(name) for name, _ in pyogrio.list_layers(path)]
    except DataSourceError as error:
        said = str(error).partition("; It might help")[0]  # of drivers' prefixes, not of ours
        raise InvalidFile(f"it is not a file that can be read as a map layer: {said}") from error


def _shapefile_encoding(path: Path) -> str | None:
    """The encoding that its table looks like; None where a .cpg says it, which GDAL follows.

    InvalidFile where the table is shorter than its header says: GDAL would give empty cells.
    """
    table = path.with_suffix(".dbf")
    if not table.exists():
        return None
    with table.open("rb") as file:
        _, rows, header, width = struct.unpack("<4sIHH", file.read(12).ljust(12, b"\0"))
    if table.stat().st_size < header + rows * width:
        raise InvalidFile(f"{table.name} is cut off: it should hold {rows:,} rows")
    if path.with_suffix(".cpg").exists():
        return None
    return detect_encoding(table, start=header)


def _rows(path: str, layer: str | None, encoding: str | None, *, promised: int) -> Iterator[Row]:
    line = 0
    try:
        with pyogrio.open_arrow(
            path, layer=layer, encoding=encoding, batch_size=_BATCH, use_pyarrow=True
        ) as (information, reader):
            geometry = information["geometry_name"] or "wkb_geometry"
            for batch in reader:
                for cells in batch.to_pylist():
                    line += 1
                    wkb: Any = cells.pop(geometry, None)
                    yield Row(line, cells, geometry=wkb)
    except (DataSourceError, DataLayerError, ArrowException, OSError) as error:
        raise InvalidFile(f"reading stopped after feature {line}: {error}") from error
    except UnicodeDecodeError as error:
        raise InvalidFile(
            f"the text of feature {line + 1} or one soon after is not in the encoding that the "
            "file names; give the right one, windows-1256, say",
            "encoding",
        ) from error
    if line < promised:
        raise InvalidFile(f"it says it has {promised:,} features and gave {line:,}; is it cut off?")
