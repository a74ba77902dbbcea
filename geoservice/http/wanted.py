"""What a request for features wants, checked, and where it can go from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geoservice.catalog.layer import Layer
from geoservice.http import cursor, params
from geoservice.http.asked import Asked
from geoservice.http.items_page import paging_of
from geoservice.http.presentation import PARAMETERS, presentation
from geoservice.model import JSON
from geoservice.publish.links import JSON_TYPE, link
from geoservice.publish.offers import NAMES, OF_ITEMS, PAGES
from geoservice.publish.order import Paging
from geoservice.publish.presentation import Presentation
from geoservice.publish.selection import Selection


@dataclass(frozen=True, slots=True)
class Wanted:
    """A checked request for features."""

    asked: Asked
    layer: Layer
    given: dict[str, str]
    format: str
    selection: Selection
    presentation: Presentation
    paging: Paging


def wanted_features(asked: Asked, layer: Layer) -> Wanted:
    """The request, checked; InvalidParameter says what is wrong with it."""
    given = asked.parameters(
        (
            *("f", "limit", "offset", "cursor", "sortby"),
            *params.SELECTING,
            *PARAMETERS,
            *layer.queryables,
        )
    )
    kind = asked.preferred(OF_ITEMS)
    paging = params.paging(layer, given, params.LIMIT_MAXIMUM if kind in PAGES else None)
    return Wanted(
        asked,
        layer,
        given,
        kind,
        params.selection(layer, given),
        presentation(layer, given),
        paging_of(paging, given) if kind == "html" else paging,
    )


def page_links(wanted: Wanted, last: tuple[str | None, ...] | None) -> list[JSON]:
    """The links of a page; `last` are the keys of its last row if more come after it."""
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
        link(asked.with_query(given | {"f": name}), "alternate", media_type, NAMES[name])
        for name, media_type in formats.items()
        if media_type != formats[here] and name != "json"
    ]
