"""How well a candidate answers what was wanted: pure, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geoservice.geocode.penalties import (
    BASE,
    BUILDING,
    COORDINATES,
    CORRECTION,
    LANDMARK,
    POSTAL_CODE,
    fault,
    with_faults,
)
from geoservice.geocode.spelling import edits
from geoservice.geocode.variants import bare, is_side, own_number
from geoservice.geocode.wanted import Wanted
from geoservice.model import Address, Fault, Match, MatchLevel
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.plaque import leading_number, number_key
from geoservice.persian.sound import is_alike, is_latin

# Which parts an answer of a level leaves open.
_FINER: dict[MatchLevel, tuple[str, ...]] = {
    MatchLevel.UNIT: (),
    MatchLevel.PLAQUE: ("unit",),
    MatchLevel.STREET: ("plaque",),
    MatchLevel.NEIGHBOURHOOD: ("street", "alley", "plaque"),
    MatchLevel.POSTAL_ZONE: ("neighbourhood", "street", "alley", "plaque"),
    MatchLevel.LOCALITY: ("neighbourhood", "street", "alley", "plaque"),
    MatchLevel.DISTRICT: ("locality", "neighbourhood", "street", "alley", "plaque"),
    MatchLevel.COUNTY: ("district", "locality", "neighbourhood", "street", "alley", "plaque"),
}
_FINER[MatchLevel.PROVINCE] = ("county", *_FINER[MatchLevel.COUNTY])
# What lies on a street, or is one.
ON_STREET = (MatchLevel.UNIT, MatchLevel.PLAQUE, MatchLevel.STREET)
# What is wider than a place, from fine to coarse.
WIDE = (MatchLevel.DISTRICT, MatchLevel.COUNTY, MatchLevel.PROVINCE)

FOUND = "found"
_GIVEN = (COORDINATES, POSTAL_CODE, CORRECTION)
HOUSE = (MatchLevel.UNIT, MatchLevel.PLAQUE)
_BY_BUILDING = (BUILDING, LANDMARK)
_TWICE = 2
# Letters of another name that says little, and how many typing errors it is as good as.
_SHORT, _VAGUE = 3, 3

# A place from this many people on is taken for a city.
_SUBSTANTIAL = 5_000

WELL_KNOWN = 20_000
"""People of a place that is meant by its name alone; its name is mended across the country."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that may be meant: lon/lat in EPSG:4326, names as keys.

    `name` is the key it was found under, `street` that of the street an alley lies in;
    `provinces` and `counties` are those it lies in, under every name they have. `population` is
    the settlement's, also of what lies in one. `ref` is the gazetteer's, `faults` what is known
    to be wrong with it whatever was asked; `parts` and `postal_code` are an address's own.
    """

    match_level: MatchLevel
    method: str
    label: str
    lon: float
    lat: float
    uncertainty_m: float
    name: str = ""
    provinces: frozenset[str] = frozenset()
    counties: frozenset[str] = frozenset()
    locality: str | None = None
    street: str | None = None
    population: int | None = None
    ref: str = ""
    faults: tuple[Fault, ...] = ()
    parts: Address | None = None
    postal_code: str | None = None


def is_well_known(place: Candidate) -> bool:
    """Whether it has so many people that its name alone says which place is meant."""
    return (place.population or 0) >= WELL_KNOWN


def score(
    wanted: Wanted, candidate: Candidate, refusals: Mapping[str, str] | None = None
) -> Match | None:
    """The match that `candidate` is for `wanted`; None where it cannot be what was meant.

    A name of the gazetteer in another province than the one wanted is not it, nor a small place
    or a district in another county; a point or a postal code that was given stays, with the
    contradiction as a fault. `refusals` tells of parts (street, locality…) why no candidate of
    their own was taken, for the faults' names; `FOUND` of one that has an answer of its own.
    """
    faults = _contradictions(wanted, candidate)
    if candidate.method not in _GIVEN:
        if _is_elsewhere(candidate, {each.name for each in faults}):
            return None
        spelling = _misspelt(wanted, candidate)
        if spelling is None:
            return None
        faults += spelling + _left_open(wanted, candidate, refusals or {})
        if candidate.match_level in HOUSE and any(each != wanted.plaque for each in wanted.plaques):
            faults.append(fault("plaque.several"))
    match = Match(
        lon=candidate.lon,
        lat=candidate.lat,
        match_level=candidate.match_level,
        confidence=BASE[candidate.method],
        uncertainty_m=candidate.uncertainty_m,
        method=candidate.method,
        label=candidate.label,
        parts=candidate.parts,
        postal_code=candidate.postal_code,
    )
    return with_faults(match, (*faults, *candidate.faults))


def _contradictions(wanted: Wanted, candidate: Candidate) -> list[Fault]:
    """The widest contradiction; those within it follow from it."""
    is_province = candidate.match_level is MatchLevel.PROVINCE
    is_called_so = is_province and candidate.name == wanted.province  # by an older name too
    if not is_called_so and _differs(wanted.province, candidate.provinces):
        return [fault("province.contradicted")]
    if is_province:
        return []
    if _differs(wanted.county, candidate.counties):
        # Boundaries move; but where no house shows that it is there, it is rather another place.
        is_shown = candidate.method in _GIVEN or candidate.match_level in HOUSE
        return [fault("county.contradicted", 1 if is_shown else _TWICE)]
    # A correction that was found by its names, as what has a ref, says nothing else than they.
    if candidate.method not in (POSTAL_CODE, CORRECTION) or candidate.ref:
        return []
    locality = candidate.locality
    if locality and wanted.localities and not is_any_like(wanted.localities, [locality]):
        return [fault("locality.contradicted")]
    return _contradictions_on_street(wanted, candidate.parts)


def _contradictions_on_street(wanted: Wanted, parts: Address | None) -> list[Fault]:
    """The widest part within its place in which the address of a postal code is another one."""
    if parts is None:
        return []
    key = load_lexicon().name_key
    streets = {bare(key(each)) for each in (parts.street, parts.alley) if each}
    asked_for = {bare(each) for each in (wanted.street, *wanted.wider) if each}
    is_known = is_any_like(asked_for, streets) or any(
        is_side(street, each) for street in streets for each in asked_for
    )
    if streets and wanted.street and not is_known:
        return [fault("street.contradicted")]
    if _differs(wanted.neighbourhood, _keys(parts.neighbourhood)):
        return [fault("neighbourhood.contradicted")]
    if parts.alley and wanted.alley:
        # «سجاد ۱۴» may be the name of alley 14; an alley may be recorded as the street.
        number = own_number(wanted.street, wanted.alley) or wanted.alley
        alleys = {wanted.alley, number, f"{bare(wanted.street or '')}{number}"}
        if not is_any_like(alleys, _keys(parts.alley, parts.street)):
            return [fault("alley.contradicted")]
    plaque = leading_number(number_key(parts.plaque or ""))
    asked = leading_number(wanted.plaque or "")
    if None not in (plaque, asked) and plaque != asked:
        return [fault("plaque.contradicted")]
    unit = number_key(parts.unit or "")
    return [fault("unit.contradicted")] * bool(unit and wanted.unit and unit != wanted.unit)


def _keys(*names: str | None) -> frozenset[str]:
    return frozenset(load_lexicon().name_key(name) for name in names if name)


def is_any_like(names: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a name is one of the others, but for typing errors or the script."""
    return any(_is_like(a, b) for a in names for b in others)


def _is_like(name: str, other: str) -> bool:
    """Whether both are one name, but for typing errors or the script."""
    return edits(name, other) is not None or (is_latin(name) and is_alike(name, other))


def _is_elsewhere(candidate: Candidate, faults: set[str]) -> bool:
    # Boundaries move, so a city may have changed county; a village's namesakes are everywhere.
    small = (candidate.population or 0) < _SUBSTANTIAL
    levels = (MatchLevel.LOCALITY, MatchLevel.DISTRICT)
    return "province.contradicted" in faults or (
        "county.contradicted" in faults and small and candidate.match_level in levels
    )


def _differs(name: str | None, names: frozenset[str]) -> bool:
    return bool(name and names) and not is_any_like([name or ""], names)


def _misspelt(wanted: Wanted, candidate: Candidate) -> list[Fault] | None:
    """The typing errors in the name that the candidate was found by; None: another name.

    Provinces and counties were held against `wanted` before; a building was looked for on the
    street that is meant.
    """
    level = candidate.match_level
    if candidate.method in _BY_BUILDING:
        return []
    compared: list[tuple[str, tuple[str | None, ...], str | None]] = []
    if level in ON_STREET and candidate.street:
        compared.append(("street", (wanted.street,), candidate.street))
        compared.append(("alley", (wanted.alley,), candidate.name))
    elif level is MatchLevel.NEIGHBOURHOOD:
        names = (wanted.neighbourhood, *wanted.unmarked)
        compared.append(("neighbourhood", names, candidate.name))
    elif level in ON_STREET:
        compared.append(("street", (wanted.street,), candidate.name))
    elif level is MatchLevel.LOCALITY:
        compared.append(("locality", wanted.localities or (wanted.county,), candidate.name))
    elif level is MatchLevel.DISTRICT:
        compared.append(("district", (wanted.district,), candidate.name))
    faults: list[Fault] = []
    for part, names, name in compared:
        if part == "locality" and name in names and is_vague(candidate):
            faults.append(fault("locality.misspelt", _VAGUE))
            continue
        wrong = _difference(part, names, name or "")
        if wrong is None:
            return None
        faults += wrong
    return faults


def _difference(part: str, names: tuple[str | None, ...], name: str) -> list[Fault] | None:
    """How the name of a part differs from those that it was asked for by; None: another name."""
    if part == "street" and names == (None,):
        return [fault("street.missing")]
    if name and name in names:
        return []
    asked = [each for each in names if each]
    if part == "street" and any(is_side(name, each) for each in asked):
        return [fault("street.partial")]
    if any(is_latin(each) and is_alike(each, name) for each in asked):
        return [fault(f"{part}.transliterated")]
    found = [n for each in asked if (n := edits(each, name)) is not None]
    return [fault(f"{part}.misspelt", min(found))] if found else None


def is_vague(candidate: Candidate) -> bool:
    """Whether a settlement is called by another name so short that it is a word as well: «دو»."""
    name = candidate.name
    return name != candidate.locality and len(name) <= _SHORT and not is_latin(name)


def _left_open(wanted: Wanted, candidate: Candidate, refusals: Mapping[str, str]) -> list[Fault]:
    parts: tuple[str, ...] = _FINER[candidate.match_level]
    if candidate.match_level is MatchLevel.STREET and not candidate.street:
        parts = ("alley", *parts)
    lost = {
        part: refusals.get(part, "not_matched")
        for part in parts
        if refusals.get(part) != FOUND
        and (wanted.localities if part == "locality" else getattr(wanted, part))
    }
    if wanted.buildings and refusals.get("building") == "ambiguous":
        lost["building"] = "ambiguous"  # of one that nobody knows there is nothing to say
    # What lies elsewhere says that this is wrong, not only that it is coarse.
    return [
        fault(f"{part}.{why}", _TWICE if why == "contradicted" else 1) for part, why in lost.items()
    ]
