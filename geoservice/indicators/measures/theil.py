"""Theil's T of a value per head, and its split between and within groups of regions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoservice.indicators.measures.inputs import Regions
from geoservice.indicators.measures.result import Measure


@dataclass(frozen=True, slots=True)
class Theil(Measure):
    """T, and, if the regions have groups, its two parts: value = between + within."""

    between: float | None = None
    within: float | None = None


def theil(regions: Regions) -> Theil:
    """How far the shares of a value differ from the shares of people: 0 is equal; in nats.

    T = Σ sᵢ ln(sᵢ/pᵢ), with sᵢ = Yᵢ/ΣY, pᵢ = Pᵢ/ΣP and 0 ln 0 = 0 (Theil, Economics and
    Information Theory, 1967). Over groups g: between = Σ s_g ln(s_g/p_g), within = Σ s_g T_g;
    a group without any Y has no T_g and no weight.

    One region gives 0; no region, or all Y zero, gives None with the reason.

    >>> y = dict(zip("abcdef", [120, 80, 60, 200, 40, 100]))
    >>> p = dict(zip("abcdef", [10, 10, 15, 20, 5, 40]))
    >>> t = theil(Regions.align(y, p, dict(zip("abcdef", "NNNSSS"))))
    >>> round(t.value, 10), round(t.between, 10), round(t.within, 10)
    (0.1799830915, 0.0148014746, 0.1651816169)
    """
    reason = regions.undefined()
    if reason is not None:
        return Theil(None, reason, regions.excluded)
    value = _divergence(regions.y, regions.p)
    if regions.groups is None:
        return Theil(value, None, regions.excluded)
    parts = _members(regions.groups)
    y = np.array([math.fsum(regions.y[part].tolist()) for part in parts])
    p = np.array([math.fsum(regions.p[part].tolist()) for part in parts])
    weighted = [
        y_g * _divergence(regions.y[part], regions.p[part])
        for y_g, part in zip(y.tolist(), parts, strict=True)
        if y_g > 0
    ]
    within = math.fsum(weighted) / math.fsum(y.tolist())
    return Theil(value, None, regions.excluded, _divergence(y, p), within)


def _members(groups: tuple[str, ...]) -> list[NDArray[np.intp]]:
    """The row numbers of each group."""
    _, group_of_row, sizes = np.unique(np.array(groups), return_inverse=True, return_counts=True)
    return np.split(np.argsort(group_of_row, kind="stable"), np.cumsum(sizes)[:-1])


def _divergence(y: NDArray[np.float64], p: NDArray[np.float64]) -> float:
    """Σ s ln(s/p) as Σ p ((1+d) ln(1+d) − d) with d = x/μ − 1: the same, for Σ p d = 0.

    Here no term is negative, so nearly equal regions do not cancel to noise.
    """
    people = math.fsum(p.tolist())
    mean = math.fsum(y.tolist()) / people
    d = (y / p - mean) / mean
    log = np.log1p(d, out=np.zeros_like(d), where=d > -1)
    # Rounding alone can take a term of equal regions just below zero.
    excess = np.maximum((1 + d) * log - d, 0)
    return math.fsum((p * excess).tolist()) / people
