"""What was made beforehand for a layer. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from geoservice.model import Bounds


@dataclass(frozen=True, slots=True)
class Pyramid:
    """A layer's `table` of ranked points, or of shapes generalised for zooms up to `deepest`.

    In the `touched` areas (EPSG:4326) it no longer holds. `ranks`, of points: for each of its zooms
    the one whose points show there, the same or an earlier one where rows are wide.
    """

    table: str
    deepest: int
    touched: tuple[Bounds, ...] = ()
    ranks: tuple[int, ...] = ()

    def rank(self, zoom: int) -> int:
        """The zoom whose points a tile of this zoom shows."""
        return self.ranks[zoom - self.deepest - 1] if self.ranks else zoom
