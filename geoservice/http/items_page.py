"""Features as pages for people: what they are made of, read and written."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from geoservice.catalog.crs import CRS84
from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection
from geoservice.errors import NotFound
from geoservice.http.asked import Asked
from geoservice.http.context import Context
from geoservice.model import JSON
from geoservice.publish.counts import Count
from geoservice.publish.features import Returned, one_more
from geoservice.publish.formats.table import Table
from geoservice.publish.links import link
from geoservice.publish.order import Paging
from geoservice.publish.pages.features import Facts, feature_page, items_page
from geoservice.publish.presentation import Presentation
from geoservice.publish.query import cells_query
from geoservice.publish.rows import Row, read_rows
from geoservice.publish.selection import Selection, Value

LIMIT_DEFAULT = 100  # what one looks through
LIMIT_MAXIMUM = 1000  # what a browser shows without a delay


def on_page(presentation: Presentation) -> Presentation:
    """The presentation that a page is made from: it draws degrees, whatever CRS is asked for."""
    return replace(presentation, crs=CRS84, digits=None)


def paging_of(paging: Paging, given: Mapping[str, str]) -> Paging:
    """The paging, with the limits of pages for people."""
    limit = LIMIT_DEFAULT if "limit" not in given else paging.limit
    return replace(paging, limit=min(limit or LIMIT_MAXIMUM, LIMIT_MAXIMUM))


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a page, and what is known of those behind them."""

    table: Table
    rows: Sequence[Row]
    returned: Returned


async def read_page(
    connection: AsyncConnection,
    layer: Layer,
    selection: Selection,
    presentation: Presentation,
    paging: Paging,
) -> Found:
    """The rows of a page, typed, their geometries in CRS84."""
    shape = on_page(presentation)
    table = Table(layer, shape.of(layer), shape.crs, shape.geometry)
    more = one_more(paging)
    query = cells_query(layer, selection, shape, more)
    found = [row async for batch in read_rows(connection, query, more.limit) for row in batch]
    rows = found[: paging.limit]
    keys = len(table.names) + table.geometry
    last = tuple(rows[-1][keys:]) if len(rows) < len(found) else None
    return Found(table, rows, Returned(len(rows), last))


async def read_one(
    connection: AsyncConnection,
    layer: Layer,
    selection: Selection,
    feature_id: Value,
    presentation: Presentation,
) -> Found:
    """The row of one feature; NotFound if there is none."""
    only = replace(selection, equal={**selection.equal, layer.feature_id: feature_id})
    found = await read_page(connection, layer, only, presentation, Paging(limit=1))
    if not found.rows:
        raise NotFound(f"«{layer.id}» has no feature «{feature_id}»")
    return found


async def facts(  # noqa: PLR0913  (the parts of a page, each by its name)
    context: Context,
    connection: AsyncConnection,
    asked: Asked,
    layer: Layer,
    given: Mapping[str, str],
    count: Count | None = None,
) -> Facts:
    """What a page says besides its rows, but for its links."""
    kept = {name: text for name, text in given.items() if name in layer.dimensions}
    summary = await context.summaries.of(connection, layer)
    return Facts(
        base=asked.base,
        links=(),
        matched=None if count is None else count.number,
        estimated=count is not None and count.estimated,
        attribution=summary.attribution,
        query=urlencode(kept),
        backdrop=await context.backdrops.of(connection, context.catalog),
    )


async def page_of_many(
    found: Found, known: Facts, links: Sequence[JSON], asked: Asked, given: Mapping[str, str]
) -> bytes:
    """The page, made beside the event loop: it takes a while where there are many shapes."""
    here = list(links)
    if "cursor" in given or "offset" in given:
        start = {name: text for name, text in given.items() if name not in ("cursor", "offset")}
        here.append(link(asked.with_query(start), "first", "text/html", "first page"))
    return await asyncio.to_thread(items_page, found.table, found.rows, replace(known, links=here))


async def page_of_one(found: Found, known: Facts, links: Sequence[JSON]) -> bytes:
    """The page of one feature, made beside the event loop."""
    return await asyncio.to_thread(
        feature_page, found.table, found.rows[0], replace(known, links=links)
    )
