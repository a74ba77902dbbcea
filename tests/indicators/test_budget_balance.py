"""Budgets of projects over people: which projects count, and what becomes of the others."""

from __future__ import annotations

from datetime import date

from geoservice.model import Level
from tests.indicators.conftest import Country

# 1404 is 2025-03-21 to 2026-03-20.


def test_projects_under_way_at_any_time_in_the_year_count(country: Country) -> None:
    country.set()
    country.region("0101", "01", people=100)
    first, last = date(2025, 3, 21), date(2026, 3, 20)
    country.project("began-on-last-day", "0101", budget=1, actual_start=last)
    country.project("began-after", "0101", budget=2, actual_start=date(2026, 3, 21))
    country.project("ended-on-first-day", "0101", budget=4, completion_date=first)
    country.project("ended-before", "0101", budget=8, completion_date=date(2025, 3, 20))
    country.project("cancelled", "0101", budget=16, status="cancelled")
    country.project("dateless", "0101", budget=32)
    # The actual start decides where both are known, else the planned one.
    country.project(
        "late", "0101", budget=64, planned_start=date(2020, 1, 1), actual_start=date(2027, 1, 1)
    )
    country.project("planned", "0101", budget=128, planned_start=date(2020, 1, 1))

    run = country.compute()

    assert country.figures("budget") == {"0101": 1 + 4 + 32 + 128}
    assert country.figures("projects") == {"0101": 4}
    assert "projects without any date, which count in every year: 1" in {n.en for n in run.notes}


def test_a_region_without_projects_has_zero_and_totals_add_up(country: Country) -> None:
    country.set()
    country.region("0101", "01", people=100)
    country.region("0102", "01", people=300)
    country.project("p", "0101", budget=800)

    country.compute()

    assert country.figures("budget") == {"0101": 800, "0102": 0}
    assert country.figures("spending_per_head") == {"0101": 8, "0102": 0}
    assert country.figures("budget", "province") == {"01": 800}
    assert country.figures("projects", "province") == {"01": 1}
    assert country.figures("spending_per_head", "country") == {"IR": 2}
    assert country.figures("projects", "country") == {"IR": 1}


def test_projects_that_cannot_take_part_are_reported_each_with_its_reason(
    country: Country,
) -> None:
    country.set()
    country.region("0101", "01", people=100)
    country.project("good", "0101", budget=5)
    country.project("good too", "0101", budget=6)
    country.project("dollars", "0101", budget=7, currency="USD")
    country.project("no budget", "0101")
    country.project("no place", at=None, budget=1)
    country.project("nowhere", None, budget=1)
    country.insert("source", "project", id="not geocoded", title_fa="پ", budget=1)

    country.compute()

    excluded = country.excluded("project")
    money = ["amount", "budget", "spending_per_head", "allocation_ratio"]
    assert excluded["dollars"]["other_currency"][:4] == money
    assert excluded["no budget"]["no_budget"][:4] == money
    assert "projects" not in excluded["no budget"]["no_budget"]
    for id_, reason in (
        ("no place", "not_placed"),
        ("nowhere", "no_region"),
        ("not geocoded", "not_geocoded"),
    ):
        assert {"budget", "projects", "gini"} <= set(excluded[id_][reason])
    assert country.connection.execute(
        "SELECT reason_fa, reason_en FROM indicator.excluded WHERE reason_code = 'not_placed'"
    ).fetchall() == [("نشانی ندارد", "it has no address")]
    assert country.figures("budget") == {"0101": 11}
    assert country.figures("projects") == {"0101": 4}
    units = country.connection.execute(
        "SELECT DISTINCT unit FROM indicator.value WHERE indicator = 'budget'"
    ).fetchall()
    assert units == [("IRR",)]


def test_a_region_whose_budgets_are_all_unknown_is_null_not_zero(country: Country) -> None:
    country.set()
    country.region("0101", "01", people=100)
    country.region("0102", "01", people=100)
    country.project("p", "0101", budget=10)
    country.project("q", "0102")

    country.compute()

    assert country.figures("budget") == {"0101": 10, "0102": None}
    assert country.reason("budget", "county", "0102") == "its value is unknown"
    assert country.figures("spending_per_head", "country") == {"IR": 0.1}
    assert {"amount", "budget", "gini"} <= set(country.excluded("region")["0102"]["missing_value"])


def test_no_budget_anywhere_gives_nulls_with_a_reason(country: Country) -> None:
    country.set()
    country.region("0101", "01", people=100)
    country.region("0102", "01", people=50)

    country.compute()

    for indicator in ("gini", "theil_t", "theil_t_between", "theil_t_within"):
        assert country.figures(indicator, "country") == {"IR": None}
        reason = country.reason(indicator, "country", "IR")
        assert reason == "the values of all regions add up to zero"
    assert country.figures("spending_per_head") == {"0101": 0, "0102": 0}
    assert country.figures("allocation_ratio") == {"0101": None, "0102": None}


def test_regions_without_people_or_population_are_null_and_reported(country: Country) -> None:
    country.set()
    country.region("0101", "01", people=100)
    country.region("0102", "01", people=0)
    country.region("0103", "01")
    for code in ("0101", "0102", "0103"):
        country.project(f"p{code}", code, budget=10)

    country.compute()

    reasons = {code: set(found) for code, found in country.excluded("region").items()}
    assert reasons == {"0102": {"zero_population"}, "0103": {"missing_population"}}
    assert country.figures("spending_per_head") == {"0101": 0.1, "0102": None, "0103": None}
    assert country.figures("population") == {"0101": 100, "0102": 0, "0103": None}
    assert country.figures("gini", "country") == {"IR": 0}


def test_without_any_population_the_rest_is_computed(country: Country) -> None:
    country.set()
    country.region("0101", "01")
    country.project("p", "0101", budget=10)

    run = country.compute()

    assert run.population_year is None
    assert country.figures("budget", "country") == {"IR": 10}
    assert country.figures("gini", "country") == {"IR": None}
    assert country.figures("population", "country") == {"IR": None}
    assert "no population total is recorded for these regions" in {note.en for note in run.notes}


def test_provinces_have_no_groups_to_split_by(country: Country) -> None:
    country.set()
    country.region("01", people=100, level="province")
    country.region("02", people=100, level="province")
    country.project("p", "01", level="province", budget=10)

    country.compute(level=Level.PROVINCE)

    assert country.figures("gini", "country") == {"IR": 0.5}
    assert country.figures("gini", "province") == {}
    assert country.figures("theil_t_within", "country") == {"IR": None}
    assert country.reason("theil_t_within", "country", "IR") is not None


def test_a_county_of_no_known_province_leaves_only_the_split_null(country: Country) -> None:
    country.set()
    country.region("0101", "01", people=100)
    country.region("0201", None, people=100)
    country.project("p", "0101", budget=10)

    country.compute()

    assert country.figures("gini", "country") == {"IR": 0.5}
    assert country.figures("theil_t_between", "country") == {"IR": None}


def test_spending_is_measured_as_budgets_are(country: Country) -> None:
    country.set()
    country.region("0101", "01", people=100)
    country.region("0102", "01", people=100)
    country.region("0103", "01", people=100)
    country.project("p", "0101", budget=900, spent=300)
    country.project("q", "0101", budget=50, spent=100)
    country.project("unknown", "0102", budget=50)
    # The currency is that of most known spending, not of most budgets.
    country.project("dollars", "0102", budget=50, currency="USD")
    country.project("dollars too", "0102", budget=50, currency="USD")
    country.project("dollars spent", "0102", spent=7, currency="USD")

    run = country.compute("spent")

    assert country.figures("amount") == {"0101": 400, "0102": None, "0103": 0}
    assert country.figures("amount", "country") == {"IR": 400}
    assert country.figures("spending_per_head") == {"0101": 4, "0102": None, "0103": 0}
    assert country.figures("gini", "country") == {"IR": 0.5}
    stored = country.connection.execute("SELECT DISTINCT indicator FROM indicator.value")
    assert {row[0] for row in stored} == {
        "amount", "population", "spending_per_head", "allocation_ratio", "gini", "theil_t",
        "theil_t_between", "theil_t_within",
    }  # fmt: skip
    excluded = country.excluded("project")
    assert excluded["unknown"]["no_spent"][:2] == ["amount", "spending_per_head"]
    assert set(excluded["dollars spent"]) == {"other_currency"}
    assert "projects without known spending: 3" in {note.en for note in run.notes}
