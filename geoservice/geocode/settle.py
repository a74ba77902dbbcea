"""The locality that an address lies in: pure, no database."""

from __future__ import annotations

from geoservice.geocode.choose import Choice, choose, distance_m, lies_apart
from geoservice.geocode.elsewhere import township_in
from geoservice.geocode.names import Known
from geoservice.geocode.penalties import fault
from geoservice.geocode.query import Query, at
from geoservice.geocode.score import Candidate, is_well_known
from geoservice.model import MatchLevel


def settle_locality(query: Query, known: Known) -> None:
    """The locality that is meant, or those that may be: what lies in them may decide."""
    wanted = query.wanted
    refusal = "not_matched"
    for name in wanted.localities:
        choice = choose(wanted, _in_district(query, at(known, name, MatchLevel.LOCALITY)))
        if not choice.scored:
            refusal = choice.refusal if choice.refusal != "not_matched" else refusal
            continue
        if not query.locality.scored:
            query.locality = choice
        twins = _listed_twice(choice)
        query.twins |= {twin.locality for twin in twins}
        query.places += [*may_be_meant(choice), *twins]
    if wanted.localities and not query.locality.scored:
        query.locality = Choice(refusal=refusal)
    if _is_beside_another(query, known):
        query.doubts = (fault("locality.ambiguous"),)
    if not wanted.localities:
        query.carried += (fault("locality.assumed"),)
    elif query.locality.match:
        read = {"locality.misspelt", "locality.transliterated"}
        query.carried += tuple(each for each in query.locality.match.faults if each.name in read)


def _is_beside_another(query: Query, known: Known) -> bool:
    """«انار، شهرک شهید چمران»: whether a small town is named, and another that lies elsewhere.

    A city may have a part of that name which nobody knows.
    """
    candidate = query.locality.candidate
    if not query.wanted.township or candidate is None or is_well_known(candidate):
        return False
    township, _ = township_in(query.wanted, known)
    others = at(known, township or "", MatchLevel.LOCALITY)
    return bool(others) and all(lies_apart(candidate, other) for other in others)


def _in_district(query: Query, localities: list[Candidate]) -> list[Candidate]:
    """Those that lie in the district that was named, as far as its size can tell; else all."""
    districts = query.wide[MatchLevel.DISTRICT]
    inside = [
        place
        for place in localities
        if any(distance_m(place, district) < district.uncertainty_m for district in districts)
    ]
    return inside or localities


def may_be_meant(choice: Choice) -> list[Candidate]:
    """The candidate that was chosen, or those between which there is nothing to choose."""
    if choice.rivals:
        return [pick.candidate for pick in choice.rivals]
    return [choice.candidate] if choice.candidate else []


def settled(query: Query) -> list[Candidate]:
    """What the first name means, where a locality was asked for and not only assumed.

    In the others only streets are looked for: «ساوه، ده‌نو» is the village, «تهران، سعدی» is not.
    """
    return may_be_meant(query.locality) if query.wanted.localities else []


def _listed_twice(choice: Choice) -> list[Candidate]:
    """The chosen settlement as it is listed once more: «نسیم شهر» and Nasimshahr."""
    best, match = choice.candidate, choice.match
    if best is None or match is None:
        return []
    return [
        pick.candidate
        for pick in choice.scored
        if pick.candidate is not best
        and pick.candidate.locality != best.locality
        and pick.match.confidence >= match.confidence
        and not lies_apart(best, pick.candidate)
    ]
