"""A word that somebody is typing, as patterns that a place's words may fit. Pure, no database."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.sound import is_latin, persian_beginning


class Pattern(NamedTuple):
    """What SQL compares a place's words with: each of these stands behind a space."""

    operator: Literal["LIKE", "~"]
    text: str

    def fits(self, key: str) -> bool:
        """Whether a name has a word that begins so."""
        if self.operator == "LIKE":
            return self.text.strip("%") in f" {key} "
        return re.search(self.text, f" {key} ") is not None


def patterns(word: str) -> list[Pattern]:
    """Those of a normalised word; a number goes by its digits and by its words.

    >>> [each.text for each in patterns("شیر")], [each.text for each in patterns("5")]
    (['% شیر%'], ['% 5%', '% پنج%'])
    >>> [each.text for each in patterns("پنجم")]
    ['% پنجم%', '% 5 %']
    """
    numerals = load_lexicon().numerals
    found = [word]
    if word.isdecimal() and len(word) <= 2:
        found += numerals.spelled(int(word))
    digits = [f"{n} " for n in numerals.in_digits([word]) if n != word and not is_latin(word)]
    # Normalised: no letter of it stands for others.
    return [Pattern("LIKE", f"% {each}%") for each in (*found, *digits)]


def latin_patterns(word: str) -> list[Pattern]:
    """Those of a word in Latin letters, as Persian ones; of another those that it has anyway."""
    if not is_latin(word):
        return patterns(word)
    return [Pattern("LIKE", f"% {word}%"), Pattern("~", f" {persian_beginning(word)}")]
