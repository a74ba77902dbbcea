from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.errors import InvalidValue
from geoservice.indicators.measures.coverage import Coverage, coverage


def reason(found: Coverage) -> str:
    """The one reason why every figure is null."""
    measures = [*found.within.values(), found.mean_distance_km]
    assert [m.value for m in measures] == [None] * len(measures)
    codes = {m.reason.code for m in measures if m.reason is not None}
    assert len(codes) == 1
    return codes.pop()


def test_a_distance_reaches_its_own_limit() -> None:
    found = coverage(["a", "b", "c"], [5, 5.0000001, 31], [1, 1, 2])
    assert {d: m.value for d, m in found.within.items()} == {5: 0.25, 10: 0.5, 30: 0.5}


@given(
    st.lists(st.tuples(st.floats(0, 2000), st.integers(1, 10**7)), min_size=1, max_size=20),
    st.floats(0.1, 2000),
)
def test_equals_the_definition(rows: list[tuple[float, int]], limit: float) -> None:
    rows = [(d if d > 1e-9 else 0.0, p) for d, p in rows]
    places = [str(i) for i in range(len(rows))]
    found = coverage(places, [d for d, _ in rows], [p for _, p in rows], [limit])
    total = sum(p for _, p in rows)
    near = Fraction(sum(p for d, p in rows if d <= limit), total)
    mean = sum((Fraction(d) * p for d, p in rows), Fraction(0)) / total
    assert found.within[limit].value == pytest.approx(float(near), rel=1e-14)
    assert found.mean_distance_km.value == pytest.approx(float(mean), rel=1e-13)
    assert found.population == total


def test_unknown_places_are_excluded_and_named() -> None:
    found = coverage(["a", "b", "c", "d"], [1, 2, None, None], [10, None, 30, 0])
    assert [(gone.code, gone.reason.code) for gone in found.excluded] == [
        ("b", "missing_population"),
        ("c", "missing_distance"),
    ]
    assert found.population == 10
    assert found.within[5].value == 1
    assert found.within[5].excluded == found.mean_distance_km.excluded == found.excluded


def test_places_without_people_change_nothing() -> None:
    found = coverage(["a", "b"], [1, 900], [10, 0])
    assert (found.mean_distance_km.value, found.within[5].value, found.excluded) == (1, 1, ())


def test_no_project_is_null_and_not_zero() -> None:
    found = coverage(["a", "b", "c"], [None, None, None], [10, 20, None])
    assert reason(found) == "no_project"
    assert found.population == 30
    assert [gone.code for gone in found.excluded] == ["c"]


@pytest.mark.parametrize(
    ("distance", "population"), [([], []), ([1, 2], [None, None]), ([1, 2], [0, None])]
)
def test_no_people_is_null(distance: list[float], population: list[float | None]) -> None:
    found = coverage(["a", "b"][: len(distance)], distance, population)
    assert reason(found) == "no_people"
    assert found.population == 0


@pytest.mark.parametrize(
    ("distance", "population", "said"),
    [
        (-1, 1, "the distance of village 7 .* negative"),
        (float("nan"), 1, "the distance of village 7 .* finite"),
        (float("inf"), None, "the distance of village 7 .* finite"),
        (1, -1, "the population of village 7 .* negative"),
        (None, float("nan"), "the population of village 7 .* finite"),
    ],
)
def test_refuses_a_bad_number_by_name(
    distance: float | None, population: float | None, said: str
) -> None:
    with pytest.raises(InvalidValue, match=said):
        coverage(["village 6", "village 7"], [1, distance], [1, population])


@pytest.mark.parametrize("limit", [0, -5, float("nan"), float("inf")])
def test_refuses_a_limit_that_is_no_distance(limit: float) -> None:
    with pytest.raises(InvalidValue, match="kilometres above zero"):
        coverage(["a"], [1], [1], [5, limit])


def test_refuses_rows_that_do_not_match() -> None:
    with pytest.raises(InvalidValue, match="population has 1 rows"):
        coverage(["a", "b"], [1, 2], [1])
    with pytest.raises(InvalidValue, match="a comes twice"):
        coverage(["a", "a"], [1, 2], [1, 1])
