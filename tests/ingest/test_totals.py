"""Everybody once: totals from whatever breakdown a file gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geoservice.database.engine import Connection
from geoservice.ingest.ingest import Options, ingest
from geoservice.ingest.region_sets import RegionSet
from geoservice.ingest.totals import Cell, total

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


SET = Options(region_set=RegionSet("totals"))
TOTALS = (
    "SELECT level, code, year, value, derived FROM source.population WHERE region_set = 'totals' "
    "AND (sex, age_group, settlement) = ('total', 'total', 'total') ORDER BY level, code, year"
)
VERSION = "SELECT version FROM meta.version WHERE table_name = 'source.population'"


@pytest.fixture
def load(connection: Connection, tmp_path: Path) -> Iterator[Callable[[str, str], list[str]]]:
    """Loads CSV text as a kind of file into two counties of one province; gives the notes."""

    def loaded(kind: str, text: str) -> list[str]:
        file = tmp_path / f"{kind}.csv"
        file.write_text(text, encoding="utf-8")
        return list(ingest(connection, kind, str(file), SET).notes)

    loaded("regions", "code,name_en,parent_code\n0101,A,01\n0102,B,01\n")
    yield loaded
    connection.execute("DELETE FROM source.region_set WHERE id = 'totals'")


def test_totals_are_made_from_parts_and_provinces_from_counties(
    connection: Connection, load: Callable[[str, str], list[str]]
) -> None:
    notes = load("population", "code,year,sex,value\n0101,1395,male,4\n0101,1395,female,5\n")
    assert notes == ["1 totals were made from their parts"]
    assert connection.execute(TOTALS).fetchall() == [("county", "0101", 1395, 9, True)]

    notes = load("population", "code,year,population\n0102,1395,10\n")
    assert notes == ["1 provinces got the sum of their counties"]
    assert connection.execute(TOTALS).fetchall() == [
        ("county", "0101", 1395, 9, True),
        ("county", "0102", 1395, 10, False),
        ("province", "01", 1395, 19, True),
    ]


def test_loading_again_touches_nothing(
    connection: Connection, load: Callable[[str, str], list[str]]
) -> None:
    text = "code,year,sex,value\n0101,1395,male,4\n0101,1395,female,5\n0102,1395,total,1\n"
    load("population", text)
    before = connection.execute(VERSION).fetchone()
    load("population", text)
    assert connection.execute(VERSION).fetchone() == before


def test_a_total_that_a_file_gives_stands_and_a_changed_part_changes_a_derived_one(
    connection: Connection, load: Callable[[str, str], list[str]]
) -> None:
    load("population", "code,year,sex,value\n0101,1395,male,4\n0101,1395,female,5\n")
    load("population", "code,year,sex,value\n0101,1395,male,6\n")
    assert connection.execute(TOTALS).fetchall() == [("county", "0101", 1395, 11, True)]
    load("population", "code,year,population\n0101,1395,12\n")
    load("population", "code,year,sex,value\n0101,1395,male,7\n")
    assert connection.execute(TOTALS).fetchall() == [("county", "0101", 1395, 12, False)]


def test_missing_parts_make_no_total_and_are_told(
    connection: Connection, load: Callable[[str, str], list[str]]
) -> None:
    notes = load("population", "code,year,sex,value\n0101,1395,male,4\n")
    assert notes == ["1 regions have parts that make no total: some are missing"]
    assert connection.execute(TOTALS).fetchall() == []
