"""Which of the values that were given a rule of the table is about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection, Pool, transaction
from geoservice.errors import DatabaseConflict, DatabaseRejection
from geoservice.publish.edits.change import Change
from geoservice.publish.edits.values import shown

_COLUMNS = """
SELECT a.attname FROM pg_attribute a
WHERE a.attrelid = %(table)s::regclass AND a.attnum > 0 AND a.attnum = ANY (
    SELECT unnest(conkey) FROM pg_constraint WHERE conrelid = a.attrelid AND conname = %(rule)s
    UNION ALL
    SELECT unnest(indkey::int2[]) FROM pg_index JOIN pg_class c ON c.oid = indexrelid
    WHERE indrelid = a.attrelid AND c.relname = %(rule)s
) ORDER BY a.attnum
"""


@asynccontextmanager
async def changing(pool: Pool, layer: Layer, change: Change) -> AsyncIterator[AsyncConnection]:
    """A transaction that makes the change; a DatabaseConflict or DatabaseRejection of it names the
    attributes that contradict other rows or a rule, with their values.
    """
    try:
        async with transaction(pool) as connection:
            yield connection
    except (DatabaseConflict, DatabaseRejection) as error:
        if error.rule is None:
            raise
        async with transaction(pool) as connection:
            names = await _columns(connection, layer, error)
        about = ", ".join(_told(name, change) for name in names if name in layer.attributes)
        raise type(error)(f"{error}: {about}" if about else str(error)) from error


async def _columns(
    connection: AsyncConnection, layer: Layer, error: DatabaseConflict | DatabaseRejection
) -> list[str]:
    asked = {"table": layer.source.table, "rule": error.rule}
    return [row[0] for row in await (await connection.execute(_COLUMNS, asked)).fetchall()]


def _told(name: str, change: Change) -> str:
    path = f"properties.{shown(name)[1:-1]}"
    if name not in change.values:
        return path
    value = change.values[name]
    return f"{path} is {shown(value if isinstance(value, int | None) else str(value))}"
