"""/collections/{id}/items and …/items/{featureId}: bare ASGI, in front of FastAPI."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from geoservice.catalog.layer import Layer
from geoservice.database.engine import Pool, acquire
from geoservice.database.versions import version_of
from geoservice.errors import InvalidParameter
from geoservice.http import cursor, params
from geoservice.http.answer import Answer, content, not_modified, streamed
from geoservice.http.asked import Asked
from geoservice.http.context import Context
from geoservice.http.presentation import PARAMETERS, presentation
from geoservice.model import JSON
from geoservice.publish import jsonfg
from geoservice.publish.counts import Count
from geoservice.publish.features import (
    Returned,
    feature_collection,
    feature_sequence,
    one_more,
    read_feature,
    read_features,
)
from geoservice.publish.formats.format import FORMATS
from geoservice.publish.formats.table import Table
from geoservice.publish.links import JSON_TYPE, link
from geoservice.publish.offers import OF_ITEMS, OF_ONE, PAGES
from geoservice.publish.order import Paging
from geoservice.publish.presentation import Presentation
from geoservice.publish.query import cells_query, count_query
from geoservice.publish.rows import read_rows
from geoservice.publish.selection import Selection

_BATCH = 5000  # rows at a time for files: larger columns are quicker to write


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A checked request for features."""

    asked: Asked
    layer: Layer
    given: dict[str, str]
    format: str
    selection: Selection
    presentation: Presentation
    paging: Paging


async def items(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """A page of features, or all of them as a file."""
    wanted = _wanted(asked, context.catalog.layer(parts["layer_id"]))
    layer = wanted.layer
    async with acquire(context.pool) as connection:
        # The version first: a write in between makes the page newer than its tag, never older.
        version = await version_of(connection, layer.source.tables)
    etag = asked.etag(layer.digest, version, wanted.format, asked.with_query(wanted.given))
    if asked.has(etag):
        return not_modified(etag)
    if wanted.format in FORMATS:
        return await _file(context, wanted, etag)
    pieces = _pieces(context, wanted, version)
    answer = await streamed(asked, pieces, OF_ITEMS[wanted.format], etag)
    return _in_crs(answer, wanted.presentation)


async def _file(context: Context, wanted: _Wanted, etag: str) -> Answer:
    """All that is asked for as a file that another program opens."""
    made = FORMATS[wanted.format]
    if made.most is not None:
        await _refuse_too_many(context, wanted, made.most)
    answer = await streamed(
        wanted.asked,
        _cells(context, wanted),
        made.media_type,
        etag,
        packable=made.compressible,
    )
    name = f"{wanted.layer.id}.{made.extension}"
    answer.headers["content-disposition"] = f'attachment; filename="{name}"'
    return _in_crs(answer, wanted.presentation)


async def _cells(context: Context, wanted: _Wanted) -> AsyncGenerator[bytes, None]:
    layer, shape = wanted.layer, wanted.presentation
    table = Table(layer, shape.of(layer), shape.crs, shape.geometry, shape.digits)
    query = cells_query(layer, wanted.selection, shape, wanted.paging)
    encode = FORMATS[wanted.format].encode
    async with acquire(_pool(context, wanted)) as connection:
        rows = read_rows(connection, query, wanted.paging.limit, _BATCH)
        async with aclosing(rows), aclosing(encode(table, rows)) as pieces:
            async for piece in pieces:
                yield piece


async def _refuse_too_many(context: Context, wanted: _Wanted, most: int) -> None:
    limit = wanted.paging.limit
    if limit is not None and limit <= most:
        return
    query = count_query(wanted.layer, wanted.selection, most=most + 1)
    async with acquire(_pool(context, wanted)) as connection:
        row = await (await connection.execute(query.text.encode(), query.params)).fetchone()
    if row and row[0] > most:
        raise InvalidParameter(
            "f",
            wanted.format,
            f"there are more than {most:,} features, and a file of «{wanted.format}» holds no "
            "more: ask for less with «limit» or «filter», or for another format",
            [name for name, made in FORMATS.items() if made.most is None],
        )


async def item(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """One feature."""
    layer = context.catalog.layer(parts["layer_id"])
    given = asked.parameters(("f", *PARAMETERS, *layer.dimensions))
    kind = asked.preferred(OF_ONE)
    selection = params.selection(layer, given)
    shape = presentation(layer, given)
    wanted = params.feature_id(layer, parts["feature_id"])
    async with acquire(context.pool) as connection:
        body, row_hash = await read_feature(
            connection,
            layer,
            selection,
            wanted,
            shape,
            more=_item_members(asked, layer, given, kind, shape, parts["feature_id"]),
            fg=kind == "jsonfg",
        )
    url = item_url(asked, layer, parts["feature_id"])
    etag = item_etag(asked, layer, row_hash, url, given, kind)
    if asked.has(etag):
        return not_modified(etag)
    return _in_crs(await content(asked, body, OF_ONE[kind], etag), shape)


def _wanted(asked: Asked, layer: Layer) -> _Wanted:
    given = asked.parameters(
        (
            *("f", "limit", "offset", "cursor", "sortby"),
            *params.SELECTING,
            *PARAMETERS,
            *layer.queryables,
        )
    )
    kind = asked.preferred(OF_ITEMS)
    return _Wanted(
        asked,
        layer,
        given,
        kind,
        params.selection(layer, given),
        presentation(layer, given),
        params.paging(layer, given, params.LIMIT_MAXIMUM if kind in PAGES else None),
    )


def _pool(context: Context, wanted: _Wanted) -> Pool:
    """Long answers have connections of their own: slow clients of theirs starve nobody else."""
    limit = wanted.paging.limit
    return context.pool if limit and limit <= params.LIMIT_DEFAULT else context.long_pool


async def _pieces(context: Context, wanted: _Wanted, version: int) -> AsyncGenerator[bytes, None]:
    """The body, piece by piece; it holds a connection until it ends or is closed."""
    layer, fg = wanted.layer, wanted.format == "jsonfg"
    paged = wanted.format in PAGES
    paging = one_more(wanted.paging) if paged else wanted.paging
    async with acquire(_pool(context, wanted)) as connection:

        async def finish(returned: Returned) -> JSON:
            if returned.last is None and not wanted.paging.offset and not wanted.paging.after:
                count = Count(returned.number, estimated=False)
            else:
                count = await context.counts.of(connection, layer, wanted.selection, version)
            return _page_members(wanted, returned, count)

        rows = read_features(
            connection, layer, wanted.selection, wanted.presentation, paging, fg=fg
        )
        if paged:
            schema = f"{wanted.asked.base}/collections/{layer.id}/schema"
            head = jsonfg.head(layer, wanted.presentation, schema) if fg else None
            made = feature_collection(rows, wanted.paging.limit or 0, finish, head)
        else:
            made = feature_sequence(rows)
        async with aclosing(rows), aclosing(made):
            async for piece in made:
                yield piece


def _page_members(wanted: _Wanted, returned: Returned, count: Count) -> JSON:
    members: JSON = {"numberMatched": count.number}
    if count.estimated:
        members["numberMatchedEstimated"] = True
    return members | {
        "numberReturned": returned.number,
        "links": _page_links(wanted, returned.last),
    }


def _page_links(wanted: _Wanted, last: tuple[str | None, ...] | None) -> list[JSON]:
    asked, layer, given = wanted.asked, wanted.layer, wanted.given
    here = OF_ITEMS[wanted.format]
    links = [link(asked.with_query(given), "self", here, "this page")]
    if last is not None:
        onward = {name: text for name, text in given.items() if name != "offset"}
        onward["cursor"] = cursor.token(last)
        links.append(link(asked.with_query(onward), "next", here, "next page"))
    links += _alternates(asked, given, OF_ITEMS, wanted.format)
    links.append(
        link(f"{asked.base}/collections/{layer.id}", "collection", JSON_TYPE, layer.title.en)
    )
    return links


def _alternates(
    asked: Asked, given: dict[str, str], formats: Mapping[str, str], here: str
) -> list[JSON]:
    """A link to the same in each other format; `json` is but another name of GeoJSON."""
    return [
        link(asked.with_query(given | {"f": name}), "alternate", media_type, f"this as {name}")
        for name, media_type in formats.items()
        if media_type != formats[here] and name != "json"
    ]


def _item_members(  # noqa: PLR0913  (the parts of a request, each by its name)
    asked: Asked,
    layer: Layer,
    given: dict[str, str],
    kind: str,
    shape: Presentation,
    feature_id: str,
) -> JSON:
    collection = f"{asked.base}/collections/{layer.id}"
    here = item_url(asked, layer, feature_id)
    members: JSON = {}
    if kind == "jsonfg":
        members |= jsonfg.head(layer, shape, f"{collection}/schema")
    query = f"?{urlencode(given)}" if given else ""
    links = [link(here + query, "self", OF_ONE[kind], feature_id)]
    links += [
        link(f"{here}?{urlencode(given | {'f': name})}", "alternate", media_type, f"this as {name}")
        for name, media_type in OF_ONE.items()
        if media_type != OF_ONE[kind] and name != "json"
    ]
    links.append(link(collection, "collection", JSON_TYPE, layer.title.en))
    return members | {"links": links}


def item_url(asked: Asked, layer: Layer, feature_id: str) -> str:
    """The absolute URL of a feature."""
    return f"{asked.base}/collections/{layer.id}/items/{quote(feature_id, safe='')}"


def item_etag(  # noqa: PLR0913  (what a representation is made of, each by its name)
    asked: Asked,
    layer: Layer,
    row_hash: str,
    url: str,
    given: Mapping[str, str],
    kind: str = next(iter(OF_ONE)),
) -> str:
    """The tag of one representation of a feature: "hash of the row.hash of the rest".

    An edit looks at the first part alone, so the tag of any representation serves for If-Match.
    """
    return f'"{row_hash}.{asked.etag(layer.digest, url, kind, sorted(given.items()))[1:]}'


def _in_crs(answer: Answer, shape: Presentation) -> Answer:
    answer.headers["content-crs"] = f"<{shape.crs.uri}>"
    return answer
