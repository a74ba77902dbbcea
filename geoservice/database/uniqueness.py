"""Whether the database itself holds the feature ids of layers to be unique."""

from __future__ import annotations

import json
from collections.abc import Iterable

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.database.errors import translated

# An index on fewer columns proves those on more. One on a part of the rows, or on expressions,
# proves nothing; views and foreign tables can have none.
_UNPROVEN = """
SELECT given.layer
FROM jsonb_to_recordset(%s::jsonb) AS given (layer text, "table" text[], columns text[])
JOIN pg_namespace n ON n.nspname = given."table"[1]
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = given."table"[2]
WHERE c.relkind IN ('r', 'p', 'm') AND NOT EXISTS (
    SELECT FROM pg_index i
    WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid
    AND i.indpred IS NULL AND i.indexprs IS NULL
    AND given.columns @> (
        SELECT array_agg(a.attname::text) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum = ANY((i.indkey::int2[])[0:i.indnkeyatts - 1])
    )
)
"""


async def unproven(connection: AsyncConnection, layers: Iterable[Layer]) -> dict[str, str]:
    """What to do, by the layer's id, where rows of its table may share a feature id (with the
    dimensions) because no unique index forbids it.

    Reads no rows, however small the table. Nothing is said of queries, views and foreign tables.
    """
    of_tables = {layer.id: layer for layer in layers if layer.source.table is not None}
    given = [
        {"layer": id_, "table": (layer.source.table or "").split("."), "columns": _columns(layer)}
        for id_, layer in of_tables.items()
    ]
    with translated():
        rows = await (await connection.execute(_UNPROVEN, [json.dumps(given)])).fetchall()
    return {id_: _remark(of_tables[id_]) for (id_,) in sorted(rows)}


def _columns(layer: Layer) -> list[str]:
    return [layer.feature_id, *(name for name in layer.dimensions if name != layer.feature_id)]


def _remark(layer: Layer) -> str:
    table, columns = layer.source.table, ", ".join(_columns(layer))
    return (
        f"feature_id: no unique index of {table} holds «{columns}» to be unique; rows that share "
        "it have one address, and some are lost between pages: "
        f"CREATE UNIQUE INDEX ON {table} ({columns})"
    )
