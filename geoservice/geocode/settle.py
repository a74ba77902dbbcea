"""The locality that an address lies in: pure, no database."""

from __future__ import annotations

from geoservice.geocode.choose import Choice, choose
from geoservice.geocode.names import Known
from geoservice.geocode.query import Query, at
from geoservice.geocode.score import Candidate, fault
from geoservice.model import MatchLevel


def settle_locality(query: Query, known: Known) -> None:
    """The locality that is meant, or those that may be: what lies in them may decide."""
    wanted = query.wanted
    refusal = "not_matched"
    for name in wanted.localities:
        choice = choose(wanted, at(known, name, MatchLevel.LOCALITY))
        if not choice.scored:
            refusal = choice.refusal if choice.refusal != "not_matched" else refusal
            continue
        if not query.locality.scored:
            query.locality = choice
        query.places += _may_be_meant(choice)
    if wanted.localities and not query.locality.scored:
        query.locality = Choice(refusal=refusal)
    if not wanted.localities:
        query.carried += (fault("locality.assumed"),)
    elif query.locality.match:
        query.carried += tuple(
            each for each in query.locality.match.faults if each.name == "locality.misspelt"
        )


def _may_be_meant(choice: Choice) -> list[Candidate]:
    if choice.rivals:
        return [pick.candidate for pick in choice.rivals]
    return [choice.candidate] if choice.candidate else []
