"""What a measure of tiles is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import load_catalog


@dataclass(frozen=True, slots=True)
class TileBench:
    """`url`: the database. `directory` is for files of the measures, `layers` has the declarations.

    Without `martin` (the program) or `tipg` (an environment) that peer is not asked; without
    `pictures` none is kept.
    """

    url: str
    directory: Path
    layers: Path
    rounds: int
    seconds: int
    martin: Path | None
    tipg: Path | None
    pictures: Path | None

    def layer(self, name: str) -> Layer:
        """One of those that are declared."""
        return load_catalog(self.layers).layer(name)
