"""The version of layers, asked for again only once something was committed."""

from __future__ import annotations

from collections.abc import Sequence

from geoservice.catalog.layer import Layer
from geoservice.database.engine import acquire
from geoservice.database.versions import version_of
from geoservice.http.context import Context


async def version_of_layers(context: Context, layers: Sequence[Layer]) -> int | None:
    """The version of the tables of these layers; None where a change to one could go unseen."""
    fresh = context.warm.kept.fresh
    tables = tuple(dict.fromkeys(name for layer in layers for name in layer.source.tables))

    async def ask() -> int | None:
        async with acquire(context.pool) as connection:
            return await version_of(connection, tables)

    return await fresh.remembered(("version", tables), await fresh.now(), ask)
