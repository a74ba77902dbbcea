"""The regions of the current region set in which matches lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from geoservice.database.steps import Ask, Steps
from geoservice.model import Level, Match, MatchLevel, Region

# Large to small; a place is in one of each at the most.
_LEVELS = tuple(level.value for level in Level if level is not Level.COUNTRY)

# A centroid claims no finer region than the one that it is the centre of.
_CLAIMED = {
    MatchLevel.PROVINCE: _LEVELS[:1],
    MatchLevel.COUNTY: _LEVELS[:2],
    MatchLevel.DISTRICT: _LEVELS[:4],
}

_REGIONS = """
SELECT w.n, r.level, r.code, r.name_fa, r.name_en
FROM unnest(%s::int[], %s::float8[], %s::float8[]) AS w (n, lon, lat)
JOIN source.region r ON ST_Intersects(r.geom, ST_SetSRID(ST_Point(w.lon, w.lat), 4326))
JOIN source.region_set s ON s.id = r.region_set AND s.is_current
WHERE r.level <> 'country'
ORDER BY r.code DESC
"""


def claimed(level: MatchLevel) -> tuple[str, ...]:
    """The levels of the regions that a match of that level tells, large to small."""
    return _CLAIMED.get(level, _LEVELS)


def codes_of(
    places: Sequence[tuple[float, float]],
) -> Steps[dict[tuple[float, float], dict[Level, str]]]:
    """The codes of the regions at each lon, lat, by level; on an edge the smallest code."""
    here: dict[tuple[float, float], dict[Level, str]] = {place: {} for place in places}
    for n, level, code, *_ in (yield from _at(places)):
        here[places[n]][Level(level)] = code
    return here


def provinces_of(
    places: Sequence[tuple[float, float]],
) -> Steps[dict[tuple[float, float], Region]]:
    """The province at each lon, lat that lies in one."""
    rows = yield from _at(places)
    return {places[n]: Region(*row) for n, *row in rows if row[0] == Level.PROVINCE.value}


def _at(places: Sequence[tuple[float, float]]) -> Steps[Sequence[tuple[Any, ...]]]:
    columns = [range(len(places)), [lon for lon, _ in places], [lat for _, lat in places]]
    return (yield Ask(_REGIONS, [list(c) for c in columns])) if places else ()


class Located(NamedTuple):
    """What decides the regions of a match: how finely it is placed, and where."""

    level: MatchLevel
    lon: float
    lat: float

    @classmethod
    def of(cls, match: Match) -> Located:
        """That of a match."""
        return cls(match.match_level, match.lon, match.lat)


def regions_of(matches: Iterable[Match]) -> Steps[dict[Located, tuple[Region, ...]]]:
    """The regions of each match, large to small; on an edge that of the smallest code."""
    asked = list(dict.fromkeys(map(Located.of, matches)))
    if not asked:
        return {}
    columns = [range(len(asked)), [each.lon for each in asked], [each.lat for each in asked]]
    here: dict[int, dict[str, Region]] = defaultdict(dict)
    for n, level, code, name_fa, name_en in (yield Ask(_REGIONS, [list(c) for c in columns])):
        here[n][level] = Region(level, code, name_fa, name_en)
    return {
        each: tuple(here[n][level] for level in claimed(each.level) if level in here[n])
        for n, each in enumerate(asked)
    }
