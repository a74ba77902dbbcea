"""Buildings by their names, on the streets or in the places that were found.

Where a plaque is given it decides. A name that nobody knows says nothing, and so does a landmark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from geoservice.database.engine import statement
from geoservice.database.steps import Ask, Steps
from geoservice.geocode.address_row import ADDRESS_COLUMNS, AddressRow
from geoservice.geocode.addresses import of_address
from geoservice.geocode.candidates import MANY, keys
from geoservice.geocode.penalties import BUILDING, CORRECTION, LANDMARK, fault
from geoservice.geocode.plaques import (
    elsewhere,
    lies_in_neighbourhood,
    plaque_label,
    streets_meant,
    unit_label,
    whole,
)
from geoservice.geocode.query import Query
from geoservice.geocode.score import Candidate
from geoservice.geocode.wanted import Wanted
from geoservice.geocode.within import MOST_SCOPES
from geoservice.model import Fault, MatchLevel
from geoservice.persian.building import building_key, building_marker
from geoservice.persian.letters import normalise
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.plaque import number_key

# Metres: what stands opposite or beside a building is about so far from it.
_BESIDE_M = 100.0

# A row for each plaque that a building of that name has, of its units the one that is asked for.
# A street's alleys have refs that begin with its own.
_BUILDINGS = statement(f"""
SELECT w.n, c.id IS NOT NULL, ST_X(coalesce(c.geom, a.geom)), ST_Y(coalesce(c.geom, a.geom)),
    a.unit, a.units, e.label, e.joined, e.province, e.county, e.locality, e.street, e.ref,
    {ADDRESS_COLUMNS}
FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS w (n, building, locality, province, ref, unit)
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (a.entry, a.plaque_key) a.*,
        count(*) OVER (PARTITION BY a.entry, a.plaque_key) AS units
    FROM gazetteer.spelling l
    JOIN gazetteer.address a ON a.building = w.building AND a.locality = l.id
    JOIN gazetteer.entry e ON e.id = a.entry
    WHERE l.kind = 'place' AND l.joined = w.locality
        AND (w.ref IS NULL OR e.ref = w.ref OR starts_with(e.ref, w.ref || '/'))
        AND (w.province IS NULL OR e.province IS NULL OR e.province = w.province)
    ORDER BY a.entry, a.plaque_key, a.unit = w.unit DESC NULLS LAST, a.postal_code LIMIT %s) a
JOIN gazetteer.entry e ON e.id = a.entry
JOIN source.address s USING (postal_code)
LEFT JOIN gazetteer.correction c ON %s AND c.postal_code = a.postal_code
""")  # noqa: S608  (made of constants)


_OWN = 12  # columns before those of the address


class _Asked(NamedTuple):
    """A name that `n` asks for in a locality, or on the street or alley of that ref there."""

    n: int
    name: str
    locality: str
    province: str | None
    ref: str | None
    unit: str | None


def collect_buildings(queries: Sequence[Query], *, corrected: bool = True) -> Steps[None]:
    """Fill `buildings` and `beside` of each query that names a building or a landmark, no plaque.

    One statement for all, none where nobody names any. Unless `corrected` as they were imported.
    """
    asked = [(query, each, doubts) for query in queries for each, doubts in _asked(query)]
    found = yield from _known(
        [each._replace(n=n) for n, (_, each, _) in enumerate(asked)], corrected=corrected
    )
    named: dict[int, dict[str, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for n, places in sorted(found.items()):
        query, each, doubts = asked[n]
        named[id(query)][each.name] += [replace(place, faults=doubts) for place in places]
    for query in queries:
        here = named.get(id(query), {})
        places = next((here[name] for name in query.wanted.buildings if name in here), [])
        query.buildings = _meant(query.wanted, places)
        beside = [here[name] for name in query.wanted.beside if len(here.get(name, ())) == 1]
        query.beside = [_street_beside(beside[0][0])] if beside else []


def _asked(query: Query) -> Iterator[tuple[_Asked, tuple[Fault, ...]]]:
    """Every name with every place that it is looked for in, and the doubts about that.

    A street that is asked for and not known may be anywhere: its building is not looked for, nor is
    what a landmark stands beside where nobody says a street.
    """
    wanted = query.wanted
    if wanted.plaque or not (wanted.buildings or wanted.beside):
        return
    if wanted.street or wanted.alley:
        for street in streets_meant(query):
            for name in dict.fromkeys((*wanted.buildings, *wanted.beside)):
                unit = wanted.unit if name in wanted.buildings else None
                asked = _Asked(0, name, street.locality or "", None, street.ref, unit)
                yield asked, street.faults
        return
    doubts = [fault("street.assumed")]
    if query.unread and _is_unread(wanted):
        doubts.append(fault("rest.not_matched"))
    for locality, province in query.scopes[:MOST_SCOPES]:
        for name in wanted.buildings:
            asked = _Asked(0, name, locality, wanted.province or province, None, wanted.unit)
            yield asked, tuple(doubts)


def _known(asked: Sequence[_Asked], *, corrected: bool) -> Steps[dict[int, list[Candidate]]]:
    """The buildings of those names: of each the unit that is asked for, else the whole."""
    found: dict[int, list[Candidate]] = defaultdict(list)
    columns = [list(column) for column in zip(*asked, strict=True)]
    for n, *row in (yield Ask(_BUILDINGS, [*columns, MANY, corrected])) if asked else ():
        found[n].append(_candidate(row, asked[n].unit))
    return found


def _candidate(row: Sequence[Any], asked: str | None) -> Candidate:
    own, address = row[:_OWN], AddressRow._make(row[_OWN:])
    corrected, lon, lat, unit, units, label, name, province, county, locality, street, ref = own
    is_unit = bool(asked) and unit == asked
    place = of_address(
        MatchLevel.UNIT if is_unit else MatchLevel.PLAQUE,
        CORRECTION if corrected else BUILDING,
        *(lon, lat, address),
    )
    parts, code = address.parts, place.postal_code
    if not is_unit and (units > 1 or unit):
        parts, code = whole(parts), None
    if address.plaque:
        label = plaque_label(label, number_key(address.plaque))
    label = f"{_called(address.building or '')}، {label}"
    return replace(
        place,
        label=unit_label(label, asked) if asked and is_unit else label,
        name=name,
        provinces=keys(province) or place.provinces,
        counties=keys(county) or place.counties,
        locality=locality,
        street=street,
        ref=ref,
        parts=parts,
        postal_code=code,
    )


def _called(written: str) -> str:
    """«نگین» is «ساختمان نگین»; «برج ارم» and «بیمارستان نمازی» say what they are."""
    says = building_marker(normalise(written).split())
    return written if says else f"{load_lexicon().standard['building']} {written}"


def _meant(wanted: Wanted, found: Sequence[Candidate]) -> list[Candidate]:
    """The unit that is asked for, if any is; those in the neighbourhood that is, if any is."""
    units = [place for place in found if place.match_level is MatchLevel.UNIT]
    fitting = units or found
    inside = [place for place in fitting if lies_in_neighbourhood(wanted, place)]
    return [
        replace(place, faults=(*place.faults, *elsewhere(wanted, place.parts)))
        for place in inside or fitting
    ]


def _is_unread(wanted: Wanted) -> bool:
    """Whether there are words without a marker that are not the building's name."""
    return any(building_key(" ".join(words)) not in wanted.buildings for words in wanted.loose)


def _street_beside(place: Candidate) -> Candidate:
    """The stretch of the street that the landmark stands on, not its house."""
    plaque = number_key(place.parts.plaque or "") if place.parts else ""
    parts = replace(whole(place.parts), plaque=None) if place.parts else None
    return replace(
        place,
        match_level=MatchLevel.STREET,
        method=LANDMARK,
        label=place.label.replace(plaque_label("", plaque), "", 1),
        uncertainty_m=_BESIDE_M,
        faults=(*place.faults, fault("landmark.beside")),
        parts=parts,
        postal_code=None,
    )
