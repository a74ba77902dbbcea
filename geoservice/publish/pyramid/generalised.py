"""Shapes as general as each zoom allows, neighbours with the same edge between them. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from geoservice.publish.pyramid.cells import WORLD

Shapes = NDArray[np.object_]

_PIXELS = 512  # along a tile's side, as maps show vector tiles
# What a zoom has to save of the corners to be worth rows of its own.
_WORTH = 0.9


def generalised(shapes: Shapes, zooms: range) -> Iterator[tuple[int, Shapes]]:
    """The shapes (EPSG:3857) for each zoom, the deepest first, that has clearly less corners.

    Polygons are simplified as one coverage (Visvalingam and Whyatt's way, by the area of the
    triangle that a corner makes: a pixel at the least), so that no gap opens between two that
    share an edge; lines each by itself (Douglas and Peucker's, half a pixel). One that would come
    out invalid stays as it was a zoom deeper.
    """
    whole = int(shapely.get_num_coordinates(shapes).sum())
    for zoom in reversed(zooms):
        pixel = 2 * WORLD / (_PIXELS << zoom)
        shapes = _simplified(shapes, pixel)
        if shapely.get_num_coordinates(shapes).sum() <= _WORTH * whole:
            yield zoom, shapes


def _simplified(shapes: Shapes, pixel: float) -> Shapes:
    if (shapely.get_dimensions(shapes) == 2).any():
        made = shapely.coverage_simplify(shapes, pixel)
    else:
        made = shapely.simplify(shapes, pixel / 2)
    return np.where(shapely.is_valid(made) & ~shapely.is_empty(made), made, shapes)
