"""Streets, alleys and neighbourhoods within the localities that an address may mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from geoservice.database.steps import Steps
from geoservice.geocode import candidates as collect
from geoservice.geocode.candidates import MANY, Alley, Anywhere, Named
from geoservice.geocode.loose import estate, read_loose
from geoservice.geocode.penalties import fault
from geoservice.geocode.query import Query
from geoservice.geocode.score import Candidate
from geoservice.geocode.variants import boulevard, is_side, own_number
from geoservice.geocode.wanted import runs_of
from geoservice.model import MatchLevel

# Locality keys that are looked in for one question.
MOST_SCOPES = 5


def look(queries: Sequence[Query], *, loose: bool = False) -> Steps[None]:
    """Fill `streets` and `neighbourhoods` of each query with what its names may mean.

    With `loose` what no marker claimed is read as well.
    """
    found = yield from _ask(queries)
    for query, here in zip(queries, found, strict=True):
        _sort(query, read_loose(query, here) if loose else here)


def _ask(queries: Sequence[Query]) -> Steps[list[list[Candidate]]]:
    """What is found under all names of each query; a name that several ask for is asked once."""
    named: dict[tuple[Any, ...], list[Query]] = {}
    alleys: dict[tuple[Any, ...], list[Query]] = {}
    anywhere: dict[tuple[Any, ...], list[Query]] = {}
    for query in queries:
        wanted = query.wanted
        scopes = query.scopes[:MOST_SCOPES]
        for locality, province in scopes:
            where = (locality, wanted.province or province)
            for name in set(_names(query)):
                named.setdefault((name, *where), []).append(query)
            for street, name in set(_alleys(query)):
                alleys.setdefault((street, name, *where), []).append(query)
        if not scopes and not wanted.localities:
            for name in filter(None, (wanted.street, wanted.neighbourhood)):
                key = (name, wanted.province, wanted.county)
                anywhere.setdefault(key, []).append(query)
    asking = [*named.values(), *alleys.values(), *anywhere.values()]
    numbers = iter(range(len(asking)))
    rows = yield from collect.within(
        [Named(next(numbers), *key) for key in named],
        [Alley(next(numbers), *key) for key in alleys],
        [Anywhere(next(numbers), *key) for key in anywhere],
    )
    found: dict[int, list[Candidate]] = {id(query): [] for query in queries}
    counts = Counter(n for n, _ in rows)
    for n, candidate in rows:
        if n >= len(named) + len(alleys) and counts[n] >= MANY:
            continue
        for query in asking[n]:
            found[id(query)].append(_in_place(candidate, query))
    return [found[id(query)] for query in queries]


def _names(query: Query) -> Iterator[str]:
    """Every name that a street or a neighbourhood may be asked for by."""
    wanted = query.wanted
    yield from filter(None, (wanted.street, wanted.neighbourhood, estate(wanted)))
    yield from query.sides
    yield from wanted.wider
    yield from wanted.unmarked
    for words in wanted.loose:
        for _, _, name in runs_of(words):
            yield from _kinds(name)


def _alleys(query: Query) -> Iterator[tuple[str | None, str]]:
    """Every street and alley that may be asked for together."""
    wanted = query.wanted
    if wanted.alley:
        for street in (wanted.street, *query.sides):
            yield from ((street, name) for name in _called(wanted.street, wanted.alley))
    for wider in wanted.wider:
        yield from ((wider, name) for name in (wanted.street, wanted.alley) if name)
    if wanted.street:
        # «خ سهروردی، هویزه غربی»: what no marker claims may be an alley of the street.
        for words in () if wanted.alley else wanted.loose:
            for name in (name for start, _, name in runs_of(words) if start == 0):
                yield from ((wanted.street, each) for each in _called(wanted.street, name))
        return
    for words in wanted.loose:
        yield from _numbered_alleys(words)
    for words, following in pairwise(wanted.loose):
        streets = [name for start, _, name in runs_of(words) if start == 0]
        behind = [name for start, _, name in runs_of(following) if start == 0]
        yield from (
            (each, name) for street in streets for each in _kinds(street) for name in behind
        )
    for words in wanted.loose:
        runs = list(runs_of(words))
        for _, _, street in (run for run in runs if run[0] == 0 and wanted.alley):
            yield from ((name, wanted.alley or "") for name in _kinds(street))
        for _, end, street in (run for run in runs if run[0] == 0):
            behind = [name for start, _, name in runs if start == end]
            yield from ((each, name) for each in _kinds(street) for name in behind)


def _called(street: str | None, alley: str) -> Iterator[str]:
    """What an alley may be called: «سنبل ۳» of «خیابان سنبل» is its alley 3 as well."""
    yield alley
    if number := own_number(street, alley):
        yield number


def _kinds(name: str) -> tuple[str, str]:
    """A street without a marker, and the boulevard that it may be."""
    return name, boulevard(name)


def _numbered_alleys(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """«سجاد ۱۴»: an alley that bears the name of its street, or boulevard, and a number."""
    names = {end: name for start, end, name in runs_of(words) if start == 0}
    for end, name in names.items():
        if words[end - 1].isdecimal() and end - 1 in names:
            yield names[end - 1], name
            yield boulevard(names[end - 1]), name


def _in_place(candidate: Candidate, query: Query) -> Candidate:
    """The candidate with the people of the settlement that it lies in: they may decide."""
    if len(query.places) < 2:
        return candidate
    people = [
        place.population
        for place in query.places
        if place.locality == candidate.locality
        and (not (place.provinces and candidate.provinces) or place.provinces & candidate.provinces)
        and (not (place.counties and candidate.counties) or place.counties & candidate.counties)
    ]
    return replace(candidate, population=max((p for p in people if p), default=None))


def _sort(query: Query, found: Sequence[Candidate]) -> None:
    """Keep what the query, as it is read now, may mean."""
    wanted = query.wanted
    if query.places and not wanted.localities:
        found = _beside(query.places, found)
    if wanted.street and not streets_of(found, wanted.street):
        for candidate in found:
            # «خیابان انقلاب، خیابان وصال»: the narrower one may be known as an alley of the wider.
            if candidate.street in wanted.wider and candidate.name == wanted.street:
                wanted = replace(wanted, street=candidate.street, alley=candidate.name)
                query.wanted = wanted
                break
    number = own_number(wanted.street, wanted.alley)
    query.sides = tuple(each for each in query.sides if is_side(each, wanted.street or ""))
    names = (wanted.street, *query.sides)
    alleys = {c.name for c in found if c.street and c.street in names}
    if number in alleys and wanted.alley not in alleys:
        query.wanted = wanted = replace(wanted, alley=number)
    query.found = list(found)
    query.neighbourhoods = [c for c in found if c.match_level is MatchLevel.NEIGHBOURHOOD]
    streets = [street for name in names for street in streets_of(found, name)] + [
        c
        for c in found
        if c.street and c.name == wanted.alley and (not wanted.street or c.street in names)
    ]
    if not query.places:
        # Nobody said where: where the street is, if the neighbourhood is there too.
        streets = _beside(query.neighbourhoods, streets)
        query.places = [street for street in streets if not street.street]
    first = [street for street in streets if street.locality not in query.twins]
    query.streets = _in_village(query, first or streets)


def _in_village(query: Query, streets: list[Candidate]) -> list[Candidate]:
    """«تهران، سفیدار، بادام»: of a city's streets and a village's those of the village.

    Unless the city has a part of the village's name.
    """
    names = [name for name in query.wanted.localities if name in query.wanted.unmarked]
    if not names or any(c.name in names for c in query.neighbourhoods):
        return streets
    villages = {place.locality for place in query.places if place.name in names}
    inside = [street for street in streets if street.locality in villages]
    if not inside or len(inside) == len(streets):
        return streets
    doubt = fault("locality.ambiguous")
    return [replace(street, faults=(*street.faults, doubt)) for street in inside]


def _beside(places: Sequence[Candidate], found: Sequence[Candidate]) -> list[Candidate]:
    """What lies in one locality with any of `places`; all, where nothing does."""
    where = {(c.provinces, c.counties, c.locality) for c in places}
    return [c for c in found if (c.provinces, c.counties, c.locality) in where] or list(found)


def alleys_of(found: Sequence[Candidate], street: str, name: str | None) -> list[Candidate]:
    """The alleys of a name on the street of that name."""
    return [c for c in found if c.street == street and c.name == name]


def streets_of(found: Sequence[Candidate], name: str | None) -> list[Candidate]:
    """The streets of a name, without alleys."""
    return [
        c for c in found if c.match_level is MatchLevel.STREET and not c.street and c.name == name
    ]
