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
from geoservice.geocode.buildings import collect_buildings
from geoservice.geocode.choose import Choice, Pick, choose, distance_m, lies_apart
from geoservice.geocode.glued import glued_words, names_inside, unglue
from geoservice.geocode.mend import mend_names, use_true_names
from geoservice.geocode.names import Known, city_behind, names_of_places, read_rest
from geoservice.geocode.penalties import POSTAL_ZONE, fault, with_faults
from geoservice.geocode.plaques import collect_plaques, of_building
from geoservice.geocode.query import Query
from geoservice.geocode.score import FOUND, ON_STREET, Candidate
from geoservice.geocode.settle import may_be_meant, settle_locality
from geoservice.geocode.streets import collect_streets
from geoservice.geocode.wanted import Wanted
from geoservice.model import Fault, Match, MatchLevel

# A zone is a circle around what is known of it; this far beyond it, in metres, may be its edge.
_EDGE_M = 5_000.0
_TWICE = 2

_Step = tuple[str, Sequence[Candidate], tuple[Fault, ...]]
"""A part, what may be it, and the faults that it bears."""

# From fine to coarse.
WIDE = (MatchLevel.DISTRICT, MatchLevel.COUNTY, MatchLevel.PROVINCE)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer, and its candidate; where there is none, the faults that say why.

    `others` are answers that were not taken, best first: wider ones, and what fits less or as well.
    `wanted` is what was asked for as the search read it.
    """

    match: Match | None = None
    candidate: Candidate | None = None
    faults: tuple[Fault, ...] = ()
    others: tuple[Pick, ...] = ()
    wanted: Wanted | None = None


def search(
    wanted: Collection[Wanted], *, others: bool = False, corrected: bool = True
) -> Steps[dict[Wanted, Found]]:
    """The best match for each of `wanted`; a handful of statements for all of them together.

    With `others` also the answers that were not taken; unless `corrected` houses are where they
    were imported to.
    """
    found, cut, towns = yield from _search(wanted, others=others, corrected=corrected)
    again = {
        each: replace(cut[each], province=None)
        for each in wanted
        if _may_be_wrong(cut[each], found[each])
    } | towns
    if not again:
        return found
    second, *_ = yield from _search(set(again.values()), others=others, corrected=corrected)
    for each, other in again.items():
        if _is_on_street(second[other]):
            is_town = each in towns
            found[each] = second[other] if is_town else _contradicting(each, second[other])
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


def _contradicting(wanted: Wanted, found: Found) -> Found:
    faults = (fault("province.contradicted"),)
    match = with_faults(found.match, faults) if found.match else None
    others = tuple(pick._replace(match=with_faults(pick.match, faults)) for pick in found.others)
    return replace(found, match=match, others=others)


def _search(
    wanted: Collection[Wanted], *, others: bool, corrected: bool
) -> Steps[tuple[dict[Wanted, Found], dict[Wanted, Wanted], dict[Wanted, Wanted]]]:
    """What is found for each; each with the words that were glued cut; and those of which no place
    was found, with a small town taken from behind the street.
    """
    known = yield from collect.by_name({name for each in wanted for name in names_of_places(each)})
    yield from _look_inside(wanted, known)
    cut: dict[Wanted, Wanted] = {}
    queries: dict[Wanted, Query] = {}
    for each in wanted:
        cut[each], read = _read(unglue(each, known), known)
        queries[each] = Query(read)
    mended = yield from mend_names([query.wanted for query in queries.values()], known)
    for each, query in queries.items():
        if mended:
            query.wanted = read_rest(cut[each], known)
        use_true_names(query, known)
        settle_locality(query, known)
    yield from collect_streets(list(queries.values()))
    yield from collect_plaques(list(queries.values()), corrected=corrected)
    yield from collect_buildings(list(queries.values()), corrected=corrected)
    zones = yield from collect.zones({each.zone for each in wanted if each.zone})
    found = {each: _answer(query, zones, with_others=others) for each, query in queries.items()}
    towns = {
        each: town
        for each, here in found.items()
        if (here.match is None or here.match.match_level in WIDE)
        and (town := city_behind(cut[each], known, any_town=True)) is not cut[each]
    }
    return found, cut, towns


def _read(wanted: Wanted, known: Known) -> tuple[Wanted, Wanted]:
    """What is wanted, a city behind a street taken from it; and that with its places read."""
    read = read_rest(wanted, known)
    if read.localities:
        return wanted, read
    with_city = city_behind(wanted, known)
    return with_city, read if with_city is wanted else read_rest(with_city, known)


def _look_inside(wanted: Collection[Wanted], known: Known) -> Steps[None]:
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
        choice = choose(wanted, _held_against_zone(query, zones, candidates), refusals)
        if choice.match and choice.candidate:
            wrong = any(each.name.endswith(".contradicted") for each in choice.match.faults)
            refusals[part] = "contradicted" if wrong else FOUND
            pick = Pick(_bearing(choice.match, faults), choice.candidate)
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
        others += _not_taken(part, choice, faults)
    if best is None:
        return Found(faults=_why_nothing(wanted, refusals), others=tuple(others), wanted=wanted)
    return Found(*best, others=tuple(others), wanted=wanted)


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
    yield "street", [c for c in query.streets if not c.street], inside
    yield "neighbourhood", query.neighbourhoods, inside
    yield "zone", zones.get(query.wanted.zone or "", ()), query.mended
    unread = (fault("rest.not_matched", _weight_of_unread(query.wanted)),) if query.unread else ()
    yield "locality", _settled(query), (*inside, *unread)
    for level in WIDE:
        yield level.value, query.wide[level], (*query.mended, *unread)


def _weight_of_unread(wanted: Wanted) -> int:
    """How much words that nothing is known by say against a place: no less than an unknown street.

    More where they stand beside its name alone: «کرمان موتور» is a firm, «بهار آمد» a sentence.
    """
    said = (wanted.province, wanted.county, wanted.district, wanted.neighbourhood, wanted.street)
    is_address = any((*said, wanted.alley, wanted.plaque, wanted.zone)) or len(wanted.rest) > 1
    return _TWICE if is_address else 2 * _TWICE


def _held_against_zone(
    query: Query, zones: Known, candidates: Sequence[Candidate]
) -> Sequence[Candidate]:
    """The candidates, with a fault where zone and place that were given lie apart."""
    here = zones.get(query.wanted.zone or "", ())
    if not here:
        return candidates
    held = []
    for each in candidates:
        is_zone = each.method == POSTAL_ZONE
        others = _settled(query) if is_zone else here
        if others and all(_far_apart(each, other) for other in others):
            wrong = fault("locality.contradicted" if is_zone else "zone.contradicted")
            held.append(replace(each, faults=(*each.faults, wrong)))
        else:
            held.append(each)
    return held


def _far_apart(a: Candidate, b: Candidate) -> bool:
    if a.provinces and b.provinces and not a.provinces & b.provinces:
        return True
    return distance_m(a, b) > a.uncertainty_m + b.uncertainty_m + _EDGE_M


def _bearing(match: Match, faults: Iterable[Fault]) -> Match:
    named = {each.name for each in match.faults}
    return with_faults(match, [each for each in faults if each.name not in named])


def _not_taken(part: str, choice: Choice, faults: tuple[Fault, ...]) -> list[Pick]:
    """What was not taken at one level; of several that fit equally well each may be the one.

    Namesakes of an answer that was taken share the doubt that it leaves.
    """
    rivals = {id(pick.candidate) for pick in choice.rivals}
    taken = choice.candidate
    share = 1 / max(1, len(rivals))
    if taken and choice.match:
        rivals = {id(c) for _, c in choice.scored if c.name == taken.name and lies_apart(taken, c)}
        sure = _bearing(choice.match, faults).confidence
        share = min(sure, (1 - sure) / max(1, len(rivals)))
    picks = []
    for match, candidate in choice.scored:
        if candidate is choice.candidate:
            continue
        bearing = _bearing(match, faults)
        if id(candidate) in rivals:
            doubt = max(0.0, round(bearing.confidence - share, 4))
            bearing = with_faults(bearing, [Fault(f"{part}.ambiguous", doubt)])
        picks.append(Pick(bearing, candidate))
    return picks


def _settled(query: Query) -> list[Candidate]:
    """What the first name means, where a locality was asked for and not only assumed.

    In the others only streets are looked for: «ساوه، ده‌نو» is the village, «تهران، سعدی» is not.
    """
    return may_be_meant(query.locality) if query.wanted.localities else []


def _why_nothing(wanted: Wanted, refusals: Mapping[str, str]) -> tuple[Fault, ...]:
    parts = ("zone", "street", "neighbourhood", "locality", "district", "county", "province")
    return tuple(
        fault(f"{part}.{refusals.get(part, 'not_matched')}")
        for part in parts
        if (wanted.localities if part == "locality" else getattr(wanted, part))
    )
