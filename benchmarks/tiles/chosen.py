"""Which tiles are asked for: those in which points lie, likelier the more lie there."""

from __future__ import annotations

from geoservice.database.engine import connect
from geoservice.publish.grid import Tile, tile_at


def places(url: str, count: int, after: int = 0) -> list[tuple[float, float]]:
    """Where so many points lie; their ids have nothing to do with where, so it is a fair draw."""
    with connect(url) as connection:
        return connection.execute(
            "SELECT ST_X(geom), ST_Y(geom) FROM public.point WHERE id > %s ORDER BY id LIMIT %s",
            [after, count],
        ).fetchall()


def tiles(url: str, zoom: int, most: int, after: int = 0) -> list[Tile]:
    """Up to so many tiles of the zoom, each once."""
    found = (tile_at(lon, lat, zoom) for lon, lat in places(url, 20 * most, after))
    return list(dict.fromkeys(found))[:most]
