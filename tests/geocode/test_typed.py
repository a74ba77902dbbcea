from __future__ import annotations

import pytest

from geoservice.geocode.typed import latin_patterns, patterns
from geoservice.persian.lexicon import load_lexicon


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("zand", "زند"),
        ("kar", "کریم خان زند"),
        ("valiasr", "ولی عصر"),
        ("ghasrod", "قصرالدشت"),
        ("qasr", "قصردشت"),
        ("azad", "آزادی".replace("آ", "ا")),
        ("attar", "عطار"),
        ("sh", "شیراز"),
        ("laleh", "لاله"),
        ("khay", "خیام"),
    ],
)
def test_latin_letters_of_a_persian_name(word: str, key: str) -> None:
    fits = any(each.fits(key) for each in latin_patterns(word))
    assert fits is (word != "ghasrod")  # an article in the middle is another word


@pytest.mark.parametrize(("word", "key"), [("zand", "سند"), ("sh", "سعدی"), ("bahar", "نهار")])
def test_what_does_not_sound_so(word: str, key: str) -> None:
    assert not any(each.fits(key) for each in latin_patterns(word))


@pytest.mark.parametrize(
    ("word", "key", "fits"),
    [
        ("5", "پنجم", True),
        ("5", "کوچه 5", True),
        ("پنجم", "کوچه 5", True),
        ("پنجم", "کوچه 51", False),
        ("25", "بیست و پنجم", True),
        ("3", "سوم", True),
        ("5", "شش", False),
        ("1404", "چهارم", False),
        ("بهار", "بهارستان", True),
        ("بهار", "نوبهار", False),
    ],
)
def test_words_and_numbers(word: str, key: str, *, fits: bool) -> None:
    assert any(each.fits(key) for each in patterns(word)) is fits


def test_numbers_in_words() -> None:
    spelled = load_lexicon().numerals.spelled
    assert spelled(1)[:1] == ["یک"]
    assert "اول" in spelled(1)
    assert spelled(40) == ["چهل"]
    assert spelled(41)[0] == "چهل و یک"
    assert spelled(1404) == []
