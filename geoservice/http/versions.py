"""The version of layers, asked for again only once something was committed."""

from __future__ import annotations

from collections.abc import Sequence

from geoservice.catalog.layer import Layer
from geoservice.database.engine import acquire
from geoservice.database.versions import version_of
from geoservice.http.context import Context
from geoservice.http.kept import key_of
from geoservice.publish.pyramid.standing import last_record
from geoservice.publish.sources import sources_of


async def version_of_layers(context: Context, layers: Sequence[Layer]) -> int | None:
    """The version of the tables of these layers; None where a change to one could go unseen."""
    fresh = context.warm.kept.fresh
    tables = sources_of(layers).all

    async def ask() -> int | None:
        async with acquire(context.pool) as connection:
            return await version_of(connection, tables)

    return await fresh.remembered(("version", tables), await fresh.now(), ask)


async def version_of_tiles(context: Context, layers: Sequence[Layer]) -> str | None:
    """The same of their tiles as they are declared, which are also made of pyramids."""
    fresh = context.warm.kept.fresh
    declared = tuple(layer.digest for layer in layers)

    async def ask() -> str | None:
        async with acquire(context.pool) as connection:
            version = await version_of(connection, sources_of(layers).all)
            made = [await last_record(connection, layer) for layer in layers]
        return None if version is None else key_of(version, made)

    return await fresh.remembered(("tiles", declared), await fresh.now(), ask)
