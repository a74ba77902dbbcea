"""Layer × tile → SQL text and its parameters. Pure: it opens no connection."""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

from geoservice.catalog.layer import Attribute, Layer
from geoservice.publish.conditions import conditions
from geoservice.publish.grid import EXTENT, MARGIN, Tile
from geoservice.publish.near import near
from geoservice.publish.query import Query
from geoservice.publish.selection import Selection
from geoservice.publish.sql import Params, finite, quoted, relation, where


def tile_query(layer: Layer, selection: Selection, tile: Tile) -> Query:
    """One Mapbox Vector Tile (bytea), its layer named as ours; empty if nothing lies there."""
    params = Params()
    met = [near(layer, tile.box(), 4326, params), *conditions(layer, selection, params)]
    attributes = [
        f"{_tile_value(name, attribute)} AS {quoted(name)}"
        for name, attribute in layer.attributes.items()
        if attribute.tiles
    ]
    bounds = "ST_TileEnvelope({}, {}, {})".format(
        *(params.add(part, "integer") for part in (tile.z, tile.x, tile.y))
    )
    mercator = f"ST_Transform(s.{quoted(layer.geometry.column)}, 3857)"
    geometry = quoted(layer.geometry.column)
    # ST_AsMVT leaves out rows whose geometry vanished; a condition would clip each one twice.
    text = f"""
SELECT ST_AsMVT(t, '{layer.id}', {EXTENT}, {params.add(layer.geometry.column, "text")})
FROM (
    SELECT {", ".join(attributes)},
           ST_AsMVTGeom({mercator}, {bounds}, {EXTENT}, {MARGIN}, true) AS {geometry}
    FROM {relation(layer)}{where(met)}
) t"""
    return Query(text, params.values)


def _tile_value(name: str, attribute: Attribute) -> str:
    """The column as one of the types that a vector tile knows: others would become odd texts."""
    column = f"s.{quoted(name)}"
    if attribute.type == "number":
        return f"{finite(column)}::float8"
    return f"{column}::text" if attribute.type in ("date", "date-time") else column
