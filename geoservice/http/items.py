"""/collections/{id}/items and …/items/{featureId}: bare ASGI, in front of FastAPI."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from geoservice.catalog.layer import Layer
from geoservice.database.engine import acquire
from geoservice.database.versions import version_of
from geoservice.errors import InvalidParameter
from geoservice.http import params
from geoservice.http.answer import Answer, content, not_modified
from geoservice.http.asked import Asked, one_of
from geoservice.http.context import Context
from geoservice.http.presentation import PARAMETERS, presentation
from geoservice.model import JSON
from geoservice.publish.features import feature_collection, read_feature, read_page
from geoservice.publish.links import GEOJSON, JSON_TYPE, link
from geoservice.publish.presentation import Presentation

_FORMATS = ("json", "geojson")


async def items(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """A page of features as GeoJSON."""
    layer = context.catalog.layer(parts["layer_id"])
    given = asked.parameters(
        (
            *("f", "limit", "offset", "cursor", "bbox", "bbox-crs", "datetime"),
            *PARAMETERS,
            *layer.queryables,
        )
    )
    one_of("f", given.get("f", "json"), _FORMATS)
    selection = params.selection(layer, given)
    shape = presentation(layer, given)
    limit = params.limit(given)
    if "offset" in given and "cursor" in given:
        raise InvalidParameter("offset", given["offset"], "give either «offset» or «cursor»")
    offset = params.whole_number("offset", given.get("offset", "0"), least=0)
    after = params.after(layer, given["cursor"]) if "cursor" in given else None
    async with acquire(context.pool) as connection:
        # The version first: a write in between makes the page newer than its tag, never older.
        version = await version_of(connection, layer.source.tables)
        etag = asked.etag(layer.digest, version, asked.with_query(given))
        if asked.has(etag):
            return not_modified(etag)
        page = await read_page(
            connection, layer, selection, shape, limit=limit, offset=offset, after=after
        )
        count = await context.counts.of(connection, layer, selection, version)
    links = _page_links(asked, layer, given, page.last_id)
    return await _features(asked, feature_collection(page, count, links), shape, etag)


async def item(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """One feature as GeoJSON."""
    layer = context.catalog.layer(parts["layer_id"])
    given = asked.parameters(("f", *PARAMETERS, *layer.dimensions))
    one_of("f", given.get("f", "json"), _FORMATS)
    selection = params.selection(layer, given)
    shape = presentation(layer, given)
    feature_id = parts["feature_id"]
    wanted = params.feature_id(layer, feature_id)
    collection = f"{asked.base}/collections/{layer.id}"
    here = f"{collection}/items/{quote(feature_id, safe='')}"
    links = [
        link(f"{here}?{urlencode(given)}" if given else here, "self", GEOJSON, feature_id),
        link(collection, "collection", JSON_TYPE, layer.title.en),
    ]
    async with acquire(context.pool) as connection:
        version = await version_of(connection, layer.source.tables)
        etag = asked.etag(layer.digest, version, asked.with_query(given))
        if asked.has(etag):
            return not_modified(etag)
        body = await read_feature(connection, layer, selection, wanted, links, shape)
    return await _features(asked, body, shape, etag)


async def _features(asked: Asked, body: bytes, shape: Presentation, etag: str | None) -> Answer:
    answer = await content(asked, body, GEOJSON, etag)
    answer.headers["content-crs"] = f"<{shape.crs.uri}>"
    return answer


def _page_links(
    asked: Asked, layer: Layer, given: dict[str, str], last_id: str | None
) -> list[JSON]:
    links = [
        link(asked.with_query(given), "self", GEOJSON, "this page"),
        link(f"{asked.base}/collections/{layer.id}", "collection", JSON_TYPE, layer.title.en),
    ]
    if last_id is not None:
        onward = {name: text for name, text in given.items() if name != "offset"}
        onward["cursor"] = params.cursor(last_id)
        links.append(link(asked.with_query(onward), "next", GEOJSON, "next page"))
    return links
