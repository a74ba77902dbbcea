"""The regions of the current set at a point."""

from __future__ import annotations

from collections.abc import Collection

from geoservice.database.steps import Ask, Steps
from geoservice.model import Level, Region

# Boundaries are drawn with less care than points are: a point so near a region lies in it.
_REGIONS = """
SELECT DISTINCT ON (r.level) r.level, r.code, r.name_fa, r.name_en, r.schematic
FROM (SELECT ST_SetSRID(ST_Point(%s, %s), 4326) AS geom) AS point
JOIN source.region r ON r.geom && ST_Expand(point.geom, %s)
    AND ST_DWithin(r.geom, point.geom, %s)
JOIN source.region_set s ON s.id = r.region_set AND s.is_current
WHERE r.level <> 'country'
ORDER BY r.level, ST_Distance(r.geom, point.geom), r.code
"""
_EXACTLY, _TOLERANCE = 0.0, 0.02

_OUTSIDE = """
SELECT w.lon, w.lat FROM unnest(%s::float8[], %s::float8[]) AS w (lon, lat)
CROSS JOIN LATERAL ST_SetSRID(ST_Point(w.lon, w.lat), 4326) AS point
WHERE NOT EXISTS (
    SELECT FROM source.region r
    JOIN source.region_set s ON s.id = r.region_set AND s.is_current
    WHERE r.level <> 'country' AND r.geom && ST_Expand(point, %s) AND ST_DWithin(r.geom, point, %s))
"""


def regions_at(lon: float, lat: float) -> Steps[tuple[Region, ...]]:
    """The regions of the current set that a point of EPSG:4326 lies in, large to small."""
    regions, _ = yield from regions_near(lon, lat)
    return regions


def regions_near(lon: float, lat: float) -> Steps[tuple[tuple[Region, ...], bool]]:
    """The regions at a point of EPSG:4326, or close by where it lies in none, large to small; and
    whether the finest is only sketched.
    """
    for distance in (_EXACTLY, _TOLERANCE):
        rows = yield Ask(_REGIONS, [lon, lat, distance, distance])
        if rows:
            order = list(Level)
            rows.sort(key=lambda row: order.index(Level(row[0])))
            return tuple(Region(*row[:4]) for row in rows), bool(rows[-1][4])
    return (), False


def outside(places: Collection[tuple[float, float]]) -> Steps[set[tuple[float, float]]]:
    """Those lon, lat of EPSG:4326 that lie in no region, nor close by one; none where no shape of
    the country is known.
    """
    if not places or not (yield from country_is_known()):
        return set()
    columns = [[lon for lon, _ in places], [lat for _, lat in places]]
    return {(lon, lat) for lon, lat in (yield Ask(_OUTSIDE, [*columns, _TOLERANCE, _TOLERANCE]))}


def country_is_known() -> Steps[bool]:
    """Whether the current set has any shape that a point could lie in."""
    rows = yield Ask(
        "SELECT EXISTS (SELECT FROM source.region r JOIN source.region_set s "
        "ON s.id = r.region_set AND s.is_current WHERE r.geom IS NOT NULL)"
    )
    return bool(rows[0][0])
