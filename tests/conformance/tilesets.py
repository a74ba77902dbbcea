"""Tilesets as a client finds them: by following links from the landing page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from shapely.geometry import shape

from geoservice.catalog.tiling import omitted_name
from geoservice.publish.grid import Tile, matrix_set
from tests.conformance.documents import links

TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
TILING_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
REGISTRY = "http://www.opengis.net/def/tilematrixset/OGC/1.0/"


@dataclass(frozen=True)
class Tileset:
    """One tileset and where it was found; `listed` is what its list says of it."""

    api: httpx.Client
    here: str
    listed: dict[str, Any]
    document: dict[str, Any]

    @property
    def grid(self) -> str:
        """Its tile matrix set."""
        name: str = self.document["tileMatrixSetURI"].removeprefix(REGISTRY)
        return name

    @property
    def layers(self) -> list[str]:
        """The layers that it says it has."""
        return [layer["id"] for layer in self.document["layers"]]

    @property
    def collections(self) -> list[str]:
        """Those of its layers that hold features; others count what tiles leave out of these."""
        counting = {omitted_name(name) for name in self.layers}
        return [name for name in self.layers if name not in counting]

    @property
    def zooms(self) -> list[int]:
        """The zooms of its limits."""
        return [int(limits["tileMatrix"]) for limits in self.document["tileMatrixSetLimits"]]

    def tile(self, zoom: object, row: object, column: object, **more: Any) -> httpx.Response:
        """The tile of the template."""
        (item,) = links(self.document, "item")
        assert item["templated"] is True
        url = item["href"].format(tileMatrix=zoom, tileRow=row, tileCol=column)
        return self.api.get(url, **more)

    def some_tile(self, zoom: int) -> Tile:
        """A tile in which there is something, if its layers are shown at that zoom."""
        items = f"/collections/{self.layers[0]}/items?limit=50"
        features = self.api.get(items).raise_for_status().json()["features"]
        drawn = next(shape(f["geometry"]) for f in features if f["geometry"])
        point = drawn.representative_point()
        return matrix_set(self.grid).tile_at(point.x, point.y, zoom)

    def some(self, zoom: int, **more: Any) -> httpx.Response:
        """That tile, asked for."""
        tile = self.some_tile(zoom)
        return self.tile(zoom, tile.y, tile.x, **more)


def found_from(api: httpx.Client, document: dict[str, Any]) -> list[Tileset]:
    """The tilesets of what that document describes."""
    (link,) = links(document, TILESETS)
    tilesets = []
    for listed in api.get(link["href"]).raise_for_status().json()["tilesets"]:
        (here,) = links(listed, "self")
        described = api.get(here["href"]).raise_for_status().json()
        tilesets.append(Tileset(api, here["href"], listed, described))
    return tilesets
