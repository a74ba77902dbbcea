"""Addresses whose points somebody verified, found again by the words of the address."""

from __future__ import annotations

from collections.abc import Sequence

from geoservice.database.steps import Ask, Steps
from geoservice.geocode.score import CORRECTION, Candidate
from geoservice.model import Address, MatchLevel
from geoservice.persian.correction_key import correction_key

VERIFIED_M = 10.0
"""Metres within which a place lies that a person verified."""

_CORRECTED = """
SELECT address_key, ST_X(geom), ST_Y(geom), postal_code FROM gazetteer.correction
WHERE address_key = ANY(%s) AND text IS NOT NULL
"""

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


def corrected(asked: Sequence[tuple[str | None, Address]]) -> Steps[list[Candidate | None]]:
    """For each text with its parts the place that was verified for it, if any was."""
    keys = [correction_key(text) for text, _ in asked]
    rows = (yield Ask(_CORRECTED, [sorted({*keys} - {""})])) if any(keys) else []
    found = {key: (lon, lat, code) for key, lon, lat, code in rows}
    return [
        _candidate(key, text or "", address, *found[key]) if key in found else None
        for key, (text, address) in zip(keys, asked, strict=True)
    ]


def finest(address: Address) -> MatchLevel:
    """How fine an address is that somebody verified."""
    return next((level for part, level in _FINEST if getattr(address, part)), MatchLevel.LOCALITY)


def _candidate(  # noqa: PLR0913  (what a candidate is made of, each by its name)
    key: str, text: str, address: Address, lon: float, lat: float, code: str | None
) -> Candidate:
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
