"""What changed when: every write to a published table bumps its version in the same transaction.

The bump is a statement trigger (`meta.bump_version`), so SQL by someone else's hand counts, COPY
and TRUNCATE too. `geoservice.database.tracking` puts it on tables that are not ours. A table
without it has no version, and nothing that is made from it may be remembered.
"""

from __future__ import annotations

from collections.abc import Sequence

from geoservice.database.engine import AsyncConnection, Connection

# Changes that a version has not counted yet lie beside it (migration 0006), so it is their sum.
_COUNTED = "(v.version + (SELECT count(*) FROM meta.change b WHERE b.table_name = v.table_name))"

_SUM = f"""
SELECT coalesce(sum{_COUNTED}, 0)::bigint FROM meta.version v WHERE table_name = ANY(%s)
"""  # noqa: S608  (made of constants)

# The relations that the tables stand for: themselves, and their partitions and heirs, which can
# be written to directly. Subqueries, so that every step is an index probe. Not tracked is a table
# that is missing, of a kind whose changes no trigger sees (view, foreign table), without the
# trigger, with it disabled, or fed by logical replication, which fires no statement triggers.
# `noted` is one whose writes leave the areas that they touch (migration 0007).
STATE = f"""
WITH RECURSIVE read (name, relid) AS (
    SELECT name, (
        SELECT c.oid FROM pg_class c WHERE c.relname = split_part(name, '.', 2)
        AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = split_part(name, '.', 1))
    ) FROM unnest((SELECT %(tables)s::text[])) AS given (name)
    UNION
    SELECT read.name, i.inhrelid FROM read JOIN pg_inherits i ON i.inhparent = read.relid
), state AS (
    SELECT read.name, read.relid, c.relkind, c.relfilenode, {_COUNTED} AS version,
           g.xmin AS trigger_xmin, n.nspname, c.relname, c.xmin AS class_xmin, disabled,
           noted_by, noting IS NOT DISTINCT FROM 4 AS noted,
           c.relkind IN ('r', 'p') AND v.version IS NOT NULL
               AND g.tgenabled IS NOT NULL AND g.tgenabled IN ('O', 'A')
               AND NOT EXISTS (SELECT FROM pg_subscription_rel s WHERE s.srrelid = read.relid)
               AS tracked
    FROM read
    LEFT JOIN pg_class c ON c.oid = read.relid
    LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN meta.version v ON v.table_name = n.nspname || '.' || c.relname
    LEFT JOIN pg_trigger g ON g.tgrelid = read.relid AND g.tgname = 'bump_version'
        AND g.tgfoid = 'meta.bump_version()'::regprocedure
    LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE tgname <> 'bump_version' AND tgenabled IN ('O', 'A')),
               string_agg(xmin::text, ' ' ORDER BY tgname),
               min(tgname) FILTER (WHERE tgenabled NOT IN ('O', 'A'))
        FROM pg_trigger WHERE tgrelid = read.relid AND tgfoid IN (
            'meta.bump_version()'::regprocedure, to_regprocedure('meta.note_touched()'))
    ) AS beside (noting, noted_by, disabled) ON true
)
"""  # noqa: S608  (made of constants)

# What is hashed besides the versions: which tables bear the names (somebody may rename them or
# make them anew), rewrites of their rows (ALTER TABLE), and times with the trigger disabled.
# The names come through a subquery, so that one plan is made for any number of them and kept.
# The first query, of plain tables alone, costs hardly more than to read the versions; it says
# whether there are partitions or heirs, for which the second is needed.
_PLAIN = f"""
SELECT bool_or(c.relhassubclass), CASE WHEN bool_and(coalesce(
        c.relkind IN ('r', 'p') AND v.version IS NOT NULL AND g.tgenabled IN ('O', 'A')
        AND NOT EXISTS (SELECT FROM pg_subscription_rel s WHERE s.srrelid = c.oid), false)) THEN
    hashtextextended(string_agg(concat_ws(':', name, c.oid, c.relfilenode, g.xmin, {_COUNTED}),
                     ',' ORDER BY name), 0) & 9223372036854775807
END
FROM unnest((SELECT %(tables)s::text[])) AS given (name)
LEFT JOIN LATERAL (SELECT to_regclass(name)::oid AS oid OFFSET 0) AS named ON true
LEFT JOIN pg_class c ON c.oid = named.oid
LEFT JOIN meta.version v ON v.table_name = name
LEFT JOIN pg_trigger g ON g.tgrelid = named.oid AND g.tgname = 'bump_version'
    AND g.tgfoid = 'meta.bump_version()'::regprocedure
"""  # noqa: S608  (made of constants)

_WITH_HEIRS = f"""{STATE}
SELECT CASE WHEN bool_and(coalesce(tracked, false)) THEN
    hashtextextended(string_agg(concat_ws(':', name, relid, relfilenode, trigger_xmin, version),
                     ',' ORDER BY name, relid), 0) & 9223372036854775807
END FROM state
"""  # noqa: S608  (made of constants)


async def version_of(connection: AsyncConnection, tables: Sequence[str]) -> int | None:
    """What stands for the state of the tables: another number after every change to any of them.

    None if a change to one of them would go unseen: then nothing may be remembered. Read it before
    the data, so that what is kept under it is never older than it.
    """
    parameters = {"tables": list(tables)}
    row = await (await connection.execute(_PLAIN, parameters)).fetchone()
    heirs, version = row or (None, None)
    if heirs:
        row = await (await connection.execute(_WITH_HEIRS, parameters)).fetchone()
        version = row[0] if row else None
    return None if version is None else int(version)


def inputs_of(connection: Connection, tables: Sequence[str]) -> int:
    """The sum of the versions of tables of ours, for a stage to remember what it worked from.

    Read it before the work.
    """
    row = connection.execute(_SUM, [list(tables)]).fetchone()
    return int(row[0]) if row else 0


def is_up_to_date(connection: Connection, stage: str, tables: Sequence[str]) -> bool:
    """Whether none of the tables changed since `stage` worked from them."""
    row = connection.execute("SELECT inputs FROM meta.stage WHERE name = %s", [stage]).fetchone()
    return row is not None and row[0] == inputs_of(connection, tables)


def remember(connection: Connection, stage: str, inputs: int) -> None:
    """Note that `stage` has worked from `inputs`, in the transaction of that work."""
    connection.execute(
        "INSERT INTO meta.stage (name, inputs) VALUES (%s, %s) "
        "ON CONFLICT (name) DO UPDATE SET inputs = excluded.inputs, finished_at = now()",
        [stage, inputs],
    )
