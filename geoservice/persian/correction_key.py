"""Under which key a correction is kept, and found again by whoever asks for the same address."""

from __future__ import annotations

import re

from geoservice.persian.letters import normalise
from geoservice.persian.lexicon import Lexicon, load_lexicon
from geoservice.persian.numbers import whole_numbers
from geoservice.persian.postal_code import DEFAULT_PATTERN, split_postal_code

_BETWEEN = re.compile(r"(?<=[0-9]) (?=[0-9])")

NO_ADDRESS_FA = "نشانی خیابان، کوچه یا محله‌ای با نام ندارد و کد پستی هم ندارد"
NO_ADDRESS = (
    "«address» says no address: a street, an alley or a neighbourhood with its name is needed, "
    "or a postal code"
)


def correction_key(
    text: str | None, postal_code: str | None = None, *, pattern: str = DEFAULT_PATTERN
) -> str:
    """The words of the address, each way of writing them alike; without any the postal code.

    Abbreviations are written out and number words are digits; titles before names, words like
    «استان» and «شهر» and a postal code in the text are left out; spaces and punctuation say
    nothing, but between two numbers: plaque 12/1 is not 121. Empty where nothing is left. `pattern`
    is the rule by which ten digits in the text are a postal code.

    >>> correction_key("شیراز، خ. زند، پلاك ۵") == correction_key("شهر شيراز خیابان زند - پ پنج")
    True
    """
    code, remainder = split_postal_code(text or "", pattern=pattern)
    words = normalise(whole_numbers(remainder)).split()
    return _BETWEEN.sub("/", " ".join(_standard(words, load_lexicon()))).replace(" ", "") or (
        postal_code or code or ""
    )


def says_where(text: str, *, pattern: str = DEFAULT_PATTERN) -> bool:
    """Whether the words may say where in a settlement: a street, an alley or a neighbourhood with
    its name, a postal code, or several words without a marker. A greeting does not, nor does a
    plaque alone, a city or a province.

    >>> [says_where(text) for text in ("زند ۵", "خ زند", "سلام", "پلاک ۵", "استان فارس شهر شیراز")]
    [True, True, False, False, False]
    """
    lexicon = load_lexicon()
    code, remainder = split_postal_code(text, pattern=pattern)
    if code:
        return True
    words = normalise(remainder).split()
    plain: list[str] = []
    at, kind = 0, ""
    while at < len(words):
        found = lexicon.marker_at(words, at) or lexicon.marker_behind(words, at + 1)
        if found:
            kind = "finer" if found[0].field in _FINER else found[0].kind
            if found[0].field in _WHERE and len(words) > 1:
                return True
            at += found[1]
            continue
        if kind == "":
            plain.append(words[at])
        elif kind in {"finer", "admin"}:
            kind = ""
        at += 1
    return len(plain) > 1


_WHERE = frozenset({"street", "alley", "neighbourhood"})
_FINER = frozenset({"plaque", "unit", "floor", "building"})


def _standard(words: list[str], lexicon: Lexicon) -> list[str]:
    standard: list[str] = []
    name: list[str] = []
    at = 0
    while at < len(words):
        found = lexicon.marker_at(words, at)
        if found:
            marker, length = found
            standard += lexicon.numerals.in_digits(name)
            name = []
            if marker.kind != "admin" and marker.field != "rest":
                standard += marker.standard
            at += length
        elif title := _title(words, at, lexicon):
            at += title
        else:
            name.append(words[at])
            at += 1
    return standard + lexicon.numerals.in_digits(name)


def _title(words: list[str], at: int, lexicon: Lexicon) -> int:
    """How many words of a title stand there before a name; 0 if none does."""
    lengths = range(min(lexicon.longest, len(words) - at - 1), 0, -1)
    return next((n for n in lengths if tuple(words[at : at + n]) in lexicon.honorifics), 0)
