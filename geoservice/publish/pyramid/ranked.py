"""A layer of points → the SQL that ranks them by the zoom at which they first show. Pure.

In each cell of a zoom the most important point shows: the one with the greatest value of the
attribute that the layer declares (`tiles.importance`), then the one with the least id. At zooms at
which most points would show and no tile has too many, all do, and need no rank.
"""

# ruff: noqa: S608  (made from declarations; there are no values)

from __future__ import annotations

from geoservice.catalog.layer import Layer
from geoservice.publish.conditions import conditions
from geoservice.publish.pyramid.cells import CELLS, MAPPED, WORLD, cell
from geoservice.publish.selection import Selection
from geoservice.publish.sql import Params, finite, literal, quoted, relation, where
from geoservice.publish.tile_values import tile_values

# Columns beside those of the attributes.
ID, GEOMETRY, ZOOM, COUNTS = '"#id"', '"#geom"', '"#zoom"', '"#counts"'

# Points are ranked for so many zooms before the layer's first, at whose tiles show the points of
# an earlier zoom where rows are wide.
MOST_BEFORE = 2

_SAMPLE = 2000


def sums(layer: Layer) -> list[str]:
    """The columns of the sums over the points that a point stands for, as of `#counts`."""
    return [f'"#sums_{number}"' for number in range(len(layer.tiles.sums))]


def summed(layer: Layer, name: str) -> str:
    """The attribute of row `s` as it is added up."""
    return f"coalesce({finite(f's.{quoted(name)}')}, 0)::float8"


def order(layer: Layer) -> str:
    """The most important row first; the order is total."""
    by = layer.tiles.importance
    first = "" if by is None else f"{finite(f's.{quoted(by)}')} DESC NULLS LAST, "
    return f"{first}s.{quoted(layer.feature_id)}"


def columns(layer: Layer) -> list[str]:
    """The attributes that tiles of any zoom carry."""
    return [name for name, attribute in layer.attributes.items() if attribute.in_tiles()]


def place_points(layer: Layer) -> str:
    """Make `placed`: every point's id, place in the order, and cell at the last zoom but one."""
    x, y = cell(layer, layer.zoom.max - 1)
    added = "".join(
        f"{summed(layer, name)} AS sum_{n}, " for n, name in enumerate(layer.tiles.sums)
    )
    return f"""
CREATE TEMP TABLE placed ON COMMIT DROP AS
SELECT s.{quoted(layer.feature_id)} AS id, {added}{x} AS x, {y} AS y,
       (row_number() OVER (ORDER BY {order(layer)}))::integer AS place
FROM {relation(layer)}{where(mapped(layer))}"""


def count_cells(layer: Layer, zoom: int) -> str:
    """How many cells of the zoom have points, how many points there are, and how many in the tile
    that has the most.
    """
    up = layer.zoom.max - 1 - zoom
    side = CELLS.bit_length() - 1
    return f"""
SELECT coalesce(sum(cells), 0)::bigint, coalesce(sum(points), 0)::bigint,
       coalesce(max(points), 0)::bigint
FROM (
    SELECT count(*) AS cells, sum(points) AS points
    FROM (
        SELECT x >> {up} AS x, y >> {up} AS y, count(*) AS points FROM placed GROUP BY 1, 2
    ) c GROUP BY x >> {side}, y >> {side}
) t"""


def first_rank(layer: Layer) -> int:
    """The least zoom for which points are ranked."""
    return max(layer.zoom.min - MOST_BEFORE, 0)


def bytes_of_a_point(layer: Layer, zoom: int) -> str:
    """How many bytes a point takes in a tile of the zoom, from a sample of `placed`."""
    names = [name for name in columns(layer) if layer.attributes[name].in_tiles(zoom)]
    geometry = f"ST_Transform(s.{quoted(layer.geometry.column)}, 3857)"
    world = f"ST_MakeEnvelope({-WORLD}, {-WORLD}, {WORLD}, {WORLD}, 3857)"
    values = [
        *tile_values(layer, names),
        *(f"placed.sum_{number} AS {column}" for number, column in enumerate(sums(layer))),
        "1 AS points",
        f"ST_AsMVTGeom({geometry}, {world}, 4096, 0, false) AS {quoted(layer.geometry.column)}",
    ]
    column = literal(layer.geometry.column)
    return f"""
SELECT length(ST_AsMVT(t.*, '{layer.id}', 4096, {column}))::float8 / greatest(count(*), 1)
FROM (
    SELECT {", ".join(values)} FROM placed JOIN {relation(layer)}
    ON s.{quoted(layer.feature_id)} = placed.id
    WHERE placed.place %% (SELECT greatest(max(p.place) / {_SAMPLE}, 1) FROM placed p) = 0
    LIMIT {_SAMPLE}
) t"""


def fullest_tiles(layer: Layer, deepest: int) -> str:
    """For each zoom from the first rank to `deepest`, and each of the zooms up to `MOST_BEFORE`
    further on: of how many of the first one's points a tile of the second has at the most.
    """
    up = layer.zoom.max - 1 - deepest
    levels = [
        f"level_{deepest} AS MATERIALIZED "
        f"(SELECT x >> {up} AS x, y >> {up} AS y FROM placed GROUP BY 1, 2)"
    ]
    levels += [
        f"level_{z} AS MATERIALIZED (SELECT DISTINCT x >> 1 AS x, y >> 1 AS y FROM level_{z + 1})"
        for z in range(deepest - 1, first_rank(layer) - 1, -1)
    ]
    side = CELLS.bit_length() - 1
    fullest = " UNION ALL ".join(
        f"SELECT {rank}, {rank + on}, coalesce(max(n), 0) FROM (SELECT count(*) AS n "
        f"FROM level_{rank} GROUP BY x >> {side - on}, y >> {side - on}) t"
        for rank in range(first_rank(layer), deepest + 1)
        for on in range(MOST_BEFORE + 1)
    )
    return f"WITH {', '.join(levels)} {fullest}"


def rank_points(layer: Layer, deepest: int) -> str:
    """Make `ranked`: of each point that shows at the zoom `deepest` or before, the first zoom, and
    for that and each deeper one for how many points of its cell it stands, itself among them, and
    the sums over them.
    """
    up = layer.zoom.max - 1 - deepest
    numbers = range(len(layer.tiles.sums))
    added = "".join(f", sum(sum_{n}) AS sum_{n}" for n in numbers)
    levels = [
        f"level_{deepest} AS MATERIALIZED (SELECT x >> {up} AS x, y >> {up} AS y, "
        f"min(place) AS place, count(*)::integer AS points{added} FROM placed GROUP BY 1, 2)"
    ]
    levels += [
        f"level_{z} AS MATERIALIZED (SELECT x >> 1 AS x, y >> 1 AS y, min(place) AS place, "
        f"sum(points)::integer AS points{added} FROM level_{z + 1} GROUP BY 1, 2)"
        for z in range(deepest - 1, first_rank(layer) - 1, -1)
    ]
    each = "".join(f", sum_{n}" for n in numbers)
    shown = " UNION ALL ".join(
        f"SELECT {z} AS zoom, place, points{each} FROM level_{z}"
        for z in range(first_rank(layer), deepest + 1)
    )
    arrays = "".join(f", array_agg(sum_{n} ORDER BY zoom) AS sums_{n}" for n in numbers)
    kept = "".join(f", r.sums_{n}" for n in numbers)
    return f"""
CREATE TEMP TABLE ranked ON COMMIT DROP AS
WITH {", ".join(levels)}
SELECT placed.id, r.zoom, r.counts{kept} FROM placed JOIN (
    SELECT place, min(zoom)::smallint AS zoom, array_agg(points ORDER BY zoom) AS counts{arrays}
    FROM ({shown}) shown GROUP BY place
) r USING (place)"""


def rows_of(layer: Layer, zoom: int | None) -> str:
    """The points that first show at the zoom, near ones together, as the pyramid has them: the
    attributes as tiles carry them, id, geometry (EPSG:3857), first zoom, counts and sums.
    None: no row.
    """
    values = [
        *tile_values(layer, columns(layer)),
        f"ranked.id AS {ID}, ranked.zoom AS {ZOOM}, ranked.counts AS {COUNTS}",
        *(f"ranked.sums_{number} AS {column}" for number, column in enumerate(sums(layer))),
        f"ST_Transform(s.{quoted(layer.geometry.column)}, 3857) AS {GEOMETRY}",
    ]
    met = ["false"] if zoom is None else [f"ranked.zoom = {zoom}", *mapped(layer)]
    return (
        f"SELECT {', '.join(values)} FROM ranked JOIN {relation(layer)} "
        f"ON s.{quoted(layer.feature_id)} = ranked.id{where(met)} ORDER BY {GEOMETRY}"
    )


def mapped(layer: Layer) -> list[str]:
    """Of the rows that a plain request is for, those that Web Mercator has.

    Constants, not parameters: statements that make tables take none.
    """
    geometry = f"s.{quoted(layer.geometry.column)}"
    met = [f"{geometry} IS NOT NULL AND NOT ST_IsEmpty({geometry})"]
    if layer.geometry.crs == 4326:
        corners = f"{MAPPED.west}, {MAPPED.south}, {MAPPED.east}, {MAPPED.north}"
        met = [f"{geometry} && ST_MakeEnvelope({corners}, 4326)"]
    return met + conditions(layer, Selection(), Params())
