"""What the gazetteer answers to many addresses at once.

From wide to narrow: names are read and mended, the locality is settled, then streets,
neighbourhoods and plaques are looked for within it. From narrow to wide: the finest level that
gives one answer wins, and its faults say what finer part was lost on the way and why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from geoservice.database.steps import Steps
from geoservice.geocode import candidates as collect
from geoservice.geocode.behind import city_behind
from geoservice.geocode.buildings import collect_buildings
from geoservice.geocode.choose import Pick, choose, united
from geoservice.geocode.elsewhere import most_likely, other_readings, towns_behind_numbers
from geoservice.geocode.glued import glued_words, names_inside, unglue
from geoservice.geocode.mend import mend_names, use_true_names
from geoservice.geocode.names import Known, names_of_places, read_rest
from geoservice.geocode.others import bearing, namesakes, not_taken, regions_called
from geoservice.geocode.penalties import fault, with_faults
from geoservice.geocode.plaques import collect_plaques, of_building
from geoservice.geocode.query import Query, weight_of_unread
from geoservice.geocode.run_on import lost_province, part_names, run_on_names
from geoservice.geocode.score import FOUND, ON_STREET, WIDE, Candidate
from geoservice.geocode.settle import settle_locality, settled
from geoservice.geocode.streets import collect_streets
from geoservice.geocode.wanted import Wanted
from geoservice.geocode.zone import held_against_zone, lone_zone, take_lone_zones
from geoservice.model import Fault, Match, MatchLevel

_Step = tuple[str, Sequence[Candidate], tuple[Fault, ...]]
"""A part, what may be it, and the faults that it bears."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer, and its candidate; where there is none, the faults that say why.

    `others` are answers that were not taken, best first: wider ones, and what fits less or as well.
    `wanted` is what was asked for as the search read it, `unread` that words of it are left over.
    """

    match: Match | None = None
    candidate: Candidate | None = None
    faults: tuple[Fault, ...] = ()
    others: tuple[Pick, ...] = ()
    wanted: Wanted | None = None
    unread: bool = False


def search(
    wanted: Collection[Wanted], *, others: bool = False, corrected: bool = True
) -> Steps[dict[Wanted, Found]]:
    """The best match for each of `wanted`; a handful of statements for all of them together.

    With `others` also the answers that were not taken; unless `corrected` houses are where they
    were imported to.
    """
    found, cut, towns = yield from _search(wanted, others=others, corrected=corrected)
    wrong = {
        each: replace(cut[each], province=None)
        for each in wanted
        if _may_be_wrong(cut[each], found[each])
    }
    asked = {*wrong.values(), *(town for readings in towns.values() for town in readings)}
    if not asked:
        return found
    second, *_ = yield from _search(asked, others=others, corrected=corrected)
    for each in wanted:
        shown = [here for town in towns.get(each, ()) if _is_shown(here := second[town])]
        picks = [
            Pick(here.match, here.candidate) for here in shown if here.match and here.candidate
        ]
        if picks:
            place, doubts = most_likely(found[each].candidate, picks)
            found[each] = replace(shown[place], match=with_faults(picks[place].match, doubts))
        elif each in wrong and _is_on_street(second[wrong[each]]):
            found[each] = _contradicting(second[wrong[each]])
    return found


def _may_be_wrong(wanted: Wanted, found: Found) -> bool:
    """Whether the province may be a mistake, since what was found does not come near a street.

    What no marker claims may be the street, or the city that lies in another province.
    """
    return bool(
        wanted.province
        and (wanted.street or wanted.rest)
        and (wanted.localities or wanted.county or wanted.township or wanted.rest)
        and not _is_on_street(found)
    )


def _is_on_street(found: Found) -> bool:
    """Whether it is a street or on one, and no word that is not read may tell of another place."""
    if found.match is None or found.match.match_level not in ON_STREET:
        return False
    names = {each.name for each in found.match.faults}
    return not {"locality.assumed", "rest.not_matched"} <= names


def _is_shown(found: Found) -> bool:
    """Whether another reading leaves no words over."""
    return _is_on_street(found) and not found.unread


def _contradicting(found: Found) -> Found:
    faults = (fault("province.contradicted"),)
    match = with_faults(found.match, faults) if found.match else None
    others = tuple(pick._replace(match=with_faults(pick.match, faults)) for pick in found.others)
    return replace(found, match=match, others=others)


def _search(
    wanted: Collection[Wanted], *, others: bool, corrected: bool
) -> Steps[tuple[dict[Wanted, Found], dict[Wanted, Wanted], dict[Wanted, list[Wanted]]]]:
    """What is found for each; each with the words that were glued cut; and of those of which no
    street was found other readings, in which another of the names is the town.
    """
    names = {n for each in wanted for n in (*names_of_places(each), *run_on_names(each))}
    known = yield from collect.by_name(names)
    parted = {each: part_names(each, known) for each in wanted}
    # A misspelt name of several words comes before what its first words are called by.
    run_on = [each for each, found in parted.items() if found is not each]
    yield from mend_names(run_on, known)
    parted |= {each: part_names(each, known) for each in run_on}
    if run_on:
        behind = {name for each in run_on for name in names_of_places(parted[each])}
        known.update((yield from collect.by_name(behind - known.keys())))
    yield from _look_inside(parted.values(), known)
    whole: dict[Wanted, Wanted] = {}
    cut: dict[Wanted, Wanted] = {}
    queries: dict[Wanted, Query] = {}
    for each in wanted:
        whole[each] = towns_behind_numbers(unglue(parted[each], known), known)
        cut[each], read = _read(whole[each], known)
        opposite = (fault("landmark.beside"),) * read.opposite
        queries[each] = Query(read, carried=opposite)
    mended = yield from mend_names([query.wanted for query in queries.values()], known)
    for each, query in queries.items():
        if mended:
            query.wanted = read_rest(cut[each], known)
        query.mended = lost_province(each, parted[each])
        use_true_names(query, known)
        settle_locality(query, known)
        query.carried += (fault("province.contradicted"),) * bool(query.wanted.against)
        if others and not cut[each].localities:
            query.namesakes = regions_called(query, known)
    yield from collect_streets(list(queries.values()))
    yield from collect_plaques(list(queries.values()), corrected=corrected)
    yield from collect_buildings(list(queries.values()), corrected=corrected)
    read_now = [query.wanted for query in queries.values()]
    asked = {zone for each in read_now if (zone := each.zone or lone_zone(each))}
    zones = yield from collect.zones(asked)
    take_lone_zones(queries.values(), zones)
    found = {each: _answer(query, zones, with_others=others) for each, query in queries.items()}
    towns = {
        each: readings
        for each, query in queries.items()
        if (
            readings := other_readings(
                whole[each], cut[each], query.wanted, found[each].match, known
            )
        )
    }
    return found, cut, towns


def _read(wanted: Wanted, known: Known) -> tuple[Wanted, Wanted]:
    """What is wanted, a city behind a street taken from it; and that with its places read."""
    read = read_rest(wanted, known)
    if read.localities:
        return wanted, read
    with_city = city_behind(wanted, known)
    return with_city, read if with_city is wanted else read_rest(with_city, known)


def _look_inside(wanted: Iterable[Wanted], known: Known) -> Steps[None]:
    """Add to `known` the names that stand in words written without spaces."""
    words = {word for each in wanted for word in glued_words(each, known)}
    if words:
        inside = yield from collect.by_name({name for w in words for name in names_inside(w)})
        known.update(inside)


def _answer(query: Query, zones: Known, *, with_others: bool) -> Found:
    """The finest level that gives one answer.

    `refusals` tells the wider ones why not a finer; what was found, they do not lack.
    """
    wanted = query.wanted
    refusals: dict[str, str] = {}
    best: Pick | None = None
    others: list[Pick] = []
    for part, candidates, faults in _steps(query, zones):
        choice = choose(wanted, held_against_zone(query, zones, candidates), refusals)
        if choice.match and choice.candidate:
            wrong = any(each.name.endswith(".contradicted") for each in choice.match.faults)
            refusals[part] = "contradicted" if wrong else FOUND
            pick = Pick(bearing(choice.match, faults), choice.candidate)
            if best is None:
                best = pick
                if not with_others:
                    break
            else:
                others.append(pick)
        else:
            refusals[part] = choice.refusal
            if part == "locality" and wanted.localities:
                refusals[part] = query.locality.refusal
        others += not_taken(part, choice, faults)
    if best and best.candidate.match_level is MatchLevel.LOCALITY:
        others += namesakes(query, best.match, others)
    if best is None:
        return Found(faults=_why_nothing(wanted, refusals), others=tuple(others), wanted=wanted)
    return Found(*best, others=tuple(others), wanted=wanted, unread=query.unread)


def _steps(query: Query, zones: Known) -> Iterator[_Step]:
    """From fine to coarse, each made only once it is looked at."""
    unread = (fault("rest.not_matched"),) if query.unread else ()
    inside = (*query.mended, *query.carried)
    if not query.wanted.localities:
        inside += unread  # what is not read may be another place than the one that is assumed
    # Where it is open which street is meant, what lies on any of them is a rival, unit or not.
    is_open = any(f.name.endswith(".ambiguous") for c in query.addresses for f in c.faults)
    units = [c for c in query.addresses if c.match_level is MatchLevel.UNIT]
    if is_open and len(query.addresses) > 1:
        units = []
    yield "unit", units, inside
    yield "plaque", [of_building(c) for c in query.addresses], inside
    yield "building", query.buildings, inside
    yield "landmark", query.beside, inside
    yield "alley", [c for c in query.streets if c.street], inside
    streets = [c for c in query.streets if not c.street]
    yield "street", united(streets, query.wanted.street) if query.sides else streets, inside
    yield "neighbourhood", query.neighbourhoods, inside
    yield "zone", zones.get(query.wanted.zone or "", ()), query.mended
    unread = (fault("rest.not_matched", weight_of_unread(query.wanted)),) if query.unread else ()
    yield "locality", settled(query), (*inside, *unread, *query.doubts)
    for level in WIDE:
        yield level.value, query.wide[level], (*query.mended, *unread)


def _why_nothing(wanted: Wanted, refusals: Mapping[str, str]) -> tuple[Fault, ...]:
    parts = ("zone", "street", "neighbourhood", "locality", "district", "county", "province")
    return tuple(
        fault(f"{part}.{refusals.get(part, 'not_matched')}")
        for part in parts
        if (wanted.localities if part == "locality" else getattr(wanted, part))
    )
