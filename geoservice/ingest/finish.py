"""What follows once the rows of a file are in: provinces and totals that they make."""

from __future__ import annotations

from collections.abc import Mapping

from geoservice.database.engine import Connection
from geoservice.ingest import region_sets
from geoservice.ingest.kind import Kind
from geoservice.ingest.load import Merged
from geoservice.ingest.totals import derive_totals

# A correction that says something else is another one, made when it came.
_MADE_NOW = """
UPDATE gazetteer.correction c SET made_at = now()
FROM fresh f WHERE f.address_key = c.address_key AND NOT f.is_new
"""

Provinces = dict[str, tuple[str | None, str | None]]


def finish(
    connection: Connection,
    kind: Kind,
    constants: Mapping[str, str],
    provinces: Provinces,
    merged: Merged,
) -> list[str]:
    """What follows from the rows that went in; notes of it."""
    if kind.id == "regions":
        return _finish_regions(connection, constants["region_set"], provinces, merged)
    if kind.id == "population":
        return derive_totals(connection)
    if kind.id == "corrections" and merged.updated:
        connection.execute(_MADE_NOW)
    return []


def _finish_regions(
    connection: Connection, region_set: str, provinces: Provinces, merged: Merged
) -> list[str]:
    if merged == Merged(0, 0, 0):  # not one region went in
        connection.execute(
            "DELETE FROM source.region_set s WHERE id = %s "
            "AND NOT EXISTS (SELECT FROM source.region r WHERE r.region_set = s.id)",
            [region_set],
        )
    if not provinces or not (merged.inserted or merged.updated):
        return []
    derived = region_sets.derive_provinces(connection, region_set, provinces)
    return [f"{derived} provinces were derived from their counties"] if derived else []
