"""The regions in which points lie, in every region set: the one room for point-in-polygon here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from geoservice.database.engine import Connection
from geoservice.model import Level
from geoservice.persian.letters import joined

# A point this near a region, in degrees (about 2 km), does not contradict its name: boundaries
# are drawn with less care than points are.
_TOLERANCE = 0.02

# Regions cut into small pieces: a point meets a few hundred vertices instead of thousands.
_PIECES = """
DROP TABLE IF EXISTS pg_temp.piece, pg_temp.region_name, pg_temp.assigned;
CREATE TEMP TABLE region_name (region_set text, level text, code text, key text) ON COMMIT DROP;
CREATE TEMP TABLE piece ON COMMIT DROP AS
    SELECT region_set, level, code, schematic, ST_Subdivide(geom, 128) AS geom
    FROM source.region WHERE geom IS NOT NULL AND level <> 'country';
CREATE INDEX ON piece USING gist (geom);
ANALYZE piece;
"""

_NAMES_AT = """
SELECT DISTINCT w.n, r.level, r.key
FROM unnest(%s::int[], %s::float8[], %s::float8[]) AS w (n, lon, lat)
JOIN piece p ON p.geom && ST_Expand(ST_SetSRID(ST_Point(w.lon, w.lat), 4326), %s)
    AND ST_DWithin(p.geom, ST_SetSRID(ST_Point(w.lon, w.lat), 4326), %s)
    AND p.level IN ('province', 'county') AND NOT p.schematic
JOIN region_name r USING (region_set, level, code)
"""

# On an edge the smallest code. A centroid claims no finer region than the one it is the centre
# of, and that only under its own name: in another set the same point may lie in another county.
_ASSIGN = """
CREATE TEMP TABLE assigned ON COMMIT DROP AS
    SELECT a.project_id, p.region_set, p.level, min(p.code) AS code
    FROM placed a
    JOIN piece p ON p.geom && a.geom AND ST_Intersects(p.geom, a.geom)
    JOIN region_name r USING (region_set, level, code)
    WHERE CASE a.match_level
        WHEN 'province' THEN p.level = 'province' AND r.key = a.region_key
        WHEN 'county' THEN p.level = 'province' OR (p.level = 'county' AND r.key = a.region_key)
        WHEN 'district' THEN p.level IN ('province', 'county', 'district', 'rural_district')
        ELSE true END
    GROUP BY a.project_id, p.region_set, p.level
"""


class RegionNames(NamedTuple):
    """The keys of provinces and counties, in every language and set."""

    provinces: frozenset[str]
    counties: frozenset[str]
    provinces_have_shapes: bool = False


def prepare_regions(connection: Connection) -> RegionNames:
    """Make the temporary tables that the other functions here read, for this transaction."""
    connection.execute(_PIECES)
    rows = connection.execute(
        "SELECT region_set, level, code, name_fa, name_en FROM source.region"
    ).fetchall()
    names: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor, cursor.copy("COPY region_name FROM STDIN") as copy:
        for region_set, level, code, *written in rows:
            for key in {joined(name or "") for name in written} - {""}:
                copy.write_row((region_set, level, code, key))
                names[level].add(key)
    connection.execute("ANALYZE region_name")
    shapes = connection.execute(
        "SELECT EXISTS (SELECT FROM piece WHERE level = 'province' AND NOT schematic)"
    ).fetchone()
    return RegionNames(*_by_level(names), provinces_have_shapes=bool(shapes and shapes[0]))


def names_at(connection: Connection, points: Sequence[tuple[float, float]]) -> list[RegionNames]:
    """For each lon/lat the keys of the provinces and counties there, in any set.

    Schematic shapes are left out: they prove nothing.
    """
    if not points:
        return []
    found: list[dict[str, set[str]]] = [defaultdict(set) for _ in points]
    arrays = [list(range(len(points))), [lon for lon, _ in points], [lat for _, lat in points]]
    for n, level, key in connection.execute(_NAMES_AT, [*arrays, _TOLERANCE, _TOLERANCE]):
        found[n][level].add(key)
    return [RegionNames(*_by_level(each)) for each in found]


def _by_level(names: Mapping[str, set[str]]) -> tuple[frozenset[str], frozenset[str]]:
    provinces, counties = (names.get(level, ()) for level in (Level.PROVINCE, Level.COUNTY))
    return frozenset(provinces), frozenset(counties)


def assign_regions(connection: Connection) -> None:
    """Fill the temporary table `assigned` for what stands in the temporary table `placed`."""
    connection.execute(_ASSIGN)
