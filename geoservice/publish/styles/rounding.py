"""Class breaks as people can read them. Pure."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from math import floor, log10

_FINEST = 12  # significant digits
_MOVED = 0.01  # of the values may change their class


def rounded(edges: Sequence[float], values: Sequence[float]) -> tuple[float, ...]:
    """The edges in as few significant digits as leave nearly every value in its class.

    `values` are in ascending order. Edges that part nothing from nothing are left out.

    >>> rounded([3.1415], [1, 3, 4])
    (3.0,)
    """
    edges = [edge for edge in sorted(set(edges)) if values and values[0] <= edge < values[-1]]
    for digits in range(1, _FINEST):
        tried = [_to(edge, digits) for edge in edges]
        apart = all(low < high for low, high in itertools.pairwise(tried))
        if apart and _moved(edges, tried, values) <= _MOVED * len(values):
            return tuple(tried)
    return tuple(edges)


def _to(value: float, digits: int) -> float:
    return round(value, digits - 1 - floor(log10(abs(value)))) if value else 0.0


def _moved(edges: Sequence[float], tried: Sequence[float], values: Sequence[float]) -> int:
    """How many values are between an edge and what it is rounded to. An edge is in the class
    below it.
    """
    return sum(
        abs(bisect_left(values, _above(a)) - bisect_left(values, _above(b)))
        for a, b in zip(edges, tried, strict=True)
    )


def _above(edge: float) -> float:
    return edge + abs(edge) * 1e-12
