"""Class breaks as people can read them. Pure."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from math import ceil, floor, log10

_FINEST = 15  # significant digits; more a double does not have
_MOVED = 0.005  # of the values may change their class at a break


def rounded(edges: Sequence[float], values: Sequence[float]) -> tuple[float, ...]:
    """The edges in as few significant digits as leave nearly every value in its class.

    `values` are in ascending order; one that equals an edge is in the class below it. Edges that
    part nothing from nothing are left out.

    >>> rounded([3.1415], [1, 3, 4])
    (3.0,)
    >>> rounded([0.123678, 9], [0.1234, 0.1239, 0.2])
    (0.1237,)
    """
    if not values:
        return ()
    edges = [edge for edge in sorted(set(edges)) if values[0] <= edge < values[-1]]
    for moved in (int(_MOVED * len(values)), 0):
        tried = tuple(_roundest(edge, values, moved) for edge in edges)
        if all(low < high for low, high in itertools.pairwise(tried)):
            return tried
    return tuple(edges)


def significant(edges: Sequence[float], digits: int) -> tuple[float, ...]:
    """The edges in so many significant digits, or in more where two would become one.

    >>> significant([123456, 234567], 2)
    (120000.0, 230000.0)
    """
    for enough in range(digits, _FINEST):
        tried = tuple(_steps(edge, enough)[0] for edge in edges)
        if all(low < high for low, high in itertools.pairwise(tried)):
            return tried
    return tuple(edges)


def _roundest(edge: float, values: Sequence[float], moved: int) -> float:
    """The number of fewest digits that parts the values as the edge does, but for `moved` of
    them; of several the nearest.
    """
    below = bisect_right(values, edge)  # so many are in the classes below
    low = values[max(below - 1 - moved, 0)]
    high = values[min(below + moved, len(values) - 1)]
    for digits in range(1, _FINEST):
        fits = [tried for tried in _steps(edge, digits) if low <= tried < high]
        if fits:
            return min(fits, key=lambda tried: abs(tried - edge))
    return edge


def _steps(value: float, digits: int) -> tuple[float, float, float]:
    """The value in so many significant digits: to the nearest, down, and up."""
    if not value:
        return (0.0, 0.0, 0.0)
    places = digits - 1 - floor(log10(abs(value)))
    unit = 10.0**-places
    down, up = floor(value / unit), ceil(value / unit)
    tried = (float(value), down * unit, up * unit)
    return (round(tried[0], places), round(tried[1], places), round(tried[2], places))
