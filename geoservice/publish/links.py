"""Links as OGC API and GeoJSON write them."""

from __future__ import annotations

from geoservice.model import JSON

GLYPHS = "application/x-protobuf"
GEOJSON = "application/geo+json"
GEOJSON_SEQ = "application/geo+json-seq"
JSON_FG = "application/vnd.ogc.fg+json"
MERGE_PATCH = "application/merge-patch+json"
HTML = "text/html"
JSON_TYPE = "application/json"
CSV = "text/csv; charset=utf-8"
NDJSON = "application/x-ndjson"
PMTILES = "application/vnd.pmtiles"
MVT = "application/vnd.mapbox-vector-tile"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
MAPBOX_STYLE = "application/vnd.mapbox.style+json"
SLD = "application/vnd.ogc.sld+xml;version=1.1"
QML = "application/xml"
SVG = "image/svg+xml"
PNG = "image/png"

FUNCTIONS_REL = "http://www.opengis.net/def/rel/ogc/1.0/functions"
SORTABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
TILESETS_REL = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
TILING_SCHEMES_REL = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
TILING_SCHEME_REL = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
QUERYABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SORTABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
SCHEMA_REL = "http://www.opengis.net/def/rel/ogc/1.0/schema"
STYLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/styles"
LEGEND_REL = "http://www.opengis.net/def/rel/ogc/1.0/legend"
CONFORMANCE_REL = "http://www.opengis.net/def/rel/ogc/1.0/conformance"
DATA_REL = "http://www.opengis.net/def/rel/ogc/1.0/data"


def link(href: str, rel: str, media_type: str, title: str, **more: object) -> JSON:
    """One link; `href` is absolute."""
    return {"href": href, "rel": rel, "type": media_type, "title": title, **more}
