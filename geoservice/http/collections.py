"""/collections, each collection, its schema, its queryables and its sortables."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from geoservice.catalog.crs import COMMON
from geoservice.catalog.layer import Layer
from geoservice.database.engine import acquire
from geoservice.http.answer import document
from geoservice.http.asked import Asked, one_of
from geoservice.http.context import Context
from geoservice.publish.collections import collection
from geoservice.publish.links import JSON_TYPE, SCHEMA, link
from geoservice.publish.schema import queryables, schema, sortables


def router(context: Context) -> APIRouter:
    """The resources."""
    routes = APIRouter()

    def asked_for(request: Request) -> Asked:
        asked = Asked.of(request.scope, context.base_url)
        one_of("f", asked.parameters(("f",)).get("f", "json"), ("json",))
        return asked

    @routes.get("/collections")
    async def collections(request: Request) -> Response:
        asked = asked_for(request)
        async with acquire(context.pool) as connection:
            described = [
                collection(layer, await context.summaries.of(connection, layer), asked.base)
                for layer in context.catalog.layers.values()
            ]
        links = [link(asked.url, "self", JSON_TYPE, "collections")]
        return (
            await document(
                asked,
                {"links": links, "crs": [crs.uri for crs in COMMON], "collections": described},
            )
        ).response()

    @routes.get("/collections/{layer_id}")
    async def one_collection(request: Request, layer_id: str) -> Response:
        asked = asked_for(request)
        layer: Layer = context.catalog.layer(layer_id)
        async with acquire(context.pool) as connection:
            summary = await context.summaries.of(connection, layer)
        return (await document(asked, collection(layer, summary, asked.base))).response()

    @routes.get("/collections/{layer_id}/schema")
    async def schema_of(request: Request, layer_id: str) -> Response:
        asked = asked_for(request)
        described = schema(context.catalog.layer(layer_id), asked.url)
        return (await document(asked, described, SCHEMA)).response()

    @routes.get("/collections/{layer_id}/queryables")
    async def queryables_of(request: Request, layer_id: str) -> Response:
        asked = asked_for(request)
        described = queryables(context.catalog.layer(layer_id), asked.url)
        return (await document(asked, described, SCHEMA)).response()

    @routes.get("/collections/{layer_id}/sortables")
    async def sortables_of(request: Request, layer_id: str) -> Response:
        asked = asked_for(request)
        described = sortables(context.catalog.layer(layer_id), asked.url)
        return (await document(asked, described, SCHEMA)).response()

    return routes
