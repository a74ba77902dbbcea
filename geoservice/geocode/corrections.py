"""Verified points of addresses: who gave them and when. They win, and no import touches them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from geoservice.database.steps import Ask, Steps
from geoservice.errors import InvalidContent, InvalidValue
from geoservice.geocode.addresses import postal_codes
from geoservice.geocode.corrected_places import place_of, sure_of_province
from geoservice.geocode.geocode import geocode
from geoservice.geocode.parse import parse
from geoservice.geocode.question import LONGEST, question_from_parts, question_of
from geoservice.geocode.region_codes import codes_of
from geoservice.geocode.search import search
from geoservice.geocode.wanted import wanted_from
from geoservice.model import JSON, Level, MatchLevel, coordinate_fault
from geoservice.persian.correction_key import NO_ADDRESS, correction_key, says_where
from geoservice.persian.letters import tidy
from geoservice.persian.postal_code import DEFAULT_PATTERN, parse_postal_code

# From this confidence on an address is taken for the one that was meant.
_SURE = 0.9

# Levels of an address that is only a place.
_COARSE = (MatchLevel.LOCALITY, MatchLevel.DISTRICT, MatchLevel.COUNTY, MatchLevel.PROVINCE)

_LONGEST = {"address": LONGEST, "postal_code": 50, "who": 200, "note": 2_000}
_MEMBERS = (*_LONGEST, "lon", "lat")

_COLUMNS = "id, text, postal_code, note, who, made_at, ST_X(geom), ST_Y(geom)"

_WRITE = f"""
INSERT INTO gazetteer.correction AS c (address_key, text, postal_code, note, who, place, geom)
VALUES (%s, %s, %s, %s, %s, %s, ST_SetSRID(ST_Point(%s, %s), 4326))
ON CONFLICT (address_key) DO UPDATE SET text = excluded.text, postal_code = excluded.postal_code,
    note = excluded.note, who = excluded.who, place = excluded.place, geom = excluded.geom,
    made_at = now()
RETURNING xmax = 0, {_COLUMNS}
"""  # noqa: S608  (made of constants)

# What was given for the same code or place in other words.
_FORGET = """
DELETE FROM gazetteer.correction
WHERE (postal_code = %s OR place = %s) AND address_key <> %s RETURNING id
"""

_WITHOUT_PLACE = """
SELECT id, text FROM gazetteer.correction WHERE place IS NULL AND text IS NOT NULL ORDER BY id
"""
_PLACE = """
UPDATE gazetteer.correction c SET place = w.place
FROM unnest(%s::bigint[], %s::text[]) AS w (id, place) WHERE c.id = w.id RETURNING c.id
"""
_AT_ONCE = 1_000

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
    place: str | None = None


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
    elif not says_where(texts["address"] or ""):
        faults.append(NO_ADDRESS)
    if not texts["who"]:
        faults.append("«who» is missing: say who has verified the point")
    if faults or lon is None or lat is None:
        raise InvalidContent(faults)
    return Draft(texts["address"], code, lon, lat, texts["who"] or "", texts["note"])


def examined(wanted: Draft) -> Steps[Draft]:
    """The draft with the place and the postal code that its address surely is.

    :raises InvalidContent: nothing finer than a place is read of the address, or the point lies in
        another province.
    """
    question = question_from_parts(text=wanted.address, postal_code=wanted.postal_code)
    asked = wanted_from(question.address)
    found = (yield from search([asked]))[asked]
    if wanted.postal_code:
        yield from _hold_against_code(wanted)
        return replace(wanted, place=place_of(found) if wanted.address else None)
    address = question.address
    coarse = found.match is None or found.match.match_level in _COARSE
    if coarse and not any((address.street, address.alley, address.neighbourhood)):
        if not address.postal_code:
            raise InvalidContent([NO_ADDRESS])
    elif found.match and sure_of_province(found):
        yield from _hold_against(wanted, (found.match.lon, found.match.lat))
    code = yield from code_of(wanted)
    return replace(wanted, place=place_of(found), postal_code=code)


def _hold_against_code(wanted: Draft) -> Steps[None]:
    """A code is one address, whose province the point has to share."""
    code = wanted.postal_code or ""
    known = (yield from postal_codes([code])).get(code)
    if known:
        yield from _hold_against(wanted, (known.lon, known.lat))


def _hold_against(wanted: Draft, found: tuple[float, float]) -> Steps[None]:
    """Refuse a point in another province than the one in which the address was found."""
    given = (wanted.lon, wanted.lat)
    codes = yield from codes_of([given, found])
    provinces = [codes[point].get(Level.PROVINCE) for point in (given, found)]
    if all(provinces) and len(set(provinces)) > 1:
        raise InvalidContent(
            [
                f"«lon», «lat»: the point lies in the province {provinces[0]}, the address in the "
                f"province {provinces[1]}"
            ]
        )


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
    earlier = yield Ask(_FORGET, [wanted.postal_code, wanted.place, key])
    ((is_new, *columns),) = yield Ask(
        _WRITE,
        [
            *(key, wanted.address, wanted.postal_code, wanted.note, wanted.who),
            *(wanted.place, wanted.lon, wanted.lat),
        ],
    )
    return Correction._make(columns), bool(is_new) and not earlier


def find_places() -> Steps[int]:
    """Find the places of corrections that were loaded by their words alone; how many are found."""
    rows = yield Ask(_WITHOUT_PLACE)
    places: dict[int, str] = {}
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        asked = {number: wanted_from(parse(text)) for number, text in some}
        found = yield from search({*asked.values()})
        places |= {n: place for n, each in asked.items() if (place := place_of(found[each]))}
    if places:
        yield Ask(_PLACE, [list(places), list(places.values())])
    return len(places)


def withdraw(number: int) -> Steps[bool]:
    """Forget the correction of that id; whether there was one."""
    rows = yield Ask("DELETE FROM gazetteer.correction WHERE id = %s RETURNING id", [number])
    return bool(rows)


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
