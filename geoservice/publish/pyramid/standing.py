"""Whether what was made beforehand for a layer still holds, and where it does not."""

from __future__ import annotations

from dataclasses import dataclass

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.database.versions import version_of
from geoservice.model import Bounds
from geoservice.publish.sql import quoted

# Counted up where the way of making pyramids changes, so that older ones are made anew.
_MAKING = 1

_BUILT = "SELECT version, deepest FROM meta.pyramid WHERE layer = %s AND digest = %s"


@dataclass(frozen=True, slots=True)
class Pyramid:
    """A layer's `table` of ranked points, or of shapes generalised for zooms up to `deepest`.

    In the `touched` areas (EPSG:4326) it no longer holds.
    """

    table: str
    deepest: int
    touched: tuple[Bounds, ...] = ()


def digest(layer: Layer) -> str:
    """What a pyramid depends on besides the rows."""
    return f"{_MAKING} {layer.digest}"


def table_of(layer: Layer, suffix: str = "") -> str:
    """The table of the layer's pyramid."""
    return f"tile.{quoted(layer.id + suffix)}"


async def standing(connection: AsyncConnection, layer: Layer) -> Pyramid | None:
    """The layer's pyramid if one was made of its declaration as it is, and still holds."""
    found = await (await connection.execute(_BUILT, [layer.id, digest(layer)])).fetchone()
    if found is None or found[0] != await version_of(connection, layer.source.tables):
        return None
    return Pyramid(table_of(layer), int(found[1]))
