"""A box of one CRS in another. Pure."""

from __future__ import annotations

from functools import cache

import numpy as np
from pyproj import Transformer

from geoservice.catalog.crs import epsg
from geoservice.model import Bounds

_STEPS = 21
_GROWTH = 0.01
_WIDEST = 90.0  # degrees; beyond, projections tear, or show the far side of the Earth mirrored


def covering(box: Bounds, srid: int, target: int) -> Bounds | None:
    """A box in the CRS `target` that holds all of `box`, which is in the CRS `srid`.

    The sides of a box become curves, so it is transformed as a grid of points; the result is
    grown by a hundredth for what bulges out between them, and by some 500 m because databases may
    choose another transformation between datums. None where `target` cannot show the whole box
    or tears it apart (at the antimeridian, about a pole), or where it spans more than a quarter of
    the Earth: then no box would hold it, or an index would save little.
    """
    if srid == target:
        return box
    geographic = epsg(target).geographic
    if epsg(srid).geographic:
        if max(box.east - box.west, box.north - box.south) > _WIDEST:
            return None
    elif not geographic and covering(box, srid, 4326) is None:
        return None
    x, y = np.meshgrid(
        np.linspace(box.west, box.east, _STEPS), np.linspace(box.south, box.north, _STEPS)
    )
    x, y = _transformer(srid, target).transform(x, y)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return None
    west, south, east, north = map(float, (x.min(), y.min(), x.max(), y.max()))
    if geographic and east - west > _WIDEST:
        return None
    margin = _GROWTH * max(east - west, north - south) + (0.005 if geographic else 500.0)
    return Bounds(west - margin, south - margin, east + margin, north + margin)


@cache
def _transformer(srid: int, target: int) -> Transformer:
    return Transformer.from_crs(srid, target, always_xy=True)
