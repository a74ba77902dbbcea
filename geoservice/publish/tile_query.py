"""Layer × tile → SQL text and its parameters. Pure: it opens no connection."""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

from collections.abc import Sequence

from geoservice.catalog.tiling import CELL_SIZES, POINT_COUNT, sum_name
from geoservice.publish.conditions import conditions
from geoservice.publish.grid import EXTENT, Tile
from geoservice.publish.near import near
from geoservice.publish.pyramid.cells import CELLS, COARSEST, WORLD, Cells, cell
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.ranked import (
    COUNTS,
    GEOMETRY,
    ID,
    ZOOM,
    first_rank,
    order,
    summed,
    sums,
)
from geoservice.publish.query import Query
from geoservice.publish.selection import Selection
from geoservice.publish.sql import Params, quoted, relation, where
from geoservice.publish.tile_frame import GROWN, clipped, grown, mercator_box, projected
from geoservice.publish.tile_request import Part
from geoservice.publish.tile_shapes import shape_layers
from geoservice.publish.tile_values import tile_values

POINTS, FIRST = '"#points"', '"#first"'

# Of the whole cells about a touched area (grown by GROWN) so much less of the pyramid is left out;
# what is in both then comes once.
_LESS = -GROWN / 2

# Cells along a tile's side where all its points are too many: finer than those of other zooms.
_FINEST = CELLS << 2
# So many zooms up a point stands for a cell of the coarsest: what happens further off than that
# changes nothing in a tile (`tile_frame.around`).
_MOST_UP = (CELLS // COARSEST).bit_length() - 1


def tile_query(part: Part, tile: Tile, pyramid: Pyramid | None = None, coarser: int = 0) -> Query:
    """One Mapbox Vector Tile (bytea), its layer named as ours, empty if nothing lies there; and the
    snapshot that its rows are of, as `database/commits` has it.

    `pyramid`: what was made beforehand for the layer, if it still holds; it is used where the
    selection allows. `coarser`: how often the detail is to be halved, for a tile that got too
    large.
    """
    params = Params()
    if part.layer.geometry.type == "Point":
        rows = _points(part, tile, pyramid, coarser, params)
        name = params.add(part.layer.geometry.column, "text")
        made = f"(SELECT ST_AsMVT(t.*, '{part.layer.id}', {EXTENT}, {name}) FROM ({rows}) t)"
    else:
        made = shape_layers(part, tile, pyramid, coarser, params)
    return Query(f"SELECT {made}, pg_current_snapshot()::text", params.values)


def _points(part: Part, tile: Tile, pyramid: Pyramid | None, coarser: int, params: Params) -> str:
    layer, zoom = part.layer, tile.zoom
    wider = CELL_SIZES.index(part.cell)
    beyond = pyramid is not None and zoom > pyramid.deepest
    geometry = f"p.{GEOMETRY}"
    if zoom >= layer.zoom.max or (beyond and not wider):
        if not coarser:
            return _all(part, tile, params)
        points = _thinned(part, tile, _FINEST >> (coarser - 1), params)
    else:
        fitting = zoom if pyramid is None else pyramid.rank(zoom)
        rank = max(min(fitting, zoom - wider) - coarser, zoom - _MOST_UP)
        ranked = pyramid is not None and first_rank(layer) <= rank <= pyramid.deepest
        if pyramid is not None and ranked and part.selection == Selection():
            points = _ranked(part, tile, pyramid, rank, params)
        else:
            points = _thinned(part, tile, CELLS >> (zoom - rank), params)
        if wider:
            geometry = _spread(rank)
    if tile.matrix_set.srid != 3857:
        geometry = f"ST_Transform({geometry}, {tile.matrix_set.srid})"
    # Absent where a point is alone.
    added = "".join(
        f"CASE WHEN p.{POINTS} > 1 THEN p.{column} END AS {quoted(sum_name(name))}, "
        for name, column in zip(layer.tiles.sums, sums(layer), strict=True)
        if part.wants(name)
    )
    return (
        f"SELECT {_names(part, tile, 'p')}nullif(p.{POINTS}, 1) AS {POINT_COUNT}, {added}"
        f"{clipped(geometry, layer, tile, params)} AS {quoted(layer.geometry.column)} "
        f"FROM ({points}) p"
    )


def _all(part: Part, tile: Tile, params: Params) -> str:
    layer = part.layer
    box = tile.box(layer.tiles.buffer)
    met = [near(layer, box, 4326, params), *conditions(layer, part.selection, params)]
    point = clipped(projected(layer, tile), layer, tile, params)
    values = [
        *tile_values(layer, part.carried(tile)),
        f"{point} AS {quoted(layer.geometry.column)}",
    ]
    return f"SELECT {', '.join(values)} FROM {relation(layer)}{where(met)}"


def _names(part: Part, tile: Tile, row: str) -> str:
    return "".join(f"{row}.{quoted(name)}, " for name in part.carried(tile))


def _spread(rank: int) -> str:
    """Point `p`; where it stands for others half as far from the middle of its cell, so that two
    such are half a cell apart at the least and circles have room.
    """
    # Ranks of wide cells go on above the world's tile, to less than 0.
    point, side = f"p.{GEOMETRY}", 2 * WORLD / CELLS * 2.0**-rank
    x, y = (
        f"(ST_{axis}({point}) + (floor(ST_{axis}({point}) / {side!r}) + 0.5) * {side!r}) / 2"
        for axis in ("X", "Y")
    )
    moved = f"ST_SetSRID(ST_Point({x}, {y}), 3857)"
    return f"CASE WHEN p.{POINTS} > 1 THEN {moved} ELSE {point} END"


def _ranked(part: Part, tile: Tile, pyramid: Pyramid, zoom: int, params: Params) -> str:
    """The points of a zoom, ranked beforehand; in areas touched since then, those of the source."""
    # The zoom stands in the text so that the planner may use the index of these zooms alone.
    box = tile.box(part.layer.tiles.buffer)
    met = [f"r.{ZOOM} <= {zoom}", f"r.{GEOMETRY} && {mercator_box(box, params)}"]
    ranked = (
        f"SELECT {_names(part, tile, 'r')}r.{COUNTS}[{zoom + 1} - r.{ZOOM}] AS {POINTS}, "
        + "".join(f"r.{column}[{zoom + 1} - r.{ZOOM}] AS {column}, " for column in sums(part.layer))
        + f"r.{GEOMETRY} FROM {pyramid.table} r"
    )
    if not pyramid.touched:
        return ranked + where(met)
    # Whole cells: whoever stands for one, and for how many, hangs on all its points.
    cells = max(CELLS >> (tile.zoom - zoom), COARSEST)
    touched = [Cells.about(grown(box, GROWN), cells << tile.zoom) for box in pyramid.touched]
    for each in touched:
        met.append(f"NOT r.{GEOMETRY} && {mercator_box(grown(each.box, _LESS), params)}")
    met.append(f"NOT EXISTS (SELECT FROM fresh f WHERE f.{ID} = r.{ID})")
    fresh = _in_cells(part, tile, cells, params, within=touched)
    firsts = _firsts(part, tile, "fresh")
    return f"WITH fresh AS MATERIALIZED ({fresh}) {ranked}{where(met)} UNION ALL {firsts}"


def _thinned(part: Part, tile: Tile, cells: int, params: Params) -> str:
    """The most important point of each cell."""
    in_cells = _in_cells(part, tile, cells, params)
    first = f"SELECT * FROM ({in_cells}) c WHERE {FIRST}"
    return f"WITH c AS MATERIALIZED ({first}) {_firsts(part, tile, 'c')}"


def _firsts(part: Part, tile: Tile, table: str) -> str:
    """The rows of those points of `table` that are the first of their cells.

    Looked up only now: sorting whole rows would take most of the time. The array has the planner
    look them up by their ids, however many it thinks they are.
    """
    layer = part.layer
    feature_id = f"s.{quoted(layer.feature_id)}"
    values = "".join(f"{value}, " for value in tile_values(layer, part.carried(tile)))
    return (
        f"SELECT {values}c.{POINTS}, {''.join(f'c.{column}, ' for column in sums(layer))}"
        f"ST_Transform(s.{quoted(layer.geometry.column)}, 3857) AS {GEOMETRY} "
        f"FROM {table} c JOIN {relation(layer)} ON {feature_id} = c.{ID} WHERE c.{FIRST} "
        f"AND {feature_id} = ANY(ARRAY(SELECT {ID} FROM {table} WHERE {FIRST}))"
    )


def _in_cells(
    part: Part, tile: Tile, cells: int, params: Params, *, within: Sequence[Cells] = ()
) -> str:
    """The points of the source in and about the tile, each with how many its cell has and whether
    it is the first of them; of those cells that are `within`, if there are any.
    """
    layer, cells = part.layer, max(cells, COARSEST)
    # Whole cells, so that the neighbour of the tile has the same points in them.
    side = EXTENT // cells
    box = tile.box(-(-layer.tiles.buffer // side) * side)
    met = [near(layer, box, 4326, params), *conditions(layer, part.selection, params)]
    x, y = cell(layer, tile.zoom, cells)
    if within:
        in_one = [
            f"{near(layer, grown(each.box, GROWN), 4326, params)} "
            f"AND {x} BETWEEN {each.west} AND {each.east} "
            f"AND {y} BETWEEN {each.south} AND {each.north}"
            for each in within
        ]
        met.append(f"({' OR '.join(in_one)})")
    at = f"{x}, {y}"
    added = "".join(
        f"sum({summed(layer, name)}) OVER (PARTITION BY {at}) AS {column}, "
        for name, column in zip(layer.tiles.sums, sums(layer), strict=True)
    )
    return f"""
SELECT s.{quoted(layer.feature_id)} AS {ID}, {added}count(*) OVER (PARTITION BY {at}) AS {POINTS},
       row_number() OVER (PARTITION BY {at} ORDER BY {order(layer)}) = 1 AS {FIRST}
FROM {relation(layer)}{where(met)}"""
