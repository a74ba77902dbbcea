"""The formats of features: the values of `f`, and the media types that they stand for."""

from __future__ import annotations

from geoservice.publish.formats.format import FORMATS as FILE_FORMATS
from geoservice.publish.links import GEOJSON, GEOJSON_SEQ, HTML, JSON_FG

# What comes in pages; `json` is but another name of GeoJSON.
PAGES = {"json": GEOJSON, "geojson": GEOJSON, "jsonfg": JSON_FG, "html": HTML}
# What comes as one file, however many features there are.
FILES = {"geojsonseq": GEOJSON_SEQ} | {made.id: made.media_type for made in FILE_FORMATS.values()}
OF_ITEMS = PAGES | FILES
OF_ONE = PAGES

# What people call them.
NAMES = {
    "json": "GeoJSON",
    "geojson": "GeoJSON",
    "jsonfg": "JSON-FG",
    "html": "HTML",
    "geojsonseq": "GeoJSONSeq",
    "csv": "CSV",
    "xlsx": "Excel (XLSX)",
    "fgb": "FlatGeobuf",
    "gpkg": "GeoPackage",
    "parquet": "GeoParquet",
}


def offered(formats: dict[str, str]) -> tuple[str, ...]:
    """The media types, each once, without their parameters."""
    return tuple(dict.fromkeys(kind.partition(";")[0] for kind in formats.values()))
