"""What changed when: every write to a published table bumps its version in the same transaction.

The bump is a statement trigger (see the first migration), so SQL by someone else's hand counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from geoservice.database.engine import AsyncConnection


async def version_of(connection: AsyncConnection, tables: Sequence[str]) -> int:
    """The sum of the tables' versions: it grows with every change to any of them."""
    cursor = await connection.execute(
        "SELECT coalesce(sum(version), 0)::bigint FROM meta.version WHERE table_name = ANY(%s)",
        [list(tables)],
    )
    row = await cursor.fetchone()
    return int(row[0]) if row else 0
