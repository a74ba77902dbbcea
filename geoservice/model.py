"""Nouns that several rooms speak of."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Level(StrEnum):
    """A level of the country's administrative division, large to small."""

    COUNTRY = "country"
    PROVINCE = "province"
    COUNTY = "county"
    DISTRICT = "district"
    RURAL_DISTRICT = "rural_district"
    CITY = "city"
    VILLAGE = "village"


class MatchLevel(StrEnum):
    """How near a match comes to what was asked for, finest first.

    `POINT` is a coordinate that the row itself brought; the others come from the gazetteer.
    """

    POINT = "point"
    UNIT = "unit"
    PLAQUE = "plaque"
    STREET = "street"
    NEIGHBOURHOOD = "neighbourhood"
    POSTAL_CODE = "postal_code"
    POSTAL_ZONE = "postal_zone"
    LOCALITY = "locality"
    DISTRICT = "district"
    COUNTY = "county"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a postal address, as written; `rest` holds what no marker claimed.

    `inside` has those of `rest` again that stand behind the street and before the plaque, and a
    «کوی» behind the street.
    """

    province: str | None = None
    county: str | None = None
    district: str | None = None
    rural_district: str | None = None
    city: str | None = None
    village: str | None = None
    neighbourhood: str | None = None
    street: str | None = None
    alley: str | None = None
    plaque: str | None = None
    floor: str | None = None
    unit: str | None = None
    building: str | None = None
    postal_code: str | None = None
    landmarks: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    inside: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """One named thing that lowers a match, with what it costs (0–1)."""

    name: str
    penalty: float


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the current region set in which something lies; either name may be missing."""

    level: str
    code: str
    name_fa: str | None = None
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A place found for a query: lon/lat in EPSG:4326, confidence 0–1, uncertainty in metres.

    `matched` tells which words, as written, were found as which part of an address; `parts` and
    `postal_code` are those of the place found; `regions` those in which it lies, large to small,
    no finer than the match itself.
    """

    lon: float
    lat: float
    match_level: MatchLevel
    confidence: float
    uncertainty_m: float
    method: str
    label: str
    faults: tuple[Fault, ...] = ()
    matched: tuple[tuple[str, str], ...] = ()
    parts: Address | None = None
    postal_code: str | None = None
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """A title in both languages; Persian first."""

    fa: str
    en: str


Language = Literal["fa", "en"]
LANGUAGES: tuple[Language, ...] = ("fa", "en")


def said(title: Title, language: Language) -> str:
    """The title in the language."""
    return title.fa if language == "fa" else title.en


def both(title: Title) -> str:
    """The title in both languages, Persian first: where nobody says which is read."""
    return f"{title.fa} · {title.en}"


def yes_or_no(value: bool) -> Title:
    """What a boolean is called."""
    return Title("بله", "yes") if value else Title("خیر", "no")


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box: west, south, east, north; in degrees of EPSG:4326 where nothing else is said."""

    west: float
    south: float
    east: float
    north: float

    def contain(self, lon: float, lat: float) -> bool:
        """Whether the point lies inside or on the edge."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north

    def meets(self, other: Bounds) -> bool:
        """Whether the two have a point in common, if only on an edge."""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


# Mainland and islands of Iran with a margin of about 10 km; a point outside is a mistake.
IRAN = Bounds(44.0, 24.9, 63.4, 39.9)


def coordinate_fault(lon: float, lat: float) -> str | None:
    """Why a point cannot be where it says, or None: (0,0), swapped, or outside the country."""
    if IRAN.contain(lon, lat):
        return None
    if lon == 0 and lat == 0:
        return "coordinates.zero: the point is (0, 0)"
    if IRAN.contain(lat, lon):
        return (
            f"coordinates.swapped: {lon:g}, {lat:g} is a latitude and a longitude, in that order: "
            f"is longitude {lat:g}, latitude {lon:g} meant?"
        )
    return f"coordinates.outside: {lon:g}, {lat:g} lies outside the country"


JSON = dict[str, Any]
