"""POST, PUT, PATCH and DELETE of features (OGC API Features, Part 4)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import partial

from geoservice.catalog.crs import CRS84, Crs
from geoservice.catalog.layer import Layer
from geoservice.errors import ContentTooLarge, InvalidParameter, NotFound, UnsupportedContent
from geoservice.http import params
from geoservice.http.answer import Answer
from geoservice.http.asked import Asked, Scope
from geoservice.http.authorisation import authorise
from geoservice.http.bbox import crs
from geoservice.http.context import Context
from geoservice.http.items import item_etag, item_url
from geoservice.http.methods import READING, Methods, Receive
from geoservice.publish.edits import content
from geoservice.publish.edits.change import Change, Condition, creation, replacement, update
from geoservice.publish.edits.content import Content
from geoservice.publish.edits.write import Written, alter, create, remove
from geoservice.publish.links import GEOJSON, JSON_TYPE, MERGE_PATCH

METHODS = ("POST", "PUT", "PATCH", "DELETE")
MOST_BYTES = 10 * 1024 * 1024

_FEATURE = (GEOJSON, JSON_TYPE)
_PATCH = (MERGE_PATCH,)
_WORTH_A_THREAD = 64 * 1024

_ITEMS = re.compile(r"/collections/(?P<layer_id>[^/]+)/items(/(?P<feature_id>.+))?", re.DOTALL)
_COLLECTION = Methods(("GET", "HEAD", "OPTIONS", "POST"), accept_post=_FEATURE)
_ITEM = Methods(("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"), accept_patch=_PATCH)


def methods(context: Context, path: str) -> Methods:
    """What the resource at that path can be asked."""
    found = _ITEMS.fullmatch(path)
    layer = context.catalog.layers.get(found["layer_id"]) if found else None
    if found is None or layer is None or not context.editable(layer):
        return READING
    return _COLLECTION if found["feature_id"] is None else _ITEM


async def edit(scope: Scope, receive: Receive, context: Context) -> Answer:
    """The answer to a method that `methods` allows: 201 with the place of the new feature, or 204.

    Both with the entity tag that a plain GET would have now.
    """
    asked = Asked.of(scope, context.base_url)
    authorise(scope, asked.headers, context.edit_key or "")
    asked.parameters(())
    found = _ITEMS.fullmatch(scope["path"])
    if found is None:  # `methods` lets nothing else through
        raise NotFound(f"there is nothing to edit at {scope['path']}")
    layer = context.catalog.layer(found["layer_id"])
    pool, method = context.pool_for_edits, scope["method"]
    if method == "POST":
        change = await _change(asked, receive, layer, partial(creation, layer))
        return _written(asked, layer, await create(pool, layer, change), 201)
    feature_id = params.feature_id(layer, found["feature_id"])
    condition = Condition(_hashes(asked, "if-match"), _hashes(asked, "if-none-match", weak=True))
    if method == "DELETE":
        await remove(pool, layer, feature_id, condition)
        return Answer(204, {})
    make = partial(update if method == "PATCH" else replacement, layer, feature_id)
    change = await _change(asked, receive, layer, make, patch=method == "PATCH")
    return _written(asked, layer, await alter(pool, layer, feature_id, change, condition), 204)


async def _change(
    asked: Asked,
    receive: Receive,
    layer: Layer,
    make: Callable[[Content, Crs], Change],
    *,
    patch: bool = False,
) -> Change:
    """What the request's content asks for, read and checked."""
    accepted = _PATCH if patch else _FEATURE
    kind = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in accepted:
        raise UnsupportedContent(
            f"the content is «{kind or 'of no named type'}»; send {' or '.join(accepted)}", accepted
        )
    content_crs = _content_crs(asked, layer)
    body = await _body(asked, receive)
    read = content.patch if patch else content.feature

    def checked() -> Change:
        return make(read(layer, body), content_crs)

    return await asyncio.to_thread(checked) if len(body) > _WORTH_A_THREAD else checked()


def _content_crs(asked: Asked, layer: Layer) -> Crs:
    """The CRS that Content-Crs names, with or without its angle brackets; CRS84 without it."""
    given = asked.headers.get("content-crs", f"<{CRS84.uri}>").strip()
    try:
        return crs(layer, "Content-Crs", {"Content-Crs": given.removeprefix("<").removesuffix(">")})
    except InvalidParameter as error:
        error.parameter = "Content-Crs"
        raise


async def _body(asked: Asked, receive: Receive) -> bytes:
    """The content, read no further than is taken."""
    declared = asked.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > MOST_BYTES:
        raise _too_large()
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise _too_large()
        if message["type"] != "http.request" or not message.get("more_body"):
            return bytes(body)


def _too_large() -> ContentTooLarge:
    return ContentTooLarge(f"the content is larger than {MOST_BYTES // 1024**2} MiB")


def _hashes(asked: Asked, header: str, *, weak: bool = False) -> frozenset[str] | None:
    """The hashes of rows in a list of tags (`items.item_etag`); None without the header.

    If-Match compares strongly: a weak tag matches nothing.
    """
    if header not in asked.headers:
        return None
    tags = (tag.strip() for tag in asked.headers[header].split(","))
    return frozenset(
        tag.removeprefix("W/").strip('"').partition(".")[0]
        for tag in tags
        if weak or not tag.startswith("W/")
    )


def _written(asked: Asked, layer: Layer, written: Written, status: int) -> Answer:
    url = item_url(asked, layer, written.feature_id)
    headers = {"etag": item_etag(asked, layer, written.row_hash, url, {})}
    return Answer(status, headers | ({"location": url} if status == 201 else {}))
