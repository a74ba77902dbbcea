"""Names that were written without a space between them, cut at what the gazetteer knows. Pure.

«استانمرکزیشهرسنجان»: what stands behind «استان» is no province, but begins with one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from geoservice.geocode.names import Known, has
from geoservice.geocode.score import Candidate
from geoservice.geocode.wanted import Wanted
from geoservice.model import MatchLevel
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.sound import is_latin

# Letters: of what is cut at all, of the shortest and the longest name in it.
_SHORTEST, _LONGEST = 6, 60
_NAME = range(3, 17)

_MARKERS = ("شهرستان", "روستای", "دهستان", "استان", "شهر", "بخش")


def glued_words(wanted: Wanted, known: Known) -> list[str]:
    """The words of an address without a known locality that may be several names."""
    if any(has(known.get(name, ()), MatchLevel.LOCALITY) for name in wanted.localities):
        return []
    return [
        word
        for word in (wanted.province, wanted.county, *wanted.localities[-1:], *_loose(wanted))
        if word
        and word in wanted.single
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
        pieces = _cut(word, known)
        marked = word in (wanted.province, wanted.county, *wanted.localities)
        left = "" if pieces[-1] in known else pieces[-1]
        if left == word or (left and (marked or len(left) < _NAME[0])):
            continue  # more likely misspelt
        rest = tuple(piece for piece in wanted.rest if piece != (word,))
        street = wanted.street
        if word == street:
            *pieces, last = pieces
            street = load_lexicon().name_key(last)
        wanted = replace(
            wanted,
            province=None if word == wanted.province else wanted.province,
            county=None if word == wanted.county else wanted.county,
            localities=() if word in wanted.localities else wanted.localities,
            street=street,
            rest=(tuple(pieces), *rest),
        )
    return wanted


def _loose(wanted: Wanted) -> Iterator[str]:
    yield from (words[0] for words in wanted.rest if len(words) == 1)
    if wanted.street and is_latin(wanted.street):
        yield wanted.street  # Tehran Valiasr St


def _cut(word: str, known: Mapping[str, Sequence[Candidate]]) -> list[str]:
    """The names in a word, without markers, and what is left behind the last: most letters named.

    Of two ways that name as many, the one with fewer pieces.
    """
    best: list[tuple[int, int, list[str]]] = [(0, 0, [])] * (len(word) + 1)
    for start in range(len(word) - 1, -1, -1):
        # What nothing is known of may end the word, but not stand before a name.
        best[start] = (0, -1, [word[start:]])
        for end in range(start + _NAME[0], min(start + _NAME[-1], len(word)) + 1):
            piece = word[start:end]
            letters, pieces, names = best[end]
            if piece in _MARKERS and end < len(word) and letters:
                best[start] = max(best[start], (letters + end - start, pieces, names), key=_first)
            elif known.get(piece):
                way = (letters + end - start, pieces - 1, [piece, *names])
                best[start] = max(best[start], way, key=_first)
    return best[0][2]


def _first(way: tuple[int, int, list[str]]) -> tuple[int, int]:
    return way[:2]
