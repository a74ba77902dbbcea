"""A PMTiles file: written whole and put in place at once, and read back."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pmtiles.reader import Reader, all_tiles
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from geoservice.errors import InvalidFile, NotFound
from geoservice.model import JSON, Bounds
from geoservice.publish.pyramid.cells import MAPPED


def write_archive(path: Path, tiles: Iterable[tuple[int, bytes]], metadata: JSON) -> int:
    """Write the tiles (id and gzip bytes, in the order of ids); tells how many there are.

    What was at the path stays as it is until all is written.
    """
    made = path.with_name(path.name + ".new")
    try:
        with made.open("wb") as file, tempfile.TemporaryFile(dir=path.parent) as body:
            writer = Writer(file)
            writer.tile_f.close()
            writer.tile_f = body  # beside the output, where there is to be room for it
            for tile_id, data in tiles:
                writer.write_tile(tile_id, data)
            if not writer.addressed_tiles:
                raise NotFound(f"{path}: there is nothing to write: no layer has rows there")
            writer.finalize(_header(metadata), metadata)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    except OSError as error:
        raise InvalidFile(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)
    return int(writer.addressed_tiles)


def _header(metadata: JSON) -> JSON:
    west, south, east, north = metadata.get("bounds") or _parts(MAPPED)
    lon, lat, zoom = metadata.get("center") or (0.0, 0.0, metadata["minzoom"])
    degrees = {
        "min_lon": west,
        "min_lat": south,
        "max_lon": east,
        "max_lat": north,
        "center_lon": lon,
        "center_lat": lat,
    }
    return {
        **{f"{name}_e7": round(value * 1e7) for name, value in degrees.items()},
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "center_zoom": zoom,
    }


def _parts(b: Bounds) -> tuple[float, float, float, float]:
    return b.west, b.south, b.east, b.north


@contextmanager
def read_archive(path: Path) -> Iterator[tuple[JSON, Iterator[tuple[int, bytes]]]]:
    """Its metadata, and its tiles; InvalidFile if it is no PMTiles archive."""
    with path.open("rb") as file:
        try:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            metadata = Reader(lambda at, length: mapped[at : at + length]).metadata()
        except Exception as error:  # whatever its reader stumbles over
            raise InvalidFile(
                f"{path}: there is a file that is no PMTiles archive: name another, or remove it"
            ) from error
        with mapped:
            yield metadata, _tiles(lambda at, length: mapped[at : at + length])


def _tiles(get: Any) -> Iterator[tuple[int, bytes]]:
    for (z, x, y), body in all_tiles(get):
        yield zxy_to_tileid(z, x, y), body
