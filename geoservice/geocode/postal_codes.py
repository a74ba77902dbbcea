"""Postal codes, many at a time: the address of each, or the zone of five digits.

A code that is not well-formed, one that nobody knows, and a zone are three different things.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from geoservice.database.steps import Ask, Steps
from geoservice.errors import InvalidValue
from geoservice.geocode.address_row import ADDRESS_COLUMNS, AddressRow
from geoservice.geocode.corrected import VERIFIED_M
from geoservice.geocode.penalties import BASE, CORRECTION, POSTAL_CODE, POSTAL_ZONE
from geoservice.model import Match, MatchLevel
from geoservice.persian.letters import INVISIBLE
from geoservice.persian.numbers import ascii_digits
from geoservice.persian.postal_code import DEFAULT_PATTERN, parse_postal_code, zone_label

Refusal = Literal["invalid_format", "not_found"]

_ZONE = re.compile(r"[0-9]{5}")
_GAPS = re.compile(rf"[\s\u200c{INVISIBLE}]")

_ADDRESSES = f"""
SELECT w.code, ST_X(s.geom), ST_Y(s.geom), ST_X(c.geom), ST_Y(c.geom), c.text,
    s.postal_code IS NOT NULL, {ADDRESS_COLUMNS}
FROM unnest(%s::text[]) AS w (code)
LEFT JOIN source.address s ON s.postal_code = w.code
LEFT JOIN LATERAL (
    SELECT * FROM gazetteer.correction WHERE postal_code = w.code ORDER BY made_at DESC LIMIT 1
) c ON true
WHERE s.postal_code IS NOT NULL OR c.id IS NOT NULL
"""  # noqa: S608  (made of constants)

_ZONES = """
SELECT key, label, ST_X(geom), ST_Y(geom), uncertainty_m FROM gazetteer.entry
WHERE match_level = 'postal_zone' AND joined = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Located:
    """What is known of a code. `match` is None where the address has no point.

    `refusal` says that nothing is known, and `reason` why in words.
    """

    code: str
    match: Match | None = None
    address: AddressRow | None = None
    refusal: Refusal | None = None
    reason: str = ""


def locate(texts: Sequence[str], pattern: str = DEFAULT_PATTERN) -> Steps[list[Located]]:
    """What is known of each of `texts`, in their order; two statements for all of them.

    Ten digits are a code, five a zone; Persian digits, spaces and a dash after the fifth digit
    are taken. `pattern` is the hard rule for codes.
    """
    read = [_read(text, pattern) for text in texts]
    codes = {each.code for each in read if not each.refusal and len(each.code) == 10}
    zones = {each.code for each in read if not each.refusal and len(each.code) == 5}
    found: dict[str, Located] = {}
    for row in (yield Ask(_ADDRESSES, [sorted(codes)])) if codes else ():
        found[row[0]] = _address(row[0], row[1:3], row[3:5], row[5], row[6], row[7:])
    for code, label, lon, lat, uncertainty in (yield Ask(_ZONES, [sorted(zones)])) if zones else ():
        match = Match(
            *(lon, lat, MatchLevel.POSTAL_ZONE, BASE[POSTAL_ZONE], uncertainty, POSTAL_ZONE),
            zone_label(label),
        )
        found[code] = Located(code, match)
    return [each if each.refusal else found.get(each.code) or _unknown(each.code) for each in read]


def _read(text: str, pattern: str) -> Located:
    compact = ascii_digits(_GAPS.sub("", text))
    if _ZONE.fullmatch(compact):
        return Located(compact)
    try:
        return Located(parse_postal_code(text, pattern=pattern))
    except InvalidValue as error:
        return Located(text, refusal="invalid_format", reason=error.reason)


def _unknown(code: str) -> Located:
    what = "postal code" if len(code) == 10 else "postal zone"
    return Located(code, refusal="not_found", reason=f"the {what} {code} is well-formed, not known")


def _address(  # noqa: PLR0913  (the parts of a row, each by its name)
    code: str,
    point: tuple[float, float],
    corrected: tuple[float, float],
    text: str | None,
    known: bool,
    columns: tuple[object, ...],
) -> Located:
    address = AddressRow._make(columns) if known else None
    is_corrected = corrected[0] is not None
    lon, lat = corrected if is_corrected else point
    if lon is None:
        return Located(code, None, address)
    match = Match(
        lon,
        lat,
        address.level if address else MatchLevel.POSTAL_CODE,
        BASE[CORRECTION if is_corrected else POSTAL_CODE],
        VERIFIED_M if is_corrected or not address else address.uncertainty_m,
        CORRECTION if is_corrected else POSTAL_CODE,
        address.label if address else text or code,
        parts=address.parts if address else None,
        postal_code=code,
    )
    return Located(code, match, address)
