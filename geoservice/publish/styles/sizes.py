"""Diameters of points whose area is proportional to a number, in steps. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from geoservice.catalog.style import Proportional


def diameters(kind: Proportional, steps: int) -> list[float]:
    """The diameter of each step, small to large; one step alone gets the greatest."""
    if steps == 1:
        return [kind.max_size]
    step = (kind.max_size - kind.min_size) / (steps - 1)
    return [round(kind.min_size + n * step, 2) for n in range(steps)]


def steps_between(kind: Proportional, most: float) -> Sequence[float]:
    """The numbers where a diameter goes over into the next: half way between the two.

    A number v has the diameter max_size · √(v / most), so that its area is proportional to it.

    >>> kind = Proportional(attribute="a", min_size=10, max_size=30, steps=3)
    >>> [round(edge, 1) for edge in steps_between(kind, 900)]
    [225.0, 625.0]
    """
    sizes = diameters(kind, kind.steps)
    middles = [(a + b) / 2 for a, b in itertools.pairwise(sizes)]
    return tuple(most * (middle / kind.max_size) ** 2 for middle in middles)
