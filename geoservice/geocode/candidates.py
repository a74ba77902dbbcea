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
from geoservice.geocode.penalties import ADDRESS, POSTAL_ZONE
from geoservice.geocode.score import WELL_KNOWN, Candidate
from geoservice.model import MatchLevel
from geoservice.persian.letters import joined
from geoservice.persian.postal_code import zone_label

ADMINISTRATIVE = (
    MatchLevel.LOCALITY,
    MatchLevel.DISTRICT,
    MatchLevel.COUNTY,
    MatchLevel.PROVINCE,
)


class Named(NamedTuple):
    """A street or neighbourhood asked for by `n` within a locality; the province may be unknown."""

    n: int
    name: str
    locality: str
    province: str | None


class Alley(NamedTuple):
    """An alley asked for by `n`; its street may be unknown."""

    n: int
    street: str | None
    name: str
    locality: str
    province: str | None


class Anywhere(NamedTuple):
    """A street or neighbourhood asked for by `n` whose locality nobody said."""

    n: int
    name: str
    province: str | None
    county: str | None


_ENTRY = statement(
    "e.match_level, e.label, ST_X(e.geom), ST_Y(e.geom), e.uncertainty_m, e.joined, "
    "e.province, e.county, e.locality, e.street, e.population, e.ref"
)

_ALLEY = statement(
    "e.match_level, e.label, ST_X(e.geom), ST_Y(e.geom), e.uncertainty_m, e.joined, "
    "e.province, e.county, e.locality, s.joined, e.population, e.ref"
)

_BY_NAME = statement(
    "SELECT {entry} FROM gazetteer.entry e WHERE e.joined = ANY(%s) AND e.match_level = ANY(%s)"
).format(entry=_ENTRY)

# The key by which alleys name their street is its main one, the last part of its ref; who asked may
# have used another of its names.
_WITHIN = statement("""
SELECT w.n, {entry}
FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[]) AS w (n, name, locality, province)
JOIN gazetteer.entry e ON e.match_level IN ('street', 'neighbourhood')
    AND e.joined = w.name AND e.locality = w.locality AND e.street IS NULL
    AND (w.province IS NULL OR e.province IS NULL OR e.province = w.province)
UNION ALL
SELECT w.n, {alley} FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS w (n, street, name, locality, province)
JOIN gazetteer.entry s ON s.match_level = 'street'
    AND s.joined = w.street AND s.locality = w.locality AND s.street IS NULL
    AND (w.province IS NULL OR s.province IS NULL OR s.province = w.province)
JOIN gazetteer.entry e ON e.match_level = 'street'
    AND e.joined = w.name AND e.locality = s.locality
    AND e.street = coalesce(nullif(split_part(s.ref, '/', 5), ''), s.joined)
    AND e.province IS NOT DISTINCT FROM s.province AND e.county IS NOT DISTINCT FROM s.county
UNION ALL
SELECT w.n, e.* FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS w (n, street, name, locality, province)
CROSS JOIN LATERAL (
    SELECT {entry} FROM gazetteer.entry e
    WHERE e.match_level = 'street' AND e.joined = w.name AND e.locality = w.locality
    AND e.street IS NOT NULL
    AND (w.province IS NULL OR e.province IS NULL OR e.province = w.province) LIMIT %s) e
WHERE w.street IS NULL
UNION ALL
SELECT w.n, e.* FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[])
    AS w (n, name, province, county)
CROSS JOIN LATERAL (
    SELECT {entry} FROM gazetteer.entry e
    WHERE e.match_level IN ('street', 'neighbourhood') AND e.joined = w.name AND e.street IS NULL
    AND (w.province IS NULL OR e.province = w.province)
    AND (w.county IS NULL OR e.county = w.county) LIMIT %s) e
""").format(entry=_ENTRY, alley=_ALLEY)

MANY = 50
"""So many streets of one name are too many to tell apart: there may be more."""

# The level is written into the statement: partial indexes are not found by parameters.
_NAMES_OF = """
SELECT joined, province, coalesce(locality, county, province), max(coalesce(population, 0))
FROM gazetteer.entry
WHERE match_level = {level} AND """
_IN_PROVINCES = statement(f"{_NAMES_OF} province = ANY(%s) GROUP BY 1, 2, 3")
_ANYWHERE = statement(f"{_NAMES_OF} ({{level}} <> 'locality' OR population >= %s) GROUP BY 1, 2, 3")

_LOCAL_NAMES = """
SELECT DISTINCT locality, 'street', joined FROM gazetteer.entry
WHERE match_level = 'street' AND street IS NULL AND locality = ANY(%s)
UNION ALL
SELECT DISTINCT locality, 'neighbourhood', joined FROM gazetteer.entry
WHERE match_level = 'neighbourhood' AND locality = ANY(%s)"""

_ALLEY_NAMES = """
SELECT DISTINCT w.n, e.joined
FROM unnest(%s::int[], %s::text[], %s::text[]) AS w (n, locality, street)
JOIN gazetteer.entry e ON e.match_level = 'street' AND e.locality = w.locality
    AND e.street = w.street"""


def zones(codes: Iterable[str]) -> Steps[dict[str, list[Candidate]]]:
    """The postal zones under their five digits; only those that addresses are known of."""
    return _named(codes, (MatchLevel.POSTAL_ZONE,), POSTAL_ZONE)


def within(
    named: Sequence[Named], alleys: Sequence[Alley], anywhere: Sequence[Anywhere]
) -> Steps[list[tuple[int, Candidate]]]:
    """Streets, neighbourhoods and alleys of those names, each with the `n` that asked for it."""
    if not (named or alleys or anywhere):
        return []
    parameters = (
        *_columns(named, 4),
        *_columns([alley for alley in alleys if alley.street], 5),
        *_columns([alley for alley in alleys if not alley.street], 5),
        MANY,
        *_columns(anywhere, 4),
        MANY,
    )
    rows = yield Ask(_WITHIN, parameters)
    return [(n, _candidate(row, ADDRESS)) for n, *row in rows]


def by_name(names: Iterable[str]) -> Steps[dict[str, list[Candidate]]]:
    """Localities, districts, counties and provinces under their names."""
    return _named(names, ADMINISTRATIVE, ADDRESS)


class Name(NamedTuple):
    """A name that a typing error may have hit, the province it lies in, and its people.

    `place` is the key of the name that what bears it is called by first.
    """

    key: str
    province: str | None
    place: str
    population: int


def names_of(level: MatchLevel, provinces: Iterable[str | None]) -> Steps[list[Name]]:
    """Names of a level, of a place in each province that bears it.

    None among `provinces` stands for the whole country, of whose localities only well known ones
    are given.
    """
    asked = set(provinces)
    lie_in = sorted(each for each in asked if each)
    found: list[tuple[Any, ...]] = []
    if lie_in and level is MatchLevel.LOCALITY:
        found += yield Ask(_IN_PROVINCES.format(level=level.value), [lie_in])
    if asked and (level is not MatchLevel.LOCALITY or None in asked):
        found += yield Ask(_ANYWHERE.format(level=level.value), [WELL_KNOWN])
    return [Name(*row) for row in found]


def local_names(localities: Iterable[str]) -> Steps[dict[tuple[str, MatchLevel], list[str]]]:
    """The names of the streets and of the neighbourhoods in each locality."""
    found: dict[tuple[str, MatchLevel], list[str]] = defaultdict(list)
    wanted = sorted(set(localities))
    for locality, level, name in (yield Ask(_LOCAL_NAMES, [wanted, wanted])) if wanted else ():
        found[locality, MatchLevel(level)].append(name)
    return found


def alley_names(streets: Sequence[tuple[int, str, str]]) -> Steps[dict[int, list[str]]]:
    """For each `n`, locality and street the names of the alleys there."""
    found: dict[int, list[str]] = defaultdict(list)
    for n, name in (yield Ask(_ALLEY_NAMES, _columns(streets, 3))) if streets else ():
        found[n].append(name)
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


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * width


def _candidate(row: Sequence[Any], method: str) -> Candidate:
    level, label, lon, lat, uncertainty, name, province, county, locality, street, people, ref = row
    return Candidate(
        MatchLevel(level),
        method,
        zone_label(label) if method == POSTAL_ZONE else label,
        lon,
        lat,
        uncertainty,
        name=name,
        provinces=keys(province),
        counties=keys(county),
        locality=locality,
        street=street,
        population=people,
        ref=ref,
    )


def main_name(street: Candidate) -> str:
    """The key by which alleys name their street, whatever name it was found by."""
    return street.ref.split("/")[4] if street.ref.count("/") == 4 else street.name


def keys(name: str | None) -> frozenset[str]:
    """The key of a name as the one of a set; none of nothing."""
    key = joined(name or "")
    return frozenset([key]) if key else frozenset()
