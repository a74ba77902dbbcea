"""Whether what was made beforehand for a layer still holds, and where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.database.touched import snapshot_of, touched_since
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.sources import sources_of
from geoservice.publish.sql import quoted

# Counted up where the way of making pyramids changes, so that older ones are made anew.
_MAKING = 2

# Of more areas the rows would take longer to look up than to make the whole tile without.
_MOST_TOUCHED = 50

_BUILT = "SELECT mark, deepest, ranks FROM meta.pyramid WHERE layer = %s AND digest = %s"


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


async def last_record(connection: AsyncConnection, layer: Layer) -> Record | None:
    """That of the last one that was made of the declaration as it is; None without."""
    found = await (await connection.execute(_BUILT, [layer.id, digest(layer)])).fetchone()
    return None if found is None else Record(found[0], int(found[1]), tuple(found[2]))


# Of each connection, by the layer's digest: the snapshot of the last look, and what it found.
_SEEN: WeakKeyDictionary[AsyncConnection, dict[str, tuple[str, Pyramid | None]]]
_SEEN = WeakKeyDictionary()


async def last_standing(connection: AsyncConnection, layer: Layer) -> Pyramid | None:
    """As `standing`, without looking again while nothing at all was committed."""
    snapshot = await snapshot_of(connection)
    seen = _SEEN.setdefault(connection, {})
    known = seen.get(layer.digest)
    if known is None or known[0] != snapshot:
        known = seen[layer.digest] = (snapshot, await standing(connection, layer))
    return known[1]


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
