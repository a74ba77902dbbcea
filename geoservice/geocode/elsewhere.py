"""Readings of words without markers in which another of them is the town. Pure, no database.

«گردو ۷ شیراز» is a house in Shiraz, though a village is called as its street; «البرز فرادنبه» a
street of a town, though a province is called as the street.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from geoservice.geocode.behind import city_behind, is_city
from geoservice.geocode.choose import Pick, lies_apart
from geoservice.geocode.penalties import fault
from geoservice.geocode.score import WIDE, Candidate, is_well_known
from geoservice.geocode.wanted import Wanted, split_rest
from geoservice.model import Fault, Match, MatchLevel
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.towns import new_town

_Known = Mapping[str, Sequence[Candidate]]

# Words of the name of a town, and how many towns are tried.
_WORDS, _MOST = 3, 4
# Two readings this near in confidence leave the question open.
_NEAR = 0.05

# What is told of an answer to which another town may come first.
_LOST = {"rest.not_matched", "neighbourhood.not_matched", "street.not_matched"}


def towns_behind_numbers(wanted: Wanted, known: _Known) -> Wanted:
    """«گردو ۷ شیراز»: part what stands behind a house's number, where that is a town.

    Where a city stands before it, or with a marker, the words behind are in that.
    """
    if wanted.localities:
        return wanted
    for place, words in enumerate(wanted.rest):
        at = next((n for n, word in enumerate(words) if n and word[0].isdecimal()), len(words))
        head, tail = words[: at + 1], words[at + 1 :]
        if not tail or tail[0] in load_lexicon().numerals.counted:
            continue  # «بازار ۱۵ خرداد»
        behind, left = split_rest((tail,), known)
        others = (*wanted.rest[:place], head, *wanted.rest[place + 1 :])
        if left or not any(_is_town(known.get(name, ())) for name in behind):
            continue
        if not any(is_city(known[name]) for name in split_rest(others, known)[0]):
            rest = (*wanted.rest[:place], head, tail, *wanted.rest[place + 1 :])
            return replace(wanted, rest=rest)
    return wanted


def other_readings(
    wanted: Wanted, cut: Wanted, read: Wanted, found: Match | None, known: _Known
) -> list[Wanted]:
    """What else may be meant where no street was found and something asked for was not.

    `cut` is what is wanted with a city taken from behind a street, `read` that with its places.
    """
    readings = []
    if found is None or found.match_level in WIDE:
        town = city_behind(cut, known, any_town=True)
        readings += [town] if town is not cut else []
    lost = {each.name for each in found.faults} & _LOST if found else _LOST
    is_open = found is None or found.match_level in (MatchLevel.LOCALITY, *WIDE)
    return [*readings, *(_other_towns(wanted, read, known) if is_open and lost else ())]


def _other_towns(wanted: Wanted, read: Wanted, known: _Known) -> list[Wanted]:
    """The readings in which another name than in `read` is the town, that of most people first.

    Each has to be shown by what is found in it.
    """
    if wanted.localities:
        longer = new_town(wanted.localities[-1])
        return [replace(wanted, localities=(*wanted.localities, longer))] if longer else []
    found: list[tuple[int, Wanted]] = []
    for people, name, rest in _edges(wanted, known):
        longer = new_town(name)
        if (name,) != read.localities or longer:
            names = (name, longer) if longer else (name,)
            found.append((people, replace(wanted, localities=names, rest=rest)))
    township, behind = township_in(wanted, known)
    if township and (township,) != read.localities:
        rest = (*wanted.rest, behind) if behind else wanted.rest
        parts = replace(wanted, township=None, neighbourhood=None, rest=rest)
        found.append((_people(known[township]), replace(parts, localities=(township,))))
    found.sort(key=lambda each: -each[0])
    return [each for _, each in found[:_MOST]]


def most_likely(first: Candidate | None, shown: Sequence[Pick]) -> tuple[int, tuple[Fault, ...]]:
    """Which of the other readings that were shown is meant, and the doubts of it.

    Another one that fits as well, or that `first`, without a street, was a well-known city of
    another name, leaves the question open.
    """
    order = sorted(range(len(shown)), key=lambda n: -shown[n].match.confidence)
    best = shown[order[0]]
    is_near = any(
        shown[n].match.confidence > best.match.confidence - _NEAR
        and lies_apart(best.candidate, shown[n].candidate)
        for n in order[1:]
    )
    is_city_too = (
        first is not None
        and first.match_level is MatchLevel.LOCALITY
        and first.name == first.locality
        and is_well_known(first)
        and new_town(first.name) != best.candidate.locality
    )
    return order[0], (fault("locality.ambiguous"),) * (is_near or is_city_too)


def township_in(wanted: Wanted, known: _Known) -> tuple[str | None, tuple[str, ...]]:
    """The key of the township that is a town, and the words behind: «شهرک قدس تهران»."""
    if wanted.township and _is_town(known.get(wanted.township, ())):
        return wanted.township, ()
    words = wanted.area_words if wanted.township else ()
    for end in range(len(words) - 1, 1, -1):
        if _is_town(known.get("".join(words[:end]), ())):
            return "".join(words[:end]), words[end:]
    return None, ()


def _edges(wanted: Wanted, known: _Known) -> Iterator[tuple[int, str, tuple[tuple[str, ...], ...]]]:
    """Towns at the beginning and the end of a piece: their people, key, and what is left."""
    for place, words in enumerate(wanted.rest):
        before, after = wanted.rest[:place], wanted.rest[place + 1 :]
        for length in range(min(_WORDS, len(words)), 0, -1):
            cuts = {(0, length), (len(words) - length, len(words))}
            for start, end in sorted(cuts):
                name = "".join(words[start:end])
                left = words[end:] or words[:start]
                rest = (*before, left, *after) if left else (*before, *after)
                if (rest or wanted.street) and _is_town(known.get(name, ())):
                    yield _people(known[name]), name, rest


def _is_town(candidates: Sequence[Candidate]) -> bool:
    return any(c.match_level is MatchLevel.LOCALITY for c in candidates)


def _people(candidates: Sequence[Candidate]) -> int:
    return max((c.population or 0 for c in candidates), default=0)
