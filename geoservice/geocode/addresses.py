"""Addresses: by their postal code, and by their plaque on a street or in an alley."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from geoservice.database.steps import Ask, Steps
from geoservice.geocode.address_row import ADDRESS_COLUMNS, AddressRow
from geoservice.geocode.candidates import keys
from geoservice.geocode.corrected import VERIFIED_M
from geoservice.geocode.interpolate import Plaque
from geoservice.geocode.penalties import ADDRESS, CORRECTION, POSTAL_CODE
from geoservice.geocode.score import Candidate
from geoservice.model import MatchLevel
from geoservice.persian.letters import joined
from geoservice.persian.plaque import number_key

_POSTAL_CODES = f"""
SELECT c.id IS NOT NULL, ST_X(coalesce(c.geom, s.geom)), ST_Y(coalesce(c.geom, s.geom)),
    {ADDRESS_COLUMNS}
FROM source.address s LEFT JOIN gazetteer.correction c
    ON %s AND c.postal_code = s.postal_code
WHERE s.postal_code = ANY(%s)
"""  # noqa: S608  (made of constants)

# All names of a street share its ref; addresses lie in the entry of its main one.
_PLAQUES = f"""
SELECT w.n, a.plaque_key, c.id IS NOT NULL, ST_X(coalesce(c.geom, a.geom)),
    ST_Y(coalesce(c.geom, a.geom)), {ADDRESS_COLUMNS}
FROM unnest(%s::int[], %s::text[], %s::int[]) AS w (n, ref, plaque)
JOIN gazetteer.entry m ON m.ref = w.ref AND m.match_level = 'street'
JOIN gazetteer.address a ON a.entry = m.id AND a.plaque = w.plaque
JOIN source.address s USING (postal_code)
LEFT JOIN gazetteer.correction c ON %s AND c.postal_code = a.postal_code
"""  # noqa: S608  (made of constants)

# The nearest known plaque of the same parity on either side.
_NEIGHBOURS = """
SELECT w.n, a.plaque, ST_X(a.geom), ST_Y(a.geom)
FROM unnest(%s::int[], %s::text[], %s::int[]) AS w (n, ref, plaque)
CROSS JOIN LATERAL (
    (SELECT a.plaque, a.geom FROM gazetteer.entry m JOIN gazetteer.address a ON a.entry = m.id
     WHERE m.ref = w.ref AND m.match_level = 'street' AND a.plaque < w.plaque
     AND (w.plaque - a.plaque) %% 2 = 0 ORDER BY a.plaque DESC, a.postal_code LIMIT 1)
    UNION ALL
    (SELECT a.plaque, a.geom FROM gazetteer.entry m JOIN gazetteer.address a ON a.entry = m.id
     WHERE m.ref = w.ref AND m.match_level = 'street' AND a.plaque > w.plaque
     AND (w.plaque - a.plaque) %% 2 = 0 ORDER BY a.plaque, a.postal_code LIMIT 1)
) a
"""


class OnStreet(NamedTuple):
    """A plaque that `n` asks for on the street or alley of that ref."""

    n: int
    ref: str
    plaque: int


class Known(NamedTuple):
    """An address found by its plaque, with the keys of its plaque and its unit."""

    plaque_key: str
    unit: str
    candidate: Candidate


def postal_codes(
    codes: Iterable[str], *, corrected: bool = True
) -> Steps[dict[str, Candidate | None]]:
    """The address of each code that is known; None where it is known but has no point.

    Unless `corrected` at the point that was imported.
    """
    found: dict[str, Candidate | None] = {}
    wanted = list(codes)
    for verified, *row in (yield Ask(_POSTAL_CODES, [corrected, wanted])) if wanted else ():
        lon, lat, address = row[0], row[1], AddressRow._make(row[2:])
        method = CORRECTION if verified else POSTAL_CODE
        known = None if lon is None else of_address(address.level, method, lon, lat, address)
        found[address.postal_code] = known
    return found


def on_streets(
    asked: Sequence[OnStreet], *, corrected: bool = True
) -> Steps[dict[int, list[Known]]]:
    """The addresses of each plaque; several where a building has units.

    Unless `corrected` at the points that were imported.
    """
    found: dict[int, list[Known]] = {}
    for n, key, verified, lon, lat, *row in (
        (yield Ask(_PLAQUES, [*_columns(asked), corrected])) if asked else ()
    ):
        address = AddressRow._make(row)
        method = CORRECTION if verified else ADDRESS
        candidate = of_address(MatchLevel.PLAQUE, method, lon, lat, address)
        known = Known(key or "", number_key(address.unit or ""), candidate)
        found.setdefault(n, []).append(known)
    return found


def neighbours(asked: Sequence[OnStreet]) -> Steps[dict[int, list[Plaque]]]:
    """The nearest known plaques of the same side, below and above, as far as there are any."""
    found: dict[int, list[Plaque]] = {}
    for n, *row in (yield Ask(_NEIGHBOURS, _columns(asked))) if asked else ():
        found.setdefault(n, []).append(Plaque(*row))
    return found


def _columns(asked: Sequence[OnStreet]) -> list[list[Any]]:
    return [list(column) for column in zip(*asked, strict=True)]


def of_address(
    level: MatchLevel, method: str, lon: float, lat: float, address: AddressRow
) -> Candidate:
    """The candidate that a known address is; its names are those that it was written with."""
    return Candidate(
        level,
        method,
        address.label,
        lon,
        lat,
        VERIFIED_M if method == CORRECTION else address.uncertainty_m,
        name=address.postal_code,
        provinces=keys(address.province),
        counties=keys(address.county),
        locality=joined(address.locality or "") or None,
        parts=address.parts,
        postal_code=address.postal_code,
    )
