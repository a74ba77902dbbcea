"""POST, PUT, PATCH and DELETE of features (OGC API Features, Part 4)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence

from geoservice.catalog.crs import CRS84, Crs
from geoservice.catalog.layer import Layer
from geoservice.errors import NotFound
from geoservice.http import params
from geoservice.http.answer import Answer
from geoservice.http.asked import Asked, Scope
from geoservice.http.authorisation import authorise
from geoservice.http.bbox import crs
from geoservice.http.body import check_media_type, read_body
from geoservice.http.context import Context
from geoservice.http.items import item_etag
from geoservice.http.methods import READING, Methods, Receive
from geoservice.http.wanted import item_url
from geoservice.publish.edits import content
from geoservice.publish.edits.change import Change, Condition, creation, replacement, update
from geoservice.publish.edits.write import Written, alter, create, remove
from geoservice.publish.links import GEOJSON, JSON_TYPE, MERGE_PATCH

METHODS = ("POST", "PUT", "PATCH", "DELETE")
MOST_BYTES = 10 * 1024 * 1024

_FEATURE = (GEOJSON, JSON_TYPE)
_PATCH = (MERGE_PATCH,)
_WORTH_A_THREAD = 64 * 1024

_ITEMS = re.compile(r"/collections/(?P<layer_id>[^/]+)/items(/(?P<feature_id>.+))?", re.DOTALL)
_COLLECTION = re.compile(r"/collections/(?P<layer_id>[^/]+)")
_OF_ITEMS = Methods(("GET", "HEAD", "OPTIONS", "POST"), accept_post=_FEATURE)
_OF_ITEM = Methods(("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"), accept_patch=_PATCH)

# What the content makes of a layer, in the CRS of its coordinates.
Reading = Callable[[bytes, Crs], Change]


def methods(context: Context, path: str) -> Methods:
    """What the resource at that path can be asked; NotFound below an unknown collection."""
    if below := _COLLECTION.match(path):
        context.catalog.layer(below["layer_id"])
    found = _ITEMS.fullmatch(path)
    if found is None or not context.editable(context.catalog.layer(found["layer_id"])):
        return READING
    return _OF_ITEMS if found["feature_id"] is None else _OF_ITEM


async def edit(scope: Scope, receive: Receive, context: Context) -> Answer:
    """The answer to a method that `methods` allows: 201 with the place of the new feature, or 204.

    Both come with the entity tag that a plain GET would have now.
    """
    asked = Asked.of(scope, context.base_url)
    authorise(scope, asked.headers, context.edit_key or "")
    asked.parameters(())
    found = _ITEMS.fullmatch(scope["path"])
    if found is None:
        raise NotFound(f"there is no feature at {scope['path']!a}")
    layer = context.catalog.layer(found["layer_id"])
    if found["feature_id"] is not None:
        return await _edit_one(asked, scope["method"], receive, context, layer, found["feature_id"])

    def new(body: bytes, body_crs: Crs) -> Change:
        return creation(layer, content.feature(layer, body), body_crs)

    change = await _change(asked, receive, layer, _FEATURE, new)
    return _answer(asked, layer, await create(context.pool_for_edits, layer, change), 201)


async def _edit_one(  # noqa: PLR0913  (the parts of a request, each by its name)
    asked: Asked, method: str, receive: Receive, context: Context, layer: Layer, text: str
) -> Answer:
    feature_id = params.feature_id(layer, text)
    condition = Condition(_hashes(asked, "if-match"), _hashes(asked, "if-none-match"))
    pool = context.pool_for_edits
    if method == "DELETE":
        await remove(pool, layer, feature_id, condition)
        return Answer(204, {})

    def whole(body: bytes, body_crs: Crs) -> Change:
        return replacement(layer, feature_id, content.feature(layer, body), body_crs)

    def part(body: bytes, body_crs: Crs) -> Change:
        return update(layer, feature_id, content.patch(layer, body), body_crs)

    accepted, read = (_PATCH, part) if method == "PATCH" else (_FEATURE, whole)
    change = await _change(asked, receive, layer, accepted, read)
    return _answer(asked, layer, await alter(pool, layer, feature_id, change, condition), 204)


async def _change(
    asked: Asked, receive: Receive, layer: Layer, accepted: Sequence[str], read: Reading
) -> Change:
    """What the content asks for: held against media type, CRS and size, then read."""
    check_media_type(asked, accepted)
    uri = asked.headers.get("content-crs", CRS84.uri).strip().removeprefix("<").removesuffix(">")
    body_crs = crs(layer, "Content-Crs", {"Content-Crs": uri})
    body = await read_body(asked, receive, MOST_BYTES, "a feature")
    if len(body) > _WORTH_A_THREAD:
        return await asyncio.to_thread(read, body, body_crs)
    return read(body, body_crs)


def _hashes(asked: Asked, header: str) -> frozenset[str] | None:
    """The hashes of rows that are in the tags of a header; a weak tag matches nothing."""
    if header not in asked.headers:
        return None
    tags = (tag.strip() for tag in asked.headers[header].split(","))
    return frozenset("*" if tag == "*" else tag.partition(".")[0].strip('"') for tag in tags)


def _answer(asked: Asked, layer: Layer, written: Written, status: int) -> Answer:
    url = item_url(asked, layer, written.feature_id)
    headers = {
        "etag": item_etag(asked, layer, written.row_hash, url, {}),
        "cache-control": "no-store",
    }
    if status == 201:
        headers["location"] = url
    return Answer(status, headers)
