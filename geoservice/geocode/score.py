"""How well a candidate answers what was wanted: pure, no database.

Confidence is the chance that the answer is right *at its own match level*. It starts from how the
candidate was found; every named fault takes its penalty off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import asin, cos, radians, sin, sqrt

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geoservice.geocode.wanted import Wanted
from geoservice.model import Fault, Match, MatchLevel

COORDINATES, POSTAL_CODE, POSTAL_ZONE, ADDRESS = (
    "coordinates",
    "postal_code",
    "postal_zone",
    "address",
)

BASE = {COORDINATES: 0.98, POSTAL_CODE: 0.97, POSTAL_ZONE: 0.9, ADDRESS: 0.95}

# What it costs that a part which was asked for is not in the answer, whatever the reason.
_LOST = {
    "county": 0.1,
    "district": 0.05,
    "locality": 0.15,
    "neighbourhood": 0.05,
    "street": 0.1,
    "alley": 0.05,
    "plaque": 0.03,
}
PENALTIES = {
    "coordinates.zero": 0.03,
    "coordinates.swapped": 0.03,
    "coordinates.outside": 0.03,
    "coordinates.no_region": 0.3,
    "postal_code.invalid": 0.03,
    "postal_code.not_found": 0.03,
    "postal_code.no_point": 0.03,
    "province.contradicted": 0.4,
    "province.not_matched": 0.1,
    "province.ambiguous": 0.1,
    "zone.contradicted": 0.1,
    "zone.not_matched": 0.0,
    "locality.assumed": 0.05,
    "locality.outweighed": 0.15,
    **{f"{part}.not_matched": penalty for part, penalty in _LOST.items()},
    **{f"{part}.ambiguous": penalty for part, penalty in _LOST.items()},
    **{f"{part}.contradicted": max(penalty, 0.15) for part, penalty in _LOST.items()},
    **{
        f"{part}.misspelt": 0.1
        for part in ("province", "county", "district", "locality", "neighbourhood", "street")
    },
}
"""Fault → penalty. `outweighed`: the name is that of several places, one far more populous."""

# Which parts an answer of a level leaves open.
_FINER = {
    MatchLevel.STREET: ("plaque",),
    MatchLevel.NEIGHBOURHOOD: ("street", "alley", "plaque"),
    MatchLevel.POSTAL_ZONE: ("neighbourhood", "street", "alley", "plaque"),
    MatchLevel.LOCALITY: ("neighbourhood", "street", "alley", "plaque"),
    MatchLevel.DISTRICT: ("locality", "neighbourhood", "street", "alley", "plaque"),
    MatchLevel.COUNTY: ("district", "locality", "neighbourhood", "street", "alley", "plaque"),
}
_FINER[MatchLevel.PROVINCE] = ("county", *_FINER[MatchLevel.COUNTY])

# Two answers this near in confidence and this far apart leave the question open.
_NEAR = 0.05
_APART_M = 5_000.0
# However large two namesakes are, this far apart they are two.
_FAR_M = 100_000.0
# A place from this many people on is taken for a city.
SUBSTANTIAL = 5_000
# A place of this size outweighs namesakes with less than a twentieth of its people.
_LARGE = 50_000
_OUTWEIGHS = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that may be meant: lon/lat in EPSG:4326, names as keys.

    `name` is the key it was found under, `street` that of the street an alley lies in;
    `provinces` and `counties` are those it lies in, under every name they have.
    """

    match_level: MatchLevel
    method: str
    label: str
    lon: float
    lat: float
    uncertainty_m: float
    name: str = ""
    provinces: frozenset[str] = frozenset()
    counties: frozenset[str] = frozenset()
    locality: str | None = None
    street: str | None = None
    population: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer among candidates of one level; or why there is none."""

    match: Match | None = None
    candidate: Candidate | None = None
    refusal: str = "not_matched"


def fault(name: str, times: int = 1) -> Fault:
    """The fault of that name with its penalty, `times` over."""
    return Fault(name, round(PENALTIES[name] * times, 4))


def with_faults(match: Match, faults: Iterable[Fault]) -> Match:
    """The match with further faults, and less confident by their penalties."""
    added = tuple(faults)
    confidence = max(0.05, match.confidence - sum(each.penalty for each in added))
    return replace(match, faults=match.faults + added, confidence=round(confidence, 4))


def score(
    wanted: Wanted, candidate: Candidate, refusals: Mapping[str, str] | None = None
) -> Match | None:
    """The match that `candidate` is for `wanted`; None where it cannot be what was meant.

    A name of the gazetteer in another province than the one wanted is not it, nor a small place
    or a district in another county; a point or a postal code that was given stays, with the
    contradiction as a fault. `refusals` tells of parts (street, locality…) why no candidate of
    their own was taken, for the faults' names.
    """
    faults = _contradictions(wanted, candidate)
    given = candidate.method in (COORDINATES, POSTAL_CODE)
    if not given:
        if _is_elsewhere(candidate, {each.name for each in faults}):
            return None
        spelling = _misspelt(wanted, candidate)
        if spelling is None:
            return None
        faults += spelling + _left_open(wanted, candidate, refusals or {})
    match = Match(
        lon=candidate.lon,
        lat=candidate.lat,
        match_level=candidate.match_level,
        confidence=BASE[candidate.method],
        uncertainty_m=candidate.uncertainty_m,
        method=candidate.method,
        label=candidate.label,
    )
    return with_faults(match, faults)


def choose(
    wanted: Wanted,
    candidates: Sequence[Candidate],
    refusals: Mapping[str, str] | None = None,
) -> Choice:
    """The best of `candidates` (of one level), unless two that lie apart fit equally well.

    A settlement far more populous than its namesakes is taken all the same, with a fault; one
    that is called so comes before one that is also called so.
    """
    scored = [(match, c) for c in candidates if (match := score(wanted, c, refusals))]
    if not scored:
        return Choice(refusal="contradicted" if candidates else "not_matched")
    scored.sort(key=lambda pair: _rank(*pair))
    match, best = scored[0]
    rivals = [
        other
        for rival, other in scored[1:]
        if rival.confidence > match.confidence - _NEAR and _is_rival(best, other)
    ]
    if not rivals:
        return Choice(match, best)
    if best.match_level is MatchLevel.LOCALITY and all(_outweighs(best, each) for each in rivals):
        return Choice(with_faults(match, [fault("locality.outweighed")]), best)
    return Choice(refusal="ambiguous")


def edits(wanted: str, name: str) -> int | None:
    """Typing errors between two keys; None where they are two names.

    Insertions, deletions, changes and swaps of neighbours (optimal string alignment) count; one
    is forgiven from four letters, two from nine. Digits must agree.

    >>> edits("شیرار", "شیراز"), edits("قم", "بم"), edits("کوی17", "کوی18")
    (1, None, None)
    """
    if wanted == name:
        return 0
    if _digits(wanted) != _digits(name):
        return None
    forgiven = _forgiven(wanted)
    found = OSA.distance(wanted, name, score_cutoff=forgiven)
    return found if found <= forgiven else None


def nearest(wanted: str, names: Iterable[str]) -> str | None:
    """The one name that `wanted` may be a misspelling of; None where there is none or a tie."""
    choices = [name for name in names if _digits(name) == _digits(wanted)]
    found = process.extract(
        wanted, choices, scorer=OSA.distance, score_cutoff=_forgiven(wanted), limit=2
    )
    if not found or (len(found) > 1 and found[0][1] == found[1][1]):
        return None
    return found[0][0]


def distance_m(a: Candidate, b: Candidate) -> float:
    """Great-circle distance in metres (haversine, sphere of 6,371 km)."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half = sin((lat_b - lat_a) / 2) ** 2
    half += cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(min(1.0, half)))


def _contradictions(wanted: Wanted, candidate: Candidate) -> list[Fault]:
    """The widest contradiction; those within it follow from it."""
    if _differs(wanted.province, candidate.provinces):
        return [fault("province.contradicted")]
    if candidate.match_level is MatchLevel.PROVINCE:
        return []
    if _differs(wanted.county, candidate.counties):
        return [fault("county.contradicted")]
    if (
        candidate.method == POSTAL_CODE
        and candidate.locality
        and wanted.localities
        and all(edits(name, candidate.locality) is None for name in wanted.localities)
    ):
        return [fault("locality.contradicted")]
    return []


def _is_elsewhere(candidate: Candidate, faults: set[str]) -> bool:
    # Boundaries move, so a city may have changed county; a village's namesakes are everywhere.
    small = (candidate.population or 0) < SUBSTANTIAL
    levels = (MatchLevel.LOCALITY, MatchLevel.DISTRICT)
    return "province.contradicted" in faults or (
        "county.contradicted" in faults and small and candidate.match_level in levels
    )


def _differs(name: str | None, names: frozenset[str]) -> bool:
    return bool(name and names) and all(edits(name or "", each) is None for each in names)


def _misspelt(wanted: Wanted, candidate: Candidate) -> list[Fault] | None:
    """The typing errors in the name that the candidate was found by; None: another name.

    Provinces and counties were held against `wanted` before.
    """
    level = candidate.match_level
    compared: list[tuple[str, tuple[str | None, ...], str | None]] = []
    if level is MatchLevel.STREET and candidate.street:
        if wanted.alley != candidate.name:
            return None
        compared.append(("street", (wanted.street,), candidate.street))
    elif level is MatchLevel.NEIGHBOURHOOD:
        names = (wanted.neighbourhood, *wanted.unmarked)
        compared.append(("neighbourhood", names, candidate.name))
    elif level is MatchLevel.STREET:
        compared.append(("street", (wanted.street,), candidate.name))
    elif level is MatchLevel.LOCALITY:
        compared.append(("locality", wanted.localities or (wanted.county,), candidate.name))
    elif level is MatchLevel.DISTRICT:
        compared.append(("district", (wanted.district,), candidate.name))
    faults = []
    for part, names, name in compared:
        found = [n for each in names if each and (n := edits(each, name or "")) is not None]
        if not found:
            return None
        if min(found):
            faults.append(fault(f"{part}.misspelt", min(found)))
    return faults


def _left_open(wanted: Wanted, candidate: Candidate, refusals: Mapping[str, str]) -> list[Fault]:
    parts: tuple[str, ...] = _FINER[candidate.match_level]
    if candidate.match_level is MatchLevel.STREET and not candidate.street:
        parts = ("alley", *parts)
    return [
        fault(f"{part}.{refusals.get(part, 'not_matched')}")
        for part in parts
        if (wanted.localities if part == "locality" else getattr(wanted, part))
    ]


def _rank(match: Match, candidate: Candidate) -> tuple[float | str, ...]:
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
    largest = max(best.uncertainty_m, other.uncertainty_m)
    return distance_m(best, other) > max(_APART_M, min(largest, _FAR_M))


def _is_alias(candidate: Candidate) -> bool:
    """Whether a settlement was found by another name than its first."""
    is_locality = candidate.match_level is MatchLevel.LOCALITY
    return is_locality and candidate.name != candidate.locality


def _outweighs(best: Candidate, other: Candidate) -> bool:
    population = best.population or 0
    return population >= _LARGE and population >= _OUTWEIGHS * (other.population or 0)


def _forgiven(key: str) -> int:
    return 0 if len(key) < 4 else 1 if len(key) < 9 else 2


def _digits(key: str) -> str:
    return "".join(filter(str.isdigit, key))
