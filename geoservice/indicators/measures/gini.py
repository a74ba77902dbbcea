"""The Gini coefficient of a value per head, weighted by population."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from geoservice.indicators.measures.inputs import Regions
from geoservice.indicators.measures.result import Measure


def gini(regions: Regions) -> Measure:
    """How far a value per head differs between people, from 0 (equal) to below 1; no unit.

    G = Σᵢ Σⱼ pᵢ pⱼ |xᵢ − xⱼ| / (2 μ), with xᵢ = Yᵢ/Pᵢ, pᵢ = Pᵢ/ΣP, μ = ΣY/ΣP
    (Sen, On Economic Inequality, 1973, with population shares as weights). With the regions
    sorted by x this is, gap by gap, Σₖ Lₖ Uₖ (xₖ₊₁ − xₖ) / (ΣP ΣY), where Lₖ people live at or
    below the gap and Uₖ above it: O(n log n), and no term is negative, so none cancels another.

    One region gives 0; no region, or all Y zero, gives None with the reason.

    >>> y = dict(zip("abcdef", [120, 80, 60, 200, 40, 100]))
    >>> p = dict(zip("abcdef", [10, 10, 15, 20, 5, 40]))
    >>> round(gini(Regions.align(y, p)).value, 10)
    0.325
    """
    reason = regions.undefined()
    if reason is not None:
        return Measure(None, reason, regions.excluded)
    x = regions.y / regions.p
    order = np.argsort(x, kind="stable")
    people = regions.p[order]
    below = _running_total(people)[:-1]
    above = _running_total(people[::-1])[::-1][1:]
    terms = below / math.fsum(people.tolist()) * above * np.diff(x[order])
    value = math.fsum(terms.tolist()) / math.fsum(regions.y.tolist())
    return Measure(value, None, regions.excluded)


def _running_total(a: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cumulative sum, shape (n,), with each step's rounding error added back (Knuth's TwoSum)."""
    total = np.cumsum(a)
    before, after, step = total[:-1], total[1:], a[1:]
    taken = after - before
    error = (before - (after - taken)) + (step - taken)
    total[1:] += np.cumsum(error)
    return total
