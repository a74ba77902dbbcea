"""Layer × tile → SQL text and its parameters. Pure: it opens no connection."""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

from collections.abc import Collection

from geoservice.catalog.layer import Attribute, Layer
from geoservice.publish.conditions import conditions
from geoservice.publish.grid import EXTENT, Tile
from geoservice.publish.near import near
from geoservice.publish.query import Query
from geoservice.publish.selection import Selection
from geoservice.publish.sql import Params, finite, quoted, relation, where
from geoservice.publish.tile_frame import envelope, projected


def tile_query(
    layer: Layer, selection: Selection, tile: Tile, attributes: Collection[str] | None = None
) -> Query:
    """One Mapbox Vector Tile (bytea), its layer named as ours; empty if nothing lies there.

    `attributes`: which of those it carries at its zoom, all without.
    """
    params = Params()
    buffer = layer.tiles.buffer
    met = [near(layer, tile.box(buffer), 4326, params), *conditions(layer, selection, params)]
    columns = [
        f"{_tile_value(name, attribute)} AS {quoted(name)}"
        for name, attribute in layer.attributes.items()
        if attribute.in_tiles(tile.zoom) and (attributes is None or name in attributes)
    ]
    shape = f"{projected(layer, tile)}, {envelope(tile, params)}, {EXTENT}, {buffer}, true"
    columns.append(f"ST_AsMVTGeom({shape}) AS {quoted(layer.geometry.column)}")
    # ST_AsMVT leaves out rows whose geometry vanished; a condition would clip each one twice.
    text = f"""
SELECT ST_AsMVT(t, '{layer.id}', {EXTENT}, {params.add(layer.geometry.column, "text")})
FROM (
    SELECT {", ".join(columns)}
    FROM {relation(layer)}{where(met)}
) t"""
    return Query(text, params.values)


def _tile_value(name: str, attribute: Attribute) -> str:
    """The column as one of the types that a vector tile knows: others would become odd texts."""
    column = f"s.{quoted(name)}"
    if attribute.type == "number":
        return f"{finite(column)}::float8"
    return f"{column}::text" if attribute.type in ("date", "date-time") else column
