"""Vector tiles, bare ASGI in front of FastAPI; and the documents that describe them."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from geoservice.database.engine import acquire
from geoservice.errors import NotFound
from geoservice.http import params
from geoservice.http.answer import Answer, document
from geoservice.http.asked import Asked, one_of
from geoservice.http.context import Context
from geoservice.http.fresh import around, sources_of
from geoservice.http.kept import Wanted, key_of
from geoservice.publish.grid import TILE_MATRIX_SET, Tile
from geoservice.publish.links import MVT
from geoservice.publish.tilejson import tilejson
from geoservice.publish.tiles import read_tile
from geoservice.publish.tilesets import tileset, tilesets

# A tile is a box itself.
_SELECTING = ("datetime", "filter", "filter-lang", "filter-crs")


async def tile(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """One tile. Where nothing lies the body is empty and the status 200, not 204.

    So it is tagged, kept and revalidated as any other tile; no bytes are a valid tile.
    """
    layer = context.catalog.layer(parts["layer_id"])
    given = asked.parameters(("f", "v", *_SELECTING, *layer.queryables))
    one_of("f", given.get("f", "mvt"), ("mvt",))
    address = Tile.parse(parts["z"], parts["x"], parts["y"])
    selection = params.selection(layer, given)
    shown = {name: text for name, text in given.items() if name not in ("v", "f")}
    wanted = Wanted(
        key_of(layer.digest, address, sorted(shown.items())),
        sources_of([layer]),
        around(address.box()),
        MVT,
        lambda connection: read_tile(connection, layer, selection, address),
    )
    return await context.warm.answer(asked, context.catalog, context.pool, wanted)


async def matrix_tile(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """The same by OGC API Tiles' address: the row before the column."""
    check_matrix_set(parts["matrix_set"])
    return await tile(asked, context, parts)


def check_matrix_set(matrix_set: str) -> None:
    """NotFound unless it is the one that there is."""
    if matrix_set != TILE_MATRIX_SET:
        raise NotFound(f"there are no tiles in «{matrix_set}»; there are in: {TILE_MATRIX_SET}")


def router(context: Context) -> APIRouter:
    """TileJSON, the list of tilesets and the tileset of each layer."""
    routes = APIRouter()

    @routes.get("/tiles/{layer_id}.json")
    async def tilejson_of(request: Request, layer_id: str) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        layer = context.catalog.layer(layer_id)
        given = asked.parameters(("f", *_SELECTING, *layer.queryables))
        one_of("f", given.pop("f", "json"), ("json",))
        params.selection(layer, given)
        async with acquire(context.pool) as connection:
            summary = await context.summaries.of(connection, layer)
        return (await document(asked, tilejson(layer, summary, asked.base, given))).response()

    @routes.get("/collections/{layer_id}/tiles")
    async def tilesets_of(request: Request, layer_id: str) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        layer = context.catalog.layer(layer_id)
        one_of("f", asked.parameters(("f",)).get("f", "json"), ("json",))
        return (await document(asked, tilesets(layer, asked.base))).response()

    @routes.get("/collections/{layer_id}/tiles/{matrix_set}")
    async def tileset_of(request: Request, layer_id: str, matrix_set: str) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        layer = context.catalog.layer(layer_id)
        check_matrix_set(matrix_set)
        given = asked.parameters(("f",)).get("f", "json")
        async with acquire(context.pool) as connection:
            summary = await context.summaries.of(connection, layer)
        if one_of("f", given, ("json", "tilejson")) == "tilejson":
            described = tilejson(layer, summary, asked.base, {})
        else:
            described = tileset(layer, summary, asked.base)
        return (await document(asked, described)).response()

    return routes
