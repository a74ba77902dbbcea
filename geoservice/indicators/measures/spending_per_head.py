"""Spending per head of each region."""

from __future__ import annotations

from geoservice.indicators.measures.inputs import Regions
from geoservice.indicators.measures.result import Measure


def spending_per_head(regions: Regions) -> dict[str, Measure]:
    """xᵢ = Yᵢ/Pᵢ for each region, in the unit of Y per person.

    Every code that was aligned is in the answer, in order: a region whose value or population
    is unknown, or where nobody lives, has None with the reason. Where people live and nothing
    is spent, 0 is a true figure.

    >>> regions = Regions.align({"01": 120, "02": 60, "03": 7}, {"01": 10, "02": 15, "03": 0})
    >>> heads = spending_per_head(regions)
    >>> heads["01"].value, heads["02"].value
    (12.0, 4.0)
    >>> heads["03"].value, heads["03"].reason.code
    (None, 'zero_population')
    """
    measures = regions.nulls()
    for code, value in zip(regions.codes, (regions.y / regions.p).tolist(), strict=True):
        measures[code] = Measure(value)
    return dict(sorted(measures.items()))
