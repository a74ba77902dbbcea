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


@lru_cache(maxsize=10_000)
def number_key(text: str) -> str:
    """Return the key of a plaque or a unit: ASCII digits, parts apart by /, no words before.

    >>> number_key("پلاک ۱۲ - ۱"), number_key("۱۲ الف"), number_key("2.0"), number_key("جدید ۰۱۲")
    ('12/1', '12الف', '2', '12')
    """
    parts = _SEPARATOR.split(whole_numbers(ascii_digits(text)))
    words = normalise(parts[0]).split()
    found = load_lexicon().marker_at(words, 0)
    if found and found[0].field in _NUMBERED and len(words) > found[1]:
        words = words[found[1] :]
    words = [word for word in words if word != _NEW] or words
    key = "/".join(filter(None, ("".join(words), *map(_joined, parts[1:]))))
    return _LEADING_ZEROS.sub("", key)


def leading_number(key: str) -> int | None:
    """Return the number that a key begins with, or None: of 12/1 and 12الف it is 12."""
    found = _NUMBER.match(key)
    return int(found[0]) if found else None


def _joined(text: str) -> str:
    return normalise(text).replace(" ", "")
