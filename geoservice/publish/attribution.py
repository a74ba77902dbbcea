"""Whom answers have to name that no layer gives: those whose data they are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection

_BETWEEN = " · "


async def attribution_of(connection: AsyncConnection, layer: Layer) -> str | None:
    """What a layer's declaration says of its sources, as the database has it now."""
    if layer.attribution is None:
        return None
    row = await (await connection.execute(f"SELECT ({layer.attribution})".encode())).fetchone()
    return row[0] or None if row else None


async def attribution_of_tables(
    connection: AsyncConnection, layers: Iterable[Layer], tables: Collection[str]
) -> str | None:
    """What those layers that are made of these tables alone say, apart by a dot, each once."""
    made = [x for x in layers if x.attribution and set(x.source.tables).issubset(tables)]
    told = [await attribution_of(connection, layer) for layer in made]
    pieces = (piece for each in told if each for piece in each.split(_BETWEEN))
    return _BETWEEN.join(dict.fromkeys(pieces)) or None
