"""/collections, each collection, its schema, its queryables and its sortables."""

from __future__ import annotations

import logging
from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from geoservice.catalog.crs import COMMON
from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection, acquire
from geoservice.database.errors import translated
from geoservice.errors import DatabaseTimeout, DatabaseUnavailable, GeoserviceError
from geoservice.http.answer import Answer, document, page
from geoservice.http.asked import Asked
from geoservice.http.context import Context
from geoservice.model import JSON
from geoservice.publish.collections import collection
from geoservice.publish.links import HTML, JSON_TYPE, SCHEMA, link
from geoservice.publish.pages.documents import collection_page, collections_page, schema_page
from geoservice.publish.schema import queryables, schema, sortables
from geoservice.publish.summary import Summary

_LOG = logging.getLogger(__name__)


def router(context: Context) -> APIRouter:
    """The resources."""
    routes = APIRouter()

    @routes.get("/collections")
    async def collections(request: Request) -> Response:
        return (await _all(request, context)).response()

    @routes.get("/collections/{layer_id}")
    async def one_collection(request: Request, layer_id: str) -> Response:
        return (await _one(request, context, layer_id)).response()

    def attributes_of(kind: str, describe: Callable[[Layer, str], JSON]) -> None:
        @routes.get(f"/collections/{{layer_id}}/{kind}")
        async def attributes(request: Request, layer_id: str) -> Response:
            return (await _attributes(request, context, layer_id, kind, describe)).response()

    attributes_of("schema", schema)
    attributes_of("queryables", queryables)
    attributes_of("sortables", sortables)
    return routes


async def _all(request: Request, context: Context) -> Answer:
    asked, wants_page = _asked_for(request, context)
    async with acquire(context.pool) as connection:
        summaries = [
            (layer, await summary_of(context, connection, layer))
            for layer in context.catalog.layers.values()
        ]
    described = [
        collection(layer, summary, asked.base, styled=_styled(context, layer))
        for layer, summary in summaries
        if summary is not None
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
        return await page(asked, collections_page(found, asked.base, _formats(asked)))
    return await document(asked, found)


async def _one(request: Request, context: Context, layer_id: str) -> Answer:
    asked, wants_page = _asked_for(request, context)
    layer = context.catalog.layer(layer_id)
    async with acquire(context.pool) as connection:
        summary = await context.summaries.of(connection, layer)
        if wants_page:
            backdrop = await context.backdrops.of(connection, context.catalog)
    described = collection(layer, summary, asked.base, styled=_styled(context, layer))
    if wants_page:
        html = collection_page(described, layer, asked.base, _formats(asked), backdrop)
        return await page(asked, html)
    return await document(asked, described)


async def _attributes(
    request: Request,
    context: Context,
    layer_id: str,
    kind: str,
    describe: Callable[[Layer, str], JSON],
) -> Answer:
    asked, wants_page = _asked_for(request, context, SCHEMA)
    layer = context.catalog.layer(layer_id)
    described = describe(layer, asked.url)
    if wants_page:
        formats = _formats(asked, SCHEMA)
        return await page(asked, schema_page(described, layer, asked.base, formats, kind))
    return await document(asked, described, SCHEMA)


def _styled(context: Context, layer: Layer) -> bool:
    return bool(context.catalog.styles_of(layer.id))


async def summary_of(context: Context, connection: AsyncConnection, layer: Layer) -> Summary | None:
    """The layer's summary; None, and the reason for `/health/ready`, if it cannot be read.

    One layer that fails does not take the others away.
    """
    try:
        with translated():
            summary = await context.summaries.of(connection, layer)
    except (DatabaseUnavailable, DatabaseTimeout):
        raise
    except GeoserviceError as error:
        reason = f"{layer.id}: {error}"
        if context.failing.get(layer.id) != reason:
            _LOG.warning("left out of /collections: %s", reason)
        context.failing[layer.id] = reason
        return None
    context.failing.pop(layer.id, None)
    return summary


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
