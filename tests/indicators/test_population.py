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


def test_a_few_figures_of_a_newer_year_do_not_replace_a_census(country: Country) -> None:
    country.set()
    country.region("0101", "01", people=95)
    country.region("0102", "01", people=95)
    country.region("0103", "01")
    country.population("0101", 100, year=1400)
    for code in ("0101", "0102", "0103"):
        country.population(code, 50, year=1400, sex="male")

    run = country.compute()

    assert run.population_year == 1395
    assert country.figures("population") == {"0101": 95, "0102": 95, "0103": None}
    assert country.figures("population", "country") == {"IR": 190}
    told = [note for note in run.notes if "missing in the sums" in note.en]
    assert [note.en.rsplit(": ")[-1] for note in told] == ["1"]
    assert told[0].fa.endswith(": ۱")
    assert "population" in told[0].indicators


def test_where_no_full_year_is_early_enough_the_earliest_full_one_serves(
    country: Country,
) -> None:
    country.set()
    for code in ("0101", "0102"):
        country.region(code, "01")
        country.population(code, 100, year=1400)
        country.population(code, 105, year=1405)
    country.population("0101", 90, year=1390)

    assert country.compute(year=1395).population_year == 1400


def test_a_census_in_which_every_region_is_counted_has_no_such_note(country: Country) -> None:
    country.set()
    country.region("0101", "01", people=95)

    assert not any("missing in the sums" in note.en for note in country.compute().notes)


def test_an_incomplete_breakdown_is_told(country: Country) -> None:
    country.set()
    country.region("0101", "01")
    country.population("0101", 50, sex="male")

    run = country.compute()

    assert run.population_year is None
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
