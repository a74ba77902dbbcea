"""Brings pyramids up to date: those that are wanting or old are made, those of no layer dropped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection, acquire, open_pool
from geoservice.database.touched import mark_of
from geoservice.publish.pyramid.build import Built, build, has_pyramid
from geoservice.publish.pyramid.standing import locked, standing
from geoservice.publish.sources import sources_of
from geoservice.publish.sql import quoted

_TIMEOUT_MS = 6 * 3_600_000

Told = Callable[[Layer, Built | str], None]


async def prepare(url: str, layers: Iterable[Layer], told: Told = lambda layer, made: None) -> None:
    """Make the pyramids of these layers that are wanting or old.

    `told` is called with each layer and what was made, or with why nothing was.
    """
    async with (
        open_pool(url, max_size=1, writing=True, statement_timeout_ms=_TIMEOUT_MS) as pool,
        acquire(pool) as connection,
    ):
        for layer in layers:
            told(layer, await _prepared(connection, layer))


async def _prepared(connection: AsyncConnection, layer: Layer) -> Built | str:
    if not has_pyramid(layer):
        return "shows at one zoom, or has shapes of several kinds"
    pyramid = await standing(connection, layer)
    if pyramid is not None and not pyramid.touched:
        return "nothing has changed since it was made"
    built = await build(connection, layer)
    if built is not None:
        return built
    if await mark_of(connection, sources_of([layer]).all) is not None:
        return "another is making it now"
    return (
        "changes to a table of its cannot be seen (a view, a foreign table, or one without the "
        "right TRIGGER; `geoservice check` names it)"
    )


async def drop_all_but(url: str, declared: Collection[str]) -> list[str]:
    """Drop the pyramids of all layers but these; tells of which."""
    async with open_pool(url, max_size=1, writing=True) as pool, acquire(pool) as connection:
        found = await (await connection.execute("SELECT layer FROM meta.pyramid")).fetchall()
        gone = sorted(layer_id for (layer_id,) in found if layer_id not in declared)
        return [layer_id for layer_id in gone if await drop(connection, layer_id)]


async def drop(connection: AsyncConnection, layer_id: str) -> bool:
    """Drop a layer's pyramid; False if there is none, or somebody is making it.

    Only what is noted as one: another table that lies in the schema is nobody's but its owner's.
    """
    async with connection.transaction():
        if not await locked(connection, layer_id):
            return False
        noted = await connection.execute("DELETE FROM meta.pyramid WHERE layer = %s", [layer_id])
        if not noted.rowcount:
            return False
        await connection.execute(f"DROP TABLE IF EXISTS tile.{quoted(layer_id)}".encode())
    return True
