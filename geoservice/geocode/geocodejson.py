"""Answers as GeocodeJSON 0.1.0, with what it has no members for beside the standard ones. Pure.

https://github.com/geocoders/geocodejson-spec: what is known of a place stands in
`properties.geocoding`; how sure the answer is stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from geoservice.geocode.autocomplete import Suggestion
from geoservice.geocode.penalties import fault
from geoservice.geocode.postal_codes import Located
from geoservice.geocode.titles import LEVELS, PARTS, fault_title
from geoservice.model import (
    JSON,
    Address,
    Fault,
    Language,
    Level,
    Match,
    MatchLevel,
    Region,
    Title,
    said,
)

VERSION = "0.1.0"
_COUNTRY = Title("ایران", "Iran")
_NO_POINT = fault("postal_code.no_point")
_MISSPELT = fault("name.misspelt")

_TYPES = {
    MatchLevel.POINT: "house",
    MatchLevel.UNIT: "house",
    MatchLevel.PLAQUE: "house",
    MatchLevel.POSTAL_CODE: "house",
    MatchLevel.STREET: "street",
    MatchLevel.NEIGHBOURHOOD: "locality",
    MatchLevel.POSTAL_ZONE: "locality",
    MatchLevel.LOCALITY: "city",
    MatchLevel.DISTRICT: "district",
    MatchLevel.COUNTY: "county",
    MatchLevel.PROVINCE: "state",
}

# As OpenStreetMap numbers the levels of this country.
_ADMIN = {
    Level.COUNTRY: "level2",
    Level.PROVINCE: "level4",
    Level.COUNTY: "level5",
    Level.DISTRICT: "level6",
    Level.RURAL_DISTRICT: "level7",
    Level.CITY: "level8",
    Level.VILLAGE: "level8",
}


class Rights(NamedTuple):
    """Under which licence the data are, and whom an answer has to name, where that is known."""

    licence: str | None = None
    attribution: str | None = None


_UNSAID = Rights()


def collection(  # noqa: PLR0913  (members of the document, each by its name)
    features: Iterable[JSON],
    *,
    language: Language,
    query: str | None = None,
    faults: Sequence[Fault] = (),
    regions: Sequence[Region] = (),
    postal_zone: str | None = None,
    rights: Rights = _UNSAID,
) -> JSON:
    """The document around features; `faults` say why there is none.

    `regions` and `postal_zone` are those of the point that was asked for.
    """
    place: JSON = {"regions": [_region(region) for region in regions], "postal_zone": postal_zone}
    return {
        "type": "FeatureCollection",
        "geocoding": _known({"version": VERSION, **rights._asdict(), "query": query}),
        **_known(place),
        "faults": [_fault(fault, language) for fault in faults],
        "features": list(features),
    }


def feature(match: Match, *, language: Language, distance_m: float | None = None) -> JSON:
    """One answer: coordinates as lon, lat of EPSG:4326, metres rounded; `distance_m` of reverse."""
    geocoding = {
        "type": _TYPES[match.match_level],
        "accuracy": round(match.uncertainty_m),
        "label": match.label,
        **_parts(match.parts or Address(), match.regions, language),
        "postcode": match.postal_code,
        "admin": {
            _ADMIN[Level(region.level)]: name
            for region in match.regions
            if (name := _name(region, language))
        },
        "distance": None if distance_m is None else round(distance_m, 1),
    }
    properties = {
        "geocoding": _known(geocoding),
        "confidence": match.confidence,
        "match_level": match.match_level.value,
        "match_level_title": said(LEVELS[match.match_level], language),
        "method": match.method,
        "uncertainty_m": round(match.uncertainty_m),
        "matched": [_matched(*pair, language) for pair in match.matched],
        "faults": [_fault(fault, language) for fault in match.faults],
        "regions": [_region(region) for region in match.regions],
    }
    return point_feature(match.lon, match.lat, properties)


def pointless(found: Located, *, language: Language) -> JSON:
    """The address of a postal code that nobody has given a point: a feature without geometry."""
    address = found.address
    properties = {
        "geocoding": _known(
            {
                "type": "house",
                "label": address.label if address else found.code,
                **_parts(address.parts if address else Address(), (), language),
                "postcode": found.code,
            }
        ),
        "match_level": MatchLevel.POSTAL_CODE.value,
        "match_level_title": said(LEVELS[MatchLevel.POSTAL_CODE], language),
        "faults": [_fault(_NO_POINT, language)],
    }
    return {"type": "Feature", "geometry": None, "properties": properties}


def suggestion(place: Suggestion, *, language: Language) -> JSON:
    """A place that may be meant. It claims nothing, so it has no confidence."""
    faults = [_fault(_MISSPELT, language)] if place.misspelt else []
    properties = {
        "geocoding": {
            "type": _TYPES[place.match_level],
            "accuracy": round(place.uncertainty_m),
            "label": place.label,
        },
        "match_level": place.match_level.value,
        "match_level_title": said(LEVELS[place.match_level], language),
        "uncertainty_m": round(place.uncertainty_m),
        "faults": faults,
    }
    return point_feature(place.lon, place.lat, properties)


def point_feature(lon: float, lat: float, properties: JSON) -> JSON:
    """A GeoJSON feature at a point of EPSG:4326."""
    geometry = {"type": "Point", "coordinates": [round(lon, 7), round(lat, 7)]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _parts(parts: Address, regions: Sequence[Region], language: Language) -> JSON:
    """The parts of an address by GeocodeJSON's names, those it has no name for by ours.

    In English regions bear their English names, where they have any.
    """
    named = {region.level: _name(region, language) for region in regions}
    return {
        "name": parts.building,
        "housenumber": parts.plaque,
        "unit": parts.unit,
        "street": parts.street,
        "alley": parts.alley,
        "locality": parts.neighbourhood,
        "city": parts.city or parts.village,
        "district": named.get(Level.DISTRICT) or parts.district or parts.rural_district,
        "county": named.get(Level.COUNTY) or parts.county,
        "state": named.get(Level.PROVINCE) or parts.province,
        "country": said(_COUNTRY, language),
    }


def _matched(token: str, component: str, language: Language) -> JSON:
    title = PARTS.get(component, Title(component, component))
    return {"token": token, "component": component, "title": said(title, language)}


def _fault(fault: Fault, language: Language) -> JSON:
    title = said(fault_title(fault.name), language)
    return {"name": fault.name, "penalty": fault.penalty, "title": title}


def _region(region: Region) -> JSON:
    names = _known({"fa": region.name_fa, "en": region.name_en})
    return {"level": region.level, "code": region.code, "names": names}


def _name(region: Region, language: Language) -> str | None:
    names = (region.name_fa, region.name_en)
    first, second = names if language == "fa" else names[::-1]
    return first or second


def _known(members: JSON) -> JSON:
    """Without what is not known."""
    return {name: value for name, value in members.items() if value not in (None, "", {}, [])}
