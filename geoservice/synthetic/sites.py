"""Where made-up projects are, and how much of that their rows tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.model import Level
from geoservice.persian.numbers import persian_digits
from geoservice.synthetic.addresses import street_addresses
from geoservice.synthetic.facts import County, Facts, Province, Settlement
from geoservice.synthetic.localities import Locality
from geoservice.synthetic.messy import messy
from geoservice.synthetic.postal_zones import STREET_ADDRESSES, PostalZone

# Shares of projects by what their rows tell; what remains tells nothing that helps.
_POINT, _POSTAL_CODE, _TEXT, _NAMES = 0.60, 0.20, 0.15, 0.03
_HOPELESS = ("", "-", "نامشخص", "طبق پرونده", "متعاقبا اعلام می‌شود")

_SWAPPED, _ZERO = 0.012, 0.008  # shares of the points that are given the wrong way
_OUTSIDE = 0.35  # share of the points that lie outside the built-up land
_COUNTRYSIDE = 15_000  # metres, how far out those lie at most
_MESSY = 0.45  # share of the texts that are mistyped

_GOLDEN = (5**0.5 - 1) / 2  # its multiples, modulo 1, are spread evenly

_FAVOUR = 0.8  # standard deviation of the log of what a county gets per head, to the mean

Columns = dict[str, object]


class Sites:
    """Places for projects: counties by people and favour, in them localities by people.

    Favour is drawn per county and makes the imbalance that the measures are to find.
    """

    def __init__(
        self,
        facts: Facts,
        cells: Mapping[str, BaseGeometry],
        localities: Sequence[Locality],
        zones: Sequence[PostalZone],
        seed: int,
    ) -> None:
        self._seed = seed
        self._zones = zones
        self._cells = cells
        shapely.prepare(list(cells.values()))
        self._localities: dict[str, list[Locality]] = defaultdict(list)
        for locality in localities:
            self._localities[locality.county.code].append(locality)
        self._zones_of: dict[str, list[PostalZone]] = defaultdict(list)
        for zone in zones:
            self._zones_of[zone.locality.county.code].append(zone)
        provinces = {province.code: province for province in facts.provinces}
        for county in facts.counties:
            if county.code not in self._localities:
                alone = _seat(county, provinces[county.province_code])
                self._localities[county.code] = [alone]
        self._counties = [county.code for county in facts.counties]
        self._weights = list(
            accumulate(county.population * self._favour(county.code) for county in facts.counties)
        )

    def site(self, number: int, random: Random) -> tuple[Locality, Columns]:
        """Return the locality of project `number` and the columns province … lat of its row.

        How much the row tells follows from the number, so that the shares are kept evenly.
        """
        code = random.choices(self._counties, cum_weights=self._weights)[0]
        kind = number * _GOLDEN % 1
        if _POINT <= kind < _POINT + _POSTAL_CODE + _TEXT and self._zones:
            address, locality = self._address(code, random)
            if kind < _POINT + _POSTAL_CODE:
                return locality, _columns(postal_code=_written(address["postal_code"], random))
            text = str(address["text"])
            return locality, _columns(
                address=messy(text, random) if _chance(random, _MESSY) else text
            )
        inside = self._localities[code]
        locality = random.choices(inside, weights=[each.people for each in inside])[0]
        if kind < _POINT + _POSTAL_CODE + _TEXT:
            lon, lat = _given(self._point(locality, random), random)
            return locality, _columns(lon=lon, lat=lat, **_names(locality))
        if kind < _POINT + _POSTAL_CODE + _TEXT + _NAMES:
            return locality, _columns(**_names(locality))
        return locality, _columns(address=random.choice(_HOPELESS))

    def _favour(self, code: str) -> float:
        random = Random(f"{self._seed}/favour/{code}")  # noqa: S311 - made-up data, not secrets
        return random.lognormvariate(0, _FAVOUR)

    def _address(self, county: str, random: Random) -> tuple[Columns, Locality]:
        zone = random.choice(self._zones_of.get(county) or self._zones)
        street, index = divmod(random.randrange(zone.addresses), STREET_ADDRESSES)
        return list(street_addresses(zone, street, self._seed))[index], zone.locality

    def _point(self, locality: Locality, random: Random) -> tuple[float, float]:
        """A point in or around the locality and inside its county."""
        reach = _COUNTRYSIDE if _chance(random, _OUTSIDE) else locality.radius
        for _ in range(10):
            east, north = (reach * (2 * random.random() - 1) for _ in range(2))
            point = locality.shifted(east, north)
            if shapely.contains_xy(self._cells[locality.county.code], *point):
                return point
        return locality.shifted(0, 0)


def _seat(county: County, province: Province) -> Locality:
    """What stands in for a settlement in a county that has none."""
    settlement = Settlement(
        id=f"county:{county.code}",
        kind=Level.CITY.value,
        name_fa=county.name_fa,
        name_en=county.name_en,
        aliases="",
        population=None,
        lon=county.lon,
        lat=county.lat,
    )
    return Locality(settlement, province, county, people=1, radius=1000.0)


def _columns(**told: object) -> Columns:
    every = ("province", "county", "city", "address", "postal_code", "lon", "lat")
    return {column: told.get(column, "") for column in every}


def _names(locality: Locality) -> Columns:
    return {
        "province": locality.province.name_fa,
        "county": locality.county.name_fa,
        "city": "" if locality.is_village else locality.settlement.name,
    }


def _given(point: tuple[float, float], random: Random) -> tuple[float, float]:
    lon, lat = point
    wrong = random.random()
    if wrong < _SWAPPED:
        return lat, lon
    return (0.0, 0.0) if wrong < _SWAPPED + _ZERO else (lon, lat)


def _written(code: object, random: Random) -> str:
    digits = str(code)
    way = random.random()
    if way < 0.15:
        return persian_digits(digits)
    return f"{digits[:5]}-{digits[5:]}" if way < 0.25 else digits


def _chance(random: Random, share: float) -> bool:
    return random.random() < share
