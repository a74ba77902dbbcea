from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.indicators.measures.allocation_ratio import allocation_ratio
from geoservice.indicators.measures.inputs import Regions
from geoservice.indicators.measures.result import Measure
from geoservice.indicators.measures.spending_per_head import spending_per_head

GAPS = Regions.align(
    {"3": 30, "1": 10, "2": None, "4": 7, "5": 0, "6": 7},
    {"1": 5, "2": 5, "3": 5, "4": 0, "5": 0, "6": None},
)


def reasons(measures: dict[str, Measure]) -> dict[str, str]:
    return {code: m.reason.code for code, m in measures.items() if m.reason is not None}


def test_worked_example(worked_example: Regions) -> None:
    ratios = [m.value for m in allocation_ratio(worked_example).values()]
    assert ratios == pytest.approx([2, 4 / 3, 2 / 3, 5 / 3, 4 / 3, 5 / 12], rel=1e-14)
    heads = [m.value for m in spending_per_head(worked_example).values()]
    assert heads == [12, 8, 4, 10, 8, 2.5]


def test_every_region_is_told_with_value_or_reason() -> None:
    expected = {
        "2": "missing_value",
        "4": "zero_population",
        "5": "zero_population",
        "6": "missing_population",
    }
    for measures in (spending_per_head(GAPS), allocation_ratio(GAPS)):
        assert list(measures) == ["1", "2", "3", "4", "5", "6"]
        assert reasons(measures) == expected
        assert all((m.value is None) == (m.reason is not None) for m in measures.values())


def test_excluded_regions_are_in_no_total() -> None:
    ratios = allocation_ratio(GAPS)
    assert (ratios["1"].value, ratios["3"].value) == (0.5, 1.5)


def test_nothing_spent_is_zero_per_head_but_has_no_share() -> None:
    regions = Regions.align({"a": 0, "b": 0}, {"a": 1, "b": 2})
    assert [m.value for m in spending_per_head(regions).values()] == [0, 0]
    assert reasons(allocation_ratio(regions)) == {"a": "zero_total", "b": "zero_total"}


def test_no_regions_give_no_measures() -> None:
    assert spending_per_head(Regions.align({}, {})) == {}
    assert allocation_ratio(Regions.align({}, {})) == {}


@given(st.lists(st.tuples(st.integers(1, 10**15), st.integers(1, 10**8)), min_size=1, max_size=9))
def test_equals_the_definition(pairs: list[tuple[int, int]]) -> None:
    codes = [str(i) for i in range(len(pairs))]
    y, p = (dict(zip(codes, column, strict=True)) for column in zip(*pairs, strict=True))
    total_y, total_p = sum(y.values()), sum(p.values())
    for code, measure in allocation_ratio(Regions.align(y, p)).items():
        exact = Fraction(y[code] * total_p, total_y * p[code])
        assert measure.value == pytest.approx(float(exact), rel=1e-14)
    for code, measure in spending_per_head(Regions.align(y, p)).items():
        assert measure.value == float(Fraction(y[code], p[code]))
