"""Features as GeoJSON bytes, made in PostgreSQL and passed through."""

from __future__ import annotations

import json
from dataclasses import dataclass

from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.errors import NotFound
from geoservice.model import JSON
from geoservice.publish.counts import Count
from geoservice.publish.presentation import PLAIN, Presentation
from geoservice.publish.query import item_query, page_query
from geoservice.publish.selection import Selection, Value


@dataclass(frozen=True, slots=True)
class Page:
    """Features of one page, comma-separated; `last_id` if more come after it."""

    features: bytes
    returned: int
    last_id: str | None


async def read_page(  # noqa: PLR0913  (the parts of a request, each by its name)
    connection: AsyncConnection,
    layer: Layer,
    selection: Selection,
    presentation: Presentation = PLAIN,
    *,
    limit: int,
    offset: int = 0,
    after: Value | None = None,
) -> Page:
    """Up to `limit` features in the order of their ids, from `offset` on or behind `after`."""
    query = page_query(layer, selection, presentation, limit=limit, offset=offset, after=after)
    cursor = await connection.execute(query.text.encode(), query.params, binary=True)
    found, features, last_id = await cursor.fetchone() or (0, None, None)
    return Page(bytes(features or b""), min(found, limit), last_id)


def feature_collection(page: Page, count: Count, links: list[JSON]) -> bytes:
    """The page as a GeoJSON FeatureCollection with what OGC API Features adds to it.

    No `timeStamp`: equal requests get equal bytes until the data change.
    """
    rest: JSON = {"numberMatched": count.number}
    if count.estimated:
        rest["numberMatchedEstimated"] = True
    rest |= {"numberReturned": page.returned, "links": links}
    tail = json.dumps(rest, ensure_ascii=False)[1:].encode()
    return b'{"type":"FeatureCollection","features":[' + page.features + b"]," + tail


async def read_feature(  # noqa: PLR0913  (the parts of a request, each by its name)
    connection: AsyncConnection,
    layer: Layer,
    selection: Selection,
    feature_id: Value,
    links: list[JSON],
    presentation: Presentation = PLAIN,
) -> tuple[bytes, str]:
    """One GeoJSON feature with its links, and the hash of its row; NotFound if there is none."""
    query = item_query(layer, selection, feature_id, presentation)
    cursor = await connection.execute(query.text.encode(), query.params, binary=True)
    row = await cursor.fetchone()
    if row is None:
        raise NotFound(f"«{layer.id}» has no feature «{feature_id}»")
    tail = b',"links":' + json.dumps(links, ensure_ascii=False).encode() + b"}"
    return bytes(row[0])[:-1] + tail, str(row[1])
