"""Well-known binary, as far as a file's one geometry type asks for."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Literal

import numpy as np
import shapely

from geoservice.catalog.layer import GeometryType
from geoservice.errors import InvalidValue

_NAMES = (
    *("Geometry", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString"),
    *("MultiPolygon", "GeometryCollection"),
)
_POINT = 1
_NOTHING = bytes(4)  # how many parts an empty one has
_HIGH = 1000  # and more are the codes of types with heights or measures
_MULTI = 3  # from the code of a type to that of its multi type


def fitted(column: Sequence[object], declared: GeometryType) -> Sequence[object]:
    """The geometries as the declared type: a single one as a multi of one, and back; an empty one,
    such as PostGIS gives for shapes that do not meet, as an empty one of that type.

    InvalidValue for one that cannot be that: a file of one type would be wrong with it.
    """
    if declared == "Geometry":
        return column
    wanted = _NAMES.index(declared)
    # Most columns hold one type, which the first bytes tell.
    heads = {wkb[:5] for wkb in column if isinstance(wkb, bytes)}
    if all(_code(head) % 1000 == wanted for head in heads):
        return column
    return [_fit(wkb, wanted) if isinstance(wkb, bytes) else None for wkb in column]


def flat(column: Sequence[object]) -> Sequence[object]:
    """The geometries in two dimensions."""
    # Most columns have no others, which the first bytes tell.
    heads = {wkb[:5] for wkb in column if isinstance(wkb, bytes)}
    if all(_code(head) < _HIGH for head in heads):
        return column
    shapes = shapely.from_wkb(np.array(column, dtype=object))
    made: list[object] = shapely.to_wkb(shapely.force_2d(shapes)).tolist()
    return made


def _fit(wkb: bytes, wanted: int) -> bytes:
    code = _code(wkb)
    kind = code % 1000
    if kind == wanted:
        return wkb
    order = "<" if wkb[0] else ">"
    if kind != _POINT and wkb[5:9] == _NOTHING:
        return (
            wkb[:1] + struct.pack(f"{order}I", code - kind + wanted) + _empty(code, wanted, order)
        )
    if kind + _MULTI == wanted:
        return wkb[:1] + struct.pack(f"{order}II", code + _MULTI, 1) + wkb
    if kind - _MULTI == wanted and int.from_bytes(wkb[5:9], _order(wkb)) == 1:
        return wkb[9:]
    found = _NAMES[kind] if kind < len(_NAMES) else f"geometry of type {code}"
    raise InvalidValue(
        found,
        f"a geometry is a {found}, but the layer declares {_NAMES[wanted]}; "
        "`Geometry` is the type of a layer that mixes them",
    )


def _empty(code: int, wanted: int, order: str) -> bytes:
    """What stands behind the type of an empty geometry; an empty point has no numbers."""
    if wanted != _POINT:
        return _NOTHING
    axes = 2 + (1, 1, 2)[code // 1000 - 1] if code >= 1000 else 2
    return struct.pack(f"{order}{axes}d", *[math.nan] * axes)


def _code(wkb: bytes) -> int:
    return int.from_bytes(wkb[1:5], _order(wkb))


def _order(wkb: bytes) -> Literal["little", "big"]:
    return "little" if wkb[0] else "big"
