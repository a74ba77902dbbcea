"""The composition root: settings become an ASGI application.

Tiles and item pages are answered by bare ASGI in front of FastAPI, which has the rest.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from geoservice.catalog.directory import read_directory
from geoservice.catalog.load import Catalog
from geoservice.catalog.styles import read_styles, with_styles
from geoservice.errors import DatabaseChanged, GeoserviceError, InvalidDeclaration
from geoservice.http import (
    api,
    archives,
    assets,
    collections,
    conformance,
    edits,
    functions,
    geocode,
    geocode_batch,
    geocode_corrections,
    geocode_postal_codes,
    health,
    indicators,
    items,
    landing,
    map_page,
    matrix_sets,
    styles,
    tiles,
    tilesets,
)
from geoservice.http.answer import Answer, Send
from geoservice.http.asked import Asked, Scope
from geoservice.http.authorisation import without_key
from geoservice.http.context import Context
from geoservice.http.errors import problem, problem_of
from geoservice.http.fresh import Fresh
from geoservice.http.gone import unless_gone
from geoservice.http.kept import Kept
from geoservice.http.kept_files import KeptFiles
from geoservice.http.lifespan import live
from geoservice.http.methods import App, Methods, Receive, with_methods
from geoservice.http.proxies import believing
from geoservice.http.reload import Served, Watch
from geoservice.http.warm import Warm
from geoservice.persian.postal_code import DEFAULT_PATTERN
from geoservice.settings import Settings, read_settings

Resource = Callable[[Asked, Context, Mapping[str, str]], Awaitable[Answer]]

# What a resource is given of its path are the groups, by name.
_HOT: tuple[tuple[re.Pattern[str], Resource], ...] = (
    (
        re.compile(r"/tiles/(?P<ids>[^/]+)/(?P<z>[^/]+)/(?P<x>[^/]+)/(?P<y>[^/]+)\.mvt"),
        tiles.tile,
    ),
    (re.compile(r"/tiles/(?P<ids>[^/]+)/version"), tiles.version),
    (
        re.compile(r"/tiles/(?P<matrix_set>[^/]+)/(?P<z>[^/]+)/(?P<y>[^/]+)/(?P<x>[^/]+)"),
        tiles.dataset_tile,
    ),
    (
        re.compile(
            r"/collections/(?P<layer_id>[^/]+)/tiles/(?P<matrix_set>[^/]+)"
            r"/(?P<z>[^/]+)/(?P<y>[^/]+)/(?P<x>[^/]+)"
        ),
        tiles.collection_tile,
    ),
    (re.compile(r"/collections/(?P<layer_id>[^/]+)/items"), items.items),
    # An id may hold a slash, so it takes the rest of the path.
    (
        re.compile(r"/collections/(?P<layer_id>[^/]+)/items/(?P<feature_id>.+)", re.DOTALL),
        items.item,
    ),
    *geocode.RESOURCES,
    *geocode_postal_codes.RESOURCES,
)

# Those that take content, besides features.
_TAKING = (
    *(geocode_postal_codes.TAKING, geocode_batch.TAKING),
    *(geocode_corrections.TAKING, geocode_corrections.WITHDRAWING),
)

# And these behind it.
_RESOURCES = (
    *(landing, conformance, functions, api, collections, styles),
    *(matrix_sets, tilesets, archives, indicators, health, map_page, assets),
)

_MB = 1024 * 1024


def create_app(settings: Settings) -> App:
    """The service over the declared layers, then and later; its pools open at ASGI start-up.

    Layers that are wrong are left out. InvalidDeclaration if that leaves none, or if settings are
    wrong.
    """
    context, watch = _declared(settings)
    context.warmed = warm = _warm(settings, context.database_url, lambda: serving.now[0].catalog)
    serving = Served(context, watch, _rest)

    async def resources(scope: Scope, receive: Receive, send: Send) -> None:
        context, rest = serving.now
        for taking in _TAKING:
            if taking.path.fullmatch(scope["path"]):
                answer = await taking.answer(scope, receive, context)
                await unless_gone(answer.send(send), receive)
                return
        if scope["method"] in edits.METHODS:
            await (await edits.edit(scope, receive, context)).send(send)
            return
        for pattern, resource in _HOT:
            if found := pattern.fullmatch(scope["path"]):
                asked = Asked.of(scope, context.base_url)
                await unless_gone(_answered(resource, asked, context, found, send), receive)
                return
        await rest(scope, receive, send)

    guarded = _guarded(resources, lambda: serving.now[0])
    served = with_methods(guarded, lambda path: _methods(serving.now[0], path))
    if settings.edit_key is not None:
        served = without_key(served)
    served = believing(served, settings.proxies)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(serving, settings, receive, send)
        elif scope["type"] == "http":
            if scope["method"] == "GET" and await warm.answered(scope, send):
                return
            await served(scope, receive, send)

    return app


def _declared(settings: Settings) -> tuple[Context, Watch]:
    """What is declared at first, and who follows it from then on."""
    if settings.database_url is None:
        raise InvalidDeclaration("to serve, DATABASE_URL must name the PostgreSQL to use")
    reading = read_directory(settings.layers_dir)
    if not reading.layers:
        raise InvalidDeclaration("\n".join(reading.faults.values()))
    drawings = read_styles(settings.styles)
    context = Context(
        with_styles(Catalog(reading.layers, reading.faults), drawings, {}),
        settings.database_url,
        settings.migrations_dir,
        settings.base_url,
        archives_dir=settings.archives_dir,
        edit_key=settings.edit_key.get_secret_value() if settings.edit_key else None,
        postal_code_pattern=settings.postal_code_pattern or DEFAULT_PATTERN,
        licence=settings.licence,
    )
    watch = Watch(settings.layers_dir, settings.database_url, reading)
    watch.follow_styles(settings.styles, drawings)
    return context, watch


def _methods(context: Context, path: str) -> Methods:
    for taking in _TAKING:
        if taking.path.fullmatch(path):
            return taking.methods(context)
    return edits.methods(context, path)


def _warm(settings: Settings, url: str, catalog: Callable[[], Catalog]) -> Warm:
    files = None
    if settings.tile_cache_dir is not None:
        files = KeptFiles(settings.tile_cache_dir, settings.tile_cache_mb * _MB)
    return Warm(Kept(Fresh(url), settings.tile_memory_mb * _MB, files), catalog)


async def _answered(
    resource: Resource, asked: Asked, context: Context, found: re.Match[str], send: Send
) -> None:
    answer = await resource(asked, context, found.groupdict())
    await answer.send(send)


def application() -> App:
    """The service as the environment sets it; what an ASGI server is pointed at."""
    app = create_app(read_settings())
    # What is there now stays: to look through all of it for cycles would stop every answer of the
    # worker for 40 ms, now and then.
    gc.collect()
    gc.freeze()
    # And what is kept of tiles soon is a hundred thousand objects, without a cycle: all of them
    # together are looked through a thousand times more rarely than Python would.
    gc.set_threshold(10_000, 20, 50)
    return app


def _rest(context: Context) -> FastAPI:
    """Every resource that is not on the hot path."""
    rest = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    for resource in _RESOURCES:
        rest.include_router(resource.router(context))

    async def problem_response(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return problem(
                HTTPStatus(error.status_code), f"there is nothing at {request.url.path}"
            ).response()
        _heed(error, context)
        return problem_of(error).response()

    rest.add_exception_handler(HTTPException, problem_response)
    rest.add_exception_handler(GeoserviceError, problem_response)
    rest.add_exception_handler(Exception, problem_response)
    return rest


def _heed(error: Exception, context: Context) -> None:
    """Have the layers looked at if a request met what is not as they say."""
    if isinstance(error, DatabaseChanged) and context.hurry is not None:
        context.hurry()


def _guarded(app: App, context: Callable[[], Context]) -> App:
    """`app`, with a problem document for whatever it raises before it has begun to answer."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        begun = ended = False

        async def sent(message: MutableMapping[str, Any]) -> None:
            nonlocal begun, ended
            begun = True
            ended = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        try:
            await app(scope, receive, sent)
        except Exception as error:
            _heed(error, context())
            if not begun:
                await problem_of(error).send(send)
            elif not ended:
                raise  # the server then breaks off, so that half an answer is not taken for whole

    return guarded
