"""The allocation ratio of each region: its share of the budget over its share of the people."""

from __future__ import annotations

import math

import numpy as np

from geoservice.indicators.measures.inputs import Regions
from geoservice.indicators.measures.result import Measure


def allocation_ratio(regions: Regions) -> dict[str, Measure]:
    """sᵢ/pᵢ for each region, with sᵢ = Yᵢ/ΣY and pᵢ = Pᵢ/ΣP; no unit.

    1 is a share of the budget equal to the share of people, below 1 less. It is the location
    quotient of the budget against the population. Every code that was aligned is in the answer,
    in order; a region that took no part has None with the reason, and its Y and P are in neither
    total. If all Y are zero, every region has None with the reason.

    >>> y = dict(zip("abcdef", [120, 80, 60, 200, 40, 100]))
    >>> p = dict(zip("abcdef", [10, 10, 15, 20, 5, 40]))
    >>> [round(m.value, 4) for m in allocation_ratio(Regions.align(y, p)).values()]
    [2.0, 1.3333, 0.6667, 1.6667, 1.3333, 0.4167]
    """
    measures = regions.nulls()
    reason = regions.undefined()
    if reason is not None:
        measures.update(dict.fromkeys(regions.codes, Measure(None, reason)))
    else:
        budget = regions.y / math.fsum(regions.y.tolist())
        people = regions.p / math.fsum(regions.p.tolist())
        ratios: list[float] = np.divide(budget, people).tolist()
        measures.update(zip(regions.codes, map(Measure, ratios), strict=True))
    return dict(sorted(measures.items()))
