"""Vector tiles read as their specification has them, rings and all; decoders mend or hide some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from mapbox_vector_tile.Mapbox import vector_tile_pb2

Point = tuple[int, int]
Ring = list[Point]

POINT, LINE, POLYGON = 1, 2, 3
_MOVE, _LINE, _CLOSE = 1, 2, 7


def layers_of(body: bytes) -> list[Any]:
    """The layers as they stand in the bytes; their names are unique."""
    tile = vector_tile_pb2.tile()
    tile.ParseFromString(body)
    names = [layer.name for layer in tile.layers]
    assert len(names) == len(set(names))
    return list(tile.layers)


def paths(commands: Sequence[int]) -> list[Ring]:
    """The paths of a geometry, y downwards; those that are closed end as they begin."""
    found: list[Ring] = []
    x = y = at = 0
    while at < len(commands):
        command, times = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == _CLOSE:
            assert times == 1
            found[-1].append(found[-1][0])
            continue
        assert command in (_MOVE, _LINE)
        for _ in range(times):
            x, y = x + _signed(commands[at]), y + _signed(commands[at + 1])
            at += 2
            if command == _MOVE:
                found.append([])
            found[-1].append((x, y))
    return found


def _signed(number: int) -> int:
    return (number >> 1) ^ -(number & 1)


def area(ring: Ring) -> float:
    """Signed: positive for an exterior ring, which is clockwise where y goes down."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring)) / 2


def polygons(commands: Sequence[int]) -> Iterator[tuple[Ring, list[Ring]]]:
    """Each polygon as its exterior ring and its holes, told apart by their winding alone."""
    exterior: Ring | None = None
    holes: list[Ring] = []
    for ring in paths(commands):
        size = area(ring)
        assert size != 0, ring
        if size > 0:
            if exterior is not None:
                yield exterior, holes
            exterior, holes = ring, []
        else:
            assert exterior is not None, "a geometry begins with an exterior ring"
            holes.append(ring)
    if exterior is not None:
        yield exterior, holes
