"""What an encoder is given: a table's description and its rows in batches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from geoservice.catalog.crs import Crs
from geoservice.catalog.layer import Layer


@dataclass(frozen=True, slots=True)
class Table:
    """What an encoder has to know of its rows."""

    layer: Layer
    names: tuple[str, ...]  # attributes, in the order of a row's cells
    crs: Crs  # of the coordinates
    geometry: bool  # whether the last cell is a geometry: WKB (bytes) with x before y, or None


Rows = AsyncIterator[Sequence[tuple[object, ...]]]  # batches of some thousand rows
