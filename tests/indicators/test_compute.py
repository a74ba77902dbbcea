"""A run as a whole: the worked example, its key, what it refuses, and that it repeats itself."""

from __future__ import annotations

from datetime import date

import pytest

from geoservice.errors import InvalidValue, NotFound
from geoservice.indicators.compute import RunSummary, compute_years
from geoservice.model import Level
from tests.indicators.conftest import TODAY, Country


def test_the_worked_example_comes_out_of_the_tables(worked: Country) -> None:
    worked.compute("y")

    country = {
        indicator: worked.figures(indicator, "country")["IR"]
        for indicator in ("gini", "theil_t", "theil_t_between", "theil_t_within")
    }
    assert country == pytest.approx(
        {
            "gini": 0.325,
            "theil_t": 0.179983091488,
            "theil_t_between": 0.014801474605,
            "theil_t_within": 0.165181616883,
        },
        abs=1e-10,
    )
    ratios = list(worked.figures("allocation_ratio").values())
    assert ratios == pytest.approx([2, 4 / 3, 2 / 3, 5 / 3, 4 / 3, 5 / 12], abs=1e-10)
    assert list(worked.figures("spending_per_head").values()) == [12, 8, 4, 10, 8, 2.5]
    assert worked.figures("spending_per_head", "country") == {"IR": 6}
    assert worked.figures("population", "province") == {"00": 35, "01": 65}
    assert worked.figures("spending_per_head", "province") == {
        "00": pytest.approx(260 / 35),
        "01": pytest.approx(340 / 65),
    }
    # Σ p p |x − x| / 2μ of the three counties of each province, by hand.
    assert worked.figures("gini", "province") == pytest.approx({"00": 22 / 91, "01": 73 / 221})


def test_a_statistic_has_no_projects_and_bears_its_unit(worked: Country) -> None:
    worked.compute("y")

    found = worked.connection.execute(
        "SELECT DISTINCT indicator, unit FROM indicator.value ORDER BY indicator"
    ).fetchall()
    assert found == [
        ("allocation_ratio", "1"),
        ("amount", "IRR"),
        ("gini", "1"),
        ("population", "person"),
        ("spending_per_head", "IRR/person"),
        ("theil_t", "1"),
        ("theil_t_between", "1"),
        ("theil_t_within", "1"),
    ]


def test_the_run_tells_its_period_and_the_year_of_the_population(worked: Country) -> None:
    run = worked.compute("y")

    row = worked.connection.execute(
        "SELECT region_set, level, year, variable, period_start, period_end, population_year,"
        " notes FROM indicator.run"
    ).fetchone()
    assert row is not None
    assert row[:7] == (
        "worked", "county", 1404, "y", date(2025, 3, 21), date(2026, 3, 20), 1395,
    )  # fmt: skip
    assert row[7] == [
        {
            "fa": "جمعیت سال ۱۳۹۵ به کار رفته است، نه سال ۱۴۰۴",
            "en": "the population is that of 1395, not of 1404",
            "indicators": [
                *("population", "spending_per_head", "allocation_ratio", "gini"),
                *("theil_t", "theil_t_between", "theil_t_within"),
            ],
        }
    ]
    assert (run.changed, run.excluded, run.nulls) == (True, 0, 0)


def test_notes_name_the_indicators_that_they_concern(worked: Country) -> None:
    worked.region("0107", "01")
    worked.project("p1", "0001", planned_start=date(2025, 5, 1))
    worked.project("p2", None, at=None, budget=10)
    worked.place("v", (51.5, 35.5), None)

    worked.compute()

    row = worked.connection.execute("SELECT notes FROM indicator.run").fetchone()
    assert row is not None
    about = {note["en"].rsplit(": ", 1)[0]: set(note["indicators"]) for note in row[0]}
    people = about["the population is that of 1395, not of 1404"]
    assert {"population", "gini"} <= people
    assert not {"budget", "mean_life", "coverage_5km", "projects"} & people
    lives = {"mean_life", "mean_life_completed", "mean_age_unfinished"}
    assert about["projects without an actual start, whose planned start stands for it"] == lives
    reach = {"coverage_5km", "coverage_10km", "coverage_30km", "mean_distance_km"}
    assert about["places of unknown population, left out of coverage"] == reach
    lost = about["projects that could not be assigned to a region"]
    assert {"projects", "budget", "gini"} <= lost
    assert not lost & {"population", *lives, *reach}
    assert "population" not in about["projects without any date, which count in every year"]


@pytest.mark.parametrize(
    ("valid", "year", "told"),
    [
        (("2016-03-20", "2021-03-20"), 1394, "before these regions were valid, from 1395/01/01"),
        (("2016-03-20", "2021-03-20"), 1395, None),
        (("2016-03-20", "2021-03-20"), 1399, None),
        (("2016-03-20", "2021-03-20"), 1400, "after these regions were valid, up to 1399/12/30"),
        (("2016-09-01", None), 1395, None),
        (("2016-09-01", None), 1404, None),
        ((None, "2016-09-01"), 1394, None),
    ],
)
def test_a_year_outside_the_validity_of_the_region_set_is_told(
    worked: Country, valid: tuple[str | None, str | None], year: int, told: str | None
) -> None:
    worked.connection.execute("UPDATE source.region_set SET valid_from = %s, valid_to = %s", valid)

    run = worked.compute("y", year=year)

    warnings = [note for note in run.notes if "regions were valid" in note.en]
    assert len(warnings) == (told is not None)
    assert all(str(told) in note.en for note in warnings)
    assert all(note.indicators == () and "اعتبار" in note.fa for note in warnings)


def test_running_again_touches_nothing(worked: Country) -> None:
    worked.project("p1", "0001", budget=10, actual_start=date(2025, 5, 1))
    worked.project("p2", None, at=None, budget=10)
    worked.place("v", (51.5, 35.5), None)
    first = worked.compute()
    before = _versions(worked)

    second = worked.compute()

    assert (first.changed, second.changed) == (True, False)
    assert first.excluded == second.excluded > 0
    assert _versions(worked) == before


def test_a_changed_input_replaces_the_run_of_its_key_alone(worked: Country) -> None:
    worked.compute("y", year=1403)
    worked.compute("y")
    worked.connection.execute("UPDATE source.statistic SET value = 240 WHERE code = '0001'")

    assert worked.compute("y").changed

    runs = worked.connection.execute("SELECT year FROM indicator.run ORDER BY year").fetchall()
    assert runs == [(1403,), (1404,)]
    heads = worked.connection.execute(
        "SELECT value FROM indicator.value JOIN indicator.run ON run.id = run_id"
        " WHERE year = 1404 AND indicator = 'spending_per_head' AND code = '0001'"
    ).fetchall()
    assert heads == [(24.0,)]


def test_years_are_computed_one_by_one(worked: Country) -> None:
    told: list[RunSummary] = []

    runs = compute_years(
        worked.connection, years=[1402, 1404], variable="y", today=TODAY, progress=told.append
    )

    assert [run.year for run in runs] == [1402, 1404]
    assert told == runs


def test_a_year_without_the_statistic_is_null_and_names_the_years_there_are(
    worked: Country,
) -> None:
    run = worked.compute("y", year=1400)

    assert worked.figures("gini", "country") == {"IR": None}
    assert any("there is: 1404" in note.en for note in run.notes)
    assert set(worked.excluded("region")) == set(worked.figures("population"))


def test_a_negative_statistic_is_refused_by_name(worked: Country) -> None:
    worked.connection.execute("UPDATE source.statistic SET value = -1 WHERE code = '0105'")

    with pytest.raises(InvalidValue, match="y of 1404, county: the value of 0105 is -1"):
        worked.compute("y")


@pytest.mark.parametrize("year", [1299, 1501, 2025])
def test_a_year_of_another_calendar_is_refused(worked: Country, year: int) -> None:
    with pytest.raises(InvalidValue, match="1300 to 1500"):
        worked.compute(year=year)


def test_what_is_not_there_is_answered_with_what_is(worked: Country) -> None:
    with pytest.raises(NotFound, match=r"no variable «z»; there are: budget, spent, y"):
        worked.compute("z")
    with pytest.raises(NotFound, match=r"has no province; it has: county"):
        worked.compute(level=Level.PROVINCE)
    with pytest.raises(InvalidValue, match="province or county"):
        worked.compute(level=Level.VILLAGE)


def test_region_sets_are_named_where_the_asked_one_is_missing(country: Country) -> None:
    with pytest.raises(NotFound, match="no region set yet"):
        country.compute()
    country.set(current=False)
    with pytest.raises(NotFound, match="no region set is the current one: name one of worked"):
        country.compute()
    with pytest.raises(NotFound, match="no region set «other»; there are: worked"):
        compute_years(country.connection, region_set="other", years=[1404], today=TODAY)


def _versions(country: Country) -> list[tuple[str, int]]:
    return country.connection.execute(
        "SELECT table_name, version FROM meta.version ORDER BY table_name"
    ).fetchall()
