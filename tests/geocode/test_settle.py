from __future__ import annotations

from dataclasses import replace

from geoservice.geocode.penalties import ADDRESS
from geoservice.geocode.query import Query
from geoservice.geocode.score import Candidate
from geoservice.geocode.settle import settle_locality
from geoservice.geocode.wanted import Wanted
from geoservice.model import MatchLevel

PLACE = Candidate(
    MatchLevel.LOCALITY, ADDRESS, "Nasimshahr", 51.17, 35.56, 1_000,
    name="nasimshahr", locality="nasimshahr", population=200_000,
)  # fmt: skip
OTHER_NAME = replace(PLACE, label="نسیم شهر", lon=51.18, locality="نسیمشهر")
FAR = replace(OTHER_NAME, lon=55.0)


def settled(*candidates: Candidate) -> Query:
    query = Query(Wanted(localities=("nasimshahr",)))
    query.wide[MatchLevel.DISTRICT] = []
    settle_locality(query, {"nasimshahr": list(candidates)})
    return query


def test_a_place_that_is_listed_twice_is_looked_in_under_both_names() -> None:
    query = settled(PLACE, OTHER_NAME)
    assert [place.locality for place in query.places] == ["nasimshahr", "نسیمشهر"]
    assert query.twins == {"نسیمشهر"}


def test_a_namesake_that_lies_elsewhere_is_no_twin() -> None:
    assert settled(PLACE, FAR).twins == set()
