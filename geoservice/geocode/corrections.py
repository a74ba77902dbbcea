"""Verified points of addresses: who gave them and when. They win, and no import touches them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, NamedTuple

from geoservice.database.steps import Ask, Steps
from geoservice.geocode.corrected_places import place_of
from geoservice.geocode.drafts import Draft
from geoservice.geocode.parse import parse
from geoservice.geocode.search import search
from geoservice.geocode.wanted import wanted_from
from geoservice.model import JSON
from geoservice.persian.correction_key import correction_key
from geoservice.persian.numbers import whole_numbers
from geoservice.persian.postal_code import DEFAULT_PATTERN

_COLUMNS = "id, text, postal_code, note, who, made_at, ST_X(geom), ST_Y(geom)"

_WRITE = f"""
INSERT INTO gazetteer.correction AS c
    (id, address_key, text, postal_code, note, who, place, geom)
VALUES (coalesce(%s, nextval(pg_get_serial_sequence('gazetteer.correction', 'id'))),
    %s, %s, %s, %s, %s, %s, ST_SetSRID(ST_Point(%s, %s), 4326))
ON CONFLICT (address_key) DO UPDATE SET text = excluded.text, postal_code = excluded.postal_code,
    note = excluded.note, who = excluded.who, place = excluded.place, geom = excluded.geom,
    made_at = now()
RETURNING xmax = 0, {_COLUMNS}
"""  # noqa: S608  (made of constants)

# What was given for the same code or place, or in the same words.
_FORGET = """
DELETE FROM gazetteer.correction WHERE postal_code = %s OR place = %s OR address_key = %s
RETURNING id, text, postal_code, place
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


def correct(wanted: Draft, pattern: str = DEFAULT_PATTERN) -> Steps[tuple[Correction, bool]]:
    """Keep it, in the place of an earlier one of the same address; whether there was none.

    The id stays, and so do the words or the postal code that only the earlier one gave.
    """
    key = correction_key(wanted.address, wanted.postal_code, pattern=pattern)
    earlier = sorted((yield Ask(_FORGET, [wanted.postal_code, wanted.place, key])))
    number, text, code, place = None, wanted.address, wanted.postal_code, wanted.place
    for each in earlier:
        number, text, code, place = map(_first, (number, text, code, place), each)
    key = correction_key(text, code, pattern=pattern)
    ((is_new, *columns),) = yield Ask(
        _WRITE,
        [number, key, text, code, wanted.note, wanted.who, place, wanted.lon, wanted.lat],
    )
    return Correction._make(columns), bool(is_new) and not earlier


def _first(a: Any, b: Any) -> Any:
    return b if a is None else a


def find_places(pattern: str = DEFAULT_PATTERN) -> Steps[int]:
    """Find the places of corrections that were loaded by their words alone; how many are found."""
    rows = yield Ask(_WITHOUT_PLACE)
    places: dict[int, str] = {}
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        asked = {
            number: wanted_from(parse(whole_numbers(text), pattern=pattern))
            for number, text in some
        }
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
