"""Where placements go: gazetteer.placement and .placement_region, and only what differs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from geoservice.database.engine import Connection
from geoservice.geocode.regions import assign_regions
from geoservice.model import Fault, Match, Title

_OPEN = """
DROP TABLE IF EXISTS pg_temp.placed, pg_temp.changed, pg_temp.gone, pg_temp.added;
CREATE TEMP TABLE placed (project_id text, match_level text, confidence float8, method text,
    label text, faults jsonb, uncertainty_m float8, reason_fa text, reason_en text,
    region_key text, lon float8, lat float8,
    geom geometry(Point, 4326) GENERATED ALWAYS AS (ST_SetSRID(ST_Point(lon, lat), 4326)) STORED)
    ON COMMIT DROP;
"""

_COPY = """COPY placed (project_id, match_level, confidence, method, label, faults, uncertainty_m,
    reason_fa, reason_en, region_key, lon, lat) FROM STDIN"""

# A write bumps the version of its table, so there is none where nothing differs.
_CHANGED = """
CREATE TEMP TABLE changed ON COMMIT DROP AS
    SELECT n.* FROM placed n LEFT JOIN gazetteer.placement o USING (project_id)
    WHERE o.project_id IS NULL
       OR (o.match_level, o.confidence, o.method, o.label, o.faults, o.uncertainty_m,
           o.reason_fa, o.reason_en, ST_X(o.geom), ST_Y(o.geom)) IS DISTINCT FROM
          (n.match_level, n.confidence, n.method, n.label, n.faults, n.uncertainty_m,
           n.reason_fa, n.reason_en, n.lon, n.lat)
"""

_KEEP_BEFORE = """
INSERT INTO gazetteer.placement_history (project_id, match_level, confidence, method, label, faults,
    uncertainty_m, reason_fa, reason_en, placed_at, geom)
SELECT o.project_id, o.match_level, o.confidence, o.method, o.label, o.faults, o.uncertainty_m,
    o.reason_fa, o.reason_en, o.placed_at, o.geom
FROM gazetteer.placement o JOIN changed USING (project_id)
"""

_UPSERT = """
INSERT INTO gazetteer.placement AS p (project_id, match_level, confidence, method, label, faults,
    uncertainty_m, reason_fa, reason_en, geom)
SELECT project_id, match_level, confidence, method, label, faults, uncertainty_m, reason_fa,
    reason_en, geom FROM changed
ON CONFLICT (project_id) DO UPDATE SET match_level = excluded.match_level,
    confidence = excluded.confidence, method = excluded.method, label = excluded.label,
    faults = excluded.faults, uncertainty_m = excluded.uncertainty_m,
    reason_fa = excluded.reason_fa, reason_en = excluded.reason_en, geom = excluded.geom,
    placed_at = now()
"""

_REGIONS_CHANGED = """
CREATE TEMP TABLE gone ON COMMIT DROP AS
    SELECT project_id, region_set, level, code FROM gazetteer.placement_region
    EXCEPT SELECT project_id, region_set, level, code FROM assigned;
CREATE TEMP TABLE added ON COMMIT DROP AS
    SELECT project_id, region_set, level, code FROM assigned
    EXCEPT SELECT project_id, region_set, level, code FROM gazetteer.placement_region;
"""

_DELETE_REGIONS = """
DELETE FROM gazetteer.placement_region r USING gone g
WHERE (r.project_id, r.region_set, r.level) = (g.project_id, g.region_set, g.level)
"""

_INSERT_REGIONS = """
INSERT INTO gazetteer.placement_region (project_id, region_set, level, code)
SELECT project_id, region_set, level, code FROM added
"""


class Placement(NamedTuple):
    """Where a project lies, or the reason why nobody knows.

    `region_key` is the name of the province or county that it was placed in the middle of.
    """

    project_id: str
    match: Match | None
    faults: tuple[Fault, ...]
    region_key: str | None
    reason: Title | None


def open_placements(connection: Connection) -> None:
    """Make the temporary table `placed`, for this transaction."""
    connection.execute(_OPEN)


def copy_placements(connection: Connection, placements: Iterable[Placement]) -> None:
    """Add placements to the temporary table."""
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for placement in placements:
            copy.write_row(_row(placement))


def write_placements(connection: Connection) -> int:
    """Bring both tables to what was copied; returns how many placements were written.

    What a project's placement was before goes to gazetteer.placement_history.
    """
    connection.execute("ANALYZE placed")
    changed = connection.execute(_CHANGED).rowcount
    replaced = "SELECT FROM changed JOIN gazetteer.placement USING (project_id) LIMIT 1"
    if connection.execute(replaced).rowcount:
        connection.execute(_KEEP_BEFORE)
    if changed:
        connection.execute(_UPSERT)
    assign_regions(connection)
    connection.execute(_REGIONS_CHANGED)
    if connection.execute("SELECT FROM gone LIMIT 1").rowcount:
        connection.execute(_DELETE_REGIONS)
    if connection.execute("SELECT FROM added LIMIT 1").rowcount:
        connection.execute(_INSERT_REGIONS)
    if changed:
        connection.execute("ANALYZE gazetteer.placement, gazetteer.placement_region")
    return changed


def _row(placement: Placement) -> tuple[object, ...]:
    faults = json.dumps([{"name": f.name, "penalty": f.penalty} for f in placement.faults])
    match, reason = placement.match, placement.reason
    if match is None:
        said = (reason.fa, reason.en) if reason else (None, None)
        return (placement.project_id, *(None,) * 4, faults, None, *said, *(None,) * 3)
    return (
        placement.project_id,
        match.match_level.value,
        match.confidence,
        match.method,
        match.label,
        faults,
        match.uncertainty_m,
        None,
        None,
        placement.region_key,
        match.lon,
        match.lat,
    )
