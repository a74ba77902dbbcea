from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.errors import InvalidValue
from geoservice.indicators.measures.lifespan import Lifespan, lifespan

days = st.dates(date(1980, 1, 1), date(2030, 1, 1))


def one(start: date | None, completion: date | None, as_of: date) -> Lifespan:
    return lifespan(["p"], [start], [completion], as_of)


def test_a_gregorian_cycle_of_400_years_is_400_years() -> None:
    life = one(date(1600, 1, 1), date(2000, 1, 1), date(2020, 1, 1))
    assert life.finished_life.value == 400


def test_a_project_completed_later_was_unfinished_then() -> None:
    start, completion = date(2000, 1, 1), date(2010, 1, 1)
    before = one(start, completion, completion - timedelta(days=1))
    then = one(start, completion, completion)
    assert (before.finished, before.unfinished) == (0, 1)
    assert before.caution is not None
    assert before.caution.code == "lower_bound"
    assert (then.finished, then.unfinished, then.caution) == (1, 0, None)
    assert then.life.value == then.finished_life.value == pytest.approx(10, abs=0.002)


def test_finished_alone_understates() -> None:
    life = lifespan(
        ["quick", "slow"], [date(2015, 1, 1)] * 2, [date(2018, 1, 1), None], date(2025, 1, 1)
    )
    assert life.finished_life.value is not None
    assert life.life.value is not None
    assert life.unfinished_age.value is not None
    assert life.finished_life.value < life.life.value < life.unfinished_age.value


@pytest.mark.parametrize(
    ("start", "completion", "reason"),
    [
        (None, None, "no_start"),
        (None, date(2001, 1, 1), "no_start"),
        (date(2020, 1, 2), None, "not_started"),
        (date(2010, 1, 1), date(2009, 12, 31), "completed_before_start"),
        (date(2021, 1, 1), date(2009, 12, 31), "completed_before_start"),
    ],
)
def test_excluded_with_the_reason(start: date | None, completion: date | None, reason: str) -> None:
    life = one(start, completion, date(2020, 1, 1))
    assert [(gone.code, gone.reason.code) for gone in life.excluded] == [("p", reason)]
    for measure in (life.life, life.finished_life, life.unfinished_age):
        assert measure.value is None
        assert measure.reason is not None
        assert measure.reason.code == "none_counted"
        assert measure.excluded == life.excluded


def test_starting_on_the_day_counts_as_age_zero() -> None:
    today = date(2020, 1, 1)
    assert one(today, None, today).unfinished_age.value == 0
    assert one(today, today, today).finished_life.value == 0


@given(st.lists(st.tuples(st.none() | days, st.none() | days), max_size=12), days)
def test_equals_the_definition_and_loses_nobody(
    rows: list[tuple[date | None, date | None]], as_of: date
) -> None:
    names = [f"project {i}" for i in range(len(rows))]
    life = lifespan(names, [s for s, _ in rows], [c for _, c in rows], as_of)
    assert life.finished + life.unfinished + len(life.excluded) == len(rows)
    gone = {excluded.code for excluded in life.excluded}
    lives = [
        (min(c or as_of, as_of) - s).days
        for name, (s, c) in zip(names, rows, strict=True)
        if s is not None and name not in gone
    ]
    assert all(lived >= 0 for lived in lives)
    if lives:
        exact = Fraction(sum(lives) * 10_000, len(lives) * 3_652_425)
        assert life.life.value == pytest.approx(float(exact), rel=1e-14)
    else:
        assert life.life.value is None


@given(st.lists(st.tuples(days, days).map(sorted), min_size=1, max_size=8), days)
def test_the_bound_only_rises_with_time(rows: list[list[date]], as_of: date) -> None:
    """Of projects that have all begun, a later look never finds a shorter mean life."""
    start, completion = zip(*rows, strict=True)
    first = max(as_of, *start)
    names = [str(i) for i in range(len(rows))]
    early = lifespan(names, start, completion, first).life.value
    late = lifespan(names, start, completion, first + timedelta(days=400)).life.value
    assert early is not None
    assert late is not None
    assert early <= late


def test_refuses_what_is_no_date() -> None:
    noon = datetime(2020, 1, 1, 12)
    with pytest.raises(InvalidValue, match=r"the start of p is .* without a time"):
        one(noon, None, date(2021, 1, 1))
    with pytest.raises(InvalidValue, match="the completion of p"):
        one(date(2019, 1, 1), noon, date(2021, 1, 1))
    with pytest.raises(InvalidValue, match="the as-of date"):
        one(date(2019, 1, 1), None, noon)


def test_refuses_rows_that_do_not_match() -> None:
    today = date(2020, 1, 1)
    with pytest.raises(InvalidValue, match="start has 1 rows"):
        lifespan(["a", "b"], [today], [None, None], today)
    with pytest.raises(InvalidValue, match="a comes twice"):
        lifespan(["a", "a"], [today, today], [None, None], today)
