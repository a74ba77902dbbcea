"""Makes changes: each in one transaction, with the row locked before its condition is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection, Pool, transaction
from geoservice.errors import Conflict, InvalidContent, NotFound
from geoservice.publish.edits.change import Change, Condition
from geoservice.publish.edits.explained import changing
from geoservice.publish.edits.statements import insertion, locked, modification, removal
from geoservice.publish.edits.values import shown
from geoservice.publish.query import Query
from geoservice.publish.rows import looked_up, run
from geoservice.publish.selection import Value
from geoservice.publish.strict_json import read_json

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The id of a feature, as a text, and the hash of its row."""

    feature_id: str
    row_hash: str


async def create(pool: Pool, layer: Layer, change: Change) -> Written:
    """Add a feature; DatabaseConflict if its id is taken."""
    async with changing(pool, layer, change) as connection:
        row = await _row(connection, insertion(layer, change))
    return Written(str(row[0]), str(row[1]))


async def alter(
    pool: Pool, layer: Layer, feature_id: Value, change: Change, condition: Condition
) -> Written:
    """Change a feature; NotFound, PreconditionFailed, or InvalidContent if a value is fixed."""
    async with changing(pool, layer, change) as connection:
        row_hash, fixed = await _lock(connection, layer, feature_id, condition)
        faults = [
            f"properties.{name}: is {shown(value)}, but it is read only: {shown(fixed[name])}"
            for name, value in change.fixed.items()
            if fixed[name] != value
        ]
        if faults:
            raise InvalidContent(faults)
        query = modification(layer, feature_id, change)
        if query is not None:
            row_hash = str((await _row(connection, query))[0])
    return Written(str(feature_id), row_hash)


async def remove(pool: Pool, layer: Layer, feature_id: Value, condition: Condition) -> None:
    """Delete a feature; NotFound or PreconditionFailed."""
    query = removal(layer, feature_id)
    async with transaction(pool) as connection:
        await _lock(connection, layer, feature_id, condition)
        await run(connection, query)


async def _lock(
    connection: AsyncConnection, layer: Layer, feature_id: Value, condition: Condition
) -> tuple[str, Mapping[str, Any]]:
    rows = await looked_up(connection, locked(layer, feature_id))
    if not rows:
        raise NotFound(f"«{layer.id}» has no feature «{feature_id}»")
    if len(rows) > 1:
        raise Conflict(f"«{layer.id}» has {len(rows)} features «{feature_id}»")
    row_hash, fixed = map(str, rows[0])
    condition.check(row_hash)
    return row_hash, read_json(fixed.encode(), exact=True)


async def _row(connection: AsyncConnection, query: Query) -> Row:
    row = await (await run(connection, query)).fetchone()
    if row is None:
        raise Conflict("a rule of the table kept the change out")
    return row
