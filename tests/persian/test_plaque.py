from __future__ import annotations

import pytest

from geoservice.persian.plaque import leading_number, number_key


@pytest.mark.parametrize(
    ("written", "key", "number"),
    [
        ("۱۲", "12", 12),
        ("پلاک ۱۲", "12", 12),
        ("پ. 12", "12", 12),
        ("واحد ۳", "3", 3),
        ("12/1", "12/1", 12),
        ("۱۲ - ۱", "12/1", 12),
        ("۱۲٫۱", "12/1", 12),
        ("2.0", "2", 2),
        ("پلاک ۲٫۰", "2", 2),
        ("2.10", "2/10", 2),
        ("۱۲ الف", "12الف", 12),
        ("الف", "الف", None),
        ("۱۲ قدیم", "قدیم12", None),
        ("پلاک قدیم ۱۲", "قدیم12", None),
        ("۱۲/۱ ثبتی", "ثبتی12/1", None),
        ("۱۲ سابق", "سابق12", None),
        ("۱۲ جدید", "12", 12),
        ("جدید", "جدید", None),
        ("-", "", None),
        ("", "", None),
        ("1234567890", "1234567890", None),  # no plaque has as many digits
    ],
)
def test_keys_and_numbers(written: str, key: str, number: int | None) -> None:
    assert number_key(written) == key
    assert leading_number(key) == number
