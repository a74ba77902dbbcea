"""How few of a layer's shapes show at each zoom so that its fullest tiles are not too large."""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

from math import ceil, log2

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.publish.grid import Tile
from geoservice.publish.pyramid.cells import WORLD
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.ranked import columns, mapped
from geoservice.publish.pyramid.score import outline, score, size, unit
from geoservice.publish.selection import Selection
from geoservice.publish.sql import quoted, relation, where
from geoservice.publish.tile_frame import MOST_BYTES
from geoservice.publish.tile_query import tile_query
from geoservice.publish.tile_request import Part
from geoservice.publish.tile_values import tile_values

# What the fullest tile is to come to: another may have more than was estimated.
_FULL = 0.95 * MOST_BYTES
# Tiles that are made to see how large they are; none where the estimate is so little.
_MADE = 3
_LITTLE = MOST_BYTES / 8
# Where the estimate is so many times too much, no tile has to be made to see that it is; values
# that many rows share come to less than is estimated, so by that much it is not trusted.
_FAR, _TRUSTED = 16, 1 / 8
# Of shapes an eighth of a tile wide none is left out: where they are too many, attributes go.
_MOST_HALVINGS = 9

# A corner takes some two bytes, and there are no more of them than units along the shape.
_FULLEST = """
SELECT x >> %(up)s, y >> %(up)s,
       sum(values + 12 + 2 * least(corners, 4 * size / %(unit)s))::float8 AS bytes
FROM placed WHERE score >= %(least)s AND size >= %(unit)s / 2
GROUP BY 1, 2 ORDER BY 3 DESC LIMIT %(made)s
"""


async def ranks_of_shapes(
    connection: AsyncConnection, layer: Layer, pyramid: Pyramid
) -> tuple[int, ...]:
    """`Pyramid.ranks` for the layer's lines or polygons, by tiles made of the `pyramid` as it is;
    empty where all show at every zoom. None is greater than that of the next zoom, so that what
    shows goes on to show.
    """
    await connection.execute(_place_shapes(layer).encode(), {})
    ranks: list[int] = []
    for zoom in range(layer.zoom.max, layer.zoom.min - 1, -1):
        halvings = 0
        if ranks and ranks[0] <= zoom:  # some are left out a zoom deeper
            halvings = max(zoom - ranks[0], 1)
        while halvings < _MOST_HALVINGS:
            most = await _most_bytes(connection, layer, pyramid, zoom, halvings)
            if most <= _FULL:
                break
            halvings = min(halvings + ceil(log2(most / _FULL)), _MOST_HALVINGS)
        ranks.insert(0, zoom - halvings)
    if ranks == list(range(layer.zoom.min, layer.zoom.max + 1)):
        return ()
    return (*range(layer.zoom.min), *ranks)


async def _most_bytes(
    connection: AsyncConnection, layer: Layer, pyramid: Pyramid, zoom: int, halvings: int
) -> float:
    """Bytes of the largest of the tiles of the zoom that look the fullest, or less where they are
    far too many.
    """
    values = {
        "up": layer.zoom.max - zoom,
        "unit": unit(zoom),
        "least": unit(zoom - halvings) if halvings else 0.0,
        "made": _MADE,
    }
    most = 0.0
    for x, y, estimated in await (await connection.execute(_FULLEST, values)).fetchall():
        if estimated < _LITTLE:
            break
        if estimated > _FAR * MOST_BYTES:
            return float(estimated * _TRUSTED)
        tile = Tile(zoom, x, (1 << zoom) - 1 - y)
        query = tile_query(Part(layer, Selection()), tile, pyramid, halvings)
        row = await (
            await connection.execute(query.text.encode(), query.params, binary=True)
        ).fetchone()
        most = max(most, len(row[0]) if row else 0)
    return most


def _place_shapes(layer: Layer) -> str:
    """Make `placed`: of every shape the tile of the last zoom in whose rows and columns (from the
    south) its middle lies, its size, score and number of corners, and the bytes of its values.
    """
    geometry = f"s.{quoted(layer.geometry.column)}"
    around = 1 << layer.zoom.max
    x, y = (
        f"least(floor(greatest("
        f"0.5 + (ST_{axis}Min(o.box) + ST_{axis}Max(o.box)) / {4 * WORLD!r}, 0"
        f") * {around}), {around - 1})::integer"
        for axis in ("X", "Y")
    )
    lengths = "".join(
        f" + coalesce(octet_length(v.{quoted(name)}::text) + 4, 0)" for name in columns(layer)
    )
    values = ", ".join(tile_values(layer, columns(layer)))
    return f"""
CREATE TEMP TABLE placed ON COMMIT DROP AS
SELECT {x} AS x, {y} AS y, {size(layer)} AS size, {score(layer)} AS score,
       ST_NPoints({geometry}) AS corners, 0{lengths} AS values
FROM {relation(layer)} CROSS JOIN LATERAL (SELECT {outline(layer)} AS box OFFSET 0) o
CROSS JOIN LATERAL (SELECT {values}) v{where(mapped(layer))}"""
