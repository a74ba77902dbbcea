"""Whether what was made beforehand for a layer still holds, and where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.database.touched import touched_since
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.sources import sources_of
from geoservice.publish.sql import quoted

# Counted up where the way of making pyramids changes, so that older ones are made anew.
_MAKING = 4

# Of more areas the rows would take longer to look up than to make the whole tile without.
_MOST_TOUCHED = 50

_BUILT = "SELECT mark, deepest, ranks FROM meta.pyramid WHERE layer = %s AND digest = %s"

_REMARKS = """
SELECT layer, obj_description(to_regclass(format('tile.%%I', layer)), 'pg_class')
FROM meta.pyramid WHERE layer = ANY(%s) ORDER BY layer
"""


def digest(layer: Layer) -> str:
    """What a pyramid depends on besides the rows."""
    return f"{_MAKING} {layer.digest}"


def table_of(layer: Layer) -> str:
    """The table of the layer's pyramid."""
    return f"tile.{quoted(layer.id)}"


@dataclass(frozen=True, slots=True)
class Record:
    """What is noted of a layer's pyramid: the `mark` that it was made at, and `Pyramid`'s."""

    mark: str
    deepest: int
    ranks: tuple[int, ...]


async def locked(connection: AsyncConnection, layer_id: str) -> bool:
    """Have the layer's pyramid alone until the transaction ends; False if somebody else has it."""
    cursor = await connection.execute(
        "SELECT pg_try_advisory_xact_lock(hashtext('geoservice pyramid'), hashtext(%s))", [layer_id]
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


async def remarks(connection: AsyncConnection, layer_ids: Sequence[str]) -> dict[str, str]:
    """What could not be made of the pyramids of these layers, by the layer's id."""
    found = await (await connection.execute(_REMARKS, [list(layer_ids)])).fetchall()
    return {layer_id: remark for layer_id, remark in found if remark is not None}


async def last_record(connection: AsyncConnection, layer: Layer) -> Record | None:
    """That of the last one that was made of the declaration as it is; None without."""
    found = await (await connection.execute(_BUILT, [layer.id, digest(layer)])).fetchone()
    return None if found is None else Record(found[0], int(found[1]), tuple(found[2]))


async def standing(connection: AsyncConnection, layer: Layer) -> Pyramid | None:
    """The layer's pyramid if one was made of its declaration as it is, and still holds at least in
    parts.

    A write to its own table is told by the area; one to another, of which a row can show anywhere,
    ends the pyramid.
    """
    record = await last_record(connection, layer)
    if record is None:
        return None
    sources = sources_of([layer])
    touched = await touched_since(connection, sources.near, record.mark, sources.wholly)
    if touched.everywhere or len(touched.boxes) > _MOST_TOUCHED:
        return None
    return Pyramid(table_of(layer), record.deepest, touched.boxes, record.ranks)
