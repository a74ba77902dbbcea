"""/collections/{id}/items and …/items/{featureId}: bare ASGI, in front of FastAPI."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

from geoservice.catalog.layer import Layer
from geoservice.database.engine import acquire
from geoservice.http.answer import Answer, content, not_modified, page, streamed
from geoservice.http.asked import Asked
from geoservice.http.context import Context
from geoservice.http.dimensions import refuse_unknown
from geoservice.http.files import file
from geoservice.http.pages import item_html, items_html
from geoservice.http.versions import version_of_layers
from geoservice.http.wanted import Wanted, WantedOne, wanted_item, wanted_items
from geoservice.model import JSON
from geoservice.publish import jsonfg
from geoservice.publish.counts import Count
from geoservice.publish.features import (
    comes_at_once,
    feature_collection,
    feature_sequence,
    page_at_once,
    read_feature,
    read_features,
)
from geoservice.publish.formats.format import FORMATS
from geoservice.publish.offers import OF_ITEMS, OF_ONE
from geoservice.publish.order import Returned, one_more
from geoservice.publish.presentation import PLAIN, Presentation


async def items(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """A page of features, or all of them as a file."""
    wanted = wanted_items(asked, context.catalog.layer(parts["layer_id"]))
    layer = wanted.layer
    # The version first: a write in between makes the page newer than its tag, never older.
    version = await version_of_layers(context, [layer])
    await refuse_unknown(context, wanted, version)
    if wanted.format == "html":  # tagged by its bytes: it shows other layers' provinces too
        return _in_crs(await page(asked, await items_html(context, wanted, version)), PLAIN)
    etag = asked.etag(layer.digest, version, wanted.format, asked.with_query(wanted.given))
    if asked.has(etag):
        return not_modified(etag)
    if wanted.format in FORMATS:
        answer = await file(context, wanted, etag)
    else:
        pieces = _pieces(context, wanted, version)
        answer = await streamed(asked, pieces, OF_ITEMS[wanted.format], etag)
    return _in_crs(answer, wanted.presentation)


async def item(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """One feature."""
    layer = context.catalog.layer(parts["layer_id"])
    wanted = wanted_item(asked, layer, parts["feature_id"])
    if wanted.dimensions:
        await refuse_unknown(context, wanted, await version_of_layers(context, [layer]))
    if wanted.format == "html":
        return _in_crs(await page(asked, await item_html(context, wanted)), PLAIN)
    fg = wanted.format == "jsonfg"
    async with acquire(context.pool) as connection:
        body, row_hash = await read_feature(
            connection,
            layer,
            wanted.selection,
            wanted.feature_id,
            wanted.presentation,
            more=_fg_head(asked, wanted, fg) | {"links": wanted.links()},
            fg=fg,
        )
    etag = item_etag(asked, layer, row_hash, wanted.url, wanted.given, wanted.format)
    if asked.has(etag):
        return not_modified(etag)
    answer = await content(asked, body, OF_ONE[wanted.format], etag)
    return _in_crs(answer, wanted.presentation)


def item_etag(  # noqa: PLR0913  (what a representation depends on)
    asked: Asked,
    layer: Layer,
    row_hash: str,
    url: str,
    given: Mapping[str, str],
    kind: str = "json",
) -> str:
    """The tag of one representation of a feature: "hash of the row.hash of the rest".

    An edit looks at the first part alone, so the tag of any representation serves for If-Match.
    """
    rest = asked.tag(layer.digest, url, OF_ONE[kind], sorted(given.items()))
    return f'"{row_hash}.{rest[1:]}'


async def _pieces(
    context: Context, wanted: Wanted, version: int | None
) -> AsyncGenerator[bytes, None]:
    """The body, piece by piece; it holds a connection until it ends or is closed."""
    layer, paging, fg = wanted.layer, wanted.paging, wanted.format == "jsonfg"
    async with acquire(context.pool_for(long=wanted.long)) as connection:

        async def finish(returned: Returned) -> JSON:
            count = await context.counts.beside(
                connection, layer, wanted.selection, version, paging, returned
            )
            return _page_members(wanted, returned, count)

        head = _fg_head(wanted.asked, wanted, fg)
        if wanted.paged and comes_at_once(layer, paging):
            yield await page_at_once(
                connection,
                layer,
                wanted.selection,
                wanted.presentation,
                paging,
                finish,
                head,
                fg=fg,
            )
            return
        rows = read_features(
            connection,
            layer,
            wanted.selection,
            wanted.presentation,
            one_more(paging) if wanted.paged else paging,
            fg=fg,
        )
        if wanted.paged:
            made = feature_collection(rows, paging.limit or 0, finish, head)
        else:
            made = feature_sequence(rows)
        async with aclosing(rows), aclosing(made):
            async for piece in made:
                yield piece


def _page_members(wanted: Wanted, returned: Returned, count: Count) -> JSON:
    members: JSON = {"numberMatched": count.number}
    if count.estimated:
        members["numberMatchedEstimated"] = True
    return members | {
        "numberReturned": returned.number,
        "links": wanted.links(returned.last),
    }


def _fg_head(asked: Asked, wanted: Wanted | WantedOne, fg: bool) -> JSON:
    schema = f"{asked.base}/collections/{wanted.layer.id}/schema"
    return jsonfg.head(wanted.layer, wanted.presentation, schema) if fg else {}


def _in_crs(answer: Answer, shape: Presentation) -> Answer:
    answer.headers["content-crs"] = f"<{shape.crs.uri}>"
    return answer
