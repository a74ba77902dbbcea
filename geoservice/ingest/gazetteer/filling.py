"""Filling an empty table: its indexes are made afterwards, which is far less work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from geoservice.database.engine import Connection, identifier, statement

_INDEXES = """
SELECT n.nspname, c.relname, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indrelid = %s::regclass AND NOT i.indisunique
"""


@contextmanager
def filling(connection: Connection, table: str) -> Iterator[bool]:
    """Whether the table (schema.name) is empty; if so it goes without indexes for the block.

    Nobody misses them then; unique ones stay.
    """
    name = identifier(*table.split("."))
    if connection.execute(statement("SELECT FROM {} LIMIT 1").format(name)).rowcount:
        yield False
        return
    found = connection.execute(_INDEXES, [table]).fetchall()
    for schema, index, _ in found:
        connection.execute(statement("DROP INDEX {}").format(identifier(schema, index)))
    yield True
    for _, _, definition in found:
        connection.execute(definition.encode())
