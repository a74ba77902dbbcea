"""The extent in the header of a FlatGeobuf file, put right.

GDAL writes four times NaN where no feature has a place, and where one that has none comes last. The
header is a FlatBuffers table (schema: header.fbs of the FlatGeobuf project), whose table of offsets
says with 0 that a member is absent.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from pathlib import Path

_MAGIC = 8  # bytes before the size of the header
_ENVELOPE = 1  # the place of the member in the schema
_FIXED = 4  # bytes of a table of offsets before the first


def has_false_extent(path: Path) -> bool:
    """Whether the file has an extent that is no box."""
    with path.open("rb") as file:
        header = _header(file.read(_MAGIC + 4 + (1 << 20)))
    _, numbers = _places(header)
    return numbers is not None and any(map(math.isnan, struct.unpack_from("<4d", header, numbers)))


def set_extent(path: Path, bounds: Sequence[float] | None) -> None:
    """Write west, south, east, north over the extent that is there; None: that there is none."""
    with path.open("r+b") as file:
        header = _header(file.read(_MAGIC + 4 + (1 << 20)))
        offset, numbers = _places(header)
        if numbers is None:
            return
        if bounds is None:
            file.seek(_MAGIC + 4 + offset)
            file.write(b"\0\0")
        file.seek(_MAGIC + 4 + numbers)
        file.write(struct.pack("<4d", *(bounds or (0.0,) * 4)))


def _header(start: bytes) -> bytes:
    (size,) = struct.unpack_from("<I", start, _MAGIC)
    return start[_MAGIC + 4 : _MAGIC + 4 + size]


def _places(header: bytes) -> tuple[int, int | None]:
    """Where the offset of the extent stands, and where its numbers do."""
    (root,) = struct.unpack_from("<I", header, 0)
    (back,) = struct.unpack_from("<i", header, root)
    offsets = root - back
    (size,) = struct.unpack_from("<H", header, offsets)
    place = offsets + _FIXED + 2 * _ENVELOPE
    if place >= offsets + size:
        return place, None
    (member,) = struct.unpack_from("<H", header, place)
    if member == 0:
        return place, None
    (onward,) = struct.unpack_from("<I", header, root + member)
    return place, root + member + onward + 4  # behind how many they are
