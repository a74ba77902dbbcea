"""What CASEI and ACCENTI take for the same, and what they do not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoservice.database.engine import Connection, connect
from geoservice.publish.cql2.pattern import WIDE

SAME_LETTERS = [
    ("كرمان", "کرمان"),
    ("علي", "علی"),
    ("موسى", "موسی"),
    ("خانۀ", "خانهٔ"),
    ("مدرسة", "مدرسه"),
    ("ولی‌عصر", "ولی عصر"),
    ("مُحَمَّد", "محمد"),
    ("تهـــران", "تهران"),
    ("\u200fتهران\u200e", "تهران"),
    ("ﭘﻼﮎ ۲۴", "پلاک 24"),
    ("٤٥٦", "۴۵۶"),
]
CASE = [("Straße", "STRASSE"), ("ΟΔΟΣ", "οδος"), ("οδος", "οδοσ"), ("Kerman", "KERMAN")]
ACCENTS = [
    ("آباده", "اباده"),
    ("أحمد ٱلله", "احمد الله"),
    ("مؤمن", "مومن"),
    ("رئیس", "رییس"),
    ("شهداء", "شهدا"),
    ("débárquér", "debarquer"),
]


def _folded(connection: Connection, function: str, text: str) -> str:
    row = connection.execute(f"SELECT meta.{function}(%s)".encode(), [text]).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize(("one", "other"), SAME_LETTERS + CASE)
def test_casei(connection: Connection, one: str, other: str) -> None:
    assert _folded(connection, "casei", one) == _folded(connection, "casei", other)


@pytest.mark.parametrize(("one", "other"), SAME_LETTERS + ACCENTS)
def test_accenti(connection: Connection, one: str, other: str) -> None:
    assert _folded(connection, "accenti", one) == _folded(connection, "accenti", other)


@pytest.mark.parametrize(
    ("function", "one", "other"),
    [*(("casei", *pair) for pair in ACCENTS), ("accenti", "É", "é"), ("casei", "a-b", "a b")],
)
def test_what_stays_apart(connection: Connection, function: str, one: str, other: str) -> None:
    assert _folded(connection, function, one) != _folded(connection, function, other)


def test_whatever_folds_to_a_wildcard_is_known() -> None:
    """As Unicode has it: PostgreSQL folds by the same tables."""
    wide = {
        character
        for character in map(chr, range(0x80, 0x110000))
        for form in ("NFKC", "NFKD")
        if set(unicodedata.normalize(form, character)) & set("%_\\")
    }
    assert wide == WIDE


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40))
def test_folding_twice_is_folding_once(database_url: str, text: str) -> None:
    with connect(database_url) as connection:
        for function in ("casei", "accenti"):
            once = _folded(connection, function, text)
            assert _folded(connection, function, once) == once
