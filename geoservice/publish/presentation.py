"""How a request wants features to be written."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geoservice.catalog.crs import CRS84, Crs
from geoservice.catalog.layer import Layer

DEEPEST_ZOOM = 24
MOST_DIGITS = 15  # of a coordinate after the point; a double has no more


@dataclass(frozen=True, slots=True)
class Presentation:
    """What is written of a feature, and how.

    `attributes` in the order of the declaration, None for all; `geometry` whether at all; `crs`
    of the coordinates; `digits` of a coordinate after the point, None for about a centimetre, or
    for a twentieth of a pixel at `zoom`: the zoom of Web Mercator for which shapes are wanted as
    general as they can be without showing it.
    """

    crs: Crs = CRS84
    attributes: tuple[str, ...] | None = None
    geometry: bool = True
    digits: int | None = None
    zoom: int | None = None

    @property
    def decimals(self) -> int:
        """Digits of a coordinate after the point."""
        if self.digits is not None:
            return self.digits
        if self.zoom is None:
            return self.crs.digits
        seen = math.ceil(-math.log10(pixel(self.zoom, self.crs) / 20))
        return min(max(seen, 0), self.crs.digits)

    def of(self, layer: Layer) -> tuple[str, ...]:
        """The attributes of the layer that are written."""
        return tuple(layer.attributes) if self.attributes is None else self.attributes


PLAIN = Presentation()


def pixel(zoom: int, crs: Crs) -> float:
    """The width of a pixel of that zoom (tiles of 256) at the equator, in units of the CRS."""
    around = 360.0 if crs.geographic else 40_075_016.68
    return around / (256 << zoom)
