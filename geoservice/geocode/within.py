"""Streets, alleys and neighbourhoods within the localities that an address may mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from geoservice.database.steps import Steps
from geoservice.geocode import candidates as collect
from geoservice.geocode.candidates import MANY, Alley, Anywhere, Named, main_name
from geoservice.geocode.loose import read_loose
from geoservice.geocode.query import Query
from geoservice.geocode.score import Candidate, fault
from geoservice.geocode.spelling import edits, nearest
from geoservice.geocode.variants import bare, variant
from geoservice.geocode.wanted import runs_of
from geoservice.model import MatchLevel
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.sound import is_latin, nearest_sound

# Locality keys that are looked in for one question.
_MOST_SCOPES = 5


def collect_within(queries: Sequence[Query]) -> Steps[None]:
    """Fill `streets` and `neighbourhoods` of each query, and read what no marker claimed."""
    found = yield from _ask(queries)
    for query, here in zip(queries, found, strict=True):
        read_loose(query, here)
        _sort(query, here)
    yield from _mend_streets([q for q in queries if _lacks_street(q)])
    for query in queries:
        if query.wanted.street and not query.streets:
            _use_wider(query)
    yield from _mend_alleys([q for q in queries if _lacks_alley(q)])
    for query in queries:
        if query.behind and not query.wanted.plaque and _lacks_alley(query):
            # «خیابان مطهری ۹۶»: no alley of the street, so its plaque.
            query.wanted = replace(query.wanted, alley=None, plaque=query.behind)


def _ask(queries: Sequence[Query]) -> Steps[list[list[Candidate]]]:
    """What is found under all names of each query; a name that several ask for is asked once."""
    named: dict[tuple[Any, ...], list[Query]] = {}
    alleys: dict[tuple[Any, ...], list[Query]] = {}
    anywhere: dict[tuple[Any, ...], list[Query]] = {}
    for query in queries:
        wanted = query.wanted
        scopes = query.scopes[:_MOST_SCOPES]
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
    yield from filter(None, (wanted.street, wanted.neighbourhood))
    yield from wanted.wider
    yield from wanted.unmarked
    for words in wanted.loose:
        yield from (name for _, _, name in runs_of(words))


def _alleys(query: Query) -> Iterator[tuple[str | None, str]]:
    """Every street and alley that may be asked for together."""
    wanted = query.wanted
    if wanted.alley:
        yield wanted.street, wanted.alley
    for wider in wanted.wider:
        yield from ((wider, name) for name in (wanted.street, wanted.alley) if name)
    if wanted.street:
        # «خ سهروردی، هویزه غربی»: what no marker claims may be an alley of the street.
        for words in () if wanted.alley else wanted.loose:
            yield from ((wanted.street, name) for start, _, name in runs_of(words) if start == 0)
        return
    for words in wanted.loose:
        yield from _numbered_alleys(words)
    for words, following in pairwise(wanted.loose):
        streets = [name for start, _, name in runs_of(words) if start == 0]
        behind = [name for start, _, name in runs_of(following) if start == 0]
        yield from ((street, name) for street in streets for name in behind)
    for words in wanted.loose:
        runs = list(runs_of(words))
        if wanted.alley:
            yield from ((street, wanted.alley) for start, _, street in runs if start == 0)
        for _, end, street in (run for run in runs if run[0] == 0):
            yield from ((street, name) for start, _, name in runs if start == end)


def _numbered_alleys(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """«سجاد ۱۴»: an alley that bears the name of its street, or boulevard, and a number."""
    names = {end: name for start, end, name in runs_of(words) if start == 0}
    for end, name in names.items():
        if words[end - 1].isdecimal() and end - 1 in names:
            yield names[end - 1], name
            yield f"بلوار{names[end - 1]}", name


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
    if wanted.street and not _streets(found, wanted.street):
        for candidate in found:
            # «خیابان انقلاب، خیابان وصال»: the narrower one may be known as an alley of the wider.
            if candidate.street in wanted.wider and candidate.name == wanted.street:
                wanted = replace(wanted, street=candidate.street, alley=candidate.name)
                query.wanted = wanted
                break
    query.found = list(found)
    query.neighbourhoods = [c for c in found if c.match_level is MatchLevel.NEIGHBOURHOOD]
    streets = _streets(found, wanted.street) + [
        c
        for c in found
        if c.street and c.name == wanted.alley and wanted.street in (c.street, None)
    ]
    if not query.places:
        # Nobody said where: where the street is, if the neighbourhood is there too.
        streets = _beside(query.neighbourhoods, streets)
        query.places = [street for street in streets if not street.street]
    query.streets = streets


def _beside(places: Sequence[Candidate], found: Sequence[Candidate]) -> list[Candidate]:
    """What lies in one locality with any of `places`; all, where nothing does."""
    where = {(c.provinces, c.counties, c.locality) for c in places}
    return [c for c in found if (c.provinces, c.counties, c.locality) in where] or list(found)


def _streets(found: Sequence[Candidate], name: str | None) -> list[Candidate]:
    return [
        c for c in found if c.match_level is MatchLevel.STREET and not c.street and c.name == name
    ]


def _use_wider(query: Query) -> None:
    """The wider street, where nothing is known of the narrower."""
    for name in query.wanted.wider:
        streets = _streets(query.found, name)
        if streets:
            query.wanted = replace(
                query.wanted, street=name, alley=query.wanted.street, plaque=None
            )
            query.carried += (fault("street.wider"),)
            query.streets = streets
            return


def _lacks_street(query: Query) -> bool:
    wanted = query.wanted
    asks = wanted.street or (wanted.neighbourhood and not query.neighbourhoods)
    return bool(asks and query.scopes and not query.streets)


def _mend_streets(queries: Sequence[Query]) -> Steps[None]:
    """Look again for streets and neighbourhoods under what a misspelt name stands for."""
    names = yield from collect.local_names(
        locality for query in queries for locality, _ in query.scopes[:_MOST_SCOPES]
    )
    mended: list[Query] = []
    for query in queries:
        for level in (MatchLevel.STREET, MatchLevel.NEIGHBOURHOOD):
            asked = getattr(query.wanted, level.value)
            here = {n for locality, _ in query.scopes for n in names.get((locality, level), ())}
            if not asked or asked in here:
                continue
            right = _meant(query, level.value, asked, here)
            if right is None and level is MatchLevel.STREET:
                right = _variant(query, asked, here)
            if right:
                parts: dict[str, Any] = {level.value: right}
                query.wanted = replace(query.wanted, **parts)
                mended.append(query)
    yield from _look_again(mended)


def _variant(query: Query, asked: str, names: set[str]) -> str | None:
    """The street of a longer or shorter name; a number behind it is an alley, or its plaque."""
    found = variant(asked, query.wanted.street_words, names)
    if found is None:
        return None
    if found.number and query.wanted.alley:
        # «خیابان گردو ۱، کوچه ۲»: the alley may be one of the alley, which streets do not tell.
        query.carried += (fault("street.partial"),)
    elif found.number:
        query.wanted = replace(query.wanted, alley=found.number)
        query.behind = found.number
    if found.fault:
        query.carried += (fault(found.fault),)
    return found.name


def _look_again(queries: Sequence[Query]) -> Steps[None]:
    distinct = list({id(query): query for query in queries}.values())
    found = yield from _ask(distinct)
    for query, here in zip(distinct, found, strict=True):
        _sort(query, here)


def _lacks_alley(query: Query) -> bool:
    wanted = query.wanted
    return bool(
        wanted.street
        and wanted.alley
        and query.streets
        and not any(c.street for c in query.streets)
    )


def _mend_alleys(queries: Sequence[Query]) -> Steps[None]:
    streets = [
        (n, street.locality or "", main_name(street))
        for n, query in enumerate(queries)
        for street in query.streets
    ]
    names = yield from collect.alley_names(streets)
    mended: list[Query] = []
    for n, query in enumerate(queries):
        asked = query.wanted.alley or ""
        here = names.get(n, ())
        # «بلوار سجاد ۱۴»: alleys may bear the name of their street with a number.
        full = {
            f"{bare(main_name(street))}{asked}" for street in query.streets if asked.isdecimal()
        }
        right = next((each for each in full if each in here), None) or _meant(
            query, "alley", asked, here
        )
        if right:
            mended.append(query)
            query.wanted = replace(query.wanted, alley=right)
    yield from _look_again(mended)


def _meant(query: Query, part: str, asked: str, names: Iterable[str]) -> str | None:
    """The name that a misspelt or a Latin one stands for; the query bears the fault."""
    here = set(names)
    if asked in here:
        return asked
    if is_latin(asked):
        # «بلوارkeshavarz»: a marker that belongs to the name is Persian already.
        right = nearest_sound(asked, here)
        if right:
            query.carried += (fault(f"{part}.transliterated"),)
        return right
    right = nearest(asked, here)
    if right:
        query.carried += (fault(f"{part}.misspelt", edits(asked, right) or 1),)
        return right
    # «کوچه چاهرم»: a number in words, which names hold in digits.
    number = load_lexicon().numerals.nearest(asked)
    if number in here:
        query.carried += (fault(f"{part}.misspelt"),)
        return number
    return None
