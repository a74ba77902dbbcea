"""Lives of projects as of the end of a year, told with what is unfinished and unknown."""

from __future__ import annotations

from datetime import date

import pytest

from tests.indicators.conftest import Country

YEAR = 365.2425


def test_lives_are_counted_to_the_last_day_of_the_year(country: Country) -> None:
    country.set()
    country.region("0101", "01")
    country.region("0102", "01")
    end = date(2026, 3, 20)
    country.project(
        "done", "0101", actual_start=date(2020, 1, 1), completion_date=date(2025, 12, 31)
    )
    country.project("open", "0101", actual_start=date(2016, 3, 20))
    # Seen from the end of the year, what is completed later is not finished.
    country.project("later", None, actual_start=date(2025, 3, 21), completion_date=date(2027, 1, 1))
    done = (date(2025, 12, 31) - date(2020, 1, 1)).days / YEAR
    open_ = (end - date(2016, 3, 20)).days / YEAR
    later = (end - date(2025, 3, 21)).days / YEAR

    run = country.compute()

    assert country.figures("mean_life")["0101"] == pytest.approx((done + open_) / 2)
    assert country.figures("mean_life")["0102"] is None
    assert country.reason("mean_life", "county", "0102") == "there is no project of this kind"
    assert country.figures("mean_life", "country")["IR"] == pytest.approx(
        (done + open_ + later) / 3
    )
    assert country.figures("mean_life_completed", "country")["IR"] == pytest.approx(done)
    assert country.figures("mean_age_unfinished", "country")["IR"] == pytest.approx(
        (open_ + later) / 2
    )
    assert any("the true mean is no less than this" in note.en for note in run.notes)
    assert not any("the year is not over" in note.en for note in run.notes)


def test_in_a_running_year_lives_are_counted_to_today_and_told_so(country: Country) -> None:
    country.set()
    country.region("0101", "01")
    country.project("open", "0101", actual_start=date(2024, 10, 1))
    country.project("due", "0101", actual_start=date(2024, 10, 1), completion_date=date(2026, 1, 1))
    country.project("to come", "0101", planned_start=date(2026, 1, 1))

    run = country.compute(today=date(2025, 10, 1))

    assert country.figures("mean_age_unfinished", "country")["IR"] == pytest.approx(365 / YEAR)
    assert country.figures("mean_life_completed", "country")["IR"] is None
    assert any("2025-10-01 (1404/07/09)" in note.en for note in run.notes)
    assert any("۱۴۰۴/۰۷/۰۹" in note.fa for note in run.notes)
    assert "not_started" in country.excluded("project")["to come"]


def test_what_has_no_life_is_reported_and_doubtful_dates_are_told(country: Country) -> None:
    country.set()
    country.region("0101", "01")
    country.project("no start", "0101", completion_date=date(2025, 6, 1))
    country.project(
        "reversed", "0101", actual_start=date(2025, 9, 1), completion_date=date(2025, 8, 1)
    )
    country.project("built", "0101", actual_start=date(2020, 1, 1), status="maintenance")
    country.project("planned", "0101", planned_start=date(2020, 1, 1))

    run = country.compute()

    lives = ["mean_life", "mean_life_completed", "mean_age_unfinished"]
    excluded = country.excluded("project")
    assert excluded["no start"]["no_start"] == lives
    assert excluded["reversed"]["completed_before_start"] == lives
    told = " | ".join(note.en for note in run.notes)
    assert "without a completion date: counted as unfinished: 1" in told
    assert "whose planned start stands for it: 1" in told
