from __future__ import annotations

import pytest

from geoservice.persian.letters import normalise
from geoservice.persian.lexicon import load_lexicon


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", ""),
        ("پنجم", "5"),
        ("۵", "5"),
        ("دوازدهم", "12"),
        ("بیست و پنجم", "25"),
        ("صد و بیست و سه", "123"),
        ("سی ام", "30"),
        ("اول", "1"),
        ("پانزده خرداد", "15 خرداد"),
        ("هفده شهریور", "17 شهریور"),
        ("ده متری اول", "10 متری 1"),
        ("پنجم شرقی", "5 شرقی"),
        ("بهار دوم", "بهار 2"),
        ("5th", "5"),
        ("۲۱ام", "21"),
        ("ده نو", "ده نو"),
        ("هشت بهشت", "هشت بهشت"),
        ("هفت تیر", "7 تیر"),
        ("بیست و نو", "بیست و نو"),
        ("پنج و شش", "پنج و 6"),
        ("مریم", "مریم"),
    ],
)
def test_number_words_are_digits_where_they_end_a_name_or_count(name: str, expected: str) -> None:
    words = load_lexicon().numerals.in_digits(normalise(name).split())
    assert " ".join(words) == expected


def test_names_with_numbers_have_one_key() -> None:
    key = load_lexicon().name_key
    assert key("کوچه پنجم") == key("کوچه ۵") == key("5th Alley") == "5"
    assert key("خیابان هفده شهریور") == key("خ ۱۷ شهریور")
    assert key("کوچه پنجم") != key("کوچه هفتم")
