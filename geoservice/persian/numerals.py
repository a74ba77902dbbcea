"""Number words in names: «کوچه پنجم» and «کوچه ۵» are one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

_ORDINAL = re.compile(r"([0-9]+)(?:م|ام|امین|مین|st|nd|rd|th)")
_AND = "و"
# A number word of fewer letters is as near to others.
_LEAST = 4


@dataclass(frozen=True, slots=True)
class Numerals:
    """Values of number words, and the words that a number may stand before and count."""

    values: Mapping[str, int]
    counted: Collection[str]

    def in_digits(self, words: Sequence[str]) -> list[str]:
        """Return normalised words with numbers as digits, where they end the name or count.

        Elsewhere a number word may be part of a name («ده نو») and stays.

        >>> from geoservice.persian.lexicon import load_lexicon
        >>> numerals = load_lexicon().numerals
        >>> numerals.in_digits(["بیست", "و", "پنجم"]), numerals.in_digits(["پانزده", "خرداد"])
        (['25'], ['15', 'خرداد'])
        >>> numerals.in_digits(["ده", "نو"]), numerals.in_digits(["5th"])
        (['ده', 'نو'], ['5'])
        """
        found: list[str] = []
        at = 0
        while at < len(words):
            number, after = self._number(words, at)
            ends = after == len(words) or words[after] in self.counted
            if number is not None and ends:
                found.append(str(number))
                at = after
            else:
                found.append(words[at])
                at += 1
        return found

    def spelled(self, number: int) -> list[str]:
        """Return the Persian words that a number below a hundred may begin with, none for others.

        >>> from geoservice.persian.lexicon import load_lexicon
        >>> load_lexicon().numerals.spelled(3), load_lexicon().numerals.spelled(25)
        (['سه', 'سوم'], ['بیست و پنج'])
        >>> load_lexicon().numerals.spelled(0)
        []
        """
        own = [word for word, value in self.values.items() if value == number and word > "z"]
        if own or not 20 < number < 100 or number % 10 == 0:
            return own
        tens, ones = self.spelled(number - number % 10), self.spelled(number % 10)
        return [f"{ten} {_AND} {one}" for ten in tens for one in ones]

    def nearest(self, word: str) -> str | None:
        """Return the digits of a number word with one letter wrong, or None.

        >>> from geoservice.persian.lexicon import load_lexicon
        >>> load_lexicon().numerals.nearest("چاهرم")
        '4'
        """
        if len(word) < _LEAST:
            return None
        words = {w + suffix: n for w, n in self.values.items() for suffix in ("", "م")}
        near = {n for w, n in words.items() if OSA.distance(word, w, score_cutoff=1) <= 1}
        return str(near.pop()) if len(near) == 1 else None

    def _number(self, words: Sequence[str], at: int) -> tuple[int | None, int]:
        """The number at `at`, hundreds before tens before ones, and where it ends."""
        digits = _ORDINAL.fullmatch(words[at])
        if digits:
            return int(digits[1]), at + 1
        total, least = self._value(words[at]), 0
        if total is None:
            return None, at
        least = total
        at += 1
        while at + 1 < len(words) and words[at] == _AND and least % 10 == 0:
            more = self._value(words[at + 1])
            if more is None or more >= (10 if least < 100 else 100):
                break
            total, least = total + more, more
            at += 2
        if at < len(words) and words[at] == "ام":
            at += 1
        return total, at

    def _value(self, word: str) -> int | None:
        value = self.values.get(word)
        return self.values.get(word.removesuffix("م")) if value is None else value
