"""Names without markers that lie in one another: «ساوه، ده‌نو» is a county and a village in it.

Pure, no database. In which order they are written is no matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from geoservice.geocode.score import Candidate, is_vague, is_well_known
from geoservice.model import MatchLevel

_PROVINCE = MatchLevel.PROVINCE


class Nested(NamedTuple):
    """Which of some names is the locality, and which of the others the regions that it lies in.

    `alone` says that only one of the others is such a region: that may be a city as well, and the
    locality a part of it that has the name of a village.
    """

    locality: str
    province: str | None
    county: str | None
    alone: bool


def nested(
    names: Sequence[str], known: Mapping[str, Sequence[Candidate]], province: str | None
) -> Nested | None:
    """The reading of `names` in which most of them lie in one another; None where none do.

    Of several such readings that with the most people is meant. `province` is what a marker said.
    """
    best: tuple[int, int] = (0, 0)
    found: Nested | None = None
    for place, name in enumerate(names):
        others = [*names[:place], *names[place + 1 :]]
        for candidate in known.get(name, ()):
            if candidate.match_level is not MatchLevel.LOCALITY or outshone(candidate, known[name]):
                continue
            if (
                province
                and candidate.provinces
                and not _holds(province, _PROVINCE, candidate, known)
            ):
                continue
            county = _region(others, MatchLevel.COUNTY, candidate, known)
            left = [other for other in others if other != county]
            left += [county] * (others.count(county) - 1) if county else []
            above = _region(left, MatchLevel.PROVINCE, candidate, known)
            told = (county is not None) + (above is not None)
            rank = (told, candidate.population or 0)
            if told and rank > best:
                best, found = rank, Nested(name, above, county, told == 1 and not province)
    return found


def outshone(candidate: Candidate, namesakes: Iterable[Candidate]) -> bool:
    """Whether a name that says little is rather a well-known city's: «کرج تهران»."""
    return is_vague(candidate) and any(
        is_well_known(other) and other.name == other.locality for other in namesakes
    )


def _region(
    names: Iterable[str],
    level: MatchLevel,
    candidate: Candidate,
    known: Mapping[str, Sequence[Candidate]],
) -> str | None:
    """The first of `names` that is a region of that level in which the candidate lies."""
    return next((name for name in names if _holds(name, level, candidate, known)), None)


def _holds(
    name: str,
    level: MatchLevel,
    candidate: Candidate,
    known: Mapping[str, Sequence[Candidate]],
) -> bool:
    is_province = level is MatchLevel.PROVINCE
    inside = candidate.provinces if is_province else candidate.counties
    return name in inside or any(
        each.match_level is level and (each.provinces if is_province else each.counties) & inside
        for each in known.get(name, ())
    )
