"""Class breaks as people can read them. Pure."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from math import ceil, floor, inf, log10

_ROUNDEST = 2  # with one digit equal intervals would no longer look equal
_FINEST = 15  # significant digits; more a double does not have


def rounded(edges: Sequence[float], values: Sequence[float]) -> tuple[float, ...]:
    """The edges in as few significant digits, two at least, as leave every value in its class.

    `values` are in ascending order; one that equals an edge is in the class below it. An edge
    stays in the gap between the values on its two sides, and within half the way to the next
    edge. Edges that part nothing from nothing, below or above all values, are left out.

    >>> rounded([3.1415], [1, 3, 4])
    (3.1,)
    >>> rounded([0.123678, 9], [0.1234, 0.1239, 0.2])
    (0.1237,)
    """
    if not values:
        return ()
    edges = [edge for edge in sorted(set(edges)) if values[0] <= edge < values[-1]]
    if not edges:
        return ()
    middles = [low / 2 + high / 2 for low, high in itertools.pairwise(edges)]
    found = []
    for edge, lowest, highest in zip(edges, [-inf, *middles], [*middles, inf], strict=True):
        low, high = _gap(edge, values)
        found.append(_roundest(edge, max(low, lowest), min(high, highest)))
    return tuple(found)


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


def _gap(edge: float, values: Sequence[float]) -> tuple[float, float]:
    """The last value that is not above the edge, and the first that is."""
    above = bisect_right(values, edge)
    return values[above - 1], values[above]


def _roundest(edge: float, low: float, high: float) -> float:
    """The number of fewest digits from `low` to below `high`, of several the nearest to the
    edge, which lies there too.
    """
    for digits in range(_ROUNDEST, _FINEST):
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
    try:
        return (round(float(value), places), round(down * unit, places), round(up * unit, places))
    except OverflowError:  # beyond the largest of doubles
        return (value, value, value)
