"""Which of several candidates is meant, if any: pure, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from geoservice.geocode.penalties import fault, with_faults
from geoservice.geocode.score import Candidate, score
from geoservice.geocode.wanted import Wanted
from geoservice.model import Match, MatchLevel

# Two answers this near in confidence leave the question open …
_NEAR = 0.05
# … if they lie this far apart, in metres: less for what is small.
_APART_M = {MatchLevel.UNIT: 100.0, MatchLevel.PLAQUE: 100.0, MatchLevel.STREET: 500.0}
_ELSE_APART_M = 5_000.0
# However large two namesakes are, this far apart they are two.
_FAR_M = 100_000.0
# A place of this size outweighs namesakes with less than a twentieth of its people.
_LARGE = 50_000
_OUTWEIGHS = 20


class Pick(NamedTuple):
    """A candidate and the match that it is for what was wanted."""

    match: Match
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer among candidates of one level, or why there is none; `scored` are all, in order.

    `rivals` are those that fit equally well and lie apart, the best among them; the answer may be
    one of them that outweighs the others.
    """

    match: Match | None = None
    candidate: Candidate | None = None
    refusal: str = "not_matched"
    scored: tuple[Pick, ...] = ()
    rivals: tuple[Pick, ...] = ()


def choose(
    wanted: Wanted,
    candidates: Sequence[Candidate],
    refusals: Mapping[str, str] | None = None,
) -> Choice:
    """The best of `candidates` (of one level), unless two that lie apart fit equally well.

    What lies in a settlement far more populous than its namesakes is taken all the same, with a
    fault; one that is called so comes before one that is also called so.
    """
    found = [Pick(match, c) for c in candidates if (match := score(wanted, c, refusals))]
    if not found:
        return Choice(refusal="contradicted" if candidates else "not_matched")
    scored = tuple(sorted(found, key=_rank))
    match, best = scored[0]
    rivals = tuple(
        pick
        for pick in scored[1:]
        if pick.match.confidence > match.confidence - _NEAR and _is_rival(best, pick.candidate)
    )
    if not rivals:
        return Choice(match, best, scored=scored)
    if all(_outweighs(best, each.candidate) for each in rivals):
        decided = with_faults(match, [fault("locality.outweighed")])
        return Choice(decided, best, scored=scored, rivals=(scored[0], *rivals))
    return Choice(refusal="ambiguous", scored=scored, rivals=(scored[0], *rivals))


def united(streets: Sequence[Candidate], name: str | None) -> list[Candidate]:
    """The parts of a street («خیام شمالی», «خیام جنوبی») in each place as the one of that name that
    they are: in the middle between them, with a circle that holds them all.
    """
    places: dict[tuple[object, ...], list[Candidate]] = {}
    for street in streets:
        places.setdefault((street.locality, street.provinces, street.counties), []).append(street)
    return [_whole(parts, name or "") for parts in places.values()]


def _whole(parts: Sequence[Candidate], name: str) -> Candidate:
    first = parts[0]
    if len({part.ref for part in parts}) == 1:
        return first
    lon, lat = (sum(c) / len(parts) for c in zip(*((p.lon, p.lat) for p in parts), strict=True))
    heads = [part.label.partition("،")[0].split() for part in parts]
    words = [word for word in heads[0] if all(word in head for head in heads)]
    return replace(
        first,
        label=" ".join(words) + first.label[first.label.find("،") :],
        lon=lon,
        lat=lat,
        uncertainty_m=max(metres((lon, lat), (p.lon, p.lat)) + p.uncertainty_m for p in parts),
        name=name,
        ref="",
        faults=(fault("street.ambiguous"),),
    )


def distance_m(a: Candidate, b: Candidate) -> float:
    """Great-circle distance in metres (haversine, sphere of 6,371 km)."""
    return metres((a.lon, a.lat), (b.lon, b.lat))


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two lon/lat in metres (haversine, sphere of 6,371 km)."""
    lat_a, lat_b = radians(a[1]), radians(b[1])
    half = sin((lat_b - lat_a) / 2) ** 2
    half += cos(lat_a) * cos(lat_b) * sin(radians(b[0] - a[0]) / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(min(1.0, half)))


def _rank(pick: Pick) -> tuple[float | str, ...]:
    match, candidate = pick
    return (
        -match.confidence,
        _is_alias(candidate),
        -(candidate.population or 0),
        candidate.uncertainty_m,
        candidate.label,
        candidate.lon,
        candidate.lat,
    )


def _is_rival(best: Candidate, other: Candidate) -> bool:
    if _is_alias(other) and not _is_alias(best) and not _outweighs(other, best):
        return False
    if best.street and other.street and best.street != other.street:
        return best.ref != other.ref  # alleys of two streets, however near
    if best.match_level is MatchLevel.STREET and best.name != other.name:
        return best.ref != other.ref  # two parts of a street
    return lies_apart(best, other)


def lies_apart(best: Candidate, other: Candidate) -> bool:
    """Whether two candidates of one level are two places, as far as their sizes can tell."""
    largest = max(best.uncertainty_m, other.uncertainty_m)
    apart = _APART_M.get(best.match_level, _ELSE_APART_M)
    return distance_m(best, other) > max(apart, min(largest, _FAR_M))


def _is_alias(candidate: Candidate) -> bool:
    """Whether a settlement was found by another name than its first."""
    is_locality = candidate.match_level is MatchLevel.LOCALITY
    return is_locality and candidate.name != candidate.locality


def _outweighs(best: Candidate, other: Candidate) -> bool:
    population = best.population or 0
    return population >= _LARGE and population >= _OUTWEIGHS * (other.population or 0)
