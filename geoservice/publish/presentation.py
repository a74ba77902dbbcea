"""How a request wants features to be written."""

from __future__ import annotations

from dataclasses import dataclass

from geoservice.catalog.crs import CRS84, Crs
from geoservice.catalog.layer import Layer

MOST_DIGITS = 15  # of a coordinate after the point; a double has no more


@dataclass(frozen=True, slots=True)
class Presentation:
    """What is written of a feature, and how.

    `attributes` in the order of the declaration, None for all; `geometry` whether at all; `crs`
    of the coordinates; `digits` of a coordinate after the point, None for about a centimetre.
    """

    crs: Crs = CRS84
    attributes: tuple[str, ...] | None = None
    geometry: bool = True
    digits: int | None = None

    @property
    def decimals(self) -> int:
        """Digits of a coordinate after the point."""
        return self.crs.digits if self.digits is None else self.digits

    def of(self, layer: Layer) -> tuple[str, ...]:
        """The attributes of the layer that are written."""
        return tuple(layer.attributes) if self.attributes is None else self.attributes


PLAIN = Presentation()
