"""Plaques and units on the streets that were found: exact, or between known neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from geoservice.database.steps import Steps
from geoservice.geocode.addresses import Known, OnStreet, neighbours, on_streets
from geoservice.geocode.choose import choose, distance_m
from geoservice.geocode.interpolate import interpolate
from geoservice.geocode.penalties import CORRECTION, INTERPOLATED, fault
from geoservice.geocode.query import Query
from geoservice.geocode.score import Candidate, is_any_like
from geoservice.geocode.spelling import edits
from geoservice.geocode.wanted import Wanted
from geoservice.model import Address, Fault, MatchLevel
from geoservice.persian.building import building_key
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.numbers import persian_digits
from geoservice.persian.plaque import leading_number

# Metres: addresses of one plaque within this distance are one building.
BUILDING_M = 100.0
# Streets that fit equally well are looked at up to so many: the plaque may decide.
_MOST_STREETS = 50


class _Asked(NamedTuple):
    query: Query
    street: Candidate
    on: OnStreet


def collect_plaques(queries: Sequence[Query], *, corrected: bool = True) -> Steps[None]:
    """Fill `addresses` of each query that gives a plaque; unless `corrected` as imported."""
    asked = [
        _Asked(query, street, OnStreet(0, street.ref, number))
        for query in queries
        if (number := leading_number(query.wanted.plaque or "")) is not None
        for street in streets_meant(query)
    ]
    asked = [each._replace(on=each.on._replace(n=n)) for n, each in enumerate(asked)]
    known = yield from on_streets([each.on for each in asked], corrected=corrected)
    for n, here in known.items():
        query, street, _ = asked[n]
        query.addresses += _of_plaque(query.wanted, street, here)
    # Between neighbours only on a street that is known to be the one.
    missing = [each for each in asked if not each.query.addresses and not each.street.faults]
    beside = yield from neighbours([each.on for each in missing])
    for query, street, on in missing:
        point = interpolate(on.plaque, beside.get(on.n, ()))
        if point:
            found = replace(
                street,
                match_level=MatchLevel.PLAQUE,
                method=INTERPOLATED,
                label=plaque_label(street.label, query.wanted.plaque),
                lon=point.lon,
                lat=point.lat,
                uncertainty_m=point.uncertainty_m,
                faults=(fault("plaque.interpolated"),),
            )
            query.addresses.append(found)


def streets_meant(query: Query) -> list[Candidate]:
    """The street or alley that is meant, or those that fit equally well.

    Where an alley is asked for its plaques are not those of the street.
    """
    inside = bool(query.wanted.alley)
    choice = choose(query.wanted, [c for c in query.streets if bool(c.street) == inside])
    if choice.candidate:
        if not choice.rivals:
            return [choice.candidate]
        doubts = (*choice.candidate.faults, fault("locality.outweighed"))
        return [replace(choice.candidate, faults=doubts)]
    if not query.wanted.street:
        return []  # an alley of that name has the plaque somewhere in any city
    doubt = fault(f"{'alley' if inside else 'street'}.ambiguous")
    rivals = [pick.candidate for pick in choice.rivals[:_MOST_STREETS]]
    return [replace(street, faults=(doubt,)) for street in rivals]


def _of_plaque(wanted: Wanted, street: Candidate, known: Sequence[Known]) -> Iterator[Candidate]:
    """One candidate for each building that has the plaque, or for the unit that is asked for."""
    known = _of_the_whole(wanted, known)
    exact = [each for each in known if each.plaque_key == wanted.plaque]
    inexact = () if exact else (fault("plaque.inexact"),)
    fitting = exact or known
    inside = [each for each in fitting if lies_in_neighbourhood(wanted, each.candidate)]
    for building in _buildings(inside or fitting):
        units = [each for each in building if wanted.unit and each.unit == wanted.unit]
        level = MatchLevel.UNIT if units else MatchLevel.PLAQUE
        here = units or building
        best = min(here, key=_preference).candidate
        written = wanted.plaque if exact or not best.parts else best.parts.plaque
        parts, postal_code = best.parts, best.postal_code
        if len(here) > 1 and parts:
            parts, postal_code = whole(parts), None
        yield replace(
            street,
            match_level=level,
            method=best.method if best.method == CORRECTION else street.method,
            label=plaque_label(street.label, written, wanted.unit if units else None),
            lon=best.lon,
            lat=best.lat,
            uncertainty_m=best.uncertainty_m,
            faults=(
                *(*street.faults, *inexact),
                *elsewhere(wanted, parts),
                *_of_another_name(wanted, building),
            ),
            parts=parts,
            postal_code=postal_code,
        )


def lies_in_neighbourhood(wanted: Wanted, place: Candidate) -> bool:
    """Whether the address lies in the neighbourhood that is asked for."""
    name = load_lexicon().name_key(place.parts.neighbourhood or "") if place.parts else ""
    return name in (wanted.neighbourhood, *wanted.unmarked)


def _of_the_whole(wanted: Wanted, known: Sequence[Known]) -> Sequence[Known]:
    """Without what was verified for another unit than the one asked for, where its plaque has more.

    Its door may be round the corner: it says nothing of the plaque, nor of the other units.
    """
    own = {id(each) for each in known if each.unit and each.candidate.method == CORRECTION}
    if not own:
        return known
    others = {each.plaque_key for each in known if id(each) not in own}
    return [
        each
        for each in known
        if id(each) not in own or each.unit == wanted.unit or each.plaque_key not in others
    ]


def _buildings(known: Sequence[Known]) -> list[list[Known]]:
    buildings: list[list[Known]] = []
    for each in sorted(known, key=_preference):
        for building in buildings:
            if distance_m(building[0].candidate, each.candidate) <= BUILDING_M:
                building.append(each)
                break
        else:
            buildings.append([each])
    return buildings


def _preference(known: Known) -> tuple[float, str]:
    return known.candidate.uncertainty_m, known.candidate.postal_code or ""


def elsewhere(wanted: Wanted, parts: Address | None) -> tuple[Fault, ...]:
    """Whether the address lies in another neighbourhood than the one that is asked for."""
    name = load_lexicon().name_key(parts.neighbourhood or "") if parts else ""
    if not name or not wanted.neighbourhood or edits(wanted.neighbourhood, name) is not None:
        return ()
    return (fault("neighbourhood.contradicted"),)


def _of_another_name(wanted: Wanted, building: Sequence[Known]) -> tuple[Fault, ...]:
    """Whether the building that has the plaque is called otherwise than the one asked for.

    One name may say more than the other: «مجتمع نگین غرب» is «نگین».
    """
    asked = wanted.building
    if not asked:
        return ()
    candidates = [each.candidate for each in building]
    names = {building_key(each.parts.building or "") for each in candidates if each.parts}
    names -= {""}
    if not names or any(asked in name or name in asked for name in names):
        return ()
    return () if is_any_like([asked], names) else (fault("building.contradicted"),)


def of_building(place: Candidate) -> Candidate:
    """The building that a unit is in; a building as it is."""
    if place.match_level is not MatchLevel.UNIT:
        return place
    parts = whole(place.parts) if place.parts else None
    label = place.label.partition("، ")[2]
    return replace(place, match_level=MatchLevel.PLAQUE, label=label, parts=parts, postal_code=None)


def whole(parts: Address) -> Address:
    """The parts of a building without those of the unit that they were told with."""
    return replace(parts, unit=None, floor=None, postal_code=None)


def plaque_label(street: str, plaque: str | None, unit: str | None = None) -> str:
    """The label of a plaque, or a unit of it, on the street or in the alley of that label."""
    words = f"{load_lexicon().standard['plaque']} {persian_digits(plaque or '')}، {street}"
    return unit_label(words, unit) if unit else words


def unit_label(building: str, unit: str) -> str:
    """The label of a unit in the building of that label."""
    return f"{load_lexicon().standard['unit']} {persian_digits(unit)}، {building}"
