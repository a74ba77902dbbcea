"""What is at a point: the nearest address, its street, the place around, the regions, the zone.

An address's street is the nearest street, and its postal zone the nearest zone: where a street's
middle lies says little about how near the street is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from geoservice.database.steps import Ask, Steps
from geoservice.geocode.address_row import ADDRESS_COLUMNS, AddressRow
from geoservice.geocode.corrected import VERIFIED_M, finest
from geoservice.geocode.parse import parse
from geoservice.geocode.penalties import CORRECTION, fault
from geoservice.geocode.plaques import BUILDING_M, plaque_label, whole
from geoservice.geocode.regions_at import country_is_known, regions_near
from geoservice.model import (
    Address,
    Fault,
    Level,
    Match,
    MatchLevel,
    Region,
    coordinate_fault,
)
from geoservice.persian.lexicon import load_lexicon

METHOD = "reverse"

# How near an address has to be to say anything of the point; and the middle of a place.
_NEAR_M = 1_000.0
_PLACE_DEGREES = 0.5

# Confidence by distance, in metres, as Pelias has it.
_BY_DISTANCE = ((1.0, 1.0), (10.0, 0.9), (100.0, 0.8), (250.0, 0.7), (1_000.0, 0.6))
_BEYOND = 0.5

# A boundary that is only sketched may run elsewhere.
_REGION = 0.98
_SKETCHED = fault("region.schematic")

# What somebody verified lies there, and not where it was imported to: by its postal code, or as its
# plaque or unit (the keys of `corrected_places`), whichever codes that has.
_STANDS = """
NOT EXISTS (SELECT FROM gazetteer.correction c WHERE c.postal_code = a.postal_code)
AND NOT EXISTS (
    SELECT FROM gazetteer.entry m
    CROSS JOIN LATERAL (VALUES (''), ((
        SELECT joined FROM gazetteer.spelling
        WHERE kind = 'neighbourhood' AND name = a.neighbourhood LIMIT 1))) AS within (name)
    CROSS JOIN LATERAL (VALUES (''), ('#' || a.unit)) AS inside (unit)
    JOIN gazetteer.correction c
        ON c.place = m.ref || '##' || a.plaque_key || '#' || within.name || inside.unit
    WHERE m.id = a.entry AND m.match_level = 'street')
"""
# Of an address: the finest entry that it lies in, and the row itself.
_LIES_IN = f"""
    e.match_level, e.label, ST_X(e.geom), ST_Y(e.geom), e.uncertainty_m, e.province, e.locality,
    {ADDRESS_COLUMNS}
"""
_VERIFIED = f"""
SELECT c.text, c.postal_code, s.postal_code IS NOT NULL,
    ST_DistanceSphere(c.geom, ST_SetSRID(ST_Point(%s, %s), 4326)), ST_X(c.geom), ST_Y(c.geom), 1,
    {_LIES_IN}
FROM (SELECT * FROM gazetteer.correction
      ORDER BY geom <-> ST_SetSRID(ST_Point(%s, %s), 4326) LIMIT 1) AS c
LEFT JOIN source.address s ON s.postal_code = c.postal_code
LEFT JOIN gazetteer.address a ON a.postal_code = c.postal_code
LEFT JOIN gazetteer.entry e ON e.id = a.entry
"""  # noqa: S608  (made of constants)

# The index orders by degrees: what it finds first bounds a box that holds what is nearest in
# metres. A degree is 111,195 m; the margin is for rounding.
_ADDRESS = f"""
WITH point AS MATERIALIZED (SELECT ST_SetSRID(ST_Point(%s, %s), 4326) AS geom),
first AS MATERIALIZED (
    SELECT ST_DistanceSphere(a.geom, (SELECT geom FROM point)) AS metres
    FROM gazetteer.address a WHERE {_STANDS} ORDER BY a.geom <-> (SELECT geom FROM point) LIMIT 1
), nearest AS MATERIALIZED (
    SELECT a.*, ST_DistanceSphere(a.geom, point.geom) AS metres
    FROM first, point, gazetteer.address a
    WHERE first.metres <= %s AND {_STANDS} AND a.geom && ST_Expand(
        point.geom, 0.00001 + first.metres / (111000 * cos(radians(ST_Y(point.geom)))),
        0.00001 + first.metres / 111000)
    ORDER BY metres, postal_code LIMIT 1
)
SELECT n.metres, ST_X(n.geom), ST_Y(n.geom),
    greatest((SELECT count(*) FROM gazetteer.address o WHERE o.geom && n.geom),
             (SELECT count(*) FROM gazetteer.address o
              WHERE o.entry = n.entry AND o.plaque = n.plaque AND o.plaque_key = n.plaque_key
              AND ST_DistanceSphere(o.geom, n.geom) <= %s)), {_LIES_IN}
FROM nearest n
JOIN source.address s ON s.postal_code = n.postal_code
LEFT JOIN gazetteer.entry e ON e.id = n.entry
"""  # noqa: S608  (made of constants)

# Within a place's own radius nothing is nearer than anything else: of those the nearest middle.
_PLACE = """
SELECT e.label, ST_X(e.geom), ST_Y(e.geom), e.uncertainty_m, metres
FROM (SELECT ST_SetSRID(ST_Point(%s, %s), 4326) AS geom) AS point
JOIN gazetteer.entry e ON e.match_level = 'locality' AND e.geom && ST_Expand(point.geom, %s)
CROSS JOIN LATERAL ST_DistanceSphere(e.geom, point.geom) AS metres
WHERE %s::text IS NULL OR e.locality = %s AND e.province IS NOT DISTINCT FROM %s
ORDER BY greatest(metres - e.uncertainty_m, 0), metres, e.joined <> e.locality, e.label LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Near:
    """Something near the point, and how far it is in metres."""

    match: Match
    distance_m: float


@dataclass(frozen=True, slots=True)
class Reverse:
    """What is near, finest first; the regions of the point, large to small; the postal zone."""

    near: tuple[Near, ...] = ()
    regions: tuple[Region, ...] = ()
    postal_zone: str | None = None
    faults: tuple[Fault, ...] = ()


class _Nearest(NamedTuple):
    """The nearest address, how many there are in its building, and the finest entry it lies in."""

    metres: float
    lon: float
    lat: float
    in_building: int
    level: str | None
    label: str
    street_lon: float
    street_lat: float
    uncertainty_m: float
    province: str | None
    locality: str | None
    address: AddressRow

    @classmethod
    def of(cls, row: Sequence[Any]) -> _Nearest:
        """What a row of `_ADDRESS` tells."""
        return cls._make((*row[:_OWN], AddressRow._make(row[_OWN:])))


_OWN = len(_Nearest._fields) - 1


def reverse(lon: float, lat: float) -> Steps[Reverse]:
    """What is at a point of EPSG:4326; outside the country nothing, and a fault that says so.

    Addresses count up to a kilometre, places up to half a degree. Every match bears the regions
    of the point itself. Distances are great-circle metres.
    """
    outside = coordinate_fault(lon, lat)
    if outside:
        return Reverse(faults=(Fault(outside.partition(":")[0], 1.0),))
    regions, sketched = yield from regions_near(lon, lat)
    if not regions and (yield from country_is_known()):
        return Reverse(faults=(Fault("coordinates.outside", 1.0),))
    near, found = yield from _addresses(lon, lat)
    zone = found.address.postal_code[:5] if found else None
    locality, province = (found.locality, found.province) if found else (None, None)
    place = yield Ask(_PLACE, [lon, lat, _PLACE_DEGREES, locality, locality, province])
    if not place and locality:
        place = yield Ask(_PLACE, [lon, lat, _PLACE_DEGREES, None, None, None])
    near += [_place(row) for row in place]
    if regions:
        near.append(_region(lon, lat, regions, sketched=sketched))
    here = tuple(replace(n, match=replace(n.match, regions=regions)) for n in near)
    return Reverse(here, regions, zone)


def nearness(metres: float) -> float:
    """Confidence that what is so far away is what is at the point.

    >>> nearness(0.4), nearness(60), nearness(5_000)
    (1.0, 0.8, 0.5)
    """
    return next((c for most, c in _BY_DISTANCE if metres <= most), _BEYOND)


def _addresses(lon: float, lat: float) -> Steps[tuple[list[Near], _Nearest | None]]:
    """The nearest address and its street; and what tells the place and the zone."""
    rows = yield Ask(_ADDRESS, [lon, lat, _NEAR_M, BUILDING_M])
    found = _Nearest.of(rows[0]) if rows else None
    house = _address(found) if found else []
    for text, code, is_known, *row in (yield Ask(_VERIFIED, [lon, lat, lon, lat])):
        verified = _Nearest.of(row)
        if verified.metres <= (found.metres if found else _NEAR_M):
            house = [_verified(text, code, verified, known=is_known)]
            found = verified if is_known else found
    return [*house, *(_street(found) if found else ())], found


def _address(found: _Nearest) -> list[Near]:
    """The address; of several units its plaque, since nothing tells which of them is meant."""
    address, parts = found.address, found.address.parts
    level, label = address.level, address.label
    if found.in_building > 1:
        if not parts.plaque:
            return []
        parts = whole(parts)
        level = MatchLevel.PLAQUE
        label = plaque_label(found.label, parts.plaque)
    match = Match(
        found.lon,
        found.lat,
        level,
        nearness(found.metres),
        address.uncertainty_m,
        METHOD,
        label,
        parts=parts,
        postal_code=parts.postal_code,
    )
    return [Near(match, found.metres)]


def _verified(text: str | None, code: str | None, found: _Nearest, *, known: bool) -> Near:
    """The address of a correction, as whoever gave it wrote it, else as it is known."""
    address = found.address if known and not text else None
    label = address.label if address else text or code or ""
    parts = address.parts if address else parse(label)
    match = Match(
        found.lon,
        found.lat,
        finest(parts),
        nearness(found.metres),
        VERIFIED_M,
        CORRECTION,
        label,
        parts=parts,
        postal_code=code,
    )
    return Near(match, found.metres)


def _street(found: _Nearest) -> list[Near]:
    """The street or alley that the address lies in, as far away as the address is."""
    if found.level != MatchLevel.STREET:
        return []
    parts = found.address.parts
    of_street = replace(parts, plaque=None, floor=None, unit=None, building=None, postal_code=None)
    match = Match(
        found.street_lon,
        found.street_lat,
        MatchLevel.STREET,
        nearness(found.metres),
        found.uncertainty_m,
        METHOD,
        found.label,
        parts=of_street,
    )
    return [Near(match, found.metres)]


def _place(row: Sequence[Any]) -> Near:
    label, lon, lat, uncertainty, metres = row
    beyond = max(metres - uncertainty, 1.1)  # a circle is not the place: never quite certain
    name = Address(city=label.partition("،")[0])
    match = Match(
        lon, lat, MatchLevel.LOCALITY, nearness(beyond), uncertainty, METHOD, label, parts=name
    )
    return Near(match, metres)


def _called(region: Region) -> str:
    """«شهرستان شیراز», as the gazetteer calls it."""
    name = region.name_fa or region.name_en or region.code
    word = load_lexicon().standard.get(region.level) if region.name_fa else None
    is_place = region.level in (Level.CITY, Level.VILLAGE)
    return f"{word} {name}" if word and not is_place else name


def _region(lon: float, lat: float, regions: Sequence[Region], *, sketched: bool) -> Near:
    """The finest region, at the point itself, which lies in it."""
    finest = regions[-1]
    level = {
        Level.PROVINCE: MatchLevel.PROVINCE,
        Level.COUNTY: MatchLevel.COUNTY,
    }.get(Level(finest.level), MatchLevel.DISTRICT)
    faults = (_SKETCHED,) if sketched else ()
    confidence = round(_REGION - sum(each.penalty for each in faults), 4)
    above = "، ".join(each.name_fa or each.name_en or each.code for each in reversed(regions[:-1]))
    label = f"{_called(finest)}، {above}" if above else _called(finest)
    return Near(Match(lon, lat, level, confidence, 0.0, METHOD, label, faults), 0.0)
