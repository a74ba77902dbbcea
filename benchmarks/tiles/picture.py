"""A picture of the polygons of a tile: which of them each pixel lies in."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from geoservice.publish.grid import EXTENT

Labels = NDArray[np.int64]
PIXELS = 512  # along a tile's side, as maps show vector tiles


def labels(body: bytes, key: str, names: dict[str, int]) -> Labels:
    """Of each pixel's middle, the number that `names` has for the polygon it lies in; 0 for none.

    `key`: the attribute that tells polygons apart. `names` gains those that are new.
    """
    drawn = np.zeros((PIXELS, PIXELS), dtype=np.int64)
    middles = (np.arange(PIXELS) + 0.5) * EXTENT / PIXELS
    for layer in mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}).values():
        for feature in layer["features"]:
            number = names.setdefault(str(feature["properties"][key]), len(names) + 1)
            outline = shapely.make_valid(shape(feature["geometry"]))
            west, north, east, south = outline.bounds
            columns = np.flatnonzero((middles >= west) & (middles <= east))
            rows = np.flatnonzero((middles >= north) & (middles <= south))
            if len(columns) and len(rows):
                x, y = np.meshgrid(middles[columns], middles[rows])
                inside = shapely.contains_xy(outline, x, y)
                part = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
                part[inside] = number
    return drawn


def coloured(drawn: Labels) -> NDArray[np.uint8]:
    """Each number in a colour of its own, with dark lines between them; nothing is white."""
    turns = (drawn * 0.618033988749895) % 1
    colours = np.stack([190 + 50 * np.cos(2 * np.pi * (turns + at / 3)) for at in range(3)], axis=2)
    colours[drawn == 0] = 255
    edge = np.zeros(drawn.shape, dtype=bool)
    edge[:, 1:] |= drawn[:, 1:] != drawn[:, :-1]
    edge[1:, :] |= drawn[1:, :] != drawn[:-1, :]
    colours[edge] = 60
    return colours.astype(np.uint8)


def write_png(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Rows of red, green and blue as a PNG."""
    height, width, _ = pixels.shape
    lines = b"".join(b"\x00" + row.tobytes() for row in pixels)
    with path.open("wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n")
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(lines)),
            (b"IEND", b""),
        ):
            out.write(struct.pack(">I", len(data)) + kind + data)
            out.write(struct.pack(">I", zlib.crc32(kind + data)))
