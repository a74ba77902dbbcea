"""Numbers as people and spreadsheets write them, in Persian, Arabic and ASCII digits."""

from __future__ import annotations

import re
from decimal import Decimal

from geoservice.errors import InvalidValue
from geoservice.persian.letters import INVISIBLE, tidy

LONGEST = 100  # characters; nothing longer is a number, a date or a code

_ASCII = "0123456789"
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_WIDE = "０１２３４５６７８９"
_TO_ASCII = dict(zip(_PERSIAN + _ARABIC + _WIDE, _ASCII * 3, strict=True))
_OTHER_DIGIT = re.compile(f"[{_PERSIAN}{_ARABIC}{_WIDE}]")
_TO_PERSIAN = str.maketrans(_ASCII + _ARABIC, _PERSIAN * 2)
_UNSEEN = dict.fromkeys(map(ord, INVISIBLE))
# No digit or mark before, no further digit behind: 2.0, and neither 12.05 nor 1.2.0.
_WHOLE = re.compile(r"(?<![0-9])(?<![0-9][./٫])([0-9]+)[.٫]0+(?![./٫]?[0-9])")
_MINUS = str.maketrans("−﹣－‐‑–", "------")

_NUMBER = re.compile(
    r"""
    (?P<sign>[+-]?)\s*
    (?=[.٫]?[0-9])
    (?P<whole>[0-9]{1,3}(?:(?P<mark>[,٬،\s'’])[0-9]{3})(?:(?P=mark)[0-9]{3})*|[0-9]*)
    (?P<fraction>[.٫][0-9]*|/[0-9]+)?
    (?:[eE](?P<exponent>[+-]?[0-9]{1,2}))?
    \s*(?P<trailing>-?)
    """,
    re.VERBOSE,
)


def ascii_digits(text: str) -> str:
    """Return `text` with Persian, Arabic and full-width digits as ASCII; its length is kept."""
    # Digits are few in a text: a fifth of the time that `str.translate` takes.
    return _OTHER_DIGIT.sub(lambda digit: _TO_ASCII[digit[0]], text)


def whole_numbers(text: str) -> str:
    """Return `text` with 2.0, as spreadsheets write a whole number, as 2; other texts as they are.

    >>> whole_numbers("خیابان زند، پلاک 2.0"), whole_numbers("12.05")
    ('خیابان زند، پلاک 2', '12.05')
    """
    if "." not in text and "٫" not in text:
        return text
    digits = ascii_digits(text)
    for found in reversed(list(_WHOLE.finditer(digits))):
        text = text[: found.end(1)] + text[found.end() :]
    return text


def persian_digits(text: str) -> str:
    """Return `text` with ASCII and Arabic digits as Persian ones, for output."""
    return text.translate(_TO_PERSIAN)


def parse_decimal(value: object) -> Decimal:
    """Return the number in `value`: text, or a number that a spreadsheet already typed.

    Thousands are apart by one of `, ٬ ،` or a space, in whole groups of three; the decimal mark
    is `.`, `٫`, or `/` between digits (۳/۵); a minus may lead or trail. A short exponent, as
    spreadsheets write it, is taken.

    >>> parse_decimal("۱٬۲۳۴٫۵")
    Decimal('1234.5')

    :raises InvalidValue: it is missing, too long, a percentage, not finite or not a number.
    """
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        number = Decimal(str(value))
        if not number.is_finite():
            raise InvalidValue(value, f"{value} is not a finite number")
        return number
    return _decimal_of(cell_text(value, "a number"), value)


def parse_integer(value: object) -> int:
    """Return the whole number in `value`, written in any way that `parse_decimal` takes.

    >>> parse_integer("۱۲٬۰۰۰")
    12000

    :raises InvalidValue: it is not a number, or has a fraction.
    """
    number = parse_decimal(value)
    if number.adjusted() > LONGEST:
        raise InvalidValue(value, f"{value} is too large: at most {LONGEST} digits")
    if number != number.to_integral_value():
        raise InvalidValue(value, f"{value} has a fraction: a whole number is expected")
    return int(number)


def cell_text(value: object, expected: str) -> str:
    """Return one short text cell with ASCII digits, without white space and bidi marks around.

    :raises InvalidValue: it is not text, is empty, or is longer than `LONGEST` characters;
        the reason names what was `expected`.
    """
    if not isinstance(value, str):
        given = "nothing" if value is None else type(value).__name__
        raise InvalidValue(value, f"{given} given: {expected} is expected")
    if len(value) > LONGEST:
        raise InvalidValue(value, f"{len(value)} characters are too long: {expected} is expected")
    text = tidy(ascii_digits(value).translate(_UNSEEN))
    if not text:
        raise InvalidValue(value, f"it is empty: {expected} is expected")
    return text


def _decimal_of(text: str, value: object) -> Decimal:
    if any(sign in text for sign in "%٪"):
        raise InvalidValue(value, f"'{text}' has a percent sign: give the number alone")
    found = _NUMBER.fullmatch(text.translate(_MINUS))
    if found is None or (found["sign"] and found["trailing"]):
        raise InvalidValue(
            value,
            f"'{text}' is not a number: digits such as 1234.5 or ۱٬۲۳۴٫۵ are expected, "
            "with thousands in whole groups of three",
        )
    whole = found["whole"].replace(found["mark"], "") if found["mark"] else found["whole"]
    fraction = "." + (found["fraction"][1:] or "0") if found["fraction"] else ""
    exponent = "e" + found["exponent"] if found["exponent"] else ""
    sign = "-" if "-" in found["sign"] + found["trailing"] else ""
    return Decimal(f"{sign}{whole or '0'}{fraction}{exponent}")
