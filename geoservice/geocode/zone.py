"""A place and a postal zone that were given together: pure, no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from geoservice.geocode.choose import distance_m
from geoservice.geocode.names import Known
from geoservice.geocode.penalties import POSTAL_ZONE, fault
from geoservice.geocode.query import Query
from geoservice.geocode.score import Candidate
from geoservice.geocode.settle import settled
from geoservice.geocode.wanted import Wanted
from geoservice.persian.postal_code import find_zone

# A zone is a circle around what is known of it; this far beyond it, in metres, may be its edge.
_EDGE_M = 5_000.0


def held_against_zone(
    query: Query, zones: Known, candidates: Sequence[Candidate]
) -> Sequence[Candidate]:
    """The candidates, with a fault where zone and place that were given lie apart."""
    here = zones.get(query.wanted.zone or "", ())
    if not here:
        return candidates
    held = []
    for each in candidates:
        is_zone = each.method == POSTAL_ZONE
        others = settled(query) if is_zone else here
        if others and all(_far_apart(each, other) for other in others):
            wrong = fault("locality.contradicted" if is_zone else "zone.contradicted")
            held.append(replace(each, faults=(*each.faults, wrong)))
        else:
            held.append(each)
    return held


def lone_zone(wanted: Wanted) -> str | None:
    """Five digits beside nothing but names of places: «شیراز ۴۶۱۶۸» may be a zone."""
    said = (wanted.zone, wanted.street, wanted.alley, wanted.plaque, wanted.neighbourhood)
    is_place = wanted.province or wanted.county or wanted.localities
    if any(said) or not is_place or len(wanted.loose) != 1:
        return None
    return find_zone(" ".join(wanted.loose[0]))


def take_lone_zones(queries: Iterable[Query], zones: Known) -> None:
    """Read five digits beside a place as a zone, where they are one that is known."""
    for query in queries:
        if (zone := lone_zone(query.wanted)) and zone in zones:
            query.wanted = replace(query.wanted, zone=zone, loose=())
            query.unread = False


def _far_apart(a: Candidate, b: Candidate) -> bool:
    if a.provinces and b.provinces and not a.provinces & b.provinces:
        return True
    return distance_m(a, b) > a.uncertainty_m + b.uncertainty_m + _EDGE_M
