"""/collections, each collection, its schema, its queryables and its sortables."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from geoservice.catalog.crs import COMMON
from geoservice.catalog.layer import Layer
from geoservice.database.engine import acquire
from geoservice.http.answer import document, page
from geoservice.http.asked import Asked
from geoservice.http.context import Context
from geoservice.model import JSON
from geoservice.publish.collections import collection
from geoservice.publish.links import HTML, JSON_TYPE, SCHEMA, link
from geoservice.publish.pages.documents import collection_page, collections_page, schema_page
from geoservice.publish.schema import queryables, schema, sortables


def router(context: Context) -> APIRouter:
    """The resources."""
    routes = APIRouter()

    @routes.get("/collections")
    async def collections(request: Request) -> Response:
        asked, wants_page = _asked_for(request, context)
        async with acquire(context.pool) as connection:
            described = [
                collection(layer, await context.summaries.of(connection, layer), asked.base)
                for layer in context.catalog.layers.values()
            ]
        links = [
            link(asked.url, "self", JSON_TYPE, "collections"),
            link(f"{asked.url}?f=html", "alternate", HTML, "collections: a page"),
        ]
        found: JSON = {
            "links": links,
            "crs": [crs.uri for crs in COMMON],
            "collections": described,
        }
        if wants_page:
            html = collections_page(found, asked.base, _formats(asked))
            return (await page(asked, html)).response()
        return (await document(asked, found)).response()

    @routes.get("/collections/{layer_id}")
    async def one_collection(request: Request, layer_id: str) -> Response:
        asked, wants_page = _asked_for(request, context)
        layer: Layer = context.catalog.layer(layer_id)
        async with acquire(context.pool) as connection:
            summary = await context.summaries.of(connection, layer)
            if wants_page:
                backdrop = await context.backdrops.of(connection, context.catalog)
        described = collection(layer, summary, asked.base)
        if wants_page:
            html = collection_page(described, layer, asked.base, _formats(asked), backdrop)
            return (await page(asked, html)).response()
        return (await document(asked, described)).response()

    for kind, describe in _SCHEMAS.items():
        routes.get(f"/collections/{{layer_id}}/{kind}")(_described(context, kind, describe))

    return routes


_SCHEMAS: dict[str, Callable[[Layer, str], JSON]] = {
    "schema": schema,
    "queryables": queryables,
    "sortables": sortables,
}


def _described(
    context: Context, kind: str, describe: Callable[[Layer, str], JSON]
) -> Callable[[Request, str], Awaitable[Response]]:
    """What answers with the JSON Schema, or the page, that describes a layer's attributes."""

    async def described(request: Request, layer_id: str) -> Response:
        asked, wants_page = _asked_for(request, context, SCHEMA)
        layer = context.catalog.layer(layer_id)
        found = describe(layer, asked.url)
        if wants_page:
            html = schema_page(found, layer, asked.base, _formats(asked, SCHEMA), kind)
            return (await page(asked, html)).response()
        return (await document(asked, found, SCHEMA)).response()

    return described


def _asked_for(
    request: Request, context: Context, media_type: str = JSON_TYPE
) -> tuple[Asked, bool]:
    """What was asked, and whether as a page; InvalidParameter for any parameter but `f`."""
    asked = Asked.of(request.scope, context.base_url)
    asked.parameters(("f",))
    return asked, asked.preferred({"json": media_type, "html": HTML}) == "html"


def _formats(asked: Asked, media_type: str = JSON_TYPE) -> list[JSON]:
    name = "JSON Schema" if media_type == SCHEMA else "JSON"
    return [link(f"{asked.url}?f=json", "alternate", media_type, name)]
