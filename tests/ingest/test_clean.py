from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from geoservice.errors import InvalidValue
from geoservice.ingest.clean import LONGEST_TEXT, clean_key, cleaners, is_empty, region_code
from geoservice.model import Level
from geoservice.persian.calendar import jalali


@pytest.mark.parametrize(
    "cell", [None, "", "  ", "\u200c", "-", "—", "NULL", "nan", "N/A", float("nan")]
)
def test_cells_that_say_nothing(cell: object) -> None:
    assert is_empty(cell)


@pytest.mark.parametrize("cell", ["0", 0, 0.0, False, "#N/A", "خیر", "--", [None]])
def test_cells_that_say_something(cell: object) -> None:
    assert not is_empty(cell)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("text", " خيابانِ ولي‌عصر \u200f", "خيابانِ ولي‌عصر"),
        ("text", "پلاک ۲۴", "پلاک ۲۴"),
        ("text", 12.0, "12"),
        ("text", 12.5, "12.5"),
        ("text", datetime.datetime(2024, 3, 20), "2024-03-20"),
        ("text", datetime.datetime(2024, 3, 20, 8, 30), "2024-03-20T08:30:00"),
        ("key", "پ-۱۲ك", "پ-12ک"),
        ("key", 1403.0, "1403"),
        ("level", "شهرستان", "county"),
        ("level", "دهستان", "rural_district"),
        ("level", "Rural_District", "rural_district"),
        ("count", "۱٬۲۳۴", 1234),
        ("count", 7.0, 7),
        ("number", "۳٫۵", 3.5),
        ("number", "-0.25", -0.25),
        ("amount", "۱۲٬۰۰۰", Decimal(12000)),
        ("amount", "1.5e9", Decimal(1_500_000_000)),
        ("percent", "۴۵٪", 45.0),
        ("percent", 100, 100.0),
        ("overrun_percent", "130", 130.0),
        ("boolean", "بلی", True),
        ("boolean", "۰", False),
        ("boolean", True, True),
        ("year", "۱۳۹۵", 1395),
        ("year", 2016, 1395),
        ("sex", "مرد", "male"),
        ("sex", "زنان", "female"),
        ("settlement", "نقاط روستایی", "rural"),
        ("status", "نیمه‌تمام", "stalled"),
        ("status", "در حال اجرا", "implementation"),
        ("status", "Completed", "completion"),
        ("list", "Ray|ری؛ شهرری;ری", ["Ray", "ری", "شهرری"]),
        ("list", ["ری", None, "Ray"], ["ری", "Ray"]),
        ("postal_code", "۱۵۹۴۸-۴۳۸۱۲", "1594843812"),
        ("postal_code", 1594843812.0, "1594843812"),
        ("date", 14030105, datetime.date(2024, 3, 24)),
        ("date", datetime.datetime(2024, 3, 20, 12), datetime.date(2024, 3, 20)),
    ],
)
def test_a_cell_becomes_its_value(kind: str, cell: Any, value: Any) -> None:
    cleaned = cleaners()[kind](cell)
    assert cleaned == value
    assert type(cleaned) is type(value)


@pytest.mark.parametrize(
    ("kind", "cell", "reason"),
    [
        ("text", "x" * (LONGEST_TEXT + 1), "10,001 characters; at most 10,000"),
        ("text", "a\x00b", "NUL"),
        ("level", "ناحیه", "«ناحیه» is not a level; expected: country, province, county"),
        ("count", "-1", "-1 is not a count"),
        ("count", "12.5", "has a fraction"),
        ("count", "1e30", "is not a count"),
        ("number", "زیاد", "'زیاد' is not a number"),
        ("amount", "-5", "-5 is below zero"),
        ("amount", "دو میلیارد", "is not a number"),
        ("percent", "101", "101 is not a percentage from 0 to 100"),
        ("overrun_percent", "1001", "from 0 to 1000"),
        ("boolean", "شاید", "true, false, بله or خیر is expected"),
        ("year", "95", "year 95 is not a Jalali year"),
        ("sex", "x", "«x» is not a sex; expected: total, male, female"),
        ("settlement", "کوهستانی", "is not urban or rural"),
        ("status", "نمی‌دانم", "is not a project status"),
        ("postal_code", "12345", "5 digits: ten are expected"),
        ("date", "1402/12/30", "Esfand of 1402 has 29 days"),
        ("date", "1403/13/01", "month 13 does not exist"),
        ("date", 12, "is not a date"),
        ("period", "1403-Q5", "is not a period"),
    ],
)
def test_a_bad_cell_says_what_is_wrong(kind: str, cell: Any, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        cleaners()[kind](cell)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("1403/12/30", datetime.date(2025, 3, 20)),
        ("۱۴۰۳/۱۲/۳۰", datetime.date(2025, 3, 20)),
        ("14031230", datetime.date(2025, 3, 20)),
        ("2025-03-20", datetime.date(2025, 3, 20)),
        ("20/03/2025", datetime.date(2025, 3, 20)),
        ("۳۰ اسفند ۱۴۰۳", datetime.date(2025, 3, 20)),
    ],
)
def test_dates_of_both_calendars(written: str, date: datetime.date) -> None:
    assert cleaners()["date"](written) == date
    assert jalali(date) == "1403/12/30"


def test_another_rule_for_postal_codes() -> None:
    with pytest.raises(InvalidValue):
        cleaners()["postal_code"]("2594843812")
    assert cleaners("[0-9]{10}")["postal_code"]("2594843812") == "2594843812"


@pytest.mark.parametrize(
    ("code", "level", "whole"),
    [
        ("۱", Level.PROVINCE, "01"),
        ("101", Level.COUNTY, "0101"),
        ("10101", Level.DISTRICT, "010101"),
        ("101010001", Level.RURAL_DISTRICT, "0101010001"),
        ("2301", Level.COUNTY, "2301"),
        ("IR", Level.COUNTRY, "IR"),
        ("R-1", Level.COUNTY, "R-1"),
    ],
)
def test_zeros_that_a_spreadsheet_dropped_come_back(code: str, level: Level, whole: str) -> None:
    assert region_code(code, level) == whole


def test_keys_have_one_form() -> None:
    assert clean_key(" ۱۲ ") == clean_key(12) == clean_key(12.0) == "12"
    assert clean_key("كي") == clean_key("کی")
