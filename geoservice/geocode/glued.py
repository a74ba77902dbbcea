"""Names that were written without a space between them, cut at what the gazetteer knows. Pure.

«استانمرکزیشهرسنجان»: what stands behind «استان» is no province, but begins with one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from geoservice.geocode.names import Known, has
from geoservice.geocode.score import Candidate, is_well_known
from geoservice.geocode.wanted import Wanted
from geoservice.model import MatchLevel
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.sound import is_latin

# Letters: of what is cut without a marker before it, of what is cut at all («قم قم»), and at most.
_SHORTEST, _LEAST, _LONGEST = 5, 4, 60
# Letters: less than that behind a name is a typing error rather than another name.
_LEFT = 3
_NAME = range(2, 17)
# «شهرکرد» is rather a name than a marker with a name, and that rather than two names.
_NAME_COSTS, _MARKER_COSTS = 3, 1

# The part that a name is behind a marker, where it is called otherwise than the marker's field.
_PART = {"rural_district": "district", "city": "localities", "village": "localities"}

_LEVELS = {"province": MatchLevel.PROVINCE, "county": MatchLevel.COUNTY}


class _Piece(NamedTuple):
    """A name in a word, with the part that a marker before it says it is."""

    name: str
    part: str | None = None


def glued_words(wanted: Wanted, known: Known) -> list[str]:
    """The words of an address that may be several names, as far as nothing is known by them.

    Behind a marker several words are cut as well: «استان گیلان لنگرود محله …» has no commas.
    """
    marked = [word for word in (wanted.province, wanted.county) if word]
    if not any(has(known.get(name, ()), MatchLevel.LOCALITY) for name in wanted.localities):
        single = (*wanted.localities[-1:], *_loose(wanted))
        marked += [word for word in single if word in wanted.single and len(word) >= _SHORTEST]
    return [word for word in marked if _LEAST <= len(word) <= _LONGEST and word not in known]


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
        if _is_one_name(word, pieces, known, several=word not in wanted.single):
            continue
        parts: dict[str, Any] = {"rest": tuple(p for p in wanted.rest if p != (word,))}
        if part != "localities" and wanted.localities:
            pieces = [p._replace(part=None) if p.part == "localities" else p for p in pieces]
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


def _is_one_name(word: str, pieces: list[_Piece], known: Known, *, several: bool) -> bool:
    """Whether a word that is known in part is one name, misspelt; `several` if it had spaces.

    «استان گلستان سبمین شهر» is a province and something behind it, «استان شیرازز» is not.
    """
    first = pieces[0]
    level = _LEVELS.get(first.part or "")
    if level and not has(known.get(first.name, ()), level):
        return True
    left = "" if pieces[-1].name in known else pieces[-1].name
    if not left:
        return False
    levels = {MatchLevel.PROVINCE, level or MatchLevel.PROVINCE}
    if not any(_is_large(known.get(piece.name, ()), *levels) for piece in pieces[:-1]):
        return True  # «مهرگان» is not Mohr with something behind it
    return left == word or len(left) < _LEFT or is_latin(word) or bool(first.part and not several)


def _cut(word: str, known: Known, part: str | None) -> list[_Piece]:
    """The names in a word and what is left behind the last: the way that names most letters.

    Of two ways that name as many the one with fewer pieces is taken. `part` is what the first
    name is.
    """
    glued = load_lexicon().glued
    ways: list[tuple[int, int, list[_Piece]]] = [(0, 0, [])] * (len(word) + 1)
    for start in range(len(word) - 1, -1, -1):
        # What nothing is known of may end the word, but not stand before a name.
        ways[start] = (0, -_NAME_COSTS, [_Piece(word[start:])])
        for end in range(start + _NAME[0], min(start + _NAME[-1], len(word)) + 1):
            piece = word[start:end]
            letters, count, names = ways[end]
            if piece in glued and letters:
                said = _PART.get(glued[piece], glued[piece])
                first = names[0] if names[0].part else _Piece(names[0].name, said)
                way = (letters + len(piece), count - _MARKER_COSTS, [first, *names[1:]])
            elif _is_name(piece, known, alone=not letters and end < len(word)):
                way = (letters + len(piece), count - _NAME_COSTS, [_Piece(piece), *names])
            else:
                continue
            ways[start] = max(ways[start], way, key=lambda way: way[:2])
    first, *more = ways[0][2]
    return [first._replace(part=first.part or part), *more]


def _is_name(piece: str, known: Known, *, alone: bool) -> bool:
    """Whether something is called so; what has two letters must be a province or well known, with
    names behind it.
    """
    candidates = known.get(piece, ())
    if len(piece) > _NAME[0] or not candidates:
        return bool(candidates)
    return not alone and _is_large(candidates, MatchLevel.PROVINCE)


def _is_large(candidates: Iterable[Candidate], *levels: MatchLevel) -> bool:
    """Whether one is a region of `levels`, or a well-known place."""
    return any(c.match_level in levels or is_well_known(c) for c in candidates)
