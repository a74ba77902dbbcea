"""Which tiles can have anything of a layer, told from the boxes of its rows in one query."""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterator

import numpy as np
from numpy.typing import NDArray

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.publish.archive.wanted import Wanted
from geoservice.publish.conditions import conditions
from geoservice.publish.grid import EXTENT, Tile
from geoservice.publish.pyramid.cells import MAPPED
from geoservice.publish.query import Query
from geoservice.publish.selection import Selection
from geoservice.publish.sql import Params, quoted, relation, where
from geoservice.publish.tile_request import Part

# Boxes are told in cells of an eighth of a tile of the deepest zoom: so many rows become few boxes,
# and few tiles are asked for that turn out to be empty.
_FINER = 3
_ROWS = 50_000

Boxes = NDArray[np.int64]


def boxes_query(layer: Layer, depth: int) -> Query:
    """Rows (first column, first row, last column, last row), each once: the cells, 2^`depth` along
    the world's side, that the box of a row of the layer meets.
    """
    params = Params()
    geometry = f"s.{quoted(layer.geometry.column)}"
    degrees = geometry if layer.geometry.crs == 4326 else f"ST_Transform({geometry}, 4326)"
    met = [*conditions(layer, Selection(), params), f"NOT ST_IsEmpty({geometry})"]
    around = params.add(2**depth, "bigint")
    columns = [_column(f"ST_X{end}(g)", around) for end in ("Min", "Max")]
    rows = [_row(f"ST_Y{end}(g)", around) for end in ("Max", "Min")]
    text = (
        f"SELECT DISTINCT {columns[0]}, {rows[0]}, {columns[1]}, {rows[1]} "
        f"FROM (SELECT {degrees} AS g FROM {relation(layer)}{where(met)}) r"
    )
    return Query(text, params.values)


def _column(x: str, around: str) -> str:
    return f"floor((greatest(least({x}, 180), -180) + 180) / 360 * {around})::bigint"


def _row(y: str, around: str) -> str:
    lat = f"greatest(least({y}, {MAPPED.north}), {MAPPED.south})"
    down = f"0.5 - ln(tan(radians(45 + ({lat}) / 2))) / {2 * math.pi!r}"
    return f"floor(({down}) * {around})::bigint"


async def candidates(
    connection: AsyncConnection, layer: Layer, wanted: Wanted
) -> AsyncIterator[Tile]:
    """The tiles that rows of the layer may meet, some of them more than once."""
    depth = wanted.max_zoom + _FINER
    query = boxes_query(layer, depth)
    part = Part(layer, Selection())
    async with connection.transaction(), connection.cursor(name="boxes") as cursor:
        await cursor.execute(query.text.encode(), query.params)
        while rows := await cursor.fetchmany(_ROWS):
            boxes = np.array(rows, dtype=np.int64)
            for zoom in range(max(wanted.min_zoom, layer.zoom.min), wanted.max_zoom + 1):
                for tile in _met(boxes, depth, zoom, layer.tiles.buffer):
                    if part.lies_in(tile) and _inside(tile, wanted):
                        yield tile


def _met(boxes: Boxes, depth: int, zoom: int, buffer: int) -> Iterator[Tile]:
    cells = 1 << (depth - zoom)
    margin = buffer / EXTENT + 1e-6
    first = np.floor(boxes[:, :2] / cells - margin)
    last = np.floor((boxes[:, 2:] + 1) / cells + margin)
    spans = np.clip(np.hstack([first, last]), 0, (1 << zoom) - 1).astype(np.int64)
    seen: set[tuple[int, int]] = set()
    for west, north, east, south in np.unique(spans, axis=0).tolist():
        for x in range(west, east + 1):
            for y in range(north, south + 1):
                if (x, y) not in seen:
                    seen.add((x, y))
                    yield Tile(zoom, x, y)


def _inside(tile: Tile, wanted: Wanted) -> bool:
    return wanted.bounds is None or wanted.bounds.meets(tile.box(0))
