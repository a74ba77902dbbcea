"""A postal address, from one line of text to its parts.

Rules over the lexicon: the postal code is taken out, the text is cut into segments at commas,
dashes, slashes, brackets and line ends, and each segment into pieces at marker and relation words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from geoservice.model import Address
from geoservice.persian.letters import INVISIBLE, normalise, tidy
from geoservice.persian.lexicon import Lexicon, Marker, load_lexicon
from geoservice.persian.postal_code import split_postal_code

# A number keeps its dash, slash or point (۱۲/۱, 12-14); elsewhere those end a segment or a word.
_TOKEN = re.compile(
    rf"""
    (?P<number>\d+(?:[-/.٫]\d+)*)
    |(?P<end>[,،؛;\n\r/\\|()\[\]{{}}‐‑–—_-])
    |(?P<word>[^\s\d\u200c{INVISIBLE}.,،؛;:«»"'!؟?…*\#/\\|()\[\]{{}}‐‑–—_-]+)
    """,
    re.VERBOSE,
)

# «خیابان انقلاب، خیابان وصال»: the narrower one is the street, the wider one tells where it is.
_NARROWING = frozenset({"street", "alley"})


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a segment; `bound` when a half-space ties it to the word before."""

    key: str
    start: int
    end: int
    bound: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text: `phrase` as written, `name` the same without its marker."""

    field: str
    phrase: str
    name: str


def parse(text: str) -> Address:
    """Return the parts of an address, each as written, without the marker its field implies.

    Markers that say what kind of street, neighbourhood or alley it is stay in the value (میدان
    ونک, بلوار کشاورز, شهرک غرب, بن‌بست یاس). Of several streets or alleys the last, the
    narrowest, is kept as such. Relation words with what follows, wider streets, junctions and
    what is named twice go to `landmarks`; what no marker claims goes to `rest`, in order.

    >>> parse("کرج، خ بهار، بالاتر از پل، پلاک ۶").landmarks
    ('بالاتر از پل',)
    """
    lexicon = load_lexicon()
    postal_code, remainder = split_postal_code(tidy(text))
    values: dict[str, _Piece] = {}
    landmarks: list[str] = []
    rest: list[str] = []
    for words in _segments(remainder):
        for piece in _pieces(remainder, words, lexicon):
            if piece.field == "rest":
                if tuple(normalise(piece.name).split()) not in lexicon.ignored:
                    rest.append(piece.name)
            elif piece.field == "landmarks":
                landmarks.append(piece.phrase)
            elif piece.field not in values:
                values[piece.field] = piece
            elif piece.field in _NARROWING:
                landmarks.append(values[piece.field].phrase)
                values[piece.field] = piece
            else:
                landmarks.append(piece.phrase)
    parts: dict[str, Any] = {name: piece.name for name, piece in values.items()}
    return Address(**parts, postal_code=postal_code, landmarks=tuple(landmarks), rest=tuple(rest))


def _segments(text: str) -> Iterator[list[_Word]]:
    words: list[_Word] = []
    for token in _TOKEN.finditer(text):
        if token["end"]:
            yield words
            words = []
            continue
        key = normalise(token[0])
        if key:
            bound = token.start() > 0 and text[token.start() - 1] == "\u200c"
            words.append(_Word(key, token.start(), token.end(), bound))
    yield words


def _pieces(text: str, words: list[_Word], lexicon: Lexicon) -> Iterator[_Piece]:
    """Cut one segment; every word comes into exactly one piece."""
    start, marker = 0, None
    while start < len(words):
        marker, value = _opening(words, start, lexicon, marker) or (None, start)
        end = _end(words, value, lexicon, marker)
        phrase = text[words[start].start : words[end - 1].end]
        name = text[words[value].start : words[end - 1].end]
        if marker is None:
            yield _Piece("rest", phrase, phrase)
        else:
            yield _Piece(marker.field, phrase, phrase if marker.kept else name)
        start = end


def _opening(
    words: list[_Word], at: int, lexicon: Lexicon, before: Marker | None
) -> tuple[Marker, int] | None:
    """Return the marker that opens a piece at `at` and where its value begins, or None.

    `before` is the marker of the piece that ends here: weak markers count only after an
    administrative one, or where the segment begins.
    """
    found = _marker(words, at, lexicon)
    if found is None:
        return None
    marker, value = found
    if marker.weak and at > 0 and (before is None or before.kind != "admin"):
        return None
    return found if _has_value(marker, words, value, lexicon) else None


def _has_value(marker: Marker, words: list[_Word], value: int, lexicon: Lexicon) -> bool:
    """Whether what follows a marker can be its value; without one it is an ordinary word."""
    if value >= len(words):
        return False
    if marker.kind == "number":
        return _is_number(words, value, lexicon)
    following = _marker(words, value, lexicon)
    if marker.kind == "relation" or following is None:
        return True
    next_marker, next_value = following
    if marker.kind == "admin":
        return next_marker.weak
    if next_marker.kind == "number":
        return next_marker.weak or not _is_number(words, next_value, lexicon)
    return next_marker.kind != "relation"


def _end(words: list[_Word], value: int, lexicon: Lexicon, marker: Marker | None) -> int:
    """Return the index after the last word of a piece whose value begins at `value`."""
    at = value + 1
    following = _marker(words, value, lexicon)
    if marker and marker.kind in ("name", "relation") and following:
        at = following[1]  # «خیابان شهرک غرب», «نبش کوچه سوم»: the name begins with a marker
    while at < len(words):
        if marker and marker.kind == "number" and not _is_number(words, at, lexicon):
            break
        if _opening(words, at, lexicon, marker):
            break
        at += 1
    return at


def _marker(words: list[_Word], at: int, lexicon: Lexicon) -> tuple[Marker, int] | None:
    """Return the marker that stands at `at` and the index after it; half of a name is none."""
    if at >= len(words) or words[at].bound:
        return None
    found = lexicon.marker_at([word.key for word in words[at : at + lexicon.longest]], 0)
    if found is None:
        return None
    after = at + found[1]
    if after < len(words) and words[after].bound and not words[after].key[0].isdigit():
        return None
    return found[0], after


def _is_number(words: list[_Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a number, a number word or a single letter stands at `at`; «و» joins two."""
    if at < len(words) and words[at].key == "و":
        at += 1
    if at >= len(words):
        return False
    key = words[at].key
    return key[0].isdigit() or len(key) == 1 or key in lexicon.numbers
