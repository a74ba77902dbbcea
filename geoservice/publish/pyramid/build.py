"""Makes the pyramid of a layer: one table, in one transaction, put in place of the one before."""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass

import numpy as np
import shapely

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.database.touched import mark_of, note_made, touched_since
from geoservice.publish.conditions import conditions
from geoservice.publish.pyramid.fullest import ranks_of_shapes
from geoservice.publish.pyramid.generalised import Shapes, generalised
from geoservice.publish.pyramid.labelled import has_areas, index_labels, insert_labels
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.ranked import (
    GEOMETRY,
    ID,
    MOST_BEFORE,
    ZOOM,
    bytes_of_a_point,
    count_cells,
    first_rank,
    fullest_tiles,
    place_points,
    rank_points,
    rows_of,
)
from geoservice.publish.pyramid.standing import Record, digest, last_record, locked, table_of
from geoservice.publish.selection import Selection
from geoservice.publish.sources import pyramid_of, sources_of
from geoservice.publish.sql import Params, quoted, relation, where
from geoservice.publish.tile_frame import MOST_BYTES
from geoservice.publish.transform import on_map

# Corners up to which shapes are generalised: all are in memory at once.
_MOST_CORNERS = 5_000_000
# Points of a tile up to which all of them show, however few bytes they take.
_MOST_IN_A_TILE = 5_000
# What the fullest tile is to come to by a sample of the rows: another one may have longer texts.
_FULL = 0.85 * MOST_BYTES

_RECORD = """
INSERT INTO meta.pyramid (layer, digest, mark, deepest, features, ranks)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (layer) DO UPDATE SET digest = excluded.digest, mark = excluded.mark,
    deepest = excluded.deepest, features = excluded.features, ranks = excluded.ranks,
    built_at = now()
"""


@dataclass(frozen=True, slots=True)
class Built:
    """How many rows a pyramid has, the deepest zoom that it is for, and its `Pyramid.ranks`.

    `remark` says what could not be made, and is kept with it (`standing.remarks`).
    """

    rows: int
    deepest: int
    ranks: tuple[int, ...] = ()
    remark: str | None = None


def has_pyramid(layer: Layer) -> bool:
    """Whether one can be made: of points, lines or polygons that show at more than one zoom."""
    return layer.geometry.type != "Geometry" and layer.zoom.min < layer.zoom.max


async def build(connection: AsyncConnection, layer: Layer) -> Built | None:
    """Make the layer's pyramid anew.

    None where a change to its rows would go unseen, or somebody else is making it.
    """
    async with connection.transaction():
        if not await locked(connection, layer.id):
            return None
        # Before the rows are read: what is written meanwhile makes the pyramid older than it is.
        mark = await mark_of(connection, sources_of([layer]).all)
        if mark is None:
            return None
        await connection.execute("SET LOCAL work_mem = '128MB'")
        before = await last_record(connection, layer)
        await connection.execute(f"DROP TABLE IF EXISTS {_next(layer)}".encode())
        made = await (_ranked if layer.geometry.type == "Point" else _generalised)(
            connection, layer
        )
        await connection.execute(
            f"DROP TABLE IF EXISTS {table_of(layer)};"
            f"ALTER TABLE {_next(layer)} RENAME TO {quoted(layer.id)}".encode()
        )
        if made.remark is not None:  # made of numbers and our own words
            remark = f"COMMENT ON TABLE {table_of(layer)} IS '{made.remark}'"
            await connection.execute(remark.encode())
        await _note(connection, layer, before, made)
        await connection.execute(
            _RECORD,
            [layer.id, digest(layer), mark, made.deepest, made.rows, list(made.ranks)],
        )
    return made


def _next(layer: Layer) -> str:
    """The table until it takes its place; no layer's id is like it, and any is short enough."""
    return f'tile."#next {zlib.crc32(layer.id.encode())}"'


async def _note(
    connection: AsyncConnection, layer: Layer, before: Record | None, made: Built
) -> None:
    """Tell those who keep tiles in which of them the pyramid differs from the one before: where
    rows were touched since then, if all else is as it was.
    """
    boxes = None
    if before is not None and (before.deepest, before.ranks) == (made.deepest, made.ranks):
        sources = sources_of([layer])
        touched = await touched_since(connection, sources.near, before.mark, sources.wholly)
        boxes = None if touched.everywhere else touched.boxes
    await note_made(connection, pyramid_of(layer.id), boxes)


async def _ranked(connection: AsyncConnection, layer: Layer) -> Built:
    """Points in the order of the zoom at which they show, those of a zoom near each other."""
    table = _next(layer)
    await connection.execute(place_points(layer).encode(), {})
    deepest = await _deepest(connection, layer)
    ranks = await _ranks(connection, layer, deepest)
    await connection.execute(rank_points(layer, deepest).encode())
    await connection.execute(f"CREATE TABLE {table} AS {rows_of(layer, None)}".encode(), {})
    await connection.execute(b"ANALYZE ranked")
    rows, by_zoom = 0, []
    for zoom in range(first_rank(layer), deepest + 1):
        query = f"INSERT INTO {table} {rows_of(layer, zoom)}"
        rows += (await connection.execute(query.encode(), {})).rowcount
        by_zoom.append((zoom, rows))
    await connection.execute(f"CREATE INDEX ON {table} USING gist ({GEOMETRY})".encode())
    indexed = rows
    for zoom, points in reversed(by_zoom):
        # One for the points of this zoom and above where it is half as large at most, so that all
        # together are no larger than the one of all points; a few thousand need none.
        if _MOST_IN_A_TILE < points <= indexed / 2:
            indexed = points
            await connection.execute(
                f"CREATE INDEX ON {table} USING gist ({GEOMETRY}) WHERE {ZOOM} <= {zoom}".encode()
            )
    await connection.execute(f"ANALYZE {table}".encode())
    return Built(rows, deepest, ranks)


async def _most_in_a_tile(connection: AsyncConnection, layer: Layer, zoom: int) -> int:
    cursor = await connection.execute(bytes_of_a_point(layer, zoom).encode(), {})
    row = await cursor.fetchone()
    return min(_MOST_IN_A_TILE, int(_FULL / max(row[0] if row else 0, 1)))


async def _ranks(connection: AsyncConnection, layer: Layer, deepest: int) -> tuple[int, ...]:
    """For each zoom, from 0, the last one whose points are few enough for its fullest tile, and
    never a later one than for the next zoom, so that what shows goes on to show.
    """
    found = await (await connection.execute(fullest_tiles(layer, deepest).encode(), {})).fetchall()
    fullest = {(rank, zoom): points for rank, zoom, points in found}
    ranks = [deepest]
    for zoom in range(deepest, layer.zoom.min - 1, -1):
        most = await _most_in_a_tile(connection, layer, zoom)
        least = max(first_rank(layer), zoom - MOST_BEFORE)
        rank = max(min(zoom, ranks[0]), least)
        while rank > least and fullest[rank, zoom] > most:
            rank -= 1
        ranks.insert(0, rank)
    return (*range(layer.zoom.min), *ranks[:-1])


async def _deepest(connection: AsyncConnection, layer: Layer) -> int:
    """The last zoom at which less than half of all points show, or a tile has too many; the first
    zoom of all is ranked in any case.
    """
    for zoom in range(layer.zoom.min, layer.zoom.max):
        row = await (await connection.execute(count_cells(layer, zoom).encode())).fetchone()
        cells, points, fullest = row or (0, 0, 0)
        if cells <= points / 2 or fullest > _MOST_IN_A_TILE:
            continue
        if fullest <= await _most_in_a_tile(connection, layer, zoom):
            return max(zoom - 1, layer.zoom.min)
    return layer.zoom.max - 1


async def _generalised(connection: AsyncConnection, layer: Layer) -> Built:
    """Shapes for each zoom that is worth it, and of areas the points of their labels."""
    table = _next(layer)
    params = Params()
    geometry = f"s.{quoted(layer.geometry.column)}"
    rows = relation(layer) + where(
        [*conditions(layer, Selection(), params), f"{geometry} IS NOT NULL"]
    )
    mercator = on_map(geometry, layer.geometry.crs)
    await connection.execute(
        f"CREATE TABLE {table} AS SELECT s.{quoted(layer.feature_id)} AS {ID}, "
        f"0::smallint AS {ZOOM}, ({mercator})::geometry AS {GEOMETRY} "  # of whatever type
        f"FROM {rows} WITH NO DATA".encode(),
        params.values,
    )
    written, deepest, remark = 0, layer.zoom.min - 1, None
    if has_areas(layer):
        query = insert_labels(layer, table, rows)
        written += (await connection.execute(query.encode(), {})).rowcount
        await connection.execute(index_labels(table).encode())
    corners = await _corners(connection, f"SELECT sum(ST_NPoints({geometry})) FROM {rows}")
    if corners <= _MOST_CORNERS:
        query = f"SELECT s.{quoted(layer.feature_id)}, ST_AsBinary({mercator}) FROM {rows}"
        ids, shapes = await _read(connection, query)
        made = generalised(shapes, range(layer.zoom.min, layer.zoom.max))
        while (found := await asyncio.to_thread(next, made, None)) is not None:
            zoom, simple = found
            deepest = max(deepest, zoom)
            written += len(simple)
            await _copy(connection, table, ids, zoom, simple)
    else:
        remark = (
            f"its {corners:,} corners are more than the {_MOST_CORNERS:,} up to which "
            "shapes are generalised, so tiles of all zooms are made of the shapes as they are"
        )
    await connection.execute(f"CREATE UNIQUE INDEX ON {table} ({ZOOM}, {ID})".encode())
    await connection.execute(f"ANALYZE {table}".encode())
    ranks = await ranks_of_shapes(connection, layer, Pyramid(table, deepest))
    return Built(written, deepest, ranks, remark)


async def _corners(connection: AsyncConnection, query: str) -> int:
    row = await (await connection.execute(query.encode(), {})).fetchone()
    return int(row[0] or 0) if row else 0


async def _read(connection: AsyncConnection, query: str) -> tuple[list[object], Shapes]:
    found = await (await connection.execute(query.encode(), {}, binary=True)).fetchall()
    shapes: Shapes = np.array([row[1] for row in found], dtype=object)
    return [row[0] for row in found], shapely.from_wkb(shapes)


async def _copy(
    connection: AsyncConnection, table: str, ids: list[object], zoom: int, shapes: Shapes
) -> None:
    written = shapely.to_wkb(shapely.set_srid(shapes, 3857), hex=True, include_srid=True)
    async with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({ID}, {ZOOM}, {GEOMETRY}) FROM STDIN".encode()) as copy,
    ):
        for feature_id, shape in zip(ids, written, strict=True):
            await copy.write_row((feature_id, zoom, shape))
