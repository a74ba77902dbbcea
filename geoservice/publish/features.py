"""Features as GeoJSON and its relatives: made in PostgreSQL, passed through as they come."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.errors import NotFound
from geoservice.model import JSON
from geoservice.publish.order import Paging, Returned
from geoservice.publish.presentation import PLAIN, Presentation
from geoservice.publish.query import BETWEEN, features_query, item_query, page_query
from geoservice.publish.rows import AT_ONCE, Rows, looked_up, read_rows, run
from geoservice.publish.selection import Selection, Value


def read_features(  # noqa: PLR0913  (the parts of a request, each by its name)
    connection: AsyncConnection,
    layer: Layer,
    selection: Selection,
    presentation: Presentation,
    paging: Paging,
    *,
    fg: bool = False,
) -> Rows:
    """Batches of rows: the feature as GeoJSON, or `fg` as JSON-FG, then its keys."""
    query = features_query(layer, selection, presentation, paging, fg=fg)
    return read_rows(connection, query, paging.limit)


async def feature_collection(
    rows: Rows,
    limit: int,
    finish: Callable[[Returned], Awaitable[JSON]],
    head: JSON | None = None,
) -> AsyncGenerator[bytes, None]:
    """A GeoJSON FeatureCollection of at most `limit` rows, in pieces.

    `head` are members before the features; `finish` gives those behind them once it is known what
    the page holds. No `timeStamp`: equal requests get equal bytes until the data change.
    """
    piece = _begun(head)
    number, last, more = 0, (), False
    async for batch in rows:
        shown = batch[: limit - number]
        if shown:
            piece += (b"," if number else b"") + b",".join([row[0] for row in shown])
            number += len(shown)
            last = shown[-1][1:]
        more = more or len(shown) < len(batch)
        if len(piece) > _PIECE:
            yield piece
            piece = b""
    if piece:
        yield piece
    yield _ended(await finish(Returned(number, last if more else None)))


_PIECE = 64 * 1024
_BETWEEN = BETWEEN.encode()


async def page_at_once(  # noqa: PLR0913  (the parts of a request, each by its name)
    connection: AsyncConnection,
    layer: Layer,
    selection: Selection,
    presentation: Presentation,
    paging: Paging,
    finish: Callable[[Returned], Awaitable[JSON]],
    head: JSON | None = None,
    *,
    fg: bool = False,
) -> bytes:
    """The same whole, put together in PostgreSQL."""
    query = page_query(layer, selection, presentation, paging, fg=fg)
    row = await (await run(connection, query, binary=True)).fetchone()
    features, found, *keys = row or (None, 0)
    features = features or b""
    limit = paging.limit or 0
    more = found > limit
    if more:
        features = features[: features.rindex(_BETWEEN)]
    returned = Returned(min(found, limit), tuple(keys) if more else None)
    page = features.replace(_BETWEEN, b",")
    return b"".join((_begun(head), page, _ended(await finish(returned))))


def comes_at_once(layer: Layer, paging: Paging) -> bool:
    """Whether a page may be put together in one value, which PostgreSQL bounds: points are short,
    shapes can be of any length.
    """
    return layer.geometry.type == "Point" and 0 < (paging.limit or 0) <= AT_ONCE


def _begun(head: JSON | None) -> bytes:
    begun = json.dumps({"type": "FeatureCollection", **(head or {})}, ensure_ascii=False)[:-1]
    return begun.encode() + b',"features":['


def _ended(tail: JSON) -> bytes:
    return b"]," + json.dumps(tail, ensure_ascii=False)[1:].encode()


async def feature_sequence(rows: Rows) -> AsyncGenerator[bytes, None]:
    """A GeoJSON text sequence (RFC 8142): each feature between a record separator and a newline."""
    async for batch in rows:
        yield b"".join([b"\x1e" + row[0] + b"\n" for row in batch])


async def read_feature(  # noqa: PLR0913  (the parts of a request, each by its name)
    connection: AsyncConnection,
    layer: Layer,
    selection: Selection,
    feature_id: Value,
    presentation: Presentation = PLAIN,
    *,
    more: JSON,
    fg: bool = False,
) -> tuple[bytes, str]:
    """One feature as GeoJSON, or `fg` as JSON-FG, with `more` members behind its own, and the hash
    of its row; NotFound if the layer has none of that id.
    """
    query = item_query(layer, selection, feature_id, presentation, fg=fg)
    rows = await looked_up(connection, query, binary=True)
    if not rows:
        raise NotFound(f"«{layer.id}» has no feature «{feature_id}»")
    row = rows[0]
    tail = b"," + json.dumps(more, ensure_ascii=False)[1:].encode()
    return bytes(row[0])[:-1] + tail, str(row[1])
