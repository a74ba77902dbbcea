"""An address cut into segments of words: pure, no database.

Segments end at commas, dashes, slashes, brackets and line ends. A marker that is glued to a name,
or has a letter wrong, is known all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from geoservice.persian.letters import INVISIBLE, normalise
from geoservice.persian.lexicon import load_lexicon

# A number keeps its dash, slash or point (۱۲/۱, 12-14) and its sign (−۱: U+2212), a Latin ordinal
# its ending, a Latin name its dashes; elsewhere those end a segment or a word.
_TOKEN = re.compile(
    rf"""
    (?P<number>−?\d+(?:[-/.٫]\d+)*(?:(?:st|nd|rd|th)\b)?)
    |(?P<latin>[A-Za-zÀ-ſ]+(?:['’‘`-][A-Za-zÀ-ſ]+)*)
    |(?P<hash>\#(?=\s*\d))
    |(?P<end>[,،؛;\n\r/\\|()\[\]{{}}‐‑–—_-])
    |(?P<word>[^\s\d\u200c{INVISIBLE}.,،؛;:«»"'!؟?…*\#/\\|()\[\]{{}}‐‑–—_-]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)

_LATIN_WORD = re.compile(r"[A-Za-zÀ-ſ]+")

# «پلاک -۲», «پلاک (۲»: a word, what separates, a number that counts no metres.
_APART = re.compile(
    r"(?<![\w\u200c])(?P<word>[^\W\d_]++)"
    r"(?P<between>[\s.:]{0,3}(?:[-−‐‑–—_،,؛;:/(\[\n\r]\s{0,3}){1,3})(?=\d++(?!\s{0,3}متر))"
)
_SIGN = re.compile(r"\s[-−]\Z")
_COUNTED = frozenset({"plaque", "unit", "floor"})

# What «#2» is read as.
_NUMBER_SIGN = "no"

# A word of fewer letters hides no marker.
_SHORTEST = 6
# Markers of so few letters are in other words too.
_SHORT = 5


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a segment; `bound` when a half-space, or a dash, ties it to the word before."""

    key: str
    start: int
    end: int
    bound: bool = False


def segments(text: str) -> Iterator[list[Word]]:
    """Yield the words of each segment; some segments have none."""
    words: list[Word] = []
    for token in _TOKEN.finditer(text):
        if token["end"]:
            yield _mended(words)
            words = []
        elif token["word"]:
            numbered = text[token.end() : token.end() + 2].strip()[:1].isdigit()
            words += _cut(text, token.start(), token.end(), numbered=numbered)
        elif token["hash"]:
            words.append(Word(_NUMBER_SIGN, token.start(), token.end()))
        elif token["latin"]:
            words += _latin(token[0], token.start())
        elif key := normalise(token[0]):
            words.append(Word(key, token.start(), token.end()))
    yield _mended(words)


def close_gaps(text: str) -> str:
    """The text without what separates the marker of a plaque, a unit or a floor from its number.

    Only a floor may be below zero; its sign becomes U+2212, which separates nothing.

    >>> close_gaps("پلاک -۲، طبقه: -۱، واحد (۳)، کوچه -۲")
    'پلاک ۲، طبقه −۱، واحد ۳)، کوچه -۲'
    """
    return _APART.sub(_closed, text)


def _closed(found: re.Match[str]) -> str:
    marker = load_lexicon().markers.get((normalise(found["word"]),))
    if marker is None or marker.weak or marker.field not in _COUNTED:
        return found[0]
    is_below = marker.field == "floor" and _SIGN.search(found["between"])
    return f"{found['word']} {'−' if is_below else ''}"


def _latin(written: str, start: int) -> Iterator[Word]:
    """The words of «Vali-e», each bound to the one before."""
    for n, word in enumerate(_LATIN_WORD.finditer(written)):
        key = normalise(word[0])
        if key:
            yield Word(key, start + word.start(), start + word.end(), n > 0)


def _cut(text: str, start: int, end: int, *, numbered: bool) -> list[Word]:
    """The word at `start`, or the markers and names that are glued together there."""
    written = text[start:end]
    key = normalise(written)
    if not key:
        return []
    bound = start > 0 and text[start - 1] == "\u200c"
    parts = _parts(key, numbered, False) if len(key) >= _SHORTEST else (key,)
    if len(parts) == 1:
        return [Word(key, start, end, bound)]
    # Where each letter of the key stands in what was written: marks and tatweel have none.
    places = [start + n for n, letter in enumerate(written) for _ in normalise(letter)]
    if len(places) != len(key):
        return [Word(key, start, end, bound)]
    words, at = [], 0
    for part in parts:
        after = at + len(part)
        last = places[after] if after < len(places) else end
        words.append(Word(part, places[at], last, bound and at == 0))
        at = after
    return words


@lru_cache(maxsize=10_000)
def _parts(key: str, numbered: bool, certain: bool) -> tuple[str, ...]:
    """A key cut at the sturdy markers in it; «خیابانی» and «استانبول» stay whole.

    Short markers begin a word or stand before a number, unless spaces are missing for `certain`.
    """
    lexicon = load_lexicon()
    if key in lexicon.unlike:
        return (key,)
    for marker in sorted(lexicon.sturdy, key=len, reverse=True):
        at = key.find(marker)
        if at < 0:
            continue
        before, behind = key[:at], key[at + len(marker) :]
        if not (before or behind) or len(before) == 1 or len(behind) == 1:
            continue
        ends = not behind and numbered
        is_relation = lexicon.markers[(marker,)].kind == "relation"  # «سابقاً» is in no name
        if len(marker) > _SHORT or at == 0 or ends or certain or is_relation:
            left = _parts(before, False, True) if before else ()
            right = _parts(behind, numbered, True) if behind else ()
            return (*left, marker, *right)
    return (key,)


def _mended(words: list[Word]) -> list[Word]:
    """The words with misspelt markers put right, where a marker can stand."""
    lexicon = load_lexicon()
    for at, word in enumerate(words[:-1]):
        following = words[at + 1].key
        is_part = word.bound or words[at + 1].bound  # «کوزه‌گران» is no «کوچه»
        right = None if is_part else _marker_like(word.key)
        if right is None or (at and lexicon.marker_at([words[at - 1].key], 0)):
            continue
        numeric = lexicon.markers[(right,)].kind == "number"
        if not numeric or following[0].isdigit() or following in lexicon.numbers:
            words[at] = replace(word, key=right)
    return words


@lru_cache(maxsize=50_000)
def _marker_like(key: str) -> str | None:
    """The marker that a word is with one letter wrong; None where it is one or something else."""
    lexicon = load_lexicon()
    if len(key) < 4 or key in lexicon.unlike or (key,) in lexicon.markers:
        return None
    if any((key,) in words for words in (lexicon.honorifics, lexicon.ignored)):
        return None
    near = [
        marker
        for marker in lexicon.sturdy
        if OSA.distance(key, marker, score_cutoff=1) <= 1 and key != marker + "ی"
    ]
    return near[0] if len(near) == 1 else None
