"""Layers as OGC API collections."""

from __future__ import annotations

from geoservice.catalog.crs import CRS84
from geoservice.catalog.layer import Layer
from geoservice.model import JSON
from geoservice.publish.links import (
    GEOJSON,
    HTML,
    JSON_TYPE,
    QUERYABLES_REL,
    SCHEMA,
    SCHEMA_REL,
    SORTABLES_REL,
    STYLES_REL,
    TILESETS_REL,
    link,
)
from geoservice.publish.summary import Summary

_GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


def collection(layer: Layer, summary: Summary, base: str, *, styled: bool = False) -> JSON:
    """The description of one collection; titles Persian first, both under `titles`.

    `styled`: there are styles of it.
    """
    description: JSON = {
        "id": layer.id,
        "title": layer.title.fa,
        "titles": {"fa": layer.title.fa, "en": layer.title.en},
    }
    if layer.description is not None:
        description["description"] = f"{layer.description.fa}\n{layer.description.en}"
    if summary.attribution is not None:
        description["attribution"] = summary.attribution
    description |= {
        "itemType": "feature",
        "extent": _extent(summary),
        "crs": list(layer.crs_by_uri),
        "storageCrs": layer.storage_crs.uri,
        "itemCount": summary.count.number,
    }
    if summary.count.estimated:
        description["itemCountEstimated"] = True
    links = _links(layer, f"{base}/collections/{layer.id}", base)
    if styled:
        here = f"{base}/collections/{layer.id}/styles"
        links.append(link(here, STYLES_REL, JSON_TYPE, f"{layer.title.en}: styles"))
    return description | {"links": links}


def _extent(summary: Summary) -> JSON:
    extent: JSON = {}
    if (b := summary.bounds) is not None:
        extent["spatial"] = {"bbox": [[b.west, b.south, b.east, b.north]], "crs": CRS84.uri}
    if summary.days is not None:
        interval = [f"{day.isoformat()}T00:00:00Z" for day in summary.days]
        extent["temporal"] = {"interval": [interval], "trs": _GREGORIAN}
    return extent


def _links(layer: Layer, here: str, base: str) -> list[JSON]:
    return [
        link(here, "self", JSON_TYPE, layer.title.en),
        link(f"{here}?f=html", "alternate", HTML, f"{layer.title.en}: a page"),
        link(f"{here}/items", "items", GEOJSON, f"{layer.title.en}: features"),
        link(f"{here}/schema", SCHEMA_REL, SCHEMA, "schema"),
        link(f"{here}/queryables", QUERYABLES_REL, SCHEMA, "queryables"),
        link(f"{here}/sortables", SORTABLES_REL, SCHEMA, "sortables"),
        link(f"{here}/tiles", TILESETS_REL, JSON_TYPE, f"{layer.title.en}: vector tiles"),
        link(f"{base}/tiles/{layer.id}.json", "describedby", JSON_TYPE, "TileJSON"),
        link(f"{base}/collections", "parent", JSON_TYPE, "collections"),
    ]
