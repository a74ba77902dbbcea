"""Answers in English as far as the gazetteer has English names: places and regions.

Streets, alleys and neighbourhoods have none, so they stay as they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from geoservice.database.steps import Ask, Steps
from geoservice.geocode.autocomplete import Suggestion
from geoservice.model import Address, Match, MatchLevel
from geoservice.persian.letters import joined
from geoservice.persian.numbers import ascii_digits

_COMMA = "،"

# Of the current set and of others: an entry's ref names the region, or the place.
_NAMES = """
SELECT DISTINCT ON (w.n) w.n, coalesce(p.name_en, r.name_en)
FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[]) AS w (n, level, key, province)
JOIN gazetteer.entry e ON e.match_level = w.level AND e.joined = w.key
    AND (w.province IS NULL OR e.province IS NULL OR e.province = w.province)
LEFT JOIN source.place p ON p.id = e.ref AND e.match_level = 'locality'
LEFT JOIN source.region r ON r.region_set = split_part(e.ref, '/', 1)
    AND r.level = split_part(e.ref, '/', 2) AND r.code = split_part(e.ref, '/', 3)
WHERE coalesce(p.name_en, r.name_en) <> ''
ORDER BY w.n, e.weight DESC, e.id
"""

# What a word before a name, or before a number, becomes.
_OF_NAMES = {
    "استان": "{} Province",
    "شهرستان": "{} County",
    "بخش": "{} District",
    "دهستان": "{} Rural District",
    "شهر": "{}",
    "روستای": "{}",
    "روستا": "{}",
}
_OF_NUMBERS = {"پلاک": "No. {}", "واحد": "Unit {}", "طبقه": "Floor {}", "گشت": "Postal zone {}"}

_WITHIN_PLACE = (MatchLevel.STREET, MatchLevel.NEIGHBOURHOOD)


class _Name(NamedTuple):
    """What may have an English name: its level, its key, and the key of its province, if known."""

    level: str
    key: str
    province: str | None


def matches_in_english(matches: Sequence[Match]) -> Steps[list[Match]]:
    """The matches with labels and places in English, where there are English names; one statement
    for all.
    """
    places = [_place(match) for match in matches]
    known = yield from _names(place for place in places if place)
    translated = []
    for match, place in zip(matches, places, strict=True):
        names = {joined(r.name_fa): r.name_en for r in match.regions if r.name_fa and r.name_en}
        city = known.get(place) if place else None
        if place and city:
            names[place.key] = city
        told = replace(match, label=_label(match.label, names))
        if city and match.parts:
            told = replace(told, parts=_with_city(match.parts, city))
        translated.append(told)
    return translated


def suggestions_in_english(suggestions: Sequence[Suggestion]) -> Steps[list[Suggestion]]:
    """The suggestions with labels in English, likewise."""
    asked = [_named(each) for each in suggestions]
    known = yield from _names(name for names in asked for name in names)
    return [
        replace(each, label=_label(each.label, {n.key: known[n] for n in names if n in known}))
        for each, names in zip(suggestions, asked, strict=True)
    ]


def _place(match: Match) -> _Name | None:
    """The city or village of a match."""
    parts = match.parts or Address()
    key = joined(parts.city or parts.village or "")
    above = next((r.name_fa for r in match.regions if r.level == "province"), None)
    province = joined(parts.province or above or "")
    return _Name("locality", key, province or None) if key else None


def _named(suggestion: Suggestion) -> list[_Name]:
    """The regions and places of a label: «own name، street، place، province», as far as it goes."""
    own, *rest = suggestion.label.split(_COMMA)
    province = joined(rest[-1]) if rest else None
    names = [_Name("province", province, None)] if province else []
    if suggestion.match_level in _WITHIN_PLACE:
        return names + [_Name("locality", joined(rest[-2]), province)] * (len(rest) > 1)
    level = suggestion.match_level.value  # «شهر صدرا» is a name, «استان فارس» is Fars
    return [*names, *(_Name(level, joined(name), province) for name in (own, _bare(own)[1]))]


def _names(asked: Iterable[_Name]) -> Steps[Mapping[_Name, str]]:
    """The English names of those that have one; of several of one name that with most people."""
    distinct = list(dict.fromkeys(asked))
    if not distinct:
        return {}
    columns = [list(range(len(distinct))), *map(list, zip(*distinct, strict=True))]
    return {distinct[n]: name for n, name in (yield Ask(_NAMES, columns))}


def _label(label: str, names: Mapping[str, str]) -> str:
    return ", ".join(_translated(each, names) for each in label.split(_COMMA))


def _translated(part: str, names: Mapping[str, str]) -> str:
    """A part of a label, if there is a name for it."""
    whole = names.get(joined(part))
    if whole:
        return whole
    word, rest = _bare(part)
    if word in _OF_NUMBERS and (number := ascii_digits(rest)).isascii():
        return _OF_NUMBERS[word].format(number)
    name = names.get(joined(rest)) if word else None
    return _OF_NAMES[word].format(name) if name and word in _OF_NAMES else part.strip()


def _bare(part: str) -> tuple[str, str]:
    """The word before a name that says what it is, and the name; or no such word."""
    word, _, rest = part.strip().partition(" ")
    is_marker = bool(rest) and (word in _OF_NAMES or word in _OF_NUMBERS)
    return (word, rest) if is_marker else ("", part.strip())


def _with_city(parts: Address, city: str) -> Address:
    return replace(parts, city=city) if parts.city else replace(parts, village=city)
