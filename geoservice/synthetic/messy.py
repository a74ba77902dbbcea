"""An address as people mistype it."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from geoservice.persian.numbers import ascii_digits
from geoservice.synthetic.vocabulary import vocabulary

_ARABIC = str.maketrans("یک", "يك")
_SHORT = (("خیابان", "خ."), ("کوچه", "ک."), ("پلاک", "پ."), ("بلوار", "بل."), ("طبقه", "ط."))


def messy(text: str, random: Random) -> str:
    """Return `text` with one to three faults of kinds that real files are full of.

    Arabic ي and ك, ASCII digits, abbreviations, other separators, doubled spaces, a missing
    province, a missing end, a landmark put in.
    """
    for fault in random.sample(_FAULTS, random.randint(1, 3)):
        text = fault(text, random)
    return text


def _arabic_letters(text: str, _: Random) -> str:
    return text.translate(_ARABIC)


def _ascii_digits(text: str, _: Random) -> str:
    return ascii_digits(text)


def _abbreviated(text: str, _: Random) -> str:
    for word, short in _SHORT:
        text = text.replace(word, short)
    return text


def _other_separators(text: str, random: Random) -> str:
    return text.replace("، ", random.choice([" - ", ",", " "]))


def _doubled_spaces(text: str, _: Random) -> str:
    return text.replace(" ", "  ") + " "


def _without_province(text: str, _: Random) -> str:
    return re.sub(r"^استان [^،]*، ", "", text)


def _without_end(text: str, _: Random) -> str:
    head, _mark, _end = text.rpartition("، ")
    return head or text


def _with_landmark(text: str, random: Random) -> str:
    return text.replace("، پلاک", f"، جنب {random.choice(vocabulary().landmarks)}، پلاک")


_FAULTS: tuple[Callable[[str, Random], str], ...] = (
    _without_province,
    _without_end,
    _with_landmark,
    _abbreviated,
    _arabic_letters,
    _ascii_digits,
    _other_separators,
    _doubled_spaces,
)
