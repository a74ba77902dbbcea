"""The locality that an address lies in: pure, no database."""

from __future__ import annotations

from geoservice.geocode.choose import Choice, choose
from geoservice.geocode.names import Known
from geoservice.geocode.query import Query, at
from geoservice.geocode.score import fault
from geoservice.model import MatchLevel


def settle_locality(query: Query, known: Known) -> None:
    """The locality that is meant, or those that may be: what lies in them may decide.

    A county's name stands for its seat where no locality is given.
    """
    wanted = query.wanted
    refusal = "not_matched"
    for name in wanted.localities:
        query.locality = choose(wanted, at(known, name, MatchLevel.LOCALITY))
        if query.locality.scored:
            break
        if query.locality.refusal != "not_matched":
            refusal = query.locality.refusal
    if wanted.localities and not query.locality.scored:
        query.locality = Choice(refusal=refusal)
    if not wanted.localities and wanted.county and (wanted.street or wanted.neighbourhood):
        query.locality = choose(wanted, at(known, wanted.county, MatchLevel.LOCALITY))
        query.carried = (fault("locality.assumed"),)
    query.places = [pick.candidate for pick in query.locality.scored]
    if query.locality.match:
        query.carried += tuple(
            each
            for each in query.locality.match.faults
            if each.name == "locality.misspelt" and each not in query.carried
        )
