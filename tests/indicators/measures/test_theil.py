from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.indicators.measures.inputs import Regions
from geoservice.indicators.measures.theil import Theil, theil

values = st.integers(0, 10**15)
people = st.integers(1, 10**8)
rows = st.lists(st.tuples(values, people, st.sampled_from("abcd")), min_size=1, max_size=12).filter(
    lambda triples: any(y for y, _, _ in triples)
)
Rows = list[tuple[int, int, str]]


def measured(triples: Rows) -> Theil:
    codes = [f"{i:05}" for i in range(len(triples))]
    y, p, groups = (dict(zip(codes, column, strict=True)) for column in zip(*triples, strict=True))
    return theil(Regions.align(y, p, groups))


def definition(pairs: list[tuple[int, int]]) -> Decimal:
    """Σ s ln(s/p), term by term, with sixty digits."""
    with localcontext() as context:
        context.prec = 60
        total_y, total_p = (Decimal(sum(column)) for column in zip(*pairs, strict=True))
        shares = [(y / total_y, p / total_p) for y, p in pairs if y]
        return sum((s * (s / p).ln() for s, p in shares), Decimal(0))


def parts(triples: Rows) -> tuple[Decimal, Decimal]:
    members: dict[str, list[tuple[int, int]]] = {}
    for y, p, group in triples:
        members.setdefault(group, []).append((y, p))
    sums = {g: (sum(y for y, _ in m), sum(p for _, p in m)) for g, m in members.items()}
    total = Decimal(sum(y for y, _ in sums.values()))
    within = (sums[g][0] / total * definition(m) for g, m in members.items() if sums[g][0])
    return definition(list(sums.values())), sum(within, Decimal(0))


def test_worked_example(worked_example: Regions) -> None:
    t = theil(worked_example)
    assert t.value == pytest.approx(0.179983091488, rel=0, abs=6e-13)
    assert t.between == pytest.approx(0.014801474605, rel=0, abs=6e-13)
    assert t.within == pytest.approx(0.165181616883, rel=0, abs=6e-13)


@given(rows)
def test_equals_the_definition(triples: Rows) -> None:
    t = measured(triples)
    assert t.value is not None
    assert t.between is not None
    assert t.within is not None
    between, within = parts(triples)
    assert abs(Decimal(t.value) - definition([row[:2] for row in triples])) < Decimal("1e-13")
    assert abs(Decimal(t.between) - between) < Decimal("1e-13")
    assert abs(Decimal(t.within) - within) < Decimal("1e-13")
    assert t.value == pytest.approx(t.between + t.within, rel=0, abs=1e-13)
    assert min(t.value, t.between, t.within) >= 0


@pytest.mark.parametrize("step", [10**3, 10**6, 10**8, 10**9, 10**10])
def test_keeps_ten_digits_where_regions_are_nearly_equal(step: int) -> None:
    triples = [((10**12 + i * step) * 7, 7, "a") for i in range(8)]
    exact = definition([row[:2] for row in triples])
    value = measured(triples).value
    assert value is not None
    # A head is known to 1e-16 of itself, so to 1e-16/deviation of its deviation.
    allowed = max(Decimal("1e-11"), Decimal("1e-15") * 10**12 / step)
    assert abs(Decimal(value) - exact) < exact * allowed


def test_many_regions() -> None:
    """Ten kinds of region, 20,000 of each, are the ten kinds."""
    kinds = [(i * i, 3 * i + 1, "ab"[i % 2]) for i in range(10)]
    value = measured(kinds * 20_000).value
    assert value is not None
    assert abs(Decimal(value) - definition([row[:2] for row in kinds])) < Decimal("1e-14")


@given(rows, st.randoms(use_true_random=False), st.integers(1, 10**4), st.integers(1, 10**4))
def test_order_and_units_do_not_matter(triples: Rows, random: object, a: int, b: int) -> None:
    other = [(y * a, p * b, group) for y, p, group in triples]
    random.shuffle(other)  # type: ignore[attr-defined]
    one, two = measured(triples), measured(other)
    for name in ("value", "between", "within"):
        assert getattr(two, name) == pytest.approx(getattr(one, name), rel=0, abs=1e-13)


def test_one_region_is_zero() -> None:
    t = measured([(7, 3, "a")])
    assert (t.value, t.between, t.within) == (0, 0, 0)


def test_all_in_one_group_is_all_within() -> None:
    t = measured([(7, 3, "a"), (1, 5, "a"), (0, 2, "a")])
    assert t.between == 0
    assert t.within == t.value


def test_a_group_without_value_counts_between_only() -> None:
    t = measured([(0, 1, "a"), (0, 1, "a"), (5, 2, "b")])
    assert t.within == 0
    assert t.value == t.between == pytest.approx(math.log(2))


def test_without_groups_there_are_no_parts() -> None:
    t = theil(Regions.align({"a": 1, "b": 3}, {"a": 1, "b": 1}))
    assert t.value == pytest.approx(float(np.log(3) * 0.75 - np.log(2)))
    assert (t.between, t.within) == (None, None)


@pytest.mark.parametrize(("y", "code"), [({}, "no_regions"), ({"a": 0}, "zero_total")])
def test_null_has_a_reason(y: dict[str, float], code: str) -> None:
    t = theil(Regions.align(y, dict.fromkeys(y, 1), dict.fromkeys(y, "g")))
    assert (t.value, t.between, t.within) == (None, None, None)
    assert t.reason is not None
    assert t.reason.code == code
