"""What was made beforehand for a layer. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from geoservice.model import Bounds


@dataclass(frozen=True, slots=True)
class Pyramid:
    """A layer's `table` of ranked points, or of shapes generalised for zooms up to `deepest`.

    In the `touched` areas (EPSG:4326) it no longer holds. `ranks`: from zoom 0 on, for each zoom
    the one whose points or shapes show there: itself, or an earlier one where its own would be too
    many for a tile; of shapes (`score`) that goes on to less than 0.
    """

    table: str
    deepest: int
    touched: tuple[Bounds, ...] = ()
    ranks: tuple[int, ...] = ()

    def rank(self, zoom: int) -> int:
        """The zoom whose points or shapes a tile of this zoom shows."""
        return self.ranks[zoom] if zoom < len(self.ranks) else zoom
