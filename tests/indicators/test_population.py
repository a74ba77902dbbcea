"""The year of population that serves a run, and what it says of totals."""

from __future__ import annotations

import pytest

from tests.indicators.conftest import Country


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


def test_totals_that_were_made_from_parts_are_told(country: Country) -> None:
    country.set()
    country.region("0101", "01")
    country.insert(
        "source", "population", region_set="worked", level="county", code="0101", year=1395,
        value=9, derived=True,
    )  # fmt: skip

    run = country.compute()

    assert country.figures("population") == {"0101": 9}
    assert any("the sum of its parts or of their counties: 1" in note.en for note in run.notes)
