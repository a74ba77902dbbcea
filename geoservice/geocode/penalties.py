"""What an answer begins with and what each fault takes off.

Confidence is the chance that the answer is right *at its own match level*. It starts from how the
candidate was found; every named fault takes its penalty off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from geoservice.model import Fault, Match

COORDINATES, POSTAL_CODE, POSTAL_ZONE, ADDRESS, INTERPOLATED, BUILDING, LANDMARK, CORRECTION = (
    "coordinates",
    "postal_code",
    "postal_zone",
    "address",
    "interpolated",
    "building",
    "landmark",
    "correction",
)

BASE = {
    COORDINATES: 0.98,
    POSTAL_CODE: 0.97,
    POSTAL_ZONE: 0.9,
    ADDRESS: 0.95,
    INTERPOLATED: 0.95,
    BUILDING: 0.95,
    LANDMARK: 0.95,
    CORRECTION: 0.99,
}

# What it costs that a part which was asked for is not in the answer, whatever the reason.
_LOST = {
    "county": 0.1,
    "district": 0.05,
    "locality": 0.15,
    "neighbourhood": 0.05,
    "street": 0.1,
    "alley": 0.05,
    "plaque": 0.03,
    "unit": 0.02,
}
_NAMED = ("province", "county", "district", "locality", "neighbourhood", "street", "alley")
PENALTIES = {
    "coordinates.zero": 0.03,
    "coordinates.swapped": 0.03,
    "coordinates.outside": 0.03,
    "coordinates.no_region": 0.3,
    "postal_code.invalid": 0.03,
    "postal_code.not_found": 0.03,
    "postal_code.no_point": 0.03,
    "postal_code.several": 0.45,
    "postal_code.contradicted": 0.15,
    "province.contradicted": 0.4,
    "province.not_matched": 0.1,
    "province.ambiguous": 0.1,
    "zone.contradicted": 0.1,
    "zone.not_matched": 0.0,
    "locality.assumed": 0.05,
    "locality.outweighed": 0.15,
    "street.unmarked": 0.03,
    "street.wider": 0.15,
    "street.missing": 0.1,
    "street.assumed": 0.05,
    "street.kind_differs": 0.05,
    "street.partial": 0.2,
    "building.ambiguous": 0.03,
    "building.contradicted": 0.1,
    "landmark.beside": 0.05,
    "plaque.interpolated": 0.1,
    "plaque.inexact": 0.1,
    "plaque.several": 0.4,
    "rest.not_matched": 0.05,
    "filter.dropped": 1.0,
    "region.schematic": 0.28,
    "name.misspelt": 0.1,
    **{f"{part}.not_matched": penalty for part, penalty in _LOST.items()},
    **{f"{part}.ambiguous": penalty for part, penalty in _LOST.items()},
    **{f"{part}.contradicted": max(penalty, 0.15) for part, penalty in _LOST.items()},
    **{f"{part}.misspelt": 0.1 for part in _NAMED},
    **{f"{part}.transliterated": 0.03 for part in _NAMED},
}
"""Fault → penalty; what each says is told in `titles`."""

PROVINCES_APART, PLACES_APART = 0.6, 0.3
"""What a postal code and words that are found elsewhere cost each other at the least: of two that
lie in different provinces either may be the mistake, and neither is likely.
"""


@lru_cache(maxsize=1_000)
def fault(name: str, times: int = 1) -> Fault:
    """The fault of that name with its penalty, `times` over."""
    return Fault(name, round(PENALTIES[name] * times, 4))


def with_faults(match: Match, faults: Iterable[Fault]) -> Match:
    """The match with further faults, and less confident by their penalties."""
    added = tuple(faults)
    if not added:
        return match
    confidence = max(0.05, match.confidence - sum(each.penalty for each in added))
    return replace(match, faults=match.faults + added, confidence=round(confidence, 4))


def with_dearer(match: Match, name: str, least: float) -> Match:
    """The match, its fault of that name taking off so much at the least."""
    faults = tuple(
        Fault(name, max(each.penalty, least)) if each.name == name else each
        for each in match.faults
    )
    more = sum(b.penalty - a.penalty for a, b in zip(match.faults, faults, strict=True))
    return replace(match, faults=faults, confidence=max(0.05, round(match.confidence - more, 4)))
