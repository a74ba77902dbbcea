"""Makes the pyramid of a layer: one table, in one transaction, put in place of the one before."""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import numpy as np
import shapely

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.database.touched import mark_of
from geoservice.publish.conditions import conditions
from geoservice.publish.pyramid.generalised import Shapes, generalised
from geoservice.publish.pyramid.ranked import (
    GEOMETRY,
    ID,
    ZOOM,
    count_cells,
    place_points,
    rank_points,
    rows_of,
)
from geoservice.publish.pyramid.standing import digest, table_of
from geoservice.publish.selection import Selection
from geoservice.publish.sources import sources_of
from geoservice.publish.sql import Params, quoted, relation, where

# Corners up to which shapes are generalised: all are in memory at once.
_MOST_CORNERS = 5_000_000
# Points of a tile up to which all of them show.
_MOST_IN_A_TILE = 5_000

_RECORD = """
INSERT INTO meta.pyramid (layer, digest, mark, deepest, features)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (layer) DO UPDATE SET digest = excluded.digest, mark = excluded.mark,
    deepest = excluded.deepest, features = excluded.features, built_at = now()
"""


@dataclass(frozen=True, slots=True)
class Built:
    """How many rows a pyramid has, and the deepest zoom that it is for."""

    rows: int
    deepest: int


def has_pyramid(layer: Layer) -> bool:
    """Whether one can be made: of points, lines or polygons that show at more than one zoom."""
    return layer.geometry.type != "Geometry" and layer.zoom.min < layer.zoom.max


async def build(connection: AsyncConnection, layer: Layer) -> Built | None:
    """Make the layer's pyramid anew.

    None where a change to its rows would go unseen, or somebody else is making it.
    """
    async with connection.transaction():
        if not await _locked(connection, layer):
            return None
        # Before the rows are read: what is written meanwhile makes the pyramid older than it is.
        mark = await mark_of(connection, sources_of([layer]).all)
        if mark is None:
            return None
        await connection.execute("SET LOCAL work_mem = '128MB'")
        await connection.execute(f"DROP TABLE IF EXISTS {table_of(layer, '_next')}".encode())
        made = await (_ranked if layer.geometry.type == "Point" else _generalised)(
            connection, layer
        )
        await connection.execute(
            f"DROP TABLE IF EXISTS {table_of(layer)};"
            f"ALTER TABLE {table_of(layer, '_next')} RENAME TO {quoted(layer.id)}".encode()
        )
        await connection.execute(_RECORD, [layer.id, digest(layer), mark, made.deepest, made.rows])
    return made


async def _locked(connection: AsyncConnection, layer: Layer) -> bool:
    cursor = await connection.execute(
        "SELECT pg_try_advisory_xact_lock(hashtext('geoservice pyramid'), hashtext(%s))", [layer.id]
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


async def _ranked(connection: AsyncConnection, layer: Layer) -> Built:
    """Points in the order of the zoom at which they show, those of a zoom near each other."""
    table = table_of(layer, "_next")
    await connection.execute(place_points(layer).encode(), {})
    deepest = await _deepest(connection, layer)
    await connection.execute(rank_points(layer, deepest).encode())
    await connection.execute(f"CREATE TABLE {table} AS {rows_of(layer, None)}".encode(), {})
    await connection.execute(b"ANALYZE ranked")
    rows, by_zoom = 0, []
    for zoom in range(layer.zoom.min, deepest + 1):
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
    return Built(rows, deepest)


async def _deepest(connection: AsyncConnection, layer: Layer) -> int:
    """The last zoom at which less than half of all points show, or a tile has too many; the first
    zoom of all is ranked in any case.
    """
    for zoom in range(layer.zoom.min, layer.zoom.max):
        row = await (await connection.execute(count_cells(layer, zoom).encode())).fetchone()
        cells, points, fullest = row or (0, 0, 0)
        if cells > points / 2 and fullest <= _MOST_IN_A_TILE:
            return max(zoom - 1, layer.zoom.min)
    return layer.zoom.max - 1


async def _generalised(connection: AsyncConnection, layer: Layer) -> Built:
    """Shapes for each zoom that is worth it."""
    table = table_of(layer, "_next")
    params = Params()
    geometry = f"s.{quoted(layer.geometry.column)}"
    rows = relation(layer) + where(
        [*conditions(layer, Selection(), params), f"{geometry} IS NOT NULL"]
    )
    mercator = f"ST_Transform({geometry}, 3857)"
    await connection.execute(
        f"CREATE TABLE {table} AS SELECT s.{quoted(layer.feature_id)} AS {ID}, "
        f"0::smallint AS {ZOOM}, {mercator} AS {GEOMETRY} FROM {rows} WITH NO DATA".encode(),
        params.values,
    )
    ids, shapes = await _read(
        connection,
        f"SELECT s.{quoted(layer.feature_id)}, ST_AsBinary({mercator}) FROM {rows}",
        f"SELECT sum(ST_NPoints({geometry})) FROM {rows}",
    )
    zooms = range(layer.zoom.min, layer.zoom.max)
    deepest, written = layer.zoom.min - 1, 0
    made = generalised(shapes, zooms)
    while (found := await asyncio.to_thread(next, made, None)) is not None:
        zoom, simple = found
        deepest = max(deepest, zoom)
        written += len(simple)
        await _copy(connection, table, ids, zoom, simple)
    await connection.execute(f"CREATE UNIQUE INDEX ON {table} ({ZOOM}, {ID})".encode())
    await connection.execute(f"ANALYZE {table}".encode())
    return Built(written, deepest)


async def _read(
    connection: AsyncConnection, query: str, corners: str
) -> tuple[list[object], Shapes]:
    row = await (await connection.execute(corners.encode(), {})).fetchone()
    if row is None or row[0] is None or row[0] > _MOST_CORNERS:
        return [], np.array([], dtype=object)
    found = await (await connection.execute(query.encode(), {}, binary=True)).fetchall()
    return [row[0] for row in found], shapely.from_wkb([row[1] for row in found])


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
