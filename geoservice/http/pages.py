"""Features as pages for people: many with a table and a map, one with all that is known of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import urlencode

from geoservice.catalog.crs import CRS84
from geoservice.catalog.layer import Layer
from geoservice.database.engine import AsyncConnection, acquire
from geoservice.errors import NotFound
from geoservice.http.context import Context
from geoservice.http.wanted import Wanted, WantedOne
from geoservice.model import JSON
from geoservice.publish.formats.table import Table
from geoservice.publish.links import HTML, link
from geoservice.publish.order import Paging, Returned, one_more
from geoservice.publish.pages.features import Facts, feature_page, items_page
from geoservice.publish.query import cells_query
from geoservice.publish.rows import Row, read_rows


async def items_html(context: Context, wanted: Wanted, version: int | None) -> bytes:
    """The page of features."""
    layer, shape = wanted.layer, replace(wanted.presentation, crs=CRS84)
    table = Table(layer, shape.of(layer), CRS84, shape.geometry)
    width = len(table.names) + table.geometry
    limit = wanted.paging.limit or 0
    query = cells_query(layer, wanted.selection, shape, one_more(wanted.paging))
    async with acquire(context.pool) as connection:
        found = [row async for rows in read_rows(connection, query, limit + 1) for row in rows]
        last = found[limit - 1][width:] if len(found) > limit else None
        returned = Returned(min(len(found), limit), last)
        count = await context.counts.beside(
            connection, layer, wanted.selection, version, wanted.paging, returned
        )
        links = [*wanted.links(last), *_first(wanted)]
        facts = await _facts(context, connection, layer, wanted.given, links)
    facts = replace(
        facts,
        base=wanted.asked.base,
        matched=count.number,
        estimated=count.estimated,
        left_open=wanted.selection.leaves_open(layer),
    )
    cells = [row[:width] for row in found[:limit]]
    return await asyncio.to_thread(items_page, table, cells, facts)


def _first(wanted: Wanted) -> list[JSON]:
    """From a page further on the way back to the first."""
    given = wanted.given
    if not {"cursor", "offset"} & set(given):
        return []
    start = {name: text for name, text in given.items() if name not in ("cursor", "offset")}
    return [link(wanted.asked.with_query(start), "first", HTML, "first page")]


async def item_html(context: Context, wanted: WantedOne) -> bytes:
    """The page of one feature; NotFound if the layer has none of that id."""
    layer, shape = wanted.layer, replace(wanted.presentation, crs=CRS84)
    table = Table(layer, shape.of(layer), CRS84, shape.geometry)
    equal = {**wanted.selection.equal, layer.feature_id: wanted.feature_id}
    query = cells_query(layer, replace(wanted.selection, equal=equal), shape, Paging(limit=1))
    async with acquire(context.pool) as connection:
        found: list[Row] = [row async for rows in read_rows(connection, query, 1) for row in rows]
        if not found:
            raise NotFound(f"«{layer.id}» has no feature «{wanted.text}»")
        facts = await _facts(context, connection, layer, wanted.given, wanted.links())
    row = found[0][: len(table.names) + table.geometry]
    return feature_page(table, row, replace(facts, base=wanted.asked.base))


async def _facts(
    context: Context,
    connection: AsyncConnection,
    layer: Layer,
    given: dict[str, str],
    links: list[JSON],
) -> Facts:
    kept = {name: text for name, text in given.items() if name in layer.dimensions}
    return Facts(
        base="",
        links=links,
        attribution=(await context.summaries.of(connection, layer)).attribution,
        query=urlencode(kept),
        backdrop=await context.backdrops.of(connection, context.catalog),
    )
