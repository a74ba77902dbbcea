"""Jalali and Gregorian dates, years and periods; what is kept is always Gregorian.

A year below 1700 is Jalali. The conversion is persiantools', which follows the 33-year rule of
leap years where the official calendar does.
"""

from __future__ import annotations

import calendar
import datetime
import re
from contextlib import suppress
from dataclasses import dataclass

from persiantools.jdatetime import JalaliDate

from geoservice.errors import InvalidValue
from geoservice.persian.letters import normalise
from geoservice.persian.numbers import ascii_digits, cell_text, parse_integer

JALALI_YEARS = range(1200, 1501)
GREGORIAN_YEARS = range(1900, 2101)

_MONTHS = (
    ("Farvardin", "فروردین"),
    ("Ordibehesht", "اردیبهشت"),
    ("Khordad", "خرداد"),
    ("Tir", "تیر"),
    ("Mordad", "مرداد", "امرداد"),
    ("Shahrivar", "شهریور"),
    ("Mehr", "مهر"),
    ("Aban", "آبان"),
    ("Azar", "آذر"),
    ("Dey", "دی"),
    ("Bahman", "بهمن"),
    ("Esfand", "اسفند", "اسپند"),
)
_MONTH_OF = {normalise(name): n for n, names in enumerate(_MONTHS, 1) for name in names}
_MONTH_OF[normalise("اردی‌بهشت")] = 2
_MONTH_NAMES = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_QUARTER_OF = {"بهار": 1, "تابستان": 2, "پاییز": 3, "زمستان": 4}
_QUARTER_OF |= {"اول": 1, "دوم": 2, "سوم": 3, "چهارم": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_TIME = r"(?:(?:\s*T|\s)\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
_NUMERIC = tuple(
    re.compile(form + _TIME, re.ASCII | re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})\s*(?P<mark>[/\-.\\])\s*(?P<month>\d{1,2})\s*(?P=mark)\s*(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\s*(?P<mark>[/\-.\\])\s*(?P<month>\d{1,2})\s*(?P=mark)\s*(?P<year>\d{4})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    )
)
_RFC_3339 = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?P<time>(?:[Tt ].*)?)"
)
_EITHER = "2021-03-21, or Jalali 1400-01-01 (years 1200 to 1500)"
_DAY_NAME = "(?:(?:شنبه|یک ?شنبه|دو ?شنبه|سه ?شنبه|چهار ?شنبه|پنج ?شنبه|جمعه) )?"
_DAY = "(?P<day>[0-9]{1,2}) ?(?:ام|م)?"
_MONTH = f"(?P<name>{_MONTH_NAMES}) ?(?:ماه)?"
_YEAR = "(?:سال )?(?P<year>[0-9]{4})"
_WORDED = tuple(
    re.compile(form)
    for form in (f"{_DAY_NAME}{_DAY} {_MONTH} ?{_YEAR}", f"{_YEAR} {_MONTH} ?{_DAY}")
)
_QUARTER = (
    "(?:(?:فصل |سه ?ماهه |3 ?ماهه )?(?P<season>بهار|تابستان|پاییز|زمستان)"
    "|(?:فصل|سه ?ماهه|3 ?ماهه) (?P<ordinal>اول|دوم|سوم|چهارم|[1-4])|q ?(?P<q>[1-4]))"
)
_PERIODS = tuple(
    re.compile(form)
    for form in (
        _YEAR,
        f"{_YEAR} {_QUARTER}",
        f"{_QUARTER} {_YEAR}",
        f"{_YEAR} (?P<month>[0-9]{{1,2}})",
        f"{_YEAR} {_MONTH}",
        f"{_MONTH} ?{_YEAR}",
    )
)


@dataclass(frozen=True, slots=True)
class Period:
    """A Jalali year, quarter or month: `start` and `end` are Gregorian, both included."""

    label: str
    year: int
    start: datetime.date
    end: datetime.date


def parse_date(value: object) -> datetime.date:
    """Return the Gregorian date in `value`: text of either calendar, or a date or datetime.

    Year first or day first, apart by `/ - .`, eight digits together, or with a Jalali month name
    (۱۵ خرداد ۱۴۰۲). A time of day is read over; no time zone is applied.

    >>> parse_date("۱۴۰۳/۱۲/۳۰")
    datetime.date(2025, 3, 20)

    :raises InvalidValue: it is no date, or one that its calendar does not have.
    """
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = cell_text(value, "a date")
    for form in _NUMERIC:
        if found := form.fullmatch(text):
            return _date(value, int(found["year"]), int(found["month"]), int(found["day"]))
    words = normalise(text)
    for form in _WORDED:
        if found := form.fullmatch(words):
            year = _jalali_year_of(value, int(found["year"]))
            return _date(value, year, _MONTH_OF[found["name"]], int(found["day"]))
    raise InvalidValue(
        value,
        f"'{text}' is not a date: 1403/12/30, 2025-03-20 or ۳۰ اسفند ۱۴۰۳ is expected, with a "
        "year of four digits",
    )


def day_of(text: str) -> datetime.date:
    """Return the day of a date as RFC 3339 writes it, whose year may be a Jalali one.

    Of the years 1200 to 1500 it is Jalali, of others Gregorian; digits are of any kind.

    >>> day_of("۱۴۰۳-۱۲-۳۰"), day_of("1850-03-21")
    (datetime.date(2025, 3, 20), datetime.date(1850, 3, 21))

    :raises InvalidValue: it is no date, or one that its calendar does not have.
    """
    found = _RFC_3339.fullmatch(ascii_digits(text))
    if found is None or found["time"]:
        raise InvalidValue(text, f"«{text}» is no date: give one such as {_EITHER}")
    return _day_of(text, found)


def instant_of(text: str) -> datetime.datetime:
    """Return the time as RFC 3339 writes it, with a date as `day_of` takes it.

    Without a zone it is of UTC, without a time of day the beginning of the day.

    >>> instant_of("1403-01-01T12:00:00Z").isoformat()
    '2024-03-20T12:00:00+00:00'

    :raises InvalidValue: it is no time, or one of a day that its calendar does not have.
    """
    found = _RFC_3339.fullmatch(ascii_digits(text))
    if found is not None:
        date = _day_of(text, found)
        with suppress(ValueError):
            time = datetime.datetime.fromisoformat(f"{date.isoformat()}{found['time'].upper()}")
            return time if time.tzinfo else time.replace(tzinfo=datetime.UTC)
    raise InvalidValue(
        text, f"«{text}» is no time: give a date such as {_EITHER}, with T12:00:00Z behind it"
    )


def jalali(date: datetime.date) -> str:
    """Return the Jalali date as `1403/12/30`, in ASCII digits."""
    return "{:04}/{:02}/{:02}".format(*_jalali_parts(date))


def jalali_year(date: datetime.date) -> int:
    """Return the Jalali year in which a Gregorian date falls."""
    return _jalali_parts(date)[0]


def parse_year(value: object) -> int:
    """Return a Jalali year; a Gregorian one gives the Jalali year that begins in it (2024 → 1403).

    :raises InvalidValue: it is not a year of 1200–1500 or 1900–2100.
    """
    year = parse_integer(value)
    if year in GREGORIAN_YEARS:
        return year - 621
    return _jalali_year_of(value, year)


def parse_period(text: object) -> Period:
    """Return the Jalali year, quarter or month that `text` names.

    Labels `1403`, `1403-Q2`, `1403-02`; also «سه‌ماهه دوم ۱۴۰۳», «بهار ۱۴۰۳», «خرداد ۱۴۰۳». A
    Gregorian year alone is read as `parse_year` does.

    >>> parse_period("پاییز ۱۴۰۳").label
    '1403-Q3'

    :raises InvalidValue: it is none of these.
    """
    if isinstance(text, (int, float)):
        return _year(parse_year(text))
    written = cell_text(text, "a period")
    for form in _PERIODS:
        found = form.fullmatch(normalise(written))
        if found is None:
            continue
        parts = found.groupdict()
        quarter = parts.get("season") or parts.get("ordinal") or parts.get("q")
        month = parts.get("month") or _MONTH_OF.get(parts.get("name") or "")
        if quarter:
            return _quarter(_jalali_year_of(text, int(found["year"])), _QUARTER_OF[quarter])
        if month:
            return _month(text, _jalali_year_of(text, int(found["year"])), int(month))
        return _year(parse_year(found["year"]))
    raise InvalidValue(
        text, f"'{written}' is not a period: 1403, 1403-Q2 or 1403-02 (Jalali) is expected"
    )


def _year(year: int) -> Period:
    return Period(str(year), year, _gregorian(year, 1, 1), _last_day(year, 12))


def _quarter(year: int, quarter: int) -> Period:
    last = quarter * 3
    return Period(f"{year}-Q{quarter}", year, _gregorian(year, last - 2, 1), _last_day(year, last))


def _month(text: object, year: int, month: int) -> Period:
    if not 1 <= month <= 12:
        raise InvalidValue(text, f"month {month} does not exist: 1 to 12 is expected")
    return Period(f"{year}-{month:02}", year, _gregorian(year, month, 1), _last_day(year, month))


def _jalali_year_of(value: object, year: int) -> int:
    if year not in JALALI_YEARS:
        raise InvalidValue(
            value,
            f"year {year} is not a Jalali year: four digits from {JALALI_YEARS[0]} to "
            f"{JALALI_YEARS[-1]} are expected",
        )
    return year


def _date(value: object, year: int, month: int, day: int) -> datetime.date:
    is_jalali = year < 1700
    if year not in (JALALI_YEARS if is_jalali else GREGORIAN_YEARS):
        raise InvalidValue(
            value, f"year {year} is neither Jalali (1200–1500) nor Gregorian (1900–2100)"
        )
    if not 1 <= month <= 12:
        raise InvalidValue(value, f"month {month} does not exist: 1 to 12 is expected")
    days = _days(year, month) if is_jalali else calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        name = _MONTHS[month - 1][0] if is_jalali else calendar.month_name[month]
        raise InvalidValue(value, f"day {day} does not exist: {name} of {year} has {days} days")
    return _gregorian(year, month, day) if is_jalali else datetime.date(year, month, day)


def _day_of(text: str, found: re.Match[str]) -> datetime.date:
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    try:
        if year in JALALI_YEARS:
            return _date(text, year, month, day)
        return datetime.date(year, month, day)
    except InvalidValue as error:
        why = f"{error.reason}; years {JALALI_YEARS[0]} to {JALALI_YEARS[-1]} are Jalali"
        raise InvalidValue(text, f"«{text}» is no date: {why}") from None
    except ValueError as error:
        raise InvalidValue(text, f"«{text}» is no date: {error}") from None


def _last_day(year: int, month: int) -> datetime.date:
    return _gregorian(year, month, _days(year, month))


def _days(year: int, month: int) -> int:
    return int(JalaliDate.days_in_month(month, year))


def _gregorian(year: int, month: int, day: int) -> datetime.date:
    date: datetime.date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    return date


def _jalali_parts(date: datetime.date) -> tuple[int, int, int]:
    converted = JalaliDate(date)  # type: ignore[no-untyped-call]
    return converted.year, converted.month, converted.day
