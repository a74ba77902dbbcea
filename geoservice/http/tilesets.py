"""The documents that describe tiles: lists of tilesets, tilesets, TileJSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from geoservice.catalog.layer import Layer
from geoservice.database.engine import acquire
from geoservice.errors import DatabaseUnavailable
from geoservice.http.answer import Answer, document, stale
from geoservice.http.asked import Asked, one_of
from geoservice.http.collections import summary_of
from geoservice.http.context import Context
from geoservice.http.tile_request import chosen, named, parts_of, shown_of
from geoservice.publish.grid import WEB_MERCATOR_QUAD, TileMatrixSet, matrix_set
from geoservice.publish.summary import Summary
from geoservice.publish.tilejson import tilejson
from geoservice.publish.tilesets import tileset, tilesets

_ALL = "همهٔ لایه‌ها"  # all layers: the title of the dataset's tileset


def router(context: Context) -> APIRouter:
    """TileJSON, and below the dataset and each collection the tilesets."""
    routes = APIRouter()

    @routes.get("/tiles/{ids}.json")
    async def tilejson_of(request: Request, ids: str) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        layers = named(context.catalog, ids)
        shown = shown_of(asked, layers, "json")
        parts_of(layers, shown)
        tiles = f"{asked.base}/tiles/{ids}/{{z}}/{{x}}/{{y}}.mvt"
        return (await _tilejson(asked, context, layers, tiles, shown)).response()

    @routes.get("/tiles")
    async def dataset_tilesets(request: Request) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        one_of("f", asked.parameters(("f",)).get("f", "json"), ("json",))
        return (await document(asked, tilesets(_ALL, asked.url, asked.base))).response()

    @routes.get("/tiles/{name}")
    async def dataset_tileset(request: Request, name: str) -> Response:
        return await _of_the_dataset(Asked.of(request.scope, context.base_url), context, name)

    @routes.get("/collections/{layer_id}/tiles")
    async def collection_tilesets(request: Request, layer_id: str) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        layer = context.catalog.layer(layer_id)
        one_of("f", asked.parameters(("f",)).get("f", "json"), ("json",))
        described = tilesets(layer.title.fa, asked.url, asked.base)
        return (await document(asked, described)).response()

    @routes.get("/collections/{layer_id}/tiles/{name}")
    async def collection_tileset(request: Request, layer_id: str, name: str) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        return await _of_a_layer(asked, context, context.catalog.layer(layer_id), name)

    return routes


async def _of_the_dataset(asked: Asked, context: Context, name: str) -> Response:
    grid = matrix_set(name)
    shown = asked.parameters(("f", "collections"))
    kind = _kind(grid, shown.pop("f", "json"))
    layers = chosen(context.catalog, shown.get("collections"))
    async with acquire(context.pool) as connection:
        found = [(each, await summary_of(context, connection, each)) for each in layers]
    described = [(layer, summary) for layer, summary in found if summary is not None]
    here = f"{asked.base}/tiles"
    if kind == "tilejson":
        tiles = f"{here}/{grid.id}/{{z}}/{{y}}/{{x}}"
        return (await document(asked, tilejson(described, tiles, shown))).response()
    query = f"?{urlencode(shown, safe=',')}" if shown else ""
    made = tileset(_ALL, described, grid, here, asked.base, query)
    return (await document(asked, made)).response()


async def _of_a_layer(asked: Asked, context: Context, layer: Layer, name: str) -> Response:
    grid = matrix_set(name)
    kind = _kind(grid, asked.parameters(("f",)).get("f", "json"))
    if kind == "tilejson":
        tiles = f"{asked.base}/tiles/{layer.id}/{{z}}/{{x}}/{{y}}.mvt"
        return (await _tilejson(asked, context, (layer,), tiles, {})).response()
    described = await _summaries(context, (layer,))
    here = f"{asked.base}/collections/{layer.id}/tiles"
    made = tileset(layer.title.fa, described, grid, here, asked.base)
    return (await document(asked, made)).response()


async def _tilejson(
    asked: Asked, context: Context, layers: Sequence[Layer], tiles: str, shown: Mapping[str, str]
) -> Answer:
    """TileJSON; while the database is away as it was last, so that a map can begin with the tiles
    that are kept.
    """
    try:
        described = await _summaries(context, layers)
    except DatabaseUnavailable:
        last = [(each, context.summaries.last(each)) for each in layers]
        known = [(each, summary) for each, summary in last if summary is not None]
        if len(known) < len(last):
            raise
        return stale(await document(asked, tilejson(known, tiles, shown)))
    return await document(asked, tilejson(described, tiles, shown))


async def _summaries(context: Context, layers: Sequence[Layer]) -> list[tuple[Layer, Summary]]:
    async with acquire(context.pool) as connection:
        return [(each, await context.summaries.of(connection, each)) for each in layers]


def _kind(grid: TileMatrixSet, kind: str) -> str:
    """What `f` asks for; TileJSON knows one tile matrix set only."""
    offered = ("json", "tilejson") if grid is WEB_MERCATOR_QUAD else ("json",)
    return one_of("f", kind, offered)
