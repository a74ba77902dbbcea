"""What decides the bytes of a tile, apart from the rows: layers, selections, tile, attributes."""

from __future__ import annotations

from dataclasses import dataclass

from geoservice.catalog.layer import Layer
from geoservice.catalog.tiling import CELL_SIZES, CellSize
from geoservice.publish.grid import Tile
from geoservice.publish.selection import Selection

# A tile of more is asked for by nobody, and each costs a statement.
MOST_LAYERS = 16


@dataclass(frozen=True, slots=True)
class Part:
    """One layer of a tile: which of its rows, and which attributes of those its tiles carry.

    `labels`: each row comes as the point of its label, in the one tile in which that lies. `cell`:
    how wide the squares are, in pixels, of which one point shows until all do.
    """

    layer: Layer
    selection: Selection
    attributes: tuple[str, ...] | None = None
    labels: bool = False
    cell: CellSize = CELL_SIZES[0]

    def carried(self, tile: Tile) -> tuple[str, ...]:
        """The attributes that the tile carries, at its zoom, of those that are wanted."""
        return tuple(
            name
            for name, attribute in self.layer.attributes.items()
            if attribute.in_tiles(tile.zoom) and self.wants(name)
        )

    def wants(self, name: str) -> bool:
        """Whether the request is for the attribute."""
        return self.attributes is None or name in self.attributes

    def lies_in(self, tile: Tile) -> bool:
        """Whether the declaration lets anything of the layer lie in the tile."""
        if tile.zoom < self.layer.zoom.min:
            return False
        bounds = self.layer.tiles.box
        if bounds is None:
            return True
        box = tile.box(self.layer.tiles.buffer)
        return (
            bounds.west <= box.east
            and box.west <= bounds.east
            and bounds.south <= box.north
            and box.south <= bounds.north
        )


@dataclass(frozen=True, slots=True)
class TileRequest:
    """A tile as it is wanted; its layers come in the order of `parts`, each once.

    `digest` differs wherever anything differs that decides the bytes, except the layers' rows:
    together with their version it stands for the bytes, in whatever coding they travel.
    """

    tile: Tile
    parts: tuple[Part, ...]
    digest: str

    @property
    def showing(self) -> tuple[Part, ...]:
        """The parts that can lie in the tile at all; with none it is empty whatever the rows."""
        return tuple(part for part in self.parts if part.lies_in(self.tile))
