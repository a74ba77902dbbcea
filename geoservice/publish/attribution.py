"""Whom answers have to name that no layer gives: those whose data they are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.database.versions import version_of

_BETWEEN = " · "


async def attribution_of(connection: AsyncConnection, layer: Layer) -> str | None:
    """What a layer's declaration says of its sources, as the database has it now."""
    if layer.attribution is None:
        return None
    row = await (await connection.execute(f"SELECT ({layer.attribution})".encode())).fetchone()
    return row[0] or None if row else None


class Attributions:
    """The attributions that one process has read, for as long as the tables' version stands."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], tuple[int, str | None]] = {}

    async def of_tables(
        self, connection: AsyncConnection, layers: Iterable[Layer], tables: Collection[str]
    ) -> str | None:
        """What those layers that are made of these tables alone say, apart by a dot, each once."""
        made = [x for x in layers if x.attribution and set(x.source.tables).issubset(tables)]
        read = sorted({table for layer in made for table in layer.source.tables})
        if not read:
            return None
        version = await version_of(connection, read)
        key = tuple(layer.digest for layer in made)
        known = self._known.get(key)
        if known and version is not None and known[0] == version:
            return known[1]
        told = [await attribution_of(connection, layer) for layer in made]
        pieces = (piece for each in told if each for piece in each.split(_BETWEEN))
        joined = _BETWEEN.join(dict.fromkeys(pieces)) or None
        self._known = {} if version is None else {key: (version, joined)}
        return joined
