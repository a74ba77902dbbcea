"""Everybody once: totals from whatever breakdown there is, and the year that serves."""

from __future__ import annotations

import pytest

from geoservice.indicators.population import Cell, total
from geoservice.model import Level
from tests.indicators.conftest import Country

T = "total"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({(T, T, T): 10, ("male", T, T): 4, ("female", T, T): 5}, 10),
        ({("male", T, T): 4, ("female", T, T): 5}, 9),
        ({(T, T, "urban"): 7, (T, T, "rural"): 1}, 8),
        ({(T, "0-49", T): 7, (T, "50-99", T): 2, (T, "100+", T): 1, (T, "unknown", T): 1}, 11),
        ({(T, "۰-۴۹", T): 7, (T, "۵۰+", T): 2}, 9),
        ({(T, "0 تا 84", T): 7, (T, "۸۵ ساله و بیشتر", T): 2}, 9),
        ({(T, "0-99", T): 7, (T, ">100", T): 2}, 9),
        ({(T, "0-99", T): 7}, 7),
        ({(T, "0-98", T): 7}, None),
        # Two breakdowns of the same people are not added to each other.
        ({("male", T, T): 4, ("female", T, T): 5, (T, T, "urban"): 7, (T, T, "rural"): 2}, 9),
        (
            {
                (sex, age, settlement): 1
                for sex in ("male", "female")
                for age in ("0-14", "15-64", "65+")
                for settlement in ("urban", "rural")
            },
            12,
        ),
        ({("male", T, "urban"): 1, ("female", T, "urban"): 2, (T, T, "rural"): 4}, 7),
        # Half a breakdown is no total.
        ({("male", T, T): 4}, None),
        ({(T, T, "urban"): 7}, None),
        ({(T, "15-64", T): 7}, None),
        ({(T, "0-14", T): 7, (T, "15-64", T): 7}, None),
        ({(T, "0-14", T): 7, (T, "20+", T): 7}, None),
        ({(T, "0-14", T): 7, (T, "0-4", T): 7, (T, "15+", T): 7}, None),
        ({(T, "adults", T): 7}, None),
        ({}, None),
    ],
)
def test_total(cells: dict[Cell, int], expected: int | None) -> None:
    assert total(cells) == expected


@pytest.mark.parametrize(
    ("asked", "used"), [(1404, 1400), (1400, 1400), (1399, 1395), (1390, 1395)]
)
def test_the_latest_census_up_to_the_year_serves_else_the_earliest(
    country: Country, asked: int, used: int
) -> None:
    country.set()
    country.region("0101", "01")
    country.population("0101", 95, year=1395)
    country.population("0101", 100, year=1400)

    run = country.compute(year=asked)

    assert run.population_year == used
    assert country.figures("population") == {"0101": used - 1300}
    assert any("the population is that of" in note.en for note in run.notes) is (asked != used)


def test_one_year_serves_all_regions(country: Country) -> None:
    country.set()
    country.region("0101", "01", people=95)
    country.region("0102", "01", people=95)
    country.population("0101", 100, year=1400)

    country.compute()

    assert country.figures("population") == {"0101": 100, "0102": None}


def test_an_incomplete_breakdown_is_told(country: Country) -> None:
    country.set()
    country.region("0101", "01")
    country.population("0101", 50, sex="male")

    run = country.compute()

    assert country.figures("population") == {"0101": None}
    assert any("breakdown is incomplete" in note.en for note in run.notes)


def test_provinces_are_the_sum_of_their_counties_where_they_have_no_figure(
    country: Country,
) -> None:
    country.set()
    for code in ("01", "02", "03"):
        country.region(code, level="province")
    country.region("0101", "01", people=10)
    country.region("0102", "01")
    country.population("0102", 3, sex="male")
    country.population("0102", 4, sex="female")
    country.region("0201", "02", people=10)
    country.region("0202", "02")

    run = country.compute(level=Level.PROVINCE)

    assert country.figures("population", "province") == {"01": 17, "02": None, "03": None}
    assert any("the sum of their counties: 1" in note.en for note in run.notes)


def test_a_province_with_its_own_figure_keeps_it_and_counties_get_none_from_it(
    country: Country,
) -> None:
    country.set()
    country.region("01", people=20, level="province")
    country.region("0101", "01", people=10)

    country.compute(level=Level.PROVINCE)
    assert country.figures("population", "province") == {"01": 20}

    country.connection.execute("DELETE FROM source.population WHERE level = 'county'")
    country.compute()
    assert country.figures("population") == {"0101": None}
