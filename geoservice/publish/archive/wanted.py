"""What an archive is to hold. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from geoservice import __version__
from geoservice.catalog.layer import Layer
from geoservice.errors import InvalidParameter
from geoservice.model import Bounds
from geoservice.publish.grid import DEEPEST
from geoservice.publish.selection import Selection
from geoservice.publish.sources import Sources, sources_of
from geoservice.publish.tile_request import Part

# Counted up where other bytes come of the same declarations.
_MAKING = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Layers, in the order in which a tile has them; zooms, both included; where, if not all."""

    layers: tuple[Layer, ...]
    min_zoom: int = 0
    max_zoom: int = 10
    bounds: Bounds | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.min_zoom <= self.max_zoom <= DEEPEST:
            raise InvalidParameter(
                "max-zoom",
                self.max_zoom,
                f"zooms {self.min_zoom} to {self.max_zoom} are none: from 0 to {DEEPEST}, "
                "the first no deeper than the last",
            )

    @property
    def parts(self) -> tuple[Part, ...]:
        """Each layer whole."""
        return tuple(Part(layer, Selection()) for layer in self.layers)

    @property
    def digest(self) -> str:
        """It differs wherever anything differs that decides the bytes, except the rows."""
        decides = (
            *(_MAKING, __version__, self.min_zoom, self.max_zoom, self.bounds),
            *((layer.id, layer.digest) for layer in self.layers),
        )
        return hashlib.blake2b(repr(decides).encode(), digest_size=16).hexdigest()

    @property
    def sources(self) -> Sources:
        """Tables whose writes touch tiles where they are, and those whose writes touch all."""
        return sources_of(self.layers)
