"""Tile matrix sets, which tiles each has, and the box of a tile in degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geoservice.errors import NotFound
from geoservice.model import Bounds

EXTENT = 4096  # units along a tile's side
MARGIN = 64  # units around it that a tile carries too, so that lines and labels meet

_RADIUS = 6_378_137.0  # of WGS 84, in metres
_PIXEL = 0.00028  # metres: what the standard takes for a pixel of a screen
_NORTHERNMOST = 85.05  # whatever lies beyond is taken to the outermost row of Web Mercator


@dataclass(frozen=True, slots=True)
class Limits:
    """Rows and columns of one zoom, both ends included."""

    zoom: int
    min_row: int
    max_row: int
    min_column: int
    max_column: int


@dataclass(frozen=True, slots=True)
class TileMatrixSet:
    """One of the two that there are, as the OGC's registry defines it.

    At zoom 0 it has `columns` tiles beside one another in one row; each zoom halves a tile. `side`
    is that of a tile at zoom 0, and `origin` the corner in the north-west, in units of the CRS, of
    which each has `metres_per_unit` at the equator. `above`: how many zooms further in the other
    set, WebMercatorQuad, the same scale comes.
    """

    id: str
    title: str
    crs: str
    srid: int
    axes: tuple[str, str]
    scale_set: str
    columns: int
    side: float
    origin: tuple[float, float]
    metres_per_unit: float
    deepest: int
    above: int

    @property
    def uri(self) -> str:
        """Its name in the registry."""
        return f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{self.id}"

    def size(self, zoom: int) -> tuple[int, int]:
        """How many columns and rows there are."""
        return self.columns << zoom, 1 << zoom

    def cell_size(self, zoom: int) -> float:
        """The side of a pixel, 256 to a tile, in units of the CRS."""
        return self.side / 256 / (1 << zoom)

    def scale_denominator(self, zoom: int) -> float:
        """The scale at which a pixel is 0.28 mm wide."""
        return self.cell_size(zoom) * self.metres_per_unit / _PIXEL

    def zooms(self, least: int, most: int) -> range:
        """The zooms here that have the scales of these zooms of WebMercatorQuad."""
        first, last = (min(max(z - self.above, 0), self.deepest) for z in (least, most))
        return range(first, last + 1)

    def tile_at(self, lon: float, lat: float, zoom: int) -> Tile:
        """The tile in which a point of EPSG:4326 lies."""
        columns, rows = self.size(zoom)
        x, y = int((lon + 180) / 360 * columns), int(self._down(lat) * rows)
        return Tile(zoom, min(max(x, 0), columns - 1), min(max(y, 0), rows - 1), self)

    def limits(self, bounds: Bounds, zoom: int) -> Limits:
        """The rows and columns that meet a box of EPSG:4326."""
        northwest = self.tile_at(bounds.west, bounds.north, zoom)
        southeast = self.tile_at(bounds.east, bounds.south, zoom)
        return Limits(zoom, northwest.y, southeast.y, northwest.x, southeast.x)

    def longitude(self, x: float, zoom: int) -> float:
        """That of the western edge of a column."""
        return x / (self.columns << zoom) * 360 - 180

    def latitude(self, y: float, zoom: int) -> float:
        """That of the northern edge of a row."""
        down = y / (1 << zoom)
        if self.srid == 4326:
            return 90 - 180 * down
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))

    def _down(self, lat: float) -> float:
        """How far down a latitude lies: 0 at the northern edge, 1 at the southern."""
        if self.srid == 4326:
            return (90 - lat) / 180
        lat = max(min(lat, _NORTHERNMOST), -_NORTHERNMOST)
        return (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2


_HALF = math.pi * _RADIUS

WEB_MERCATOR_QUAD = TileMatrixSet(
    id="WebMercatorQuad",
    title="Google Maps Compatible for the World",
    crs="http://www.opengis.net/def/crs/EPSG/0/3857",
    srid=3857,
    axes=("X", "Y"),
    scale_set="http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
    columns=1,
    side=2 * _HALF,
    origin=(-_HALF, _HALF),
    metres_per_unit=1.0,
    deepest=24,
    above=0,
)
# Its axes are longitude before latitude, which is how PostGIS has 4326.
WORLD_CRS84_QUAD = TileMatrixSet(
    id="WorldCRS84Quad",
    title="CRS84 for the World",
    crs="http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    srid=4326,
    axes=("Lon", "Lat"),
    scale_set="http://www.opengis.net/def/wkss/OGC/1.0/GoogleCRS84Quad",
    columns=2,
    side=180.0,
    origin=(-180.0, 90.0),
    metres_per_unit=_HALF / 180,
    deepest=23,
    above=1,
)
MATRIX_SETS = {each.id: each for each in (WEB_MERCATOR_QUAD, WORLD_CRS84_QUAD)}
DEEPEST = WEB_MERCATOR_QUAD.deepest


def matrix_set(name: str) -> TileMatrixSet:
    """The one of that id; NotFound names those that there are."""
    try:
        return MATRIX_SETS[name]
    except KeyError:
        known = ", ".join(MATRIX_SETS)
        raise NotFound(f"there is no tile matrix set «{name}»; there are: {known}") from None


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of a matrix set; x counts from the west, y from the north."""

    z: int
    x: int
    y: int
    matrix_set: TileMatrixSet = WEB_MERCATOR_QUAD

    @classmethod
    def parse(cls, z: str, x: str, y: str, matrix_set: TileMatrixSet = WEB_MERCATOR_QUAD) -> Tile:
        """The tile of these path segments; NotFound says what a segment may be."""
        numbers = {"z": z, "x": x, "y": y}
        for name, text in numbers.items():
            if not (text.isascii() and text.isdigit() and len(text) <= 8):
                raise NotFound(
                    f"there is no tile {name}={text}: give a whole number from 0, of up to "
                    "eight digits"
                )
        tile = cls(int(z), int(x), int(y), matrix_set)
        if tile.z > matrix_set.deepest:
            raise NotFound(
                f"there is no zoom {tile.z}; {matrix_set.id} goes from 0 to {matrix_set.deepest}"
            )
        columns, rows = matrix_set.size(tile.z)
        if tile.x >= columns or tile.y >= rows:
            raise NotFound(
                f"there is no tile {tile.z}/{tile.x}/{tile.y}: at zoom {tile.z} of "
                f"{matrix_set.id}, x goes from 0 to {columns - 1} and y from 0 to {rows - 1}"
            )
        return tile

    @property
    def zoom(self) -> int:
        """The zoom of WebMercatorQuad with its scale: what declarations of layers count in."""
        return self.z + self.matrix_set.above

    def box(self, margin: int = MARGIN) -> Bounds:
        """The tile with that many units around it, in EPSG:4326, cut at the edges of the world.

        Calculated here rather than transformed in the database: beyond 180° a transformed margin
        comes back on the other side of the world.
        """
        grid, around = self.matrix_set, margin / EXTENT
        return Bounds(
            west=max(grid.longitude(self.x - around, self.z), -180.0),
            south=max(grid.latitude(self.y + 1 + around, self.z), -90.0),
            east=min(grid.longitude(self.x + 1 + around, self.z), 180.0),
            north=min(grid.latitude(self.y - around, self.z), 90.0),
        )


def tile_at(
    lon: float, lat: float, zoom: int, matrix_set: TileMatrixSet = WEB_MERCATOR_QUAD
) -> Tile:
    """The tile of that zoom in which a point of EPSG:4326 lies."""
    return matrix_set.tile_at(lon, lat, zoom)
