"""Plaques and unit numbers: the key that they are compared by, and the number that they begin with.

House numbers are written «۱۲», «12/1», «۱۲ - ۱», «۱۲ الف», «پلاک ۱۲»; index and query share
these keys.
"""

from __future__ import annotations

import re
from functools import lru_cache

from geoservice.persian.letters import normalise
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.numbers import ascii_digits, whole_numbers

_SEPARATOR = re.compile(r"(?<=\d)\s*[-/.٫\\‐‑–—_]\s*(?=\d)")
_NUMBER = re.compile(r"[0-9]{1,9}(?![0-9])")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_NEW = "جدید"  # «پلاک جدید ۱۲», beside an old one
_NUMBERED = frozenset({"plaque", "unit", "floor"})

ANOTHER_COUNT = frozenset({"قدیم", "قدیمی", "سابق", "ثبتی"})
"""Words beside a number that is not today's plaque."""


@lru_cache(maxsize=10_000)
def number_key(text: str) -> str:
    """Return the key of a plaque or a unit: ASCII digits, parts apart by /, no words before.

    A number of another count has the word for that before it, wherever it was: it is no plaque.

    >>> number_key("پلاک ۱۲ - ۱"), number_key("۱۲ الف"), number_key("2.0"), number_key("جدید ۰۱۲")
    ('12/1', '12الف', '2', '12')
    >>> number_key("۱۲ قدیم"), number_key("پلاک قدیم ۱۲")
    ('قدیم12', 'قدیم12')
    """
    written = _SEPARATOR.split(whole_numbers(ascii_digits(text)))
    parts = [normalise(part).split() for part in written]
    found = load_lexicon().marker_at(parts[0], 0)
    if found and found[0].field in _NUMBERED and len(parts[0]) > found[1]:
        parts[0] = parts[0][found[1] :]
    parts[0] = [word for word in parts[0] if word != _NEW] or parts[0]
    other = [word for part in parts for word in part if word in ANOTHER_COUNT]
    numbers = ("".join(word for word in part if word not in other) for part in parts)
    key = "".join(other) + "/".join(filter(None, numbers))
    return _LEADING_ZEROS.sub("", key)


def leading_number(key: str) -> int | None:
    """Return the number that a key begins with, or None: of 12/1 and 12الف it is 12."""
    found = _NUMBER.match(key)
    return int(found[0]) if found else None
