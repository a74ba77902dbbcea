"""What the gazetteer answers to many addresses at once.

From wide to narrow: names are read and mended, the locality is settled, then streets and
neighbourhoods are looked for within it. From narrow to wide: the finest level that gives one
answer wins, and its faults say what finer part was lost on the way and why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from geoservice.database.steps import Steps
from geoservice.geocode import candidates as collect
from geoservice.geocode.candidates import Scope
from geoservice.geocode.score import (
    Candidate,
    Choice,
    choose,
    fault,
    nearest,
    with_faults,
)
from geoservice.geocode.wanted import Wanted, names_in, split_rest
from geoservice.model import Fault, Match, MatchLevel

# From fine to coarse.
WIDE = (MatchLevel.DISTRICT, MatchLevel.COUNTY, MatchLevel.PROVINCE)

# «اصفهان، کاشان» is a province and a city if the city has so many people or a county of its name;
# «تهران، یوسف‌آباد» is a neighbourhood, though the province has a small town of that name too.
_WELL_KNOWN = 20_000

Known = dict[str, list[Candidate]]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer, and its candidate; where there is none, the faults that say why."""

    match: Match | None = None
    candidate: Candidate | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class _Query:
    """One question on its way: `wanted` as read so far.

    `mended` are the faults of wide names, `carried` those of the locality: finer answers bear them.
    """

    wanted: Wanted
    mended: tuple[Fault, ...] = ()
    locality: Choice = field(default_factory=Choice)
    carried: tuple[Fault, ...] = ()
    wide: dict[MatchLevel, list[Candidate]] = field(default_factory=dict)
    streets: list[Candidate] = field(default_factory=list)
    neighbourhoods: list[Candidate] = field(default_factory=list)


def search(wanted: Collection[Wanted]) -> Steps[dict[Wanted, Found]]:
    """The best match for each of `wanted`; a handful of statements for all of them together."""
    known = yield from collect.by_name({name for each in wanted for name in _names(each)})
    queries = {each: _Query(read_rest(each, known)) for each in wanted}
    yield from _mend_names([query.wanted for query in queries.values()], known)
    for query in queries.values():
        _use_true_names(query, known)
        _settle_locality(query, known)
    yield from _collect_within([q for q in queries.values() if q.locality.candidate])
    zones = yield from collect.zones({each.zone for each in wanted if each.zone})
    return {each: _answer(query, zones) for each, query in queries.items()}


def read_rest(wanted: Wanted, known: Mapping[str, Sequence[Candidate]]) -> Wanted:
    """Take province, county and locality from the text without markers, as far as names are known.

    «فارس، شیراز» is a province and a city, «تهران، آزادی» a city and something in it.
    """
    names, remains = split_rest(wanted.rest, known)
    province, county, localities = wanted.province, wanted.county, wanted.localities
    unmarked: list[str] = []
    for place, name in enumerate(names):
        following = names[place + 1] if place + 1 < len(names) else None
        here = [
            c for c in known[name] if not province or not c.provinces or province in c.provinces
        ]
        if province in (None, name) and _is_province(known, name, following, localities):
            province = name
        elif not localities and _has(here, MatchLevel.LOCALITY):
            localities = (name,)
        elif not county and _has(here, MatchLevel.COUNTY):
            county = name
        elif name not in (county, *localities):
            unmarked.append(name)
    whole = ["".join(words) for words in wanted.rest if len(words) > 1]
    return replace(
        wanted,
        province=province,
        county=county,
        localities=localities,
        unmarked=tuple(dict.fromkeys((*unmarked, *remains, *whole))),
    )


def _names(wanted: Wanted) -> Iterable[str]:
    parts = (wanted.province, wanted.county, wanted.district, *wanted.localities)
    return (*filter(None, parts), *names_in(wanted.rest))


def _has(candidates: Iterable[Candidate], level: MatchLevel) -> bool:
    return any(candidate.match_level is level for candidate in candidates)


def _is_province(
    known: Mapping[str, Sequence[Candidate]],
    name: str,
    following: str | None,
    localities: Iterable[str],
) -> bool:
    """Whether a name stands for a province rather than for the city of the same name in it."""
    if not _has(known[name], MatchLevel.PROVINCE):
        return False
    if localities:
        return any(_inside(known, locality, name) for locality in localities)
    if not _has(_inside(known, name, name), MatchLevel.LOCALITY):
        return True
    inside = _inside(known, following, name)
    return _has(inside, MatchLevel.LOCALITY) and (
        _has(inside, MatchLevel.COUNTY) or any((c.population or 0) >= _WELL_KNOWN for c in inside)
    )


def _inside(
    known: Mapping[str, Sequence[Candidate]], name: str | None, province: str
) -> list[Candidate]:
    return [c for c in known.get(name or "", ()) if province in c.provinces]


def _mend_names(wanted: Iterable[Wanted], known: Known) -> Steps[None]:
    """Add to `known` what a misspelt province, county or locality most likely is.

    A locality is mended only within a known province: the country has too many alike.
    """
    for level in (MatchLevel.PROVINCE, MatchLevel.COUNTY, MatchLevel.LOCALITY):
        unknown: set[tuple[str, str | None]] = set()
        for each in wanted:
            if level is MatchLevel.LOCALITY:
                province = _true_name(each.province, MatchLevel.PROVINCE, known)
                missing = each.localities and not any(
                    _in_province(known.get(name, ()), level, province) for name in each.localities
                )
                if missing and province:
                    unknown.update((name, province) for name in each.localities)
            elif (name := getattr(each, level.value)) and not _has(known.get(name, ()), level):
                unknown.add((name, None))
        if unknown:
            yield from _mend(level, unknown, known)


def _mend(
    level: MatchLevel, unknown: Collection[tuple[str, str | None]], known: Known
) -> Steps[None]:
    names = yield from collect.names_of(level)
    mended: dict[str, set[str]] = {}
    for name, province in unknown:
        right = nearest(name, {n for n, lies_in in names if province in (None, lies_in)})
        if right:
            mended.setdefault(right, set()).add(name)
    named = yield from collect.by_name(mended)
    for right, found in named.items():
        for name in mended[right]:
            already = known.setdefault(name, [])
            already += [c for c in found if c.match_level is level and c not in already]


def _use_true_names(query: _Query, known: Known) -> None:
    """Write the province and the county as the gazetteer does: «Fars» and «فارسس» are «فارس»."""
    for level in (MatchLevel.PROVINCE, MatchLevel.COUNTY, MatchLevel.DISTRICT):
        name = getattr(query.wanted, level.value)
        query.wide[level] = _at(known, name or "", level)
        if level is MatchLevel.DISTRICT:
            continue
        true = _true_name(name, level, known)
        if true == name:
            continue
        if level is MatchLevel.PROVINCE:
            query.wanted = replace(query.wanted, province=true)
        else:
            query.wanted = replace(query.wanted, county=true)
        if all(candidate.name != name for candidate in query.wide[level]):
            query.mended += (fault(f"{level.value}.misspelt"),)


def _true_name(name: str | None, level: MatchLevel, known: Known) -> str | None:
    """The name that a region's parts carry; as it was where it is unknown or not one's alone."""
    is_province = level is MatchLevel.PROVINCE
    found = {
        key
        for candidate in known.get(name or "", ())
        if candidate.match_level is level
        for key in (candidate.provinces if is_province else candidate.counties)
    }
    return found.pop() if len(found) == 1 else name


def _in_province(candidates: Iterable[Candidate], level: MatchLevel, province: str | None) -> bool:
    return any(
        c.match_level is level and (not province or not c.provinces or province in c.provinces)
        for c in candidates
    )


def _settle_locality(query: _Query, known: Known) -> None:
    """The locality that is meant; a county's name stands for its seat where only it is given."""
    wanted = query.wanted
    refusal = "not_matched"
    for name in wanted.localities:
        query.locality = choose(wanted, _at(known, name, MatchLevel.LOCALITY))
        if query.locality.match:
            break
        if query.locality.refusal != "not_matched":
            refusal = query.locality.refusal
    if wanted.localities and not query.locality.match:
        query.locality = Choice(refusal=refusal)
    if not wanted.localities and wanted.county and (wanted.street or wanted.neighbourhood):
        query.locality = choose(wanted, _at(known, wanted.county, MatchLevel.LOCALITY))
        query.carried = (fault("locality.assumed"),)
    if query.locality.match:
        query.carried += tuple(
            each
            for each in query.locality.match.faults
            if each.name.startswith("locality.") and each not in query.carried
        )


def _at(known: Known, name: str, level: MatchLevel) -> list[Candidate]:
    return [candidate for candidate in known.get(name, ()) if candidate.match_level is level]


def _collect_within(queries: Sequence[_Query]) -> Steps[None]:
    """Streets, alleys and neighbourhoods in the localities that were settled."""
    on_street = [query for query in queries if query.wanted.street]
    yield from _collect_streets(on_street)
    missing = [query for query in on_street if not query.streets]
    if missing:
        names = yield from collect.street_names({_scope(query, "").locality for query in missing})
        mended = []
        for query in missing:
            near = nearest(query.wanted.street or "", names.get(_scope(query, "").locality, ()))
            if near:
                mended.append((query, near))
        yield from _collect_streets([q for q, _ in mended], [name for _, name in mended])
    asked = [
        (query, name)
        for query in queries
        for name in (query.wanted.neighbourhood, *query.wanted.unmarked)
        if name
    ]
    areas = yield from collect.neighbourhoods([_scope(query, name) for query, name in asked])
    for (query, _), found in zip(asked, areas, strict=True):
        query.neighbourhoods += found


def _collect_streets(queries: Sequence[_Query], names: Sequence[str] | None = None) -> Steps[None]:
    if not queries:
        return
    called = names or [query.wanted.street or "" for query in queries]
    scopes = [_scope(query, name) for query, name in zip(queries, called, strict=True)]
    alleys = [query.wanted.alley for query in queries]
    streets = yield from collect.streets(scopes, alleys)
    for query, found in zip(queries, streets, strict=True):
        query.streets += found


def _scope(query: _Query, name: str) -> Scope:
    candidate = query.locality.candidate
    if candidate is None or candidate.locality is None:
        return Scope(name, "", None)
    return Scope(name, candidate.locality, next(iter(candidate.provinces), None))


def _answer(query: _Query, zones: Known) -> Found:
    """The finest level that gives one answer; `refusals` tells the wider ones why not a finer."""
    wanted = query.wanted
    inside = (*query.mended, *query.carried)
    refusals: dict[str, str] = {}
    steps: list[tuple[str, Sequence[Candidate], tuple[Fault, ...]]] = [
        ("alley", [c for c in query.streets if c.street], inside),
        ("street", [c for c in query.streets if not c.street], inside),
        ("neighbourhood", query.neighbourhoods, inside),
        ("zone", zones.get(wanted.zone or "", ()), query.mended),
        ("locality", _settled(query), inside),
        *((level.value, query.wide[level], query.mended) for level in WIDE),
    ]
    for part, candidates, faults in steps:
        choice = choose(wanted, candidates, refusals)
        if choice.match:
            lost = [fault("zone.contradicted")] * (refusals.get("zone") == "contradicted")
            named = {each.name for each in choice.match.faults}
            more = [each for each in (*faults, *lost) if each.name not in named]
            return Found(with_faults(choice.match, more), choice.candidate)
        refusals[part] = choice.refusal
        if part == "locality" and wanted.localities:
            refusals[part] = query.locality.refusal
    return Found(faults=_why_nothing(wanted, refusals))


def _settled(query: _Query) -> list[Candidate]:
    """The locality, where it was asked for and not only assumed from the county's name."""
    candidate = query.locality.candidate
    return [candidate] if candidate and query.wanted.localities else []


def _why_nothing(wanted: Wanted, refusals: Mapping[str, str]) -> tuple[Fault, ...]:
    parts = ("zone", "street", "neighbourhood", "locality", "district", "county", "province")
    return tuple(
        fault(f"{part}.{refusals.get(part, 'not_matched')}")
        for part in parts
        if (wanted.localities if part == "locality" else getattr(wanted, part))
    )
