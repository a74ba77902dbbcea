"""How a layer's vector tiles are declared: at which zooms there are any, and what they carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from geoservice.catalog.attribute import Attribute, FromZoom
from geoservice.catalog.declared import Declared
from geoservice.model import Bounds

# What tiles of points carry besides their attributes: for how many points one stands, itself among
# them, and the sums over those.
POINT_COUNT = "point_count"
# How wide the cells can be of which one point shows, in pixels of a tile of 512.
CellSize = Literal[8, 16, 32, 64]
CELL_SIZES: tuple[CellSize, ...] = get_args(CellSize)
# And where a tile leaves out shapes: how many.
OMITTED = "omitted"


class Zoom(Declared):
    """The zooms at which tiles of the layer exist."""

    min: int = Field(default=0, ge=0, le=22)
    max: int = Field(default=14, ge=0, le=22)

    @model_validator(mode="after")
    def _ordered(self) -> Zoom:
        if self.min > self.max:
            raise ValueError(f"zoom.min {self.min} lies above zoom.max {self.max}")
        return self


def _box(corners: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = corners
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError(f"{list(corners)} is not [west, south, east, north] in degrees")
    return corners


class Tiles(Declared):
    """What vector tiles carry around themselves, where there are any, and what shows first.

    `buffer`: units around a tile, 4096 to its side, that it carries too. `bounds`: west, south,
    east, north in degrees; every tile beyond them is empty. Where points are too many:
    `importance`, the attribute whose greatest value shows first, and `sums`, those of which one
    that stands for others carries the sum over all of them.
    """

    buffer: int = Field(default=64, ge=0, le=512)
    bounds: Annotated[tuple[float, float, float, float], AfterValidator(_box)] | None = None
    importance: str | None = None
    sums: tuple[str, ...] = ()

    @property
    def box(self) -> Bounds | None:
        """The bounds."""
        return None if self.bounds is None else Bounds(*self.bounds)


def omitted_name(layer_id: str) -> str:
    """The tile layer that says how many of the layer's shapes a tile leaves out, in `OMITTED`."""
    return f"{layer_id}_omitted"


def sum_name(attribute: str) -> str:
    """The name under which tiles carry the sum of an attribute."""
    return f"{attribute}_sum"


def tiling_faults(
    attributes: Mapping[str, Attribute], geometry: str, zoom: Zoom, tiles: Tiles
) -> Iterator[str]:
    """Why tiles cannot be made as they are declared."""
    for name, attribute in attributes.items():
        if isinstance(attribute.tiles, FromZoom) and attribute.tiles.min > zoom.max:
            yield (
                f"attributes.{name}: tiles.min {attribute.tiles.min} lies above "
                f"zoom.max {zoom.max}: no tile would carry it"
            )
    added = (POINT_COUNT, *map(sum_name, tiles.sums)) if geometry == "Point" else ()
    for name in added:
        if name in attributes and attributes[name].in_tiles():
            yield f"attributes.{name}: tiles of points have a «{name}» of their own"
    importance = () if tiles.importance is None else (tiles.importance,)
    for key, names in (("importance", importance), ("sums", tiles.sums)):
        if names and geometry != "Point":
            yield f"tiles.{key} is for points"
        for name in names:
            if name not in attributes:
                yield f"tiles.{key} «{name}» is not among the attributes"
            elif attributes[name].type not in ("integer", "number"):
                yield f"tiles.{key} «{name}» is not a number"
    if len(set(tiles.sums)) < len(tiles.sums):
        yield "tiles.sums names an attribute twice"
