"""The city that stands behind a street, an alley or other words without a comma. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from geoservice.geocode.score import Candidate, is_well_known
from geoservice.geocode.wanted import Wanted
from geoservice.model import MatchLevel
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.sound import is_latin

# Words of a city's name that are looked for behind a street.
_TAIL = 3

# Streets that may be called by the cities which they join, and how many they join.
_WAYS = frozenset({"road", "highway"})
_TWO = 2


def tails(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Names that may end a stretch of words, the longest first, and where each begins."""
    for start in range(max(1, len(words) - _TAIL), len(words)):
        yield start, "".join(words[start:])


def heads(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Latin names that may begin a stretch of words, the longest first, and where each ends."""
    for end in range(min(_TAIL, len(words) - 1), 0, -1):
        if is_latin(name := "".join(words[:end])):
            yield end, name


def _way(words: Sequence[str]) -> str | None:
    """Which kind of street outside of towns it is, by its marker: «road», «highway»."""
    lexicon = load_lexicon()
    found = lexicon.marker_at(words, 0) or lexicon.marker_behind(words, len(words))
    return found[0].component if found and found[0].component in _WAYS else None


def ends(words: Sequence[str]) -> Iterator[str]:
    """Names that a highway may be called by: «اتوبان تهران کرج» leads from one to the other."""
    if len(words) > _TWO and _way(words):
        yield from words


def _lies_in_one(words: Sequence[str], known: Mapping[str, Sequence[Candidate]]) -> bool:
    """Whether a city beside the street's name is where it lies, and not where it leads to.

    «جاده قدیم قم» and «جاده مشهد نیشابور» are not in the city, «بزرگراه همت تهران» is.
    """
    way = _way(words)
    return way is None or (
        way != "road" and sum(is_city(known.get(word, ())) for word in words) < _TWO
    )


def city_behind(
    wanted: Wanted, known: Mapping[str, Sequence[Candidate]], *, any_town: bool = False
) -> Wanted:
    """«خیابان ولیعصر تهران»: take the city from behind the street, where none is named.

    In Latin script the word that says that it is a street may be behind: «Tehran Valiasr St».
    With `any_town` it may be small, or where a road leads to: what is found there has to show it.
    """
    if wanted.localities or wanted.county:
        return wanted
    name_key = load_lexicon().name_key
    words = wanted.street_words
    if not (any_town or _lies_in_one(words, known)):
        words = ()
    for start, name in tails(words):
        if is_city(known.get(name, ()), any_town=any_town):
            street = name_key(" ".join(words[:start]))
            return replace(wanted, street=street, street_words=words[:start], localities=(name,))
    for end, name in heads(words):
        if is_city(known.get(name, ()), any_town=any_town):
            street = name_key(" ".join(words[end:]))
            return replace(wanted, street=street, street_words=words[end:], localities=(name,))
    for start, name in tails(wanted.alley_words):
        if is_city(known.get(name, ()), any_town=any_town):
            alley = name_key(" ".join(wanted.alley_words[:start]))
            return replace(wanted, alley=alley, localities=(name,))
    for place, piece in enumerate(wanted.rest):
        for start, name in tails(piece):
            if is_city(known.get(name, ()), any_town=any_town):
                rest = (*wanted.rest[:place], piece[:start], *wanted.rest[place + 1 :])
                return replace(wanted, rest=rest, localities=(name,))
    return wanted


def is_city(candidates: Iterable[Candidate], *, any_town: bool = False) -> bool:
    """Whether one of them is a well-known settlement, or with `any_town` any settlement."""
    return any(
        c.match_level is MatchLevel.LOCALITY and (any_town or is_well_known(c)) for c in candidates
    )
