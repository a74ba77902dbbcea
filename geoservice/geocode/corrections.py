"""Verified points of addresses: who gave them and when. They win, and no import touches them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from geoservice.database.steps import Ask, Steps
from geoservice.errors import InvalidContent, InvalidValue
from geoservice.geocode.geocode import geocode
from geoservice.geocode.question import LONGEST, question_of
from geoservice.model import JSON, MatchLevel, coordinate_fault
from geoservice.persian.correction_key import correction_key
from geoservice.persian.letters import tidy
from geoservice.persian.postal_code import DEFAULT_PATTERN, parse_postal_code

# From this confidence on an address is taken for the one that was meant.
_SURE = 0.9

_LONGEST = {"address": LONGEST, "postal_code": 50, "who": 200, "note": 2_000}
_MEMBERS = (*_LONGEST, "lon", "lat")

_COLUMNS = "id, text, postal_code, note, who, made_at, ST_X(geom), ST_Y(geom)"

_WRITE = f"""
INSERT INTO gazetteer.correction AS c (address_key, text, postal_code, note, who, geom)
VALUES (%s, %s, %s, %s, %s, ST_SetSRID(ST_Point(%s, %s), 4326))
ON CONFLICT (address_key) DO UPDATE SET text = excluded.text, postal_code = excluded.postal_code,
    note = excluded.note, who = excluded.who, geom = excluded.geom, made_at = now()
RETURNING xmax = 0, {_COLUMNS}
"""  # noqa: S608  (made of constants)

# What was given for the same code in other words.
_FORGET = """
DELETE FROM gazetteer.correction WHERE postal_code = %s AND address_key <> %s RETURNING id
"""

_LIST = f"""
SELECT {_COLUMNS} FROM gazetteer.correction ORDER BY made_at DESC, id DESC LIMIT %s OFFSET %s
"""  # noqa: S608  (made of constants)


class Correction(NamedTuple):
    """A correction as it is kept: lon/lat in EPSG:4326."""

    id: int
    address: str | None
    postal_code: str | None
    note: str | None
    who: str
    made_at: datetime.datetime
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to be kept, checked."""

    address: str | None
    postal_code: str | None
    lon: float
    lat: float
    who: str
    note: str | None = None


def draft(content: Mapping[str, Any], pattern: str = DEFAULT_PATTERN) -> Draft:
    """The correction that JSON asks for; InvalidContent lists all that is wrong with it."""
    faults = [f"«{name}» is no member of a correction" for name in content if name not in _MEMBERS]
    texts = {name: _text(content, name, most, faults) for name, most in _LONGEST.items()}
    lon, lat = (_number(content, name, faults) for name in ("lon", "lat"))
    if lon is not None and lat is not None and (wrong := coordinate_fault(lon, lat)):
        faults.append(wrong)
    code = None
    if texts["postal_code"]:
        try:
            code = parse_postal_code(texts["postal_code"], pattern=pattern)
        except InvalidValue as error:
            faults.append(f"«postal_code»: {error.reason}")
    elif not correction_key(texts["address"]):
        faults.append("neither «address» nor «postal_code» is given: give one of them")
    if not texts["who"]:
        faults.append("«who» is missing: say who has verified the point")
    if faults or lon is None or lat is None:
        raise InvalidContent(faults)
    return Draft(texts["address"], code, lon, lat, texts["who"] or "", texts["note"])


def code_of(wanted: Draft) -> Steps[str | None]:
    """The postal code of the known address that the text surely is; its other wordings have it too.

    A plaque found as it is written, not a neighbour or a namesake.
    """
    (answer,) = yield from geocode([question_of(wanted.address or "")], with_regions=False)
    for match in answer.matches[:1]:
        fine = match.match_level in (MatchLevel.PLAQUE, MatchLevel.UNIT, MatchLevel.POSTAL_CODE)
        if fine and match.confidence >= _SURE:
            return match.postal_code
    return None


def correct(wanted: Draft) -> Steps[tuple[Correction, bool]]:
    """Keep it, in the place of an earlier one of the same address; whether there was none."""
    key = correction_key(wanted.address, wanted.postal_code)
    yield Ask(_FORGET, [wanted.postal_code, key])
    ((is_new, *columns),) = yield Ask(
        _WRITE,
        [
            *(key, wanted.address, wanted.postal_code, wanted.note, wanted.who),
            *(wanted.lon, wanted.lat),
        ],
    )
    return Correction._make(columns), bool(is_new)


def corrections(limit: int, offset: int = 0) -> Steps[tuple[list[Correction], int]]:
    """A page of them, the latest first, and how many there are."""
    rows = yield Ask(_LIST, [limit, offset])
    ((number,),) = yield Ask("SELECT count(*) FROM gazetteer.correction")
    return [Correction._make(row) for row in rows], int(number)


def as_feature(kept: Correction) -> JSON:
    """A correction as a GeoJSON feature."""
    properties = kept._asdict() | {"made_at": kept.made_at.isoformat()}
    lon, lat = properties.pop("lon"), properties.pop("lat")
    return {
        "type": "Feature",
        "id": properties.pop("id"),
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": properties,
    }


def as_features(kept: Sequence[Correction], matched: int) -> JSON:
    """A page of corrections as a GeoJSON collection."""
    return {
        "type": "FeatureCollection",
        "numberMatched": matched,
        "numberReturned": len(kept),
        "features": [as_feature(each) for each in kept],
    }


def _text(content: Mapping[str, Any], name: str, most: int, faults: list[str]) -> str | None:
    given = content.get(name)
    if given is None:
        return None
    if not isinstance(given, str) or "\x00" in given or len(given) > most:
        faults.append(f"«{name}» is not a text of up to {most:,} characters")
        return None
    try:
        given.encode()
    except UnicodeEncodeError:
        faults.append(f"«{name}» holds half a character")
        return None
    return tidy(given) or None


def _number(content: Mapping[str, Any], name: str, faults: list[str]) -> float | None:
    given = content.get(name)
    if isinstance(given, bool) or not isinstance(given, int | float):
        faults.append(f"«{name}» is not a number: give degrees")
        return None
    try:
        return float(given)
    except OverflowError:
        faults.append(f"«{name}» is far beyond any degree")
        return None
