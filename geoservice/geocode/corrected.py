"""What a place is that somebody verified. Pure."""

from __future__ import annotations

from geoservice.geocode.penalties import CORRECTION
from geoservice.geocode.score import Candidate
from geoservice.model import Address, MatchLevel

VERIFIED_M = 10.0
"""Metres within which a place lies that a person verified."""

# How fine a correction is: as fine as what it was given for.
_FINEST = (
    ("unit", MatchLevel.UNIT),
    ("plaque", MatchLevel.PLAQUE),
    ("postal_code", MatchLevel.POSTAL_CODE),
    ("building", MatchLevel.PLAQUE),
    ("alley", MatchLevel.STREET),
    ("street", MatchLevel.STREET),
    ("neighbourhood", MatchLevel.NEIGHBOURHOOD),
)


def finest(address: Address) -> MatchLevel:
    """How fine an address is that somebody verified."""
    return next((level for part, level in _FINEST if getattr(address, part)), MatchLevel.LOCALITY)


def verified(  # noqa: PLR0913  (what a candidate is made of, each by its name)
    key: str, text: str, address: Address, lon: float, lat: float, code: str | None
) -> Candidate:
    """The place that was verified for a text with those parts."""
    return Candidate(
        finest(address),
        CORRECTION,
        text,
        lon,
        lat,
        VERIFIED_M,
        name=key,
        parts=address,
        postal_code=code,
    )
