"""Gives any table a version: a row in `meta.version`, and the trigger that bumps it.

And the triggers that note which area each write touched (`geoservice.database.touched`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from geoservice.database.engine import AsyncConnection, Connection
from geoservice.database.errors import translated
from geoservice.database.versions import STATE

_UNTRACKED = f"""{STATE}
SELECT name, nspname, relname, relkind, disabled,
       EXISTS (SELECT FROM pg_subscription_rel s WHERE s.srrelid = relid)
FROM state WHERE (tracked AND noted) IS NOT TRUE ORDER BY name, relid
"""  # noqa: S608  (made of constants)

# Whatever may decide how a layer and its tables stand to each other.
_STANDING = f"""{STATE}
SELECT coalesce(hashtextextended(string_agg(concat_ws(' ', name, relid, relkind, tracked, noted,
    has_schema_privilege(nspname, 'USAGE'), has_table_privilege(relid, 'SELECT'),
    has_table_privilege(relid, 'TRIGGER'), (
        SELECT string_agg(concat_ws(' ', attname, atttypid, atttypmod), ',' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = relid AND attnum > 0 AND NOT attisdropped
    )), ';' ORDER BY name, relid), 0), 0)
FROM state
"""  # noqa: S608  (made of constants)

# From the clock, so that a table made anew never repeats the versions of the one before.
_SEED = """
INSERT INTO meta.version (table_name, version)
VALUES (%s, extract(epoch FROM clock_timestamp()) * 1000)
ON CONFLICT (table_name) DO UPDATE
SET version = greatest(meta.version.version + 1, excluded.version), changed_at = now()
"""

# A trigger that is shown the rows takes one kind of event.
_TRIGGERS = {
    "bump_version": (
        "AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {} "
        "FOR EACH STATEMENT EXECUTE FUNCTION meta.bump_version()"
    ),
    "touch_inserted": (
        "AFTER INSERT ON {} REFERENCING NEW TABLE AS rows_after "
        "FOR EACH STATEMENT EXECUTE FUNCTION meta.note_touched()"
    ),
    "touch_updated": (
        "AFTER UPDATE ON {} REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after "
        "FOR EACH STATEMENT EXECUTE FUNCTION meta.note_touched()"
    ),
    "touch_deleted": (
        "AFTER DELETE ON {} REFERENCING OLD TABLE AS rows_before "
        "FOR EACH STATEMENT EXECUTE FUNCTION meta.note_touched()"
    ),
    "touch_truncated": (
        "AFTER TRUNCATE ON {} FOR EACH STATEMENT EXECUTE FUNCTION meta.note_touched()"
    ),
}

_KINDS = {
    "v": "is a view: declare it as a `sql` source that names the tables it reads",
    "m": "is a materialized view, of which no trigger sees the refresh",
    "f": "is a foreign table, of which no trigger sees the far writes",
}


@dataclass(slots=True)
class Untracked:
    """Why tables have no version, by name; `busy` if a later try may give them one."""

    reasons: dict[str, str] = field(default_factory=dict)
    busy: bool = False


def track(connection: Connection, tables: Sequence[str]) -> Untracked:
    """See to it that every write to the tables bumps a version; tells which it cannot be done for.

    Needs the right TRIGGER on a table, no ownership; does nothing where all is done already. Waits
    for a table that somebody writes to for a tenth of a second.
    """
    untracked = Untracked()
    with translated():
        if not _rows(connection, tables):
            return untracked
        # Several processes do this when they start: one after the other.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('geoservice tracks tables'))")
        for name, schema, table, kind, disabled, subscribed in _rows(connection, tables):
            reason = _obstacle(table, kind, disabled, subscribed)
            if reason is None:
                try:
                    _track(connection, schema, table)
                except psycopg.errors.LockNotAvailable:
                    untracked.busy = True
                    reason = "is being written to; it is tried again"
                except psycopg.errors.InsufficientPrivilege:
                    reason = f"gives no right to put a trigger on it: GRANT TRIGGER ON {name}"
                except psycopg.Error as error:
                    if connection.closed:
                        raise
                    reason = f"took no trigger: {error.diag.message_primary}"
            if reason is not None:
                part = "" if f"{schema}.{table}" == name or table is None else f" ({table})"
                untracked.reasons[name] = f"{name}{part} {reason}"
    return untracked


def untracked(connection: Connection, tables: Sequence[str]) -> dict[str, str]:
    """Why tables have no version, by name; does nothing about it."""
    with translated():
        rows = _rows(connection, tables)
    unseen = "has no version yet: run geoservice migrate, or serve"
    return {
        name: f"{name} {_obstacle(table, kind, disabled, subscribed) or unseen}"
        for name, _, table, kind, disabled, subscribed in rows
    }


async def standing(connection: AsyncConnection, tables: Sequence[str]) -> int:
    """A number that changes with the columns, rights and triggers of the tables; not with rows."""
    with translated():
        cursor = await connection.execute(_STANDING, {"tables": list(tables)})
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


def relations_of(connection: Connection, tables: Sequence[str]) -> set[str]:
    """What the tables consist of: themselves, their partitions and heirs, each as schema.table."""
    return {f"{row[0]}.{row[1]}" for row in _state(connection, tables)}


def has_untrackable(connection: Connection, tables: Sequence[str]) -> bool:
    """Whether one of them is of a kind whose changes no trigger sees, such as a view."""
    return any(row[2] not in ("r", "p") for row in _state(connection, tables))


def _state(connection: Connection, tables: Sequence[str]) -> list[tuple[str, str, str]]:
    with translated():
        return connection.execute(
            f"{STATE} SELECT nspname, relname, relkind FROM state WHERE relid IS NOT NULL",  # noqa: S608
            {"tables": list(tables)},
        ).fetchall()


def _rows(
    connection: Connection, tables: Sequence[str]
) -> list[tuple[str, str, str | None, str | None, str | None, bool]]:
    return connection.execute(_UNTRACKED, {"tables": list(tables)}).fetchall()


def _obstacle(
    table: str | None, kind: str | None, disabled: str | None, subscribed: bool
) -> str | None:
    """Why a relation cannot be tracked at all; None if it can be tried."""
    if table is None or kind is None:
        return "is not there"
    if kind not in ("r", "p"):
        return _KINDS.get(kind, "is not a table")
    if subscribed:
        return "is fed by logical replication, which fires no trigger"
    if disabled is not None:
        return f"has its trigger {disabled} disabled"
    return None


def _track(connection: Connection, schema: str, table: str | None) -> None:
    target = sql.Identifier(schema, table or "")
    with connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '100ms'")
        there = connection.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgfoid IN "
            "('meta.bump_version()'::regprocedure, 'meta.note_touched()'::regprocedure)",
            [target.as_string(connection)],
        ).fetchall()
        # Their lock makes writers wait until the row is there.
        for name in _TRIGGERS.keys() - {row[0] for row in there}:
            made = sql.SQL(f"CREATE TRIGGER {name} {_TRIGGERS[name]}")
            connection.execute(made.format(target))
        connection.execute(_SEED, [f"{schema}.{table}"])
