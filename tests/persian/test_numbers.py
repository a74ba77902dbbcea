from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.errors import InvalidValue
from geoservice.persian.numbers import (
    ascii_digits,
    parse_decimal,
    parse_integer,
    persian_digits,
    whole_numbers,
)


def test_digits_change_and_letters_do_not() -> None:
    assert ascii_digits("پلاك ۱۲ و ٣٤ و 5 و ６") == "پلاك 12 و 34 و 5 و 6"
    assert persian_digits("پلاك 12 و ٣٤ و ۵") == "پلاك ۱۲ و ۳۴ و ۵"


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("2.0", "2"),
        ("۱۲٫۰۰، واحد 3.0", "۱۲، واحد 3"),
        ("پلاک 2.0.", "پلاک 2."),
        ("2.05", "2.05"),
        ("1.2.0", "1.2.0"),
        ("2.0.1", "2.0.1"),
        ("12/0", "12/0"),
    ],
)
def test_whole_numbers_of_spreadsheets_lose_their_fraction(written: str, whole: str) -> None:
    assert whole_numbers(written) == whole


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", "12"),
        (" ۱۲ ", "12"),
        ("٤٥", "45"),
        ("1,234", "1234"),
        ("۱٬۲۳۴٬۵۶۷٫۸۹", "1234567.89"),
        ("۱۲،۰۰۰", "12000"),
        ("1 234 567", "1234567"),
        ("1\u202f234", "1234"),
        ("1\u2009234.5", "1234.5"),
        ("3.5", "3.5"),
        ("۳/۵", "3.5"),
        ("1.234", "1.234"),
        (".5", "0.5"),
        ("٫۵", "0.5"),
        ("5.", "5"),
        ("-5", "-5"),
        ("+5", "5"),
        ("−5", "-5"),
        ("5-", "-5"),
        ("\u200e- ۵", "-5"),
        ("1e5", "100000"),
        ("1.5E-3", "0.0015"),
        ("0012", "12"),
        (7, "7"),
        (2.5, "2.5"),
        (Decimal("1.10"), "1.10"),
        ("12345678901234567890123456789012345", "12345678901234567890123456789012345"),
    ],
)
def test_parse_decimal(written: object, number: str) -> None:
    assert parse_decimal(written) == Decimal(number)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (None, "nothing given"),
        (True, "bool given"),
        ([], "list given"),
        ("", "empty"),
        (" \u200f ", "empty"),
        ("12%", "percent sign"),
        ("۱۲٪", "percent sign"),
        ("NaN", "not a number"),
        ("Infinity", "not a number"),
        ("-inf", "not a number"),
        (float("nan"), "not a finite number"),
        (float("inf"), "not a finite number"),
        ("1e999", "not a number"),
        ("1,23", "groups of three"),
        ("12,34", "groups of three"),
        ("1234,567", "groups of three"),
        ("1,234 567", "groups of three"),
        ("1.234.567", "not a number"),
        ("1403/12/30", "not a number"),
        ("5/", "not a number"),
        ("/5", "not a number"),
        ("-", "not a number"),
        ("-5-", "not a number"),
        ("0x10", "not a number"),
        ("1_000", "not a number"),
        ("5²", "not a number"),
        ("½", "not a number"),
        ("دوازده", "not a number"),
        ("12 ریال", "not a number"),
        ("🏠", "not a number"),
        ("9" * 101, "too long"),
        ("9" * 10_000, "too long"),
    ],
)
def test_parse_decimal_refuses(written: object, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason) as refused:
        parse_decimal(written)
    assert refused.value.value is written


@pytest.mark.parametrize(
    ("written", "number"), [("۱۲٬۰۰۰", 12000), ("12.0", 12), (3.0, 3), ("1e3", 1000), ("5-", -5)]
)
def test_parse_integer(written: object, number: int) -> None:
    parsed = parse_integer(written)
    assert parsed == number
    assert isinstance(parsed, int)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("12.5", "fraction"),
        ("۳/۵", "fraction"),
        (2.5, "fraction"),
        ("1e-2", "fraction"),
        (Decimal("1e999999"), "too large"),
        ("x", "not a number"),
        (None, "nothing given"),
    ],
)
def test_parse_integer_refuses(written: object, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_integer(written)


@given(st.integers(-(10**40), 10**40))
def test_a_grouped_integer_in_persian_digits_reads_back(number: int) -> None:
    assert parse_integer(persian_digits(f"{number:,}").replace(",", "٬")) == number


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    try:
        assert parse_decimal(text).is_finite()
    except InvalidValue as refused:
        assert refused.reason  # noqa: PT017 -- any text may be either
