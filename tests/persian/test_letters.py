from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.persian.letters import joined, normalise, tidy


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("", ""),
        ("   \t\n", ""),
        ("علي", "علی"),
        ("موسى", "موسی"),
        ("كرج", "کرج"),
        ("أحمد إسلام ٱلله", "احمد اسلام الله"),
        ("آباده", "اباده"),
        ("مؤمن", "مومن"),
        ("رئیس", "رییس"),
        ("مدرسة", "مدرسه"),
        ("خانۀ سبز", "خانه سبز"),
        ("خانهٔ سبز", "خانه سبز"),
        ("شهداء", "شهدا"),
        ("مُحَمَّد", "محمد"),
        ("تهـــران", "تهران"),
        ("\u200fتهران\u200e", "تهران"),
        ("\u202bتهران\u202c", "تهران"),
        ("\ufeffتهران", "تهران"),
        ("پلاک ۱۲۳", "پلاک 123"),
        ("پلاك ٤٥٦", "پلاک 456"),
        ("۱۲/۳", "12 3"),
        ("ولی‌عصر", "ولی عصر"),
        ("خ. آزادی، ک. ۲؛ پ.۳", "خ ازادی ک 2 پ 3"),
        ("Vali-e  ASR", "vali e asr"),
        ("Valī‘aṣr", "vali asr"),
        ("ﻻﻟﻪ", "لاله"),
        ("ﭘﻼﮎ", "پلاک"),
        ("تهران🏠کرج", "تهران کرج"),
        ("تهران\x00کرج", "تهران کرج"),
        ("\ud800الف", "الف"),
        ("٪۵۰", "50"),
        ("Straße", "strasse"),
    ],
)
def test_normalise(written: str, key: str) -> None:
    assert normalise(written) == key


@pytest.mark.parametrize("written", ["ولی‌عصر", "ولی عصر", "ولیعصر", "ولي‌عصر", " وليعصر\u200f"])
def test_joined_is_one_key_for_all_ways_of_writing_a_name(written: str) -> None:
    assert joined(written) == "ولیعصر"


def test_normalise_takes_long_text() -> None:
    assert normalise("تهران‌ " * 2000) == " ".join(["تهران"] * 2000)


@given(st.text())
def test_normalise_twice_is_normalise_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_a_key_has_no_space_but_single_ones_inside(text: str) -> None:
    key = normalise(text)
    assert key == key.strip()
    assert "  " not in key
    assert joined(text) == key.replace(" ", "")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("\ufeff  كرج \u200f\n", "كرج"),
        ("\u200fولي‌عصر  ۲\u200c", "ولي‌عصر  ۲"),
        ("آ\u00a0ب\u00a0", "آ\u00a0ب"),
        ("", ""),
    ],
)
def test_tidy_changes_only_the_edges(written: str, kept: str) -> None:
    assert tidy(written) == kept
