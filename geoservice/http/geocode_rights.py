"""Whose data the geocoder's answers are made of."""

from __future__ import annotations

from geoservice.database.engine import AsyncConnection
from geoservice.geocode.geocodejson import Rights
from geoservice.http.context import Context
from geoservice.publish.attribution import attribution_of_tables

# What the gazetteer is made of.
_SOURCES = frozenset(
    f"source.{name}" for name in ("region", "region_set", "population", "place", "address")
)


async def rights(connection: AsyncConnection, context: Context) -> Rights:
    """The licence that is set, and the attribution of the layers that show the same data.

    It is looked up again only once something was committed, which all who wait ask together.
    """
    layers, fresh = context.catalog.layers.values(), context.warm.kept.fresh
    told = await fresh.remembered(
        ("attribution", *(layer.digest for layer in layers)),
        await fresh.now(),
        lambda: attribution_of_tables(connection, layers, _SOURCES),
    )
    return Rights(context.licence, told)
