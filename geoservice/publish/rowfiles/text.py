"""CSV, NDJSON and GeoJSON: files whose parts are only set one behind the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyarrow import csv

from geoservice.publish.rowfiles.shape import Cells, Shape, plain

_PLAIN = {str, type(None)}
_DIALECT = csv.WriteOptions(include_header=False, quoting_style="needed", eol="\r\n")
_DECIMALS = 7  # of a degree: a centimetre


@dataclass(slots=True)
class Text:
    """A file in the making: a head, parts with something between them, a tail."""

    begin: bytes = b""
    between: bytes = b""
    end: bytes = b""
    _begun: bool = False

    def head(self) -> bytes:
        """What stands before the rows."""
        return self.begin

    def add(self, part: bytes) -> bytes:
        """What a part adds to the file."""
        joined = self.between + part if self._begun and part else part
        self._begun |= bool(part)
        return joined

    def tail(self) -> bytes:
        """What stands behind the rows."""
        return self.end


def csv_file(shape: Shape) -> Text:
    """RFC 4180, UTF-8 with a byte order mark, so that Excel takes it for what it is."""
    return Text(b"\xef\xbb\xbf" + _lines(pa.array([name]) for name in shape.header))


def csv_part(shape: Shape, first: int, given: Sequence[Cells], added: pa.Table) -> bytes:
    """The rows as lines: texts in quotes, numbers without, nothing where there is nothing."""
    columns = zip(*given, strict=True)
    return _lines([*map(_texts, columns), *added.columns]) if given else b""


def _texts(cells: Cells) -> pa.Array:
    if not set(map(type, cells)) <= _PLAIN:
        cells = [None if cell is None else str(plain(cell)) for cell in cells]
    try:
        return pa.array(cells, pa.string())
    except UnicodeEncodeError:  # half a character, as JSON can escape it
        return pa.array([cell and cell.encode("utf-8", "replace").decode() for cell in cells])


def ndjson_file(shape: Shape) -> Text:
    """One JSON object a line, UTF-8."""
    return Text()


def ndjson_part(shape: Shape, first: int, rows: Sequence[Cells]) -> bytes:
    """The rows as objects."""
    return b"".join(_json(dict(zip(shape.columns, row, strict=True))) + b"\n" for row in rows)


def geojson_file(shape: Shape) -> Text:
    """A FeatureCollection (RFC 7946), a feature a line."""
    return Text(b'{"type": "FeatureCollection", "features": [\n', b",\n", b"\n]}\n")


def geojson_part(shape: Shape, first: int, rows: Sequence[Cells]) -> bytes:
    """The rows as points with all columns; what has no place has no geometry."""
    return b",\n".join(_json(_feature(shape, row)) for row in rows)


def _feature(shape: Shape, row: Cells) -> Mapping[str, Any]:
    lon, lat = row[shape.lon], row[shape.lat]
    geometry = None
    if lon is not None:
        point = [round(lon, _DECIMALS), round(lat, _DECIMALS)]
        geometry = {"type": "Point", "coordinates": point}
    properties = dict(zip(shape.columns, row, strict=True))
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, default=plain).encode("utf-8", "replace")


def _lines(columns: Iterable[pa.Array | pa.ChunkedArray]) -> bytes:
    """Written by Arrow, since the standard library's writer takes four times as long."""
    arrays = list(columns)
    text = pa.BufferOutputStream()
    names = [str(place) for place in range(len(arrays))]
    csv.write_csv(pa.table(arrays, names), text, _DIALECT)
    written: bytes = text.getvalue().to_pybytes()
    return written
