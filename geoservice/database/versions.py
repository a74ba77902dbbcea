"""What changed when: every write to a published table bumps its version in the same transaction.

The bump is a statement trigger (migration 0003), so SQL by someone else's hand counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from geoservice.database.engine import AsyncConnection, Connection

_SUM = "SELECT coalesce(sum(version), 0)::bigint FROM meta.version WHERE table_name = ANY(%s)"


async def version_of(connection: AsyncConnection, tables: Sequence[str]) -> int:
    """The sum of the tables' versions: it grows with every change to any of them."""
    cursor = await connection.execute(_SUM, [list(tables)])
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


def inputs_of(connection: Connection, tables: Sequence[str]) -> int:
    """The same sum, for a stage to remember what it worked from; read it before the work."""
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
