"""Names that were written without a space between them, cut at what the gazetteer knows. Pure.

«استانمرکزیشهرسنجان»: what stands behind «استان» is no province, but begins with one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from geoservice.geocode.names import Known, has
from geoservice.geocode.wanted import Wanted
from geoservice.model import MatchLevel
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.sound import is_latin

# Letters: of what is cut at all, of the shortest and the longest name in it.
_SHORTEST, _LONGEST = 5, 60
# Letters: less than that behind a name is a typing error rather than another name.
_LEFT = 3
_NAME = range(2, 17)
# A name of two letters counts if it is that of a province or of so many people.
_WELL_KNOWN = 20_000

# What stands before a name in such a word, and the part that the name is.
_MARKERS = {
    "استان": "province",
    "شهرستان": "county",
    "بخش": "district",
    "دهستان": "district",
    "شهر": "localities",
    "روستای": "localities",
}


class _Piece(NamedTuple):
    """A name in a word, with the part that a marker before it says it is."""

    name: str
    part: str | None = None


def glued_words(wanted: Wanted, known: Known) -> list[str]:
    """The words of an address without a known locality that may be several names."""
    if any(has(known.get(name, ()), MatchLevel.LOCALITY) for name in wanted.localities):
        return []
    # Behind a marker several words are cut as well: «استان گیلان لنگرود محله …» has no commas.
    marked = (wanted.province, wanted.county)
    return [
        word
        for word in (*marked, *wanted.localities[-1:], *_loose(wanted))
        if word
        and (word in marked or word in wanted.single or is_latin(word))
        and _SHORTEST <= len(word) <= _LONGEST
        and word not in known
    ]


def names_inside(word: str) -> Iterator[str]:
    """Every stretch of a word that may be a name."""
    for start in range(len(word)):
        for length in _NAME:
            if start + length <= len(word):
                yield word[start : start + length]


def unglue(wanted: Wanted, known: Known) -> Wanted:
    """The address with its glued words cut into the names that are known."""
    for word in glued_words(wanted, known):
        marked = {
            "province": word == wanted.province,
            "county": word == wanted.county,
            "localities": word in wanted.localities,
        }
        part = next((name for name, is_one in marked.items() if is_one), None)
        pieces = _cut(word, known, part)
        left = "" if pieces[-1].name in known else pieces[-1].name
        if left == word or (left and (part or len(left) < _LEFT)):
            continue  # more likely misspelt
        parts: dict[str, Any] = {"rest": tuple(p for p in wanted.rest if p != (word,))}
        if word == wanted.street:
            parts["street"] = load_lexicon().name_key(pieces.pop().name)
        for piece in pieces:
            if piece.part:
                is_one = piece.part != "localities"
                parts.setdefault(piece.part, piece.name if is_one else (piece.name,))
        loose = tuple(piece.name for piece in pieces if not piece.part)
        if loose:
            parts["rest"] = (loose, *parts["rest"])
        wanted = replace(wanted, **parts)
    return wanted


def _loose(wanted: Wanted) -> Iterator[str]:
    yield from (words[0] for words in wanted.rest if len(words) == 1)
    if wanted.street and is_latin(wanted.street):
        yield wanted.street  # Tehran Valiasr St


def _cut(word: str, known: Known, part: str | None) -> list[_Piece]:
    """The names in a word and what is left behind the last: the way that names most letters.

    Of two ways that name as many the one with fewer pieces. `part` is what the first name is.
    """
    ways: list[tuple[int, int, list[_Piece]]] = [(0, 0, [])] * (len(word) + 1)
    for start in range(len(word) - 1, -1, -1):
        # What nothing is known of may end the word, but not stand before a name.
        ways[start] = (0, -1, [_Piece(word[start:])])
        for end in range(start + _NAME[0], min(start + _NAME[-1], len(word)) + 1):
            piece = word[start:end]
            letters, count, names = ways[end]
            if piece in _MARKERS and letters:
                first = names[0] if names[0].part else _Piece(names[0].name, _MARKERS[piece])
                way = (letters + len(piece), count, [first, *names[1:]])
            elif _is_name(piece, known, alone=not letters and end < len(word)):
                way = (letters + len(piece), count - 1, [_Piece(piece), *names])
            else:
                continue
            ways[start] = max(ways[start], way, key=lambda way: way[:2])
    first, *more = ways[0][2]
    return [first._replace(part=first.part or part), *more]


def _is_name(piece: str, known: Known, *, alone: bool) -> bool:
    """Whether something is called so; of two letters it must be large and have names behind it."""
    candidates = known.get(piece, ())
    if len(piece) > _NAME[0] or not candidates:
        return bool(candidates)
    return not alone and any(
        c.match_level is MatchLevel.PROVINCE or (c.population or 0) >= _WELL_KNOWN
        for c in candidates
    )
