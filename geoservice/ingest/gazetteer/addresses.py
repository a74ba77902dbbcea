"""Rows of gazetteer.address: each address with a point, in the finest entry that it lies in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geoservice.database.engine import Connection, identifier, statement
from geoservice.ingest.gazetteer.differences import ALL, DIFFERING
from geoservice.ingest.gazetteer.entries import count
from geoservice.ingest.gazetteer.filling import filling
from geoservice.persian.building import building_key
from geoservice.persian.plaque import leading_number, number_key

_BATCH = 10_000

_TOLD = """
CREATE TEMP TABLE told (kind text, written text, key text, number integer) ON COMMIT DROP
"""

_WRITTEN = """
SELECT 'plaque', plaque FROM ({source}) s WHERE plaque IS NOT NULL GROUP BY plaque
UNION ALL SELECT 'unit', unit FROM ({source}) s WHERE unit IS NOT NULL GROUP BY unit
UNION ALL SELECT 'building', building FROM ({source}) s WHERE building IS NOT NULL GROUP BY building
"""

# The finest of the groups that a combination of names is in.
_PLACED = """
CREATE TEMP TABLE placed ON COMMIT DROP AS
    SELECT combined, s.province, s.county, s.locality, s.neighbourhood, s.street, s.alley,
        coalesce(alley.entry, street.entry, neighbourhood.entry, locality.entry, zone.entry, 0)
            AS entry
    FROM shift s
    LEFT JOIN settled alley ON (alley.level, alley.province, alley.county, alley.locality,
        alley.above, alley.own) = ('alley', province_name, county_name, locality_name, street_name,
        alley_name)
    LEFT JOIN settled street ON (street.level, street.province, street.county, street.locality,
        street.own) = ('street', province_name, county_name, locality_name, street_name)
    LEFT JOIN settled neighbourhood ON (neighbourhood.level, neighbourhood.province,
        neighbourhood.county, neighbourhood.locality, neighbourhood.own)
        = ('neighbourhood', province_name, county_name, locality_name, neighbourhood_name)
    LEFT JOIN settled locality ON (locality.level, locality.province, locality.county, locality.own)
        = ('locality', province_name, county_name, locality_name)
    LEFT JOIN settled zone ON (zone.level, zone.province, zone.own)
        = ('postal_zone', province_name, s.zone)
    WHERE s.sign = 1
"""

_COLUMNS = (
    *("entry", "plaque", "plaque_key", "unit", "building", "digest"),
    *("province", "county", "locality", "neighbourhood", "street", "alley", "geom"),
)

_ROWS = """
SELECT s.postal_code, p.entry, plaque.number AS plaque, plaque.key AS plaque_key, unit.key AS unit,
    building.key AS building, s.digest, p.province, p.county, p.locality, p.neighbourhood,
    p.street, p.alley, s.geom
FROM ({source}) s
JOIN placed p USING (combined)
LEFT JOIN told plaque ON plaque.kind = 'plaque' AND plaque.written = s.plaque
LEFT JOIN told unit ON unit.kind = 'unit' AND unit.written = s.unit
LEFT JOIN told building ON building.kind = 'building' AND building.written = s.building
"""

_WRITTEN_ANEW = """
CREATE TEMP TABLE written ON COMMIT DROP AS
    SELECT n.* FROM ({rows}) n LEFT JOIN gazetteer.address o USING (postal_code)
    WHERE o.postal_code IS NULL OR ROW({new}) IS DISTINCT FROM ROW({old})
"""

_GONE = """
DELETE FROM gazetteer.address a USING differing d
WHERE d.postal_code = a.postal_code AND NOT d.here
"""
_LOST = """
DELETE FROM gazetteer.address a WHERE NOT EXISTS (
    SELECT FROM source.address s WHERE s.postal_code = a.postal_code AND s.geom IS NOT NULL)
"""

# Addresses that did not change, in a locality that became a place, or is none any more.
_RESETTLED = """
UPDATE gazetteer.address a SET entry = g.entry FROM settled g, gazetteer.spelling locality
WHERE g.level = 'locality' AND g.old <> g.entry AND a.entry = g.old
    AND locality.id = a.locality AND locality.name = g.locality
    AND coalesce((SELECT name FROM gazetteer.spelling WHERE id = a.province), 0) = g.province
    AND coalesce((SELECT name FROM gazetteer.spelling WHERE id = a.county), 0) = g.county
"""


def write_addresses(connection: Connection, *, anew: bool) -> None:
    """Bring gazetteer.address to what arrived and left; only rows that differ are written."""
    source = statement(ALL if anew else DIFFERING)
    _tell_numbers(connection, source)
    connection.execute(_PLACED)
    connection.execute("ANALYZE placed")
    rows = statement(_ROWS).format(source=source)
    columns = _list(("postal_code", *_COLUMNS))
    with filling(connection, "gazetteer.address") as is_empty:
        if is_empty:
            connection.execute(
                statement("INSERT INTO gazetteer.address ({c}) SELECT {c} FROM ({rows}) n").format(
                    c=columns, rows=rows
                )
            )
    if is_empty:
        connection.execute("ANALYZE gazetteer.address")
        return
    _remove(connection, anew=anew)
    connection.execute(
        statement(_WRITTEN_ANEW).format(
            rows=rows, new=_list(_COLUMNS, "n"), old=_list(_COLUMNS, "o")
        )
    )
    if count(connection, "written"):
        settings = statement(", ").join(
            statement("{0} = excluded.{0}").format(identifier(c)) for c in _COLUMNS
        )
        connection.execute(
            statement(
                "INSERT INTO gazetteer.address ({c}) SELECT {c} FROM written "
                "ON CONFLICT (postal_code) DO UPDATE SET {settings}"
            ).format(c=columns, settings=settings)
        )


def _remove(connection: Connection, *, anew: bool) -> None:
    """Rows that are gone, and the entries of unchanged rows whose locality became another's."""
    if anew:
        connection.execute(_LOST)
        return
    if connection.execute("SELECT FROM differing WHERE NOT here LIMIT 1").rowcount:
        connection.execute(_GONE)
    moved = "SELECT FROM settled WHERE level = 'locality' AND old <> entry LIMIT 1"
    if connection.execute(moved).rowcount:
        connection.execute(_RESETTLED)


def _tell_numbers(connection: Connection, source: Any) -> None:
    """Make `told`: plaques, units and buildings as written, with their keys."""
    connection.execute(_TOLD)
    with connection.cursor(name="numbers") as written, connection.cursor() as cursor:
        written.itersize = _BATCH
        written.execute(statement(_WRITTEN).format(source=source))
        while batch := written.fetchmany(_BATCH):
            with cursor.copy("COPY told FROM STDIN") as copy:
                for row in _keyed(batch):
                    copy.write_row(row)
    connection.execute("ANALYZE told")


def _keyed(batch: list[tuple[str, str]]) -> Iterator[tuple[str, str, str | None, int | None]]:
    for kind, written in batch:
        key = building_key(written) if kind == "building" else number_key(written)
        yield kind, written, key or None, leading_number(key) if kind == "plaque" else None


def _list(columns: tuple[str, ...], table: str | None = None) -> Any:
    names = (identifier(table, c) if table else identifier(c) for c in columns)
    return statement(", ").join(names)
