"""What somebody may be about to write: places whose names, or surroundings, begin like the words.

Of the last word only the beginning has to be there, of the others too; it may have one typing
error from four letters on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from string import digits
from typing import Any

from geoservice.database.steps import Ask, Steps
from geoservice.geocode.typed import Pattern, latin_patterns, patterns
from geoservice.model import MatchLevel
from geoservice.persian.letters import normalise
from geoservice.persian.lexicon import Marker, load_lexicon
from geoservice.persian.sound import is_latin

MOST = 20
LONGEST = 100  # letters; nobody looks for suggestions for more
_WORDS = 6

# Few letters begin many names, so the heaviest places are looked through first, which are those
# that would come first anyway, until there are enough. What they leave wanting comes through the
# index of parts of words, and of that no more than is quickly sorted.
_HEAVIEST = 5_000
_SORTED = 3_000
_SHORTEST_INDEXED = 3

_FROM_TYPO = 4
# Parts whose markers names leave out, and the level that such a marker means.
_UNNAMED = {
    "province": "province",
    "county": "county",
    "district": "district",
    "rural_district": "district",
    "city": "locality",
    "village": "locality",
    "neighbourhood": "neighbourhood",
    "street": "street",
    "alley": "street",
}

_NUMBERED = ("plaque", "floor", "unit")

# A place's words: its name's, then those it lies in. The same expression is indexed.
_SEARCHED = (
    "(' ' || e.key || ' ' || coalesce(e.street, '') || ' ' || coalesce(e.locality, '')"
    " || ' ' || coalesce(e.province, ''))"
)

_FOUND = "e.ref, e.match_level, e.label, ST_X(e.geom), ST_Y(e.geom), e.uncertainty_m, e.weight"

_EXACT = """
WITH heavy AS MATERIALIZED (
    SELECT {found}, e.key FROM (
        SELECT * FROM gazetteer.entry e WHERE {level} ORDER BY weight DESC LIMIT {heaviest}
    ) AS e WHERE {words} LIMIT %s
), light AS MATERIALIZED (
    SELECT * FROM (
        SELECT {found}, e.key FROM gazetteer.entry e
        WHERE %s AND (SELECT count(*) FROM heavy) < %s AND {level} AND {words} LIMIT {sorted}
    ) AS found ORDER BY weight DESC LIMIT %s
)
SELECT * FROM heavy UNION SELECT * FROM light
"""

_MISSPELT = """
SELECT * FROM (
    SELECT {found}, e.key FROM gazetteer.entry e
    WHERE {level} AND {words} AND {searched} LIKE ANY (%s) LIMIT {sorted}
) AS found ORDER BY weight DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place: lon/lat in EPSG:4326; `misspelt` if its name begins almost like what was written."""

    label: str
    match_level: MatchLevel
    lon: float
    lat: float
    uncertainty_m: float
    weight: int
    misspelt: bool = False


def autocomplete(text: str, limit: int = 10) -> Steps[list[Suggestion]]:
    """Up to `limit` places, the most populous first; none for a text without letters or digits.

    Those whose own name has the last word come before those that only lie in a place of it.
    """
    words, level = _read(text)
    if not words:
        return []
    asked = 3 * min(limit, MOST)  # a place with several names comes several times
    found = yield from _exactly(words, level, asked, limit)
    bare, its_level = _read(text, weak=True)
    if bare != words:  # «شهر» may belong to the name, as in «شهر کرد», or not, as in «شهر شیراز»
        words, level = bare, its_level
        found += yield from _exactly(words, level, asked, limit)
        whole = normalise(text)
        places = dict.fromkeys(found)
        found = sorted(places, key=lambda place: _rank_beside(whole, place))[:limit]
    if len(found) < limit and any(map(is_latin, words)):
        words, level = _latin(text)
        # What is written so comes before what only sounds so.
        found += yield from _exactly(words, level, asked, limit, latin_patterns)
        found = list(dict.fromkeys(found))[:limit]
    shorter, its_level = _read(text, begun=True)
    if not found and (shorter, its_level) != (words, level):
        words, level = shorter, its_level
        found = yield from _exactly(words, level, asked, limit, latin_patterns)
    if found or len(words[-1]) < _FROM_TYPO or load_lexicon().marker_at(words[-1:], 0):
        return found
    variants = [f"% {variant}%" for variant in _variants(words[-1])]
    fixed = [patterns(word) for word in words[:-1]]
    rows = yield Ask(
        _statement(_MISSPELT, *_shape(fixed), of_level=bool(level)),
        [*level, *_texts(fixed), variants, asked],
    )
    return _suggestions(rows, patterns(words[-1]), limit, misspelt=True)


def _rank_beside(whole: str, place: Suggestion) -> tuple[bool, int]:
    """What is called by all the words comes first: «شهر کرد» is rather Shahrekord than Sanandaj."""
    return not normalise(place.label).startswith(whole), -place.weight


def _exactly(
    words: Sequence[str],
    level: Sequence[str],
    asked: int,
    limit: int,
    patterns_of: Callable[[str], list[Pattern]] = patterns,
) -> Steps[list[Suggestion]]:
    typed = [patterns_of(word) for word in words]
    indexed = any(
        len(word) >= _SHORTEST_INDEXED or len(each) > 1
        for word, each in zip(words, typed, strict=True)
    )
    texts = _texts(typed)
    rows = yield Ask(
        _statement(_EXACT, *_shape(typed), of_level=bool(level)),
        [*level, *texts, asked, indexed, asked, *level, *texts, asked],
    )
    return _suggestions(rows, typed[-1], limit)


def _shape(typed: Sequence[Sequence[Pattern]]) -> list[tuple[str, ...]]:
    return [tuple(each.operator for each in word) for word in typed]


def _texts(typed: Sequence[Sequence[Pattern]]) -> list[str]:
    return [each.text for word in typed for each in word]


def _read(text: str, *, weak: bool = False, begun: bool = False) -> tuple[list[str], list[str]]:
    """The words that names may have, and the one level that is meant, if one is.

    «خیابان» and the like, which names leave out, say which; words like «شهر», which may belong to a
    name too, only if `weak` is asked for. Titles are left out as well. With `begun` so is what
    has no value yet, and a house's number: «شیراز گردو کوچه», «شیراز گردو پلاک ۷».
    """
    lexicon = load_lexicon()
    words = normalise(text[:LONGEST]).split()
    words = _before_number(words) if begun else words
    named: list[str] = []
    levels: list[str] = []
    while words:
        found = lexicon.marker_at(words[: lexicon.longest], 0)
        least = found[1] + (0 if begun and named else 1) if found else 0
        if found and _is_left_out(found[0], weak=weak) and least <= len(words):
            levels.append(_UNNAMED[found[0].field])
            words = words[found[1] :]
        elif 0 < (title := _title(words)) < len(words):
            words = words[title:]
        else:
            named.append(words.pop(0))
    return named[:_WORDS], levels[-1:]


def _title(words: Sequence[str]) -> int:
    """How many words of a title begin here; one letter may begin any name."""
    lexicon = load_lexicon()
    return lexicon.longest_at(lexicon.honorifics, words, 0) if len(words[0]) > 1 else 0


def _before_number(words: list[str]) -> list[str]:
    """The words before a plaque, a floor or a unit; all, where none stands behind a name."""
    for at in range(1, len(words)):
        word = words[at].rstrip(digits)  # «پ۷»
        marker = load_lexicon().markers.get((word,))
        has_number = word != words[at] or words[at + 1 : at + 2] == [] or words[at + 1].isdecimal()
        if marker and marker.field in _NUMBERED and has_number:
            return words[:at]
    return words


def _latin(text: str) -> tuple[list[str], list[str]]:
    """The same of a text in Latin letters, where such a word stands behind: «zand st»."""
    words, levels = _read(text)
    found = load_lexicon().marker_behind(words, len(words))
    if found and _is_left_out(found[0], weak=False) and len(words) > found[1]:
        return words[: -found[1]], [_UNNAMED[found[0].field]]
    return words, levels


def _is_left_out(marker: Marker, *, weak: bool) -> bool:
    return marker.field in _UNNAMED and not marker.kept and (weak or not marker.weak)


@cache
def _statement(template: str, *words: tuple[str, ...], of_level: bool) -> str:
    """The statement for words with those operators: an index serves conditions, not lists."""
    conditions = [" OR ".join(f"{_SEARCHED} {each} %s" for each in word) for word in words]
    return template.format(
        found=_FOUND,
        searched=_SEARCHED,
        level="e.match_level = %s" if of_level else "true",
        words=" AND ".join(f"({each})" for each in conditions) or "true",
        heaviest=_HEAVIEST,
        sorted=_SORTED,
    )


def _suggestions(
    rows: Sequence[tuple[Any, ...]], typed: Sequence[Pattern], limit: int, *, misspelt: bool = False
) -> list[Suggestion]:
    """Each place once; those that are called so themselves come first, then by weight."""

    def rank(row: tuple[Any, ...]) -> tuple[bool, int, int, str]:
        *_, weight, key = row
        return not any(each.fits(key) for each in typed), -weight, len(key), row[2]

    places: dict[tuple[str, str], Suggestion] = {}
    for ref, level, label, lon, lat, uncertainty, weight, _ in sorted(rows, key=rank):
        suggestion = Suggestion(label, MatchLevel(level), lon, lat, uncertainty, weight, misspelt)
        places.setdefault((ref, level), suggestion)
    return list(places.values())[:limit]


def _variants(word: str) -> Iterator[str]:
    """Patterns for the word with one letter wrong, missing, too many or swapped, but the first.

    >>> sorted(_variants("abc"))
    ['a_bc', 'a_c', 'ab', 'ab_', 'ab_c', 'ac', 'acb']
    """
    for at in range(1, len(word)):
        yield f"{word[:at]}_{word[at + 1 :]}"
        yield f"{word[:at]}_{word[at:]}"
        yield word[:at] + word[at + 1 :]
        if at + 1 < len(word):
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
