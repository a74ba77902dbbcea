"""A cell becomes a value of its field's type, or says why it cannot."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from geoservice.errors import InvalidValue
from geoservice.model import Level
from geoservice.persian.calendar import Period, parse_date, parse_period, parse_year
from geoservice.persian.letters import joined, tidy
from geoservice.persian.numbers import ascii_digits, parse_decimal, parse_integer
from geoservice.persian.postal_code import DEFAULT_PATTERN, parse_postal_code

Cleaner = Callable[[Any], Any]

LONGEST_TEXT = 10_000  # characters; a cell beyond that is a mistake (an unclosed quote, a dump)
_LARGEST_COUNT = 2**62
_PERSIAN_LETTERS = str.maketrans("يىك", "ییک")

# A formula that failed: no value, and not an empty cell either.
SPREADSHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})

_EMPTY = frozenset({"", "-", "—", "null", "none", "nan", "n/a"})
_TRUE = frozenset({"1", "true", "t", "yes", "y", "بله", "بلی", "آری"})
_FALSE = frozenset({"0", "false", "f", "no", "n", "خیر", "نه"})

_SEXES = {
    "total": ("total", "all", "both", "کل", "همه", "مرد و زن"),
    "male": ("male", "m", "men", "مرد", "مردان"),
    "female": ("female", "f", "women", "زن", "زنان"),
}
_SETTLEMENTS = {
    "total": ("total", "all", "کل", "همه"),
    "urban": ("urban", "شهری", "نقاط شهری"),
    "rural": ("rural", "روستایی", "نقاط روستایی"),
}
_LEVELS = {
    "country": ("country", "کشور"),
    "province": ("province", "استان"),
    "county": ("county", "شهرستان"),
    "district": ("district", "بخش"),
    "rural_district": ("rural district", "دهستان"),
    "city": ("city", "شهر"),
    "village": ("village", "آبادی", "روستا"),
}
# OC4IDS projectStatus, with «متوقف» as the extension that the standard lacks.
_STATUSES = {
    "identification": ("identification", "شناسایی", "پیشنهاد", "پیشنهادی"),
    "preparation": (
        "preparation",
        "آماده سازی",
        "مطالعه",
        "در دست مطالعه",
        "طراحی",
        "برنامه ریزی شده",
        "شروع نشده",
    ),
    "implementation": (
        *("implementation", "active", "in progress", "ongoing", "اجرا", "در حال اجرا"),
        *("در دست اجرا", "در دست اقدام", "در جریان", "فعال", "جاری", "تازه شروع", "شروع شده"),
    ),
    "stalled": ("stalled", "متوقف", "راکد", "نیمه تمام"),
    "completion": (
        *("completion", "completed", "finished", "خاتمه یافته", "خاتمه", "تکمیل شده", "تکمیل"),
        *("پایان یافته", "تمام شده", "تمام", "اتمام", "به اتمام رسیده", "افتتاح شده"),
    ),
    "maintenance": ("maintenance", "بهره برداری", "نگهداری"),
    "decommissioning": ("decommissioning", "در حال برچیدن"),
    "decommissioned": ("decommissioned", "برچیده"),
    "cancelled": ("cancelled", "canceled", "لغو", "لغو شده"),
}
# Digits of a code at each level (Statistical Centre of Iran); CSVs drop the leading zeros.
CODE_LENGTH = {
    Level.PROVINCE: 2,
    Level.COUNTY: 4,
    Level.DISTRICT: 6,
    Level.RURAL_DISTRICT: 10,
    Level.CITY: 10,
    Level.VILLAGE: 16,
}

# What a bad value of each type is called in Persian; the precise reason is the English one.
REASON_FA = {
    "text": "متن پذیرفته نیست",
    "key": "شناسه درست نیست",
    "code": "کد درست نیست",
    "level": "سطح تقسیمات شناخته نیست",
    "count": "عدد درست نیست",
    "number": "عدد درست نیست",
    "amount": "مبلغ درست نیست",
    "percent": "درصد باید میان ۰ و ۱۰۰ باشد",
    "overrun_percent": "درصد درست نیست",
    "boolean": "باید بله یا خیر باشد",
    "date": "تاریخ درست نیست",
    "year": "سال درست نیست",
    "period": "دوره درست نیست",
    "sex": "جنس شناخته نیست",
    "settlement": "شهری یا روستایی بودن روشن نیست",
    "status": "وضعیت شناخته نیست",
    "list": "فهرست درست نیست",
    "postal_code": "کد پستی درست نیست",
    "point": "مختصات درست نیست",
}


def is_empty(value: object) -> bool:
    """Whether a cell says nothing: blank, a dash, or a program's word for missing."""
    if value is None or value != value:  # noqa: PLR0124  (NaN is the value unlike itself)
        return True
    return isinstance(value, str) and tidy(value).casefold() in _EMPTY


def cleaners(postal_code_pattern: str | None = None) -> Mapping[str, Cleaner]:
    """A cleaner for every field type; each takes a non-empty cell and raises InvalidValue."""
    pattern = postal_code_pattern or DEFAULT_PATTERN
    return {
        "text": clean_text,
        "key": clean_key,
        "code": clean_key,
        "level": lambda value: _one_of(value, _LEVELS, "a level"),
        "count": _count,
        "number": _number,
        "amount": _amount,
        "percent": lambda value: _percent(value, 100.0),
        "overrun_percent": lambda value: _percent(value, 1000.0),
        "boolean": _boolean,
        "date": _date,
        "year": parse_year,
        "period": _period,
        "sex": lambda value: _one_of(value, _SEXES, "a sex"),
        "settlement": lambda value: _one_of(value, _SETTLEMENTS, "urban or rural"),
        "status": lambda value: _one_of(value, _STATUSES, "a project status"),
        "list": _list,
        "postal_code": lambda value: parse_postal_code(clean_text(value), pattern=pattern),
    }


def clean_text(value: Any) -> str:
    """The text of a cell as written; a spreadsheet's 12.0 is 12."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time.min:
        value = value.date()
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    text = tidy(str(value))
    if len(text) > LONGEST_TEXT:
        raise InvalidValue(
            text[:80] + "…",
            f"the cell has {len(text):,} characters; at most {LONGEST_TEXT:,} are taken",
        )
    if "\x00" in text:
        raise InvalidValue(text.replace("\x00", "␀"), "the cell holds a NUL character")
    return text


def clean_key(value: Any) -> str:
    """The text of a cell in the one form that keys have: ASCII digits, Persian ی and ک."""
    return ascii_digits(clean_text(value)).translate(_PERSIAN_LETTERS)


def region_code(value: str, level: Level) -> str:
    """A code with the zeros that a spreadsheet dropped, and ASCII digits."""
    code = clean_key(value)
    return code.zfill(CODE_LENGTH.get(level, 0)) if code.isdecimal() else code


def _count(value: Any) -> int:
    number = parse_integer(value)
    if not 0 <= number <= _LARGEST_COUNT:
        raise InvalidValue(value, f"{number} is not a count; a whole number from 0 is expected")
    return number


def _number(value: Any) -> float:
    return float(parse_decimal(value))


def _amount(value: Any) -> Decimal:
    number = parse_decimal(value)
    if number < 0:
        raise InvalidValue(value, f"{number} is below zero; an amount from 0 is expected")
    return number


def _percent(value: Any, most: float) -> float:
    text = tidy(str(value)).removesuffix("درصد").strip("%٪ ")
    number = float(parse_decimal(text if isinstance(value, str) else value))
    if not 0 <= number <= most:
        raise InvalidValue(value, f"{number:g} is not a percentage from 0 to {most:g}")
    return number


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = tidy(ascii_digits(clean_text(value))).casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise InvalidValue(value, f"«{word}» is not yes or no; true, false, بله or خیر is expected")


def _date(value: Any) -> datetime.date:
    typed = isinstance(value, int | float)  # a spreadsheet takes 14030105 for a number
    return parse_date(clean_text(value) if typed else value)


def _period(value: Any) -> Period:
    return parse_period(clean_text(value))


def _list(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        parts = [clean_text(part) for part in value if not is_empty(part)]
    else:
        parts = [tidy(part) for part in re.split(r"[|؛;]", clean_text(value))]
    return [part for part in dict.fromkeys(parts) if part]


def _one_of(value: Any, words: Mapping[str, tuple[str, ...]], what: str) -> str:
    key = joined(clean_text(value))
    for word, spellings in words.items():
        if key in {joined(spelling) for spelling in spellings}:
            return word
    raise InvalidValue(value, f"«{value}» is not {what}; expected: {', '.join(words)}")
