"""What was made beforehand for a layer. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from geoservice.model import Bounds


@dataclass(frozen=True, slots=True)
class Pyramid:
    """A layer's `table` of ranked points, or of shapes generalised for zooms up to `deepest`.

    In the `touched` areas (EPSG:4326) it no longer holds.
    """

    table: str
    deepest: int
    touched: tuple[Bounds, ...] = ()
