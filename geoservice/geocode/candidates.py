"""Candidates from the gazetteer and from the addresses: one small collector each, set-based.

Each takes what is asked for by many queries at once and returns the candidates under their keys.
The order of the collectors is the order in which an answer is preferred, fine to coarse.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from geoservice.database.engine import statement
from geoservice.database.steps import Ask, Steps
from geoservice.geocode.score import ADDRESS, POSTAL_CODE, POSTAL_ZONE, Candidate
from geoservice.model import MatchLevel
from geoservice.persian.letters import joined

ADMINISTRATIVE = (
    MatchLevel.LOCALITY,
    MatchLevel.DISTRICT,
    MatchLevel.COUNTY,
    MatchLevel.PROVINCE,
)

# Metres. A parcel's centre, a measured point, and an address that does not say.
_ACCURACY_M = {"accurate": 20.0, "estimated": 50.0}
_UNSAID_M = 100.0


class Scope(NamedTuple):
    """A name within a locality, all as keys; the province may be unknown."""

    name: str
    locality: str
    province: str | None


_ENTRY = statement(
    "e.match_level, e.label, ST_X(e.geom), ST_Y(e.geom), e.uncertainty_m, e.joined, "
    "e.province, e.county, e.locality, e.street, e.population"
)

_POSTAL_CODES = """
SELECT postal_code, unit, ST_X(geom), ST_Y(geom), accuracy, province, county, locality,
    coalesce(text, concat_ws('، ', province, locality, neighbourhood, street, alley,
                             'پلاک ' || plaque))
FROM source.address WHERE postal_code = ANY(%s)
"""

_BY_NAME = statement(
    "SELECT {entry} FROM gazetteer.entry e WHERE e.joined = ANY(%s) AND e.match_level = ANY(%s)"
).format(entry=_ENTRY)

# Two joins rather than an OR: each goes through the index on names.
_STREETS = statement("""
WITH w AS (SELECT * FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[])
           AS w (n, street, alley, locality, province))
SELECT w.n, {entry} FROM w JOIN gazetteer.entry e ON e.match_level = 'street'
    AND e.joined = w.street AND e.locality = w.locality AND e.street IS NULL
    AND (w.province IS NULL OR e.province IS NULL OR e.province = w.province)
UNION ALL
SELECT w.n, {entry} FROM w JOIN gazetteer.entry e ON e.match_level = 'street'
    AND e.joined = w.alley AND e.locality = w.locality AND e.street = w.street
    AND (w.province IS NULL OR e.province IS NULL OR e.province = w.province)
""").format(entry=_ENTRY)

_NEIGHBOURHOODS = statement("""
SELECT w.n, {entry} FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[])
    AS w (n, name, locality, province)
JOIN gazetteer.entry e ON e.match_level = 'neighbourhood' AND e.joined = w.name
    AND e.locality = w.locality
    AND (w.province IS NULL OR e.province IS NULL OR e.province = w.province)
""").format(entry=_ENTRY)


def postal_codes(codes: Iterable[str]) -> Steps[dict[str, Candidate | None]]:
    """The address of each code that is known; None where it is known but has no point."""
    found: dict[str, Candidate | None] = {}
    wanted = list(codes)
    for row in (yield Ask(_POSTAL_CODES, [wanted])) if wanted else ():
        code, unit, lon, lat, accuracy, province, county, locality, label = row
        found[code] = lon if lon is None else Candidate(
            MatchLevel.UNIT if unit else MatchLevel.POSTAL_CODE,
            POSTAL_CODE,
            label,
            lon,
            lat,
            _ACCURACY_M.get(accuracy, _UNSAID_M),
            name=code,
            provinces=_keys(province),
            counties=_keys(county),
            locality=joined(locality or "") or None,
        )  # fmt: skip
    return found


def zones(codes: Iterable[str]) -> Steps[dict[str, list[Candidate]]]:
    """The postal zones under their five digits; only those that addresses are known of."""
    return _named(codes, (MatchLevel.POSTAL_ZONE,), POSTAL_ZONE)


def streets(scopes: Sequence[Scope], alleys: Sequence[str | None]) -> Steps[list[list[Candidate]]]:
    """For each scope the streets of its name, and the alleys of the name given beside it."""
    names = [scope.name for scope in scopes]
    return _within(_STREETS, scopes, [names, alleys])


def neighbourhoods(scopes: Sequence[Scope]) -> Steps[list[list[Candidate]]]:
    """For each scope the neighbourhoods of its name."""
    return _within(_NEIGHBOURHOODS, scopes, [[scope.name for scope in scopes]])


def by_name(names: Iterable[str]) -> Steps[dict[str, list[Candidate]]]:
    """Localities, districts, counties and provinces under their names."""
    return _named(names, ADMINISTRATIVE, ADDRESS)


def names_of(level: MatchLevel) -> Steps[list[tuple[str, str | None]]]:
    """Every name of a level with the province that it lies in: what a typing error may have hit."""
    rows = yield Ask(
        "SELECT DISTINCT joined, province FROM gazetteer.entry WHERE match_level = %s",
        [level.value],
    )
    return [(name, province) for name, province in rows]


def street_names(localities: Iterable[str]) -> Steps[dict[str, list[str]]]:
    """The names of the streets in each locality."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = yield Ask(
        "SELECT DISTINCT locality, joined FROM gazetteer.entry "
        "WHERE match_level = 'street' AND street IS NULL AND locality = ANY(%s)",
        [list(localities)],
    )
    for locality, name in rows:
        found[locality].append(name)
    return found


def _named(
    names: Iterable[str], levels: Iterable[MatchLevel], method: str
) -> Steps[dict[str, list[Candidate]]]:
    found: dict[str, list[Candidate]] = defaultdict(list)
    wanted = list(names)
    if not wanted:
        return {}
    rows = yield Ask(_BY_NAME, [wanted, [level.value for level in levels]])
    for row in rows:
        candidate = _candidate(row, method)
        found[candidate.name].append(candidate)
    return dict(found)


def _within(
    query: Any,
    scopes: Sequence[Scope],
    names: Sequence[Sequence[str | None]],
) -> Steps[list[list[Candidate]]]:
    found: list[list[Candidate]] = [[] for _ in scopes]
    if not scopes:
        return found
    where = [[scope.locality for scope in scopes], [scope.province for scope in scopes]]
    for n, *row in (yield Ask(query, [list(range(len(scopes))), *names, *where])):
        found[n].append(_candidate(row, ADDRESS))
    return found


def _candidate(row: Sequence[Any], method: str) -> Candidate:
    level, label, lon, lat, uncertainty, name, province, county, locality, street, people = row
    return Candidate(
        MatchLevel(level),
        method,
        label,
        lon,
        lat,
        uncertainty,
        name=name,
        provinces=_keys(province),
        counties=_keys(county),
        locality=locality,
        street=street,
        population=people,
    )


def _keys(name: str | None) -> frozenset[str]:
    key = joined(name or "")
    return frozenset([key]) if key else frozenset()
