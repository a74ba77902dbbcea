"""POST, PUT, PATCH and DELETE of features (OGC API Features, Part 4)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import partial

from geoservice.catalog.crs import CRS84, Crs
from geoservice.catalog.layer import Layer
from geoservice.errors import ContentTooLarge, InvalidParameter, UnsupportedContent
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
from geoservice.publish.edits.write import Written, alter, create, remove
from geoservice.publish.links import GEOJSON, JSON_TYPE, MERGE_PATCH

METHODS = ("POST", "PUT", "PATCH", "DELETE")
MOST_BYTES = 10 * 1024 * 1024

_FEATURE = (GEOJSON, JSON_TYPE)
_PATCH = (MERGE_PATCH,)
_WORTH_A_THREAD = 64 * 1024

_ITEMS = re.compile(
    r"/collections/(?P<layer_id>[^/]+)/items(/(?P<feature_id>.+))?", re.DOTALL
)
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
    parts = _ITEMS.fullmatch(scope["path"]) or {"layer_id": "", "feature_id": None}
    layer = context.catalog.layer(parts["layer_id"])
    if scope["method"] == "POST":
        written = await create(
            context.pool_for_edits, layer, await _change(asked, receive, layer, None, creation)
        )
        return _written(asked, layer, written, 201)
    feature_id = params.feature_id(layer, parts["feature_id"])
    condition = Condition(_hashes(asked, "if-match"), _hashes(asked, "if-none-match", weak=True))
    if scope["method"] == "DELETE":
        await remove(context.pool_for_edits, layer, feature_id, condition)
        return Answer(204, {})
    make = update if scope["method"] == "PATCH" else replacement
    change = await _change(asked, receive, layer, scope["method"], partial(make, layer, feature_id))
    written = await alter(context.pool_for_edits, layer, feature_id, change, condition)
    return _written(asked, layer, written, 204)
