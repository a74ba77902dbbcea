"""Localities: settlements with the province and the schematic county in which they lie."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.model import Level
from geoservice.synthetic.facts import County, Facts, Province, Settlement

PLACE_COLUMNS = (
    "id",
    "kind",
    "name_fa",
    "name_en",
    "aliases",
    "population",
    "province_code",
    "county_code",
    "lon",
    "lat",
)
METRES_PER_DEGREE = 111_320.0  # of latitude, and of longitude at the equator

_PEOPLE_PER_KM2 = 8_000.0  # of built-up land, to guess how far a settlement reaches
_UNCOUNTED = 5_000  # people, where nobody counted: the seat of a small county


@dataclass(frozen=True, slots=True)
class Locality:
    """A settlement, whose it is, and how far it reaches: `radius` in metres around its point.

    `inside` is false for a point off the coast of the generalised shapes: the county is then the
    nearest one, which is a guess that the published rows do not make.
    """

    settlement: Settlement
    province: Province
    county: County
    people: int
    radius: float
    inside: bool = True

    @property
    def is_village(self) -> bool:
        """Whether it is a village; else it is a city."""
        return self.settlement.kind == Level.VILLAGE

    def shifted(self, east: float, north: float) -> tuple[float, float]:
        """Return lon, lat of the point so many metres off the settlement's, to six decimals."""
        lat = self.settlement.lat
        per_lon = METRES_PER_DEGREE * math.cos(math.radians(lat))
        lon = self.settlement.lon + east / per_lon
        return round(lon, 6), round(lat + north / METRES_PER_DEGREE, 6)


def localities(facts: Facts, cells: Mapping[str, BaseGeometry]) -> list[Locality]:
    """Return every settlement as a locality, ordered by county code, then as in the file.

    The county is the one whose cell holds the point; off the coast, the nearest.
    """
    provinces = {province.code: province for province in facts.provinces}
    tree = shapely.STRtree([cells[county.code] for county in facts.counties])
    points = [shapely.Point(each.lon, each.lat) for each in facts.settlements]
    nearest = tree.nearest(points).tolist() if points else []
    found = []
    for settlement, point, index in zip(facts.settlements, points, nearest, strict=True):
        county = facts.counties[index]
        people = settlement.population or _UNCOUNTED
        radius = 1000 * math.sqrt(people / _PEOPLE_PER_KM2 / math.pi)
        province = provinces[county.province_code]
        inside = bool(cells[county.code].intersects(point))
        found.append(Locality(settlement, province, county, people, radius, inside))
    return sorted(found, key=lambda locality: locality.county.code)


def place_rows(found: list[Locality]) -> list[dict[str, object]]:
    """Return the rows of places.csv: settlements with province_code and county_code beside."""
    return [
        {
            "id": locality.settlement.id,
            "kind": locality.settlement.kind,
            "name_fa": locality.settlement.name_fa,
            "name_en": locality.settlement.name_en,
            "aliases": locality.settlement.aliases,
            "population": locality.settlement.population,
            "province_code": locality.province.code if locality.inside else "",
            "county_code": locality.county.code if locality.inside else "",
            "lon": locality.settlement.lon,
            "lat": locality.settlement.lat,
        }
        for locality in found
    ]
