"""CSV, NDJSON and GeoJSON: files whose parts are only set one behind the other."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geoservice.publish.rowfiles.shape import Cells, Shape, plain

_PLAIN = {str, type(None)}
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
    return Text(b"\xef\xbb\xbf" + _lines([shape.header]))


def csv_part(shape: Shape, first: int, rows: Sequence[Cells]) -> bytes:
    """The rows as lines; texts stand as they are."""
    given = shape.given
    if {type(cell) for row in rows for cell in row[:given]} <= _PLAIN:
        return _lines(rows)
    return _lines([(*map(plain, row[:given]), *row[given:]) for row in rows])


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


def _lines(rows: Sequence[Cells]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")
