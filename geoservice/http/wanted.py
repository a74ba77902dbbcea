"""A checked request for features, and the links that lead on from its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from geoservice.catalog.layer import Layer
from geoservice.http import cursor, params
from geoservice.http.asked import Asked
from geoservice.http.presentation import PARAMETERS, presentation
from geoservice.model import JSON
from geoservice.publish.links import JSON_TYPE, link
from geoservice.publish.offers import NAMES, OF_ITEMS, OF_ONE, PAGES
from geoservice.publish.order import Order, Paging, total
from geoservice.publish.presentation import Presentation
from geoservice.publish.selection import Selection, Value

# Rows of an HTML page: without a limit, and at the most.
_ROWS, _MOST_ROWS = 100, 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which features of a layer, in which format and how."""

    asked: Asked
    layer: Layer
    given: dict[str, str]
    format: str
    selection: Selection
    presentation: Presentation
    paging: Paging

    @property
    def paged(self) -> bool:
        """Whether they come in pages rather than as one file."""
        return self.format in PAGES

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of which a value is asked for."""
        return tuple(name for name in self.layer.dimensions if name in self.given)

    @property
    def keys(self) -> Order:
        """What the rows are ordered by, so that no two are equal."""
        return total(self.layer, self.paging.order, self.selection)

    @property
    def long(self) -> bool:
        """Whether the answer may be of any length."""
        return self.paging.limit is None or self.paging.limit > params.LIMIT_DEFAULT

    def links(self, last: tuple[str | None, ...] | None) -> list[JSON]:
        """The links of a page, `last` being the keys of its last row if more come after it."""
        asked, given = self.asked, self.given
        here = OF_ITEMS[self.format]
        links = [link(asked.with_query(given), "self", here, "this page")]
        if last is not None:
            onward = {name: text for name, text in given.items() if name != "offset"}
            onward["cursor"] = cursor.token(self.keys, last)
            links.append(link(asked.with_query(onward), "next", here, "next page"))
        links += _alternates(asked.url, given, OF_ITEMS, self.format)
        collection = f"{asked.base}/collections/{self.layer.id}"
        return [*links, link(collection, "collection", JSON_TYPE, self.layer.title.en)]


def wanted_items(asked: Asked, layer: Layer) -> Wanted:
    """The request, checked; InvalidParameter names what is wrong."""
    given = asked.parameters(
        (
            *("f", "limit", "offset", "cursor", "sortby"),
            *params.SELECTING,
            *PARAMETERS,
            *layer.queryables,
        )
    )
    kind = asked.preferred(OF_ITEMS)
    limits = {"limit": str(_ROWS)} | given if kind == "html" else given
    selection = params.selection(layer, given)
    most = _MOST_ROWS if kind == "html" else params.LIMIT_MAXIMUM
    return Wanted(
        asked,
        layer,
        given,
        kind,
        selection,
        presentation(layer, given),
        params.paging(layer, limits, selection, most if kind in PAGES else None),
    )


@dataclass(frozen=True, slots=True)
class WantedOne:
    """One feature of a layer; `text` is its id as the path has it."""

    asked: Asked
    layer: Layer
    given: dict[str, str]
    format: str
    selection: Selection
    presentation: Presentation
    feature_id: Value
    text: str

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of which a value is asked for."""
        return tuple(name for name in self.layer.dimensions if name in self.given)

    @property
    def url(self) -> str:
        """Its absolute URL."""
        return item_url(self.asked, self.layer, self.text)

    def links(self) -> list[JSON]:
        """Its links."""
        query = f"?{urlencode(self.given)}" if self.given else ""
        links = [link(self.url + query, "self", OF_ONE[self.format], self.text)]
        links += _alternates(self.url, self.given, OF_ONE, self.format)
        collection = f"{self.asked.base}/collections/{self.layer.id}"
        return [*links, link(collection, "collection", JSON_TYPE, self.layer.title.en)]


def wanted_item(asked: Asked, layer: Layer, text: str) -> WantedOne:
    """The request, checked; NotFound if no feature can have that id."""
    given = asked.parameters(("f", *PARAMETERS, *layer.dimensions))
    return WantedOne(
        asked,
        layer,
        given,
        asked.preferred(OF_ONE),
        params.selection(layer, given),
        presentation(layer, given),
        params.feature_id(layer, text),
        text,
    )


def item_url(asked: Asked, layer: Layer, feature_id: str) -> str:
    """The absolute URL of a feature."""
    return f"{asked.base}/collections/{layer.id}/items/{quote(feature_id, safe='')}"


def _alternates(
    url: str, given: dict[str, str], formats: Mapping[str, str], here: str
) -> list[JSON]:
    """A link to the same in each other format; `json` is but another name of GeoJSON."""
    others = urlencode(sorted((name, text) for name, text in given.items() if name != "f"))
    rest = f"&{others}" if others else ""
    return [
        link(f"{url}?f={name}{rest}", "alternate", kind, NAMES[name])
        for name, kind in formats.items()
        if kind != formats[here] and name != "json"
    ]
