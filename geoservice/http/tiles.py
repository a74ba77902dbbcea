"""Vector tiles, bare ASGI in front of FastAPI.

A tile has three addresses: as web maps and QGIS write it, with the layers in the path; and those of
OGC API Tiles, below a collection or below the whole dataset, with the row before the column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.errors import NotFound
from geoservice.http.answer import Answer, content, fresh_headers, not_modified
from geoservice.http.asked import Asked
from geoservice.http.context import Context
from geoservice.http.kept import Wanted, key_of
from geoservice.http.pyramids import standing_at
from geoservice.http.tile_request import TileRequest, chosen, named, tile_request
from geoservice.http.versions import version_of_tiles
from geoservice.publish.grid import Tile, matrix_set
from geoservice.publish.links import MVT
from geoservice.publish.sources import sources_of
from geoservice.publish.tile_frame import around
from geoservice.publish.tiles import Made, make


async def tile(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """A tile of WebMercatorQuad with the layers that the path names."""
    layers = named(context.catalog, parts["ids"])
    address = Tile.parse(parts["z"], parts["x"], parts["y"])
    return await _answer(asked, context, tile_request(asked, layers, address))


async def version(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """The version of these layers as a text: it differs once their tiles may, by a write to their
    tables, a pyramid that was made anew or a change of their declarations. 204 where a change could
    go unseen.

    Who keeps tiles under it sends it with the request for one (`Tile-Version`): another worker may
    have read the declarations a moment later or earlier.
    """
    asked.parameters(())
    layers = named(context.catalog, parts["ids"])
    found = await version_of_tiles(context, layers)
    if found is None:
        return Answer(204, fresh_headers(None))
    said = f"{_declared(layers)}.{found}"
    return Answer(200, {"content-type": "text/plain", **fresh_headers(None)}, said.encode())


def _declared(layers: Sequence[Layer]) -> str:
    return key_of(*(layer.digest for layer in layers))


async def collection_tile(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """A tile of one collection."""
    layer = context.catalog.layer(parts["layer_id"])
    grid = matrix_set(parts["matrix_set"])
    address = Tile.parse(parts["z"], parts["x"], parts["y"], grid)
    return await _answer(asked, context, tile_request(asked, (layer,), address))


async def dataset_tile(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """A tile of every layer, or of those that `collections` names."""
    if parts["matrix_set"].partition(",")[0] in context.catalog.layers:
        raise NotFound(f"there is nothing at {asked.path}; there may be at {asked.path}.mvt")
    grid = matrix_set(parts["matrix_set"])
    address = Tile.parse(parts["z"], parts["x"], parts["y"], grid)
    layers = chosen(context.catalog, asked.said("collections"))
    return await _answer(asked, context, tile_request(asked, layers, address, "collections"))


async def _answer(asked: Asked, context: Context, request: TileRequest) -> Answer:
    """The tile. Where nothing lies the body is empty and the status 200, not 204.

    So it is tagged, kept and revalidated as any other tile; no bytes are a valid tile.
    """
    if not request.showing:  # the declarations alone say so
        nothing = asked.tag(request.digest)
        if asked.has(nothing):
            return not_modified(nothing)
        return await content(asked, b"", MVT, nothing)
    fresh = context.warm.kept.fresh

    async def made(connection: AsyncConnection, at: str | None) -> Made:
        return await make(request, connection, partial(standing_at, fresh, at))

    sources = sources_of(part.layer for part in request.showing)
    wanted = Wanted(request.digest, sources, around(request.tile), MVT, made)
    answer = await context.warm.answer(asked, context.catalog, context.tile_pool, wanted)
    said = asked.headers.get("tile-version")
    if said and said.partition(".")[0] != _declared([part.layer for part in request.parts]):
        answer.headers["cache-control"] = "no-store"
    return answer
