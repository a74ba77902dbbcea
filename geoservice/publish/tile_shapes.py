"""Lines and polygons × tile → the SQL of the tile layer that they make, and of the one that counts
those left out. Pure.
"""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

from geoservice.catalog.layer import Layer
from geoservice.catalog.tiling import OMITTED, omitted_name
from geoservice.publish.conditions import conditions
from geoservice.publish.grid import EXTENT, Tile
from geoservice.publish.near import meets, near, rectangle
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.ranked import GEOMETRY, ID, ZOOM
from geoservice.publish.pyramid.score import score, unit
from geoservice.publish.selection import Selection
from geoservice.publish.simple import simple
from geoservice.publish.sql import Params, quoted, relation, where
from geoservice.publish.tile_frame import GROWN, clipped, grown, projected
from geoservice.publish.tile_labels import label_points
from geoservice.publish.tile_request import Part
from geoservice.publish.tile_values import tile_values


def shape_layers(
    part: Part, tile: Tile, pyramid: Pyramid | None, coarser: int, params: Params
) -> str:
    """The tile layer of the shapes or their label points, with `<id>_omitted` behind it where some
    are left out: because they are too many, or have nothing left at the tile's scale. That is a
    point in the middle of the tile, and how many they are.
    """
    layer, zoom = part.layer, tile.zoom
    if part.selection.names & layer.dimensions.keys():
        pyramid = None
    # Some rows only may all show where all of them would be too many.
    whole = part.selection == Selection()
    rank = (pyramid.rank(zoom) if pyramid is not None and whole else zoom) - coarser
    least = None
    if rank < zoom:
        least = f"{score(layer)} >= {params.add(unit(rank), 'float8')}"
    column = quoted(layer.geometry.column)
    if part.labels:
        rows = f"({label_points(part, tile, pyramid, least, params)}) t"
        left_out = f"t.{column} IS NULL"
    else:
        rows = _shapes(part, tile, pyramid, least, params)
        left_out = f"t.{column} IS NULL AND {_lies_in(layer, tile, params)}"
    name = params.add(layer.geometry.column, "text")
    middle = f"ST_SetSRID(ST_Point({EXTENT // 2}, {EXTENT // 2}), 3857)"
    # ST_AsMVT leaves out rows without a geometry.
    return (
        f"(SELECT made.body || (SELECT ST_AsMVT(o.*, '{omitted_name(layer.id)}', {EXTENT}, 'geom') "
        f"FROM (SELECT made.omitted AS {OMITTED}, {middle} AS geom WHERE made.omitted > 0) o) "
        f"FROM (SELECT ST_AsMVT(t.*, '{layer.id}', {EXTENT}, {name}) AS body, "
        f"count(*) FILTER (WHERE {left_out}) AS omitted FROM {rows}) made)"
    )


def _shapes(
    part: Part, tile: Tile, pyramid: Pyramid | None, least: str | None, params: Params
) -> str:
    """What stands after FROM: every row `s` in and about the tile, and `t`, its values and its
    geometry, generalised where that was made beforehand; null without the `least` score.
    """
    layer = part.layer
    box = tile.box(layer.tiles.buffer)
    met = [near(layer, box, 4326, params), *conditions(layer, part.selection, params)]
    rows, shape = relation(layer), projected(layer, tile)
    # A tile that was touched comes from the source as a whole: a shape of it beside a generalised
    # neighbour would leave slivers.
    touched = pyramid is not None and any(box.meets(grown(each, GROWN)) for each in pyramid.touched)
    if pyramid is not None and not touched and tile.zoom <= pyramid.deepest:
        same = [f"g.{ID} = s.{quoted(layer.feature_id)}", f"g.{ZOOM} = {tile.zoom}"]
        rows += f" LEFT JOIN {pyramid.table} g ON {' AND '.join(same)}"
        made = f"g.{GEOMETRY}"
        if tile.matrix_set.srid != 3857:
            made = f"ST_Transform({made}, {tile.matrix_set.srid})"
        shape = f"coalesce({made}, {shape})"
    shape = clipped(shape, layer, tile, params)
    if least is not None:
        shape = f"CASE WHEN {least} THEN {shape} END"
    values = [
        *tile_values(layer, part.carried(tile)),
        f"{shape} AS {quoted(layer.geometry.column)}",
    ]
    # OFFSET keeps the geometry from being clipped again where it is asked whether it is there.
    return f"{rows} CROSS JOIN LATERAL (SELECT {', '.join(values)} OFFSET 0) t{where(met)}"


def _lies_in(layer: Layer, tile: Tile, params: Params) -> str:
    """Whether the shape of row `s` meets the tile itself, not only its margin, nor with its box
    only.
    """
    box = tile.box(0)
    if layer.geometry.crs != 4326:
        return meets(layer, box, 4326, params)
    column, square = f"s.{quoted(layer.geometry.column)}", rectangle(box, 4326, params)
    # Of the many small ones most lie within, which their boxes tell.
    return f"({column} @ {square} OR ST_Intersects({simple(layer, 's')}, {square}))"
