from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.indicators.measures.gini import gini
from geoservice.indicators.measures.inputs import Regions

values = st.one_of(st.integers(0, 10**15), st.floats(0, 1e15, allow_subnormal=False)).filter(
    lambda v: v == 0 or v > 1e-6
)
people = st.one_of(st.integers(1, 10**8), st.floats(1e-3, 1e8))
rows = st.lists(st.tuples(values, people), min_size=1, max_size=12).filter(
    lambda pairs: any(y for y, _ in pairs)
)


def measured(pairs: list[tuple[float, float]]) -> float:
    codes = [f"{i:05}" for i in range(len(pairs))]
    y = {code: pair[0] for code, pair in zip(codes, pairs, strict=True)}
    p = {code: pair[1] for code, pair in zip(codes, pairs, strict=True)}
    value = gini(Regions.align(y, p)).value
    assert value is not None
    return value


def double_sum(pairs: list[tuple[float, float]]) -> Fraction:
    """The definition, term by term, in exact fractions."""
    exact = [(Fraction(y), Fraction(p)) for y, p in pairs]
    total_y = sum(y for y, _ in exact)
    total_p = sum(p for _, p in exact)
    differences = sum(
        p_i / total_p * p_j / total_p * abs(y_i / p_i - y_j / p_j)
        for y_i, p_i in exact
        for y_j, p_j in exact
    )
    return Fraction(differences / (2 * total_y / total_p))


def test_worked_example(worked_example: Regions) -> None:
    assert gini(worked_example).value == pytest.approx(0.325, rel=0, abs=1e-14)


@given(rows)
def test_equals_the_exact_double_sum(pairs: list[tuple[float, float]]) -> None:
    assert abs(Fraction(measured(pairs)) - double_sum(pairs)) < Fraction(1, 10**13)


def test_keeps_ten_digits_where_regions_are_nearly_equal() -> None:
    pairs: list[tuple[float, float]] = [(10**9 + i, 10.0**6) for i in range(8)]
    exact = double_sum(pairs)
    assert exact < Fraction(1, 10**8)
    assert abs(Fraction(measured(pairs)) - exact) < exact / 10**7
    # Heads of whole numbers are exact, so here nothing but the summation can err.
    whole: list[tuple[float, float]] = [((10**9 + i) * 1000, 1000) for i in range(8)]
    assert abs(Fraction(measured(whole)) - double_sum(whole)) < double_sum(whole) / 10**13


def test_keeps_ten_digits_where_one_in_a_hundred_million_has_everything() -> None:
    pairs: list[tuple[float, float]] = [(0, 79_926_269.3), (5, 0.7)]
    assert abs(Fraction(measured(pairs)) - double_sum(pairs)) < Fraction(1, 10**15)


def test_many_regions_against_integers() -> None:
    """200,000 regions: the rank form in whole numbers has no rounding at all."""
    n = 200_000
    random = np.random.default_rng(1404)
    heads: list[int] = random.integers(0, 10**7, n).tolist()
    lived: list[int] = random.integers(1, 10**6, n).tolist()
    total_p = sum(lived)
    total_y = sum(x * p for x, p in zip(heads, lived, strict=True))
    below = twice = 0
    for x, p in sorted(zip(heads, lived, strict=True)):
        twice += x * p * (2 * below + p)
        below += p
    exact = Fraction(twice, total_p * total_y) - 1
    value = measured([(x * p, p) for x, p in zip(heads, lived, strict=True)])
    assert abs(Fraction(value) - exact) < Fraction(1, 10**14)


def test_many_regions_with_fractional_people() -> None:
    """Ten kinds of region, 10,000 of each, are the ten kinds."""
    kinds: list[tuple[float, float]] = [(i * i + 0.1, 0.1 * (i + 1)) for i in range(10)]
    assert abs(Fraction(measured(kinds * 10_000)) - double_sum(kinds)) < Fraction(1, 10**14)


@given(rows, st.randoms(use_true_random=False))
def test_order_does_not_matter(pairs: list[tuple[float, float]], random: object) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert measured(shuffled) == pytest.approx(measured(pairs), rel=0, abs=1e-14)


@given(rows, st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_units_do_not_matter(pairs: list[tuple[float, float]], a: float, b: float) -> None:
    scaled = [(y * a, p * b) for y, p in pairs]
    assert measured(scaled) == pytest.approx(measured(pairs), rel=0, abs=1e-13)


@given(rows, st.integers(2, 5))
def test_replicated_people_do_not_matter(pairs: list[tuple[float, float]], times: int) -> None:
    assert measured(pairs * times) == pytest.approx(measured(pairs), rel=0, abs=1e-13)


@given(rows, st.integers(2, 5))
def test_splitting_a_region_does_not_matter(pairs: list[tuple[float, float]], k: int) -> None:
    y, p = pairs[0]
    split = [(y / k, p / k)] * k + pairs[1:]
    assert measured(split) == pytest.approx(measured(pairs), rel=0, abs=1e-13)


@given(rows)
def test_stays_between_zero_and_one(pairs: list[tuple[float, float]]) -> None:
    assert 0 <= measured(pairs) < 1 + 1e-15


@given(values.filter(bool), people)
def test_one_region_is_zero(y: float, p: float) -> None:
    assert measured([(y, p)]) == 0


def test_equal_heads_are_exactly_zero() -> None:
    assert measured([(3 * p, p) for p in (1, 7, 10**8, 123_457)]) == 0


@pytest.mark.parametrize(
    ("y", "p", "code"),
    [
        ({}, {}, "no_regions"),
        ({"a": 0}, {"a": 0}, "no_regions"),
        ({"a": 0}, {"a": 3}, "zero_total"),
    ],
)
def test_null_has_a_reason(y: dict[str, float], p: dict[str, float], code: str) -> None:
    measure = gini(Regions.align(y, p))
    assert measure.value is None
    assert measure.reason is not None
    assert measure.reason.code == code


def test_reports_what_was_left_out() -> None:
    measure = gini(Regions.align({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": None, "c": 1}))
    assert measure.value == pytest.approx(0.25)
    assert [(gone.code, gone.reason.code) for gone in measure.excluded] == [
        ("b", "missing_population")
    ]


def test_extreme_magnitudes_stay_finite() -> None:
    assert math.isfinite(measured([(1e100, 1e-100), (1e-100, 1e100), (1e100, 1e100)]))
