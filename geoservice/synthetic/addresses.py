"""Made-up addresses: streets with plaques in order, alleys off them, units in the buildings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from geoservice.persian.numbers import persian_digits
from geoservice.synthetic.localities import METRES_PER_DEGREE
from geoservice.synthetic.postal_zones import (
    MOST_STREETS,
    STREET_ADDRESSES,
    PostalZone,
    postal_code,
)
from geoservice.synthetic.vocabulary import Vocabulary, vocabulary

COLUMNS = (
    "postal_code",
    "province",
    "county",
    "locality_type",
    "locality",
    "neighbourhood",
    "street",
    "alley",
    "plaque",
    "floor",
    "unit",
    "building",
    "text",
    "accuracy",
    "synthetic",
    "lon",
    "lat",
)

# Metres.
_PLAQUE = 6  # along a street from one plaque number to the next
_FRONT = 9  # from the middle of a street to a house
_STREETS = 120  # from a street to the next
_ESTIMATED = 25  # how far at most an estimated point is off, each way

_ALLEY_SHARE = 0.15  # of the plots along a street where an alley leaves
_ESTIMATED_SHARE = 0.15  # of the addresses whose point is a GPS reading
_BUILDING_SHARE = 0.2  # of the blocks of flats that have a name
_UNITS = (1, 1, 1, 1, 2, 2, 3, 4, 6)

_BOULEVARD, _BOULEVARD_EVERY = "بلوار", 6

_PERSIAN = tuple(persian_digits(str(number)) for number in range(1000))


@dataclass(frozen=True, slots=True)
class _Building:
    """Where it is, in metres along the street and across it, and how many addresses it has."""

    alley: str
    plaque: int
    along: float
    across: float
    units: int


@dataclass(frozen=True, slots=True)
class _Street:
    """What all addresses of a street share; a metre along or across, in degrees."""

    name: str
    neighbourhood: str
    prefix: str
    lon: float
    lat: float
    along: tuple[float, float]
    across: tuple[float, float]


def addresses(zones: Iterable[PostalZone], seed: int) -> Iterator[dict[str, object]]:
    """Yield the addresses of all zones, zone by zone and street by street, one at a time.

    Columns are those of the table source.address, with lon, lat (EPSG:4326, six decimals) and
    `text`, the whole address in one line. The same zones and seed give the same rows.
    """
    for zone in zones:
        for street in range(zone.streets):
            yield from street_addresses(zone, street, seed)


def street_addresses(zone: PostalZone, number: int, seed: int) -> Iterator[dict[str, object]]:
    """Yield the addresses of one street of a zone, by its number from 0, without the others."""
    words = vocabulary()
    random = Random(f"{seed}/{zone.code}/{number}")  # noqa: S311 - made-up data, not secrets
    street = _street(zone, number, random, words)
    locality = zone.locality
    position = number * STREET_ADDRESSES
    for building in _buildings(random, zone.addresses_of(number), words):
        name = ""
        if building.units > 2 and random.random() < _BUILDING_SHARE:
            name = random.choice(words.buildings)
        for unit in range(1, building.units + 1):
            estimated = random.random() < _ESTIMATED_SHARE
            along, across = building.along, building.across
            if estimated:
                along += (2 * random.random() - 1) * _ESTIMATED
                across += (2 * random.random() - 1) * _ESTIMATED
            floor = (unit + 1) // 2 if building.units > 2 else 0
            yield {
                "postal_code": postal_code(zone, position),
                "province": locality.province.name_fa,
                "county": locality.county.name_fa,
                "locality_type": "روستا" if locality.is_village else "شهر",
                "locality": locality.settlement.name,
                "neighbourhood": street.neighbourhood,
                "street": street.name,
                "alley": building.alley,
                "plaque": building.plaque,
                "floor": floor or "",
                "unit": unit if building.units > 1 else "",
                "building": name,
                "text": _text(street, building, name, floor, unit),
                "accuracy": "estimated" if estimated else "accurate",
                "synthetic": "true",
                "lon": round(street.lon + along * street.along[0] + across * street.across[0], 6),
                "lat": round(street.lat + along * street.along[1] + across * street.across[1], 6),
            }
            position += 1


def _text(street: _Street, building: _Building, name: str, floor: int, unit: int) -> str:
    text = street.prefix
    if building.alley:
        text += f"، کوچه {building.alley}"
    text += f"، پلاک {_PERSIAN[building.plaque]}"
    if name:
        text += f"، ساختمان {name}"
    if floor:
        text += f"، طبقه {_PERSIAN[floor]}"
    if building.units > 1:
        text += f"، واحد {_PERSIAN[unit]}"
    return text


def _buildings(random: Random, addresses: int, words: Vocabulary) -> Iterator[_Building]:
    """Yield buildings in the order of their plaques until they have all addresses.

    Odd plaques are on one side and even ones on the other, their distance along the street in
    proportion to the number, so that plaques between two known ones can be interpolated.
    """
    plaque, alleys = 1 + int(random.random() * 6), 0
    while addresses > 0:
        side = 1 if plaque % 2 else -1
        along = plaque * _PLAQUE
        if random.random() < _ALLEY_SHARE:
            alley = words.alleys[alleys % len(words.alleys)]
            alleys += 1
            inner = 1 + int(random.random() * 2)
            for _ in range(2 + int(random.random() * 4)):
                units = min(addresses, random.choice(_UNITS))
                if not units:
                    break
                front = 4 if inner % 2 else -4
                across = side * (2 * _FRONT + inner * _PLAQUE)
                yield _Building(alley, inner, along + front, across, units)
                addresses -= units
                inner += 1 + int(random.random() * 2)
        else:
            units = min(addresses, random.choice(_UNITS))
            yield _Building("", plaque, along, side * _FRONT, units)
            addresses -= units
        plaque += 1 + int(random.random() * 3)


def _street(zone: PostalZone, number: int, random: Random, words: Vocabulary) -> _Street:
    """Streets of a zone run side by side from its middle, in a direction of the zone's own."""
    locality = zone.locality
    bearing = (int(zone.code) * 7919 % 360) * math.pi / 180
    sine, cosine = math.sin(bearing), math.cos(bearing)
    offset = (number - (zone.streets - 1) / 2) * _STREETS
    lon, lat = locality.shifted(zone.east + offset * cosine, zone.north - offset * sine)
    per_lat = 1 / METRES_PER_DEGREE
    per_lon = per_lat / math.cos(math.radians(lat))
    start = int(locality.settlement.id.rpartition(":")[2])
    name = _street_name(start, zone.index * MOST_STREETS + number, words)
    neighbourhood = ""
    if not locality.is_village:
        neighbourhood = _numbered(words.neighbourhoods, start, zone.index)
    return _Street(
        name=name,
        neighbourhood=neighbourhood,
        prefix=_prefix(zone, neighbourhood, name, random),
        lon=lon,
        lat=lat,
        along=(sine * per_lon, cosine * per_lat),
        across=(cosine * per_lon, -sine * per_lat),
    )


def _prefix(zone: PostalZone, neighbourhood: str, street: str, random: Random) -> str:
    locality = zone.locality
    parts = [f"استان {locality.province.name_fa}"]
    if locality.is_village or random.random() < 0.4:
        parts.append(f"شهرستان {locality.county.name_fa}")
    name = locality.settlement.name
    if name.partition(" ")[0] in ("شهر", "شهرک"):  # nobody writes «شهر شهرک …»
        parts.append(name)
    else:
        parts.append(f"{'روستای' if locality.is_village else 'شهر'} {name}")
    if neighbourhood and random.random() < 0.6:
        parts.append(f"محله {neighbourhood}")
    parts.append(street if street.startswith(_BOULEVARD) else f"خیابان {street}")
    return "، ".join(parts)


def _street_name(start: int, index: int, words: Vocabulary) -> str:
    """A name that no other street of the settlement has: بهار, then بهار شمالی …, then بهار ۲ …"""
    count = len(words.streets)
    turn, index = divmod(index, count)
    name = words.streets[(start + 37 * index) % count]
    if (start + index) % _BOULEVARD_EVERY == 0:
        name = f"{_BOULEVARD} {name}"
    if turn == 0:
        return name
    if turn <= len(words.directions):
        return f"{name} {words.directions[turn - 1]}"
    return f"{name} {_PERSIAN[turn - len(words.directions) + 1]}"


def _numbered(names: tuple[str, ...], start: int, index: int) -> str:
    turn, index = divmod(index, len(names))
    name = names[(start + index) % len(names)]
    return f"{name} {_PERSIAN[turn + 1]}" if turn else name
