from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.errors import InvalidValue
from geoservice.persian.calendar import (
    Period,
    day_of,
    instant_of,
    jalali,
    jalali_year,
    parse_date,
    parse_period,
    parse_year,
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1403/12/30", date(2025, 3, 20)),
        ("۱۴۰۳-۱۲-۳۰", date(2025, 3, 20)),
        ("١٤٠٣/١٢/٣٠", date(2025, 3, 20)),
        ("1403.1.5", date(2024, 3, 24)),
        ("1403 / 1 / 5", date(2024, 3, 24)),
        ("1403\\01\\05", date(2024, 3, 24)),
        ("13970115", date(2018, 4, 4)),
        ("20240501", date(2024, 5, 1)),
        ("2024-05-01", date(2024, 5, 1)),
        ("2024-05-01T10:00:00Z", date(2024, 5, 1)),
        ("2024-05-01 23:59:59.999+03:30", date(2024, 5, 1)),
        ("1403/02/12 08:30", date(2024, 5, 1)),
        ("2024-02-29", date(2024, 2, 29)),
        ("30/12/1403", date(2025, 3, 20)),
        ("31/12/2024", date(2024, 12, 31)),
        ("۱۵ خرداد ۱۴۰۲", date(2023, 6, 5)),
        ("۱۵ خرداد ماه ۱۴۰۲", date(2023, 6, 5)),
        ("دوشنبه ۱۵ خردادماه سال ۱۴۰۲", date(2023, 6, 5)),
        ("سه‌شنبه، ۱۶ خرداد ۱۴۰۲", date(2023, 6, 6)),
        ("۱۴۰۲ خرداد ۱۵", date(2023, 6, 5)),
        ("15ام آبان 1400", date(2021, 11, 6)),
        ("۱ اردی‌بهشت ۱۴۰۳", date(2024, 4, 20)),
        ("۱ اردیبهشت ۱۴۰۳", date(2024, 4, 20)),
        ("۱ امرداد ۱۴۰۳", date(2024, 7, 22)),
        ("\u200f1403/12/30\u200f", date(2025, 3, 20)),
        ("1300/01/01", date(1921, 3, 21)),
        ("1357/11/22", date(1979, 2, 11)),
        (date(2024, 5, 1), date(2024, 5, 1)),
        (datetime(2024, 5, 1, 23, 0, tzinfo=UTC), date(2024, 5, 1)),
    ],
)
def test_parse_date(written: object, expected: date) -> None:
    parsed = parse_date(written)
    assert parsed == expected
    assert type(parsed) is date


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1402-12-30", "Esfand of 1402 has 29 days"),
        ("۳۰ اسفند ۱۴۰۲", "Esfand of 1402 has 29 days"),
        ("1403/07/31", "Mehr of 1403 has 30 days"),
        ("1403/06/32", "Shahrivar of 1403 has 31 days"),
        ("2023-02-29", "February of 2023 has 28 days"),
        ("1403/01/00", "day 0 does not exist"),
        ("1403/13/01", "month 13 does not exist"),
        ("12/30/2024", "month 30 does not exist"),
        ("1650/01/01", "neither Jalali"),
        ("1850-01-01", "neither Jalali"),
        ("99999999", "neither Jalali"),
        ("1 خرداد 2024", "year 2024 is not a Jalali year"),
        ("97/01/15", "year of four digits"),
        ("1403/12", "not a date"),
        ("1403/1-5", "not a date"),
        ("1403", "not a date"),
        ("15 May 2024", "not a date"),
        ("فردا", "not a date"),
        ("📅", "not a date"),
        ("", "empty"),
        (None, "nothing given"),
        (14030101, "int given"),
        ("1403/01/01" * 1000, "too long"),
    ],
)
def test_parse_date_refuses(written: object, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_date(written)


@pytest.mark.parametrize("year", range(1300, 1501))
def test_leap_years_follow_the_33_year_rule(year: int) -> None:
    leap = year % 33 in {1, 5, 9, 13, 17, 22, 26, 30}
    last = f"{year}/12/30"
    if leap:
        assert jalali(parse_date(last)) == last
    else:
        with pytest.raises(InvalidValue, match=f"Esfand of {year} has 29 days"):
            parse_date(last)


@pytest.mark.parametrize("year", [1391, 1395, 1399, 1403, 1408, 1412])
def test_known_leap_years_have_366_days(year: int) -> None:
    period = parse_period(str(year))
    assert (period.end - period.start).days + 1 == 366


@given(st.dates(date(1821, 4, 1), date(2122, 3, 1)))
def test_a_jalali_date_reads_back(day: date) -> None:
    assert parse_date(jalali(day)) == day
    assert jalali_year(day) == int(jalali(day)[:4])


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2024, 3, 19), 1402), (date(2024, 3, 20), 1403), (date(2025, 3, 20), 1403)],
)
def test_jalali_year_turns_at_nowruz(day: date, year: int) -> None:
    assert jalali_year(day) == year


@pytest.mark.parametrize(
    ("written", "year"),
    [("1403", 1403), ("۱۴۰۳", 1403), (1403, 1403), (1403.0, 1403), ("2024", 1403), (2016, 1395)],
)
def test_parse_year(written: object, year: int) -> None:
    assert parse_year(written) == year


@pytest.mark.parametrize("written", ["97", "1199", "1501", "1899", "2101", -1403])
def test_parse_year_refuses_what_is_out_of_range(written: object) -> None:
    with pytest.raises(InvalidValue, match="is not a Jalali year"):
        parse_year(written)


@pytest.mark.parametrize("written", ["", None, "1403.5", "سال", "1403-Q2"])
def test_parse_year_refuses_what_is_no_whole_number(written: object) -> None:
    with pytest.raises(InvalidValue):
        parse_year(written)


@pytest.mark.parametrize(
    ("written", "label", "start", "end"),
    [
        ("1403", "1403", date(2024, 3, 20), date(2025, 3, 20)),
        ("سال ۱۴۰۲", "1402", date(2023, 3, 21), date(2024, 3, 19)),
        ("2024", "1403", date(2024, 3, 20), date(2025, 3, 20)),
        (1403, "1403", date(2024, 3, 20), date(2025, 3, 20)),
        ("1403-Q2", "1403-Q2", date(2024, 6, 21), date(2024, 9, 21)),
        ("۱۴۰۳ q2", "1403-Q2", date(2024, 6, 21), date(2024, 9, 21)),
        ("Q2 1403", "1403-Q2", date(2024, 6, 21), date(2024, 9, 21)),
        ("سه‌ماهه دوم ۱۴۰۳", "1403-Q2", date(2024, 6, 21), date(2024, 9, 21)),
        ("سه‌ماههٔ دوم سال ۱۴۰۳", "1403-Q2", date(2024, 6, 21), date(2024, 9, 21)),
        ("۳ ماهه ۲ ۱۴۰۳", "1403-Q2", date(2024, 6, 21), date(2024, 9, 21)),
        ("فصل دوم 1403", "1403-Q2", date(2024, 6, 21), date(2024, 9, 21)),
        ("بهار ۱۴۰۳", "1403-Q1", date(2024, 3, 20), date(2024, 6, 20)),
        ("تابستان ۱۴۰۳", "1403-Q2", date(2024, 6, 21), date(2024, 9, 21)),
        ("فصل پائیز ۱۴۰۳", "1403-Q3", date(2024, 9, 22), date(2024, 12, 20)),
        ("زمستان ۱۴۰۳", "1403-Q4", date(2024, 12, 21), date(2025, 3, 20)),
        ("زمستان 1402", "1402-Q4", date(2023, 12, 22), date(2024, 3, 19)),
        ("1403-02", "1403-02", date(2024, 4, 20), date(2024, 5, 20)),
        ("۱۴۰۳/۲", "1403-02", date(2024, 4, 20), date(2024, 5, 20)),
        ("1402-12", "1402-12", date(2024, 2, 20), date(2024, 3, 19)),
        ("خرداد ۱۴۰۳", "1403-03", date(2024, 5, 21), date(2024, 6, 20)),
        ("خردادماه ۱۴۰۳", "1403-03", date(2024, 5, 21), date(2024, 6, 20)),
    ],
)
def test_parse_period(written: object, label: str, start: date, end: date) -> None:
    assert parse_period(written) == Period(label, int(label[:4]), start, end)
    assert parse_period(label).label == label


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1403-Q5", "not a period"),
        ("1403-Q0", "not a period"),
        ("1403-13", "month 13 does not exist"),
        ("1403-00", "month 0 does not exist"),
        ("2024-Q2", "not a Jalali year"),
        ("2024-05", "not a Jalali year"),
        ("1600", "not a Jalali year"),
        ("ماه دوم 1403", "not a period"),
        ("فصل پنجم ۱۴۰۳", "not a period"),
        ("هفته اول", "not a period"),
        ("1403-01-01", "not a period"),
        ("", "empty"),
        (None, "nothing given"),
        ("1403 " * 1000, "too long"),
    ],
)
def test_parse_period_refuses(written: object, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_period(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2021-03-21", date(2021, 3, 21)),
        ("1400-01-01", date(2021, 3, 21)),
        ("۱۴۰۰-۰۱-۰۱", date(2021, 3, 21)),
        ("٢٠٢١-٠٣-٢١", date(2021, 3, 21)),
        ("1200-01-01", date(1821, 3, 21)),
        ("1500-12-29", date(2122, 3, 20)),
        ("1199-12-31", date(1199, 12, 31)),
        ("1501-01-31", date(1501, 1, 31)),
        ("0001-01-01", date(1, 1, 1)),
        ("9999-12-31", date(9999, 12, 31)),
    ],
)
def test_a_day_of_rfc_3339_in_either_calendar(written: str, expected: date) -> None:
    assert day_of(written) == expected
    midnight = datetime(expected.year, expected.month, expected.day, tzinfo=UTC)
    for time in ("", "T00:00:00", "t00:00:00z", " 00:00:00.000+00:00"):
        assert instant_of(written + time) == midnight


@pytest.mark.parametrize(
    ("written", "why"),
    [
        *[(text, "is no date: give one such as 2021-03-21, or Jalali") for text in ("", "x")],
        *[(text, "or Jalali 1400-01-01") for text in ("1400-1-1", "14000101", "1400/01/01")],
        ("1400-01-01T00:00:00Z", "or Jalali 1400-01-01"),
        ("1403-12-31", "Esfand of 1403 has 30 days; years 1200 to 1500 are Jalali"),
        ("1403-13-01", "month 13"),
        ("2021-02-29", "is no date"),
    ],
)
def test_what_is_no_day_of_rfc_3339(written: str, why: str) -> None:
    with pytest.raises(InvalidValue, match=why):
        day_of(written)


@pytest.mark.parametrize("written", ["", "noon", "1400-01-01T", "1400-01-01T24:01:00Z"])
def test_what_is_no_time_of_rfc_3339(written: str) -> None:
    with pytest.raises(InvalidValue, match="with T12:00:00Z behind it"):
        instant_of(written)
