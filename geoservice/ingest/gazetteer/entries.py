"""Drafts become rows of gazetteer.entry: labelled, compared, and only what differs written."""

from __future__ import annotations

from typing import Any

from geoservice.database.engine import Connection, identifier, statement

_COLUMNS = (
    *("match_level", "ref", "joined", "label", "key", "province", "county", "locality"),
    *("street", "population", "weight", "uncertainty_m", "geom"),
)
_KEY = ("match_level", "ref", "joined")

_FRESH = """
CREATE TEMP TABLE fresh ON COMMIT DROP AS
    SELECT DISTINCT ON (d.match_level, d.ref, d.joined) d.match_level, d.ref, d.joined,
        concat_ws('، ', d.name, street.label,
            CASE WHEN d.match_level IN ('street', 'neighbourhood') THEN locality.label END,
            CASE WHEN d.match_level <> 'province' THEN province.label END) AS label,
        d.key, d.province, d.county, d.locality, d.street, d.population, d.weight,
        d.uncertainty_m, d.geom
    FROM draft d
    LEFT JOIN name street ON street.kind = 'street' AND street.joined = d.street
    LEFT JOIN name locality ON locality.kind = 'place' AND locality.joined = d.locality
    LEFT JOIN name province ON province.kind = 'place' AND province.joined = d.province
    ORDER BY d.match_level, d.ref, d.joined, d.is_other, d.key
"""

_OF_ADDRESSES = "(match_level = 'postal_zone' OR starts_with(ref, 'address/'))"
AREAS = f"NOT {_OF_ADDRESSES}"
GROUPS = _OF_ADDRESSES
TOUCHED_GROUPS = "(match_level, ref) IN (SELECT match_level, ref FROM called)"

_PRESENT = """
CREATE TEMP TABLE present ON COMMIT DROP AS SELECT * FROM gazetteer.entry WHERE {scope}
"""

_DIFFERENCES = """
CREATE TEMP TABLE gone ON COMMIT DROP AS
    SELECT id FROM present e WHERE NOT EXISTS (
        SELECT FROM fresh f WHERE (f.match_level, f.ref, f.joined)
            = (e.match_level, e.ref, e.joined));
CREATE TEMP TABLE changed ON COMMIT DROP AS
    SELECT e.id, f.* FROM fresh f JOIN present e USING (match_level, ref, joined)
    WHERE ROW({ours}) IS DISTINCT FROM ROW({theirs});
CREATE TEMP TABLE added ON COMMIT DROP AS
    SELECT f.* FROM fresh f WHERE NOT EXISTS (
        SELECT FROM present e WHERE (f.match_level, f.ref, f.joined)
            = (e.match_level, e.ref, e.joined));
"""


def write_entries(connection: Connection, scope: str) -> int:
    """Bring the entries of `scope`, an SQL condition, to the drafts; returns rows written.

    An entry whose values change keeps its id. Each statement runs only where there is something to
    do: a write bumps versions.
    """
    connection.execute("DROP TABLE IF EXISTS pg_temp.fresh, pg_temp.present")
    connection.execute("DROP TABLE IF EXISTS pg_temp.gone, pg_temp.changed, pg_temp.added")
    connection.execute(_FRESH)
    connection.execute(statement(_PRESENT).format(scope=statement(scope)))
    connection.execute("ANALYZE fresh")
    connection.execute("ANALYZE present")
    values = [column for column in _COLUMNS if column not in _KEY]
    connection.execute(
        statement(_DIFFERENCES).format(ours=_list(values, "f"), theirs=_list(values, "e"))
    )
    if count(connection, "gone"):
        connection.execute("DELETE FROM gazetteer.entry WHERE id IN (SELECT id FROM gone)")
    changed, added = count(connection, "changed"), count(connection, "added")
    if changed:
        connection.execute(
            statement(
                "UPDATE gazetteer.entry e SET ({}) = ROW({}) FROM changed f WHERE f.id = e.id"
            ).format(_list(values), _list(values, "f"))
        )
    if added:
        insert = statement("INSERT INTO gazetteer.entry ({c}) SELECT {c} FROM added")
        connection.execute(insert.format(c=_list(_COLUMNS)))
    if changed + added:
        connection.execute("ANALYZE gazetteer.entry")  # whoever geocodes next plans with it
    return changed + added


def count(connection: Connection, table: str) -> int:
    """Rows of a temporary table."""
    query = statement("SELECT count(*) FROM {}").format(identifier("pg_temp", table))
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _list(columns: list[str] | tuple[str, ...], table: str | None = None) -> Any:
    names = (identifier(table, c) if table else identifier(c) for c in columns)
    return statement(", ").join(names)
