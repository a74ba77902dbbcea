"""A tile's box, geometry in the CRS of its matrix set, as SQL; and its greatest size. Pure."""

from __future__ import annotations

from geoservice.catalog.layer import Layer
from geoservice.model import Bounds
from geoservice.publish.grid import EXTENT, WEB_MERCATOR_QUAD, Tile
from geoservice.publish.pyramid.cells import COARSEST, mercator
from geoservice.publish.simple import simple
from geoservice.publish.sql import Params
from geoservice.publish.transform import on_map

MOST_BYTES = 500_000
# Degrees by which an area is grown: positions are compared in single precision, which is metres,
# and in another CRS than they were written in.
GROWN = 1e-4


def around(tile: Tile) -> Bounds:
    """Where rows lie that the tile depends on (EPSG:4326): no further away than a cell of the
    coarsest is wide, which no margin exceeds. All that keeps tiles goes by it.
    """
    return grown(tile.box(EXTENT // COARSEST), GROWN)


def grown(box: Bounds, by: float) -> Bounds:
    """A box with so much more on each side."""
    return Bounds(box.west - by, box.south - by, box.east + by, box.north + by)


def envelope(tile: Tile, params: Params) -> str:
    """The box of the tile alone, in the CRS of its matrix set."""
    if tile.matrix_set is WEB_MERCATOR_QUAD:
        address = (params.add(part, "integer") for part in (tile.z, tile.x, tile.y))
        return f"ST_TileEnvelope({', '.join(address)})"
    box = tile.box(0)  # in degrees, as the other set is
    corners = (box.west, box.south, box.east, box.north)
    numbers = ", ".join(params.add(corner, "float8") for corner in corners)
    return f"ST_MakeEnvelope({numbers}, {tile.matrix_set.srid})"


def mercator_box(box: Bounds, params: Params) -> str:
    """A box of degrees in EPSG:3857. Calculated here: in a plan that is kept, the database would
    do it for every row.
    """
    corners = (*mercator(box.west, box.south), *mercator(box.east, box.north))
    return f"ST_MakeEnvelope({', '.join(params.add(c, 'float8') for c in corners)}, 3857)"


def projected(layer: Layer, tile: Tile) -> str:
    """The geometry of row `s` in the CRS of the tile's matrix set."""
    column = simple(layer, "s")
    srid = tile.matrix_set.srid
    if layer.geometry.crs == srid:
        return column
    if srid == 3857 and layer.geometry.type != "Point":
        return on_map(column, layer.geometry.crs)
    return f"ST_Transform({column}, {srid})"


def clipped(geometry: str, layer: Layer, tile: Tile, params: Params) -> str:
    """The geometry, in the CRS of the matrix set, in units of the tile; null where nothing of it
    is left.
    """
    bounds = envelope(tile, params)
    return f"ST_AsMVTGeom({geometry}, {bounds}, {EXTENT}, {layer.tiles.buffer}, true)"
