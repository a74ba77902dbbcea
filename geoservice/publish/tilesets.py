"""A layer's tilesets as OGC API Tiles describes them."""

from __future__ import annotations

from geoservice.catalog.crs import CRS84
from geoservice.catalog.layer import GEOMETRY_DIMENSIONS, Layer
from geoservice.model import JSON, Bounds
from geoservice.publish.grid import MATRIX_SET_URI, TILE_MATRIX_SET, tile_at
from geoservice.publish.links import JSON_TYPE, MVT, TILING_SCHEME_REL, link
from geoservice.publish.schema import value_schema
from geoservice.publish.summary import Summary

_CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"


def tilesets(layer: Layer, base: str) -> JSON:
    """The list of the layer's tilesets: there is one."""
    here = f"{base}/collections/{layer.id}/tiles"
    links = [link(here, "self", JSON_TYPE, "tilesets")]
    tileset_of = _head(layer) | {
        "links": [link(f"{here}/{TILE_MATRIX_SET}", "self", JSON_TYPE, "tileset"), *_tiles(here)]
    }
    return {"links": links, "tilesets": [tileset_of]}


def tileset(layer: Layer, summary: Summary, base: str) -> JSON:
    """The metadata of the layer's tileset."""
    here = f"{base}/collections/{layer.id}/tiles"
    described: JSON = {"id": layer.id, "dataType": "vector"}
    if layer.geometry.type in GEOMETRY_DIMENSIONS:
        described["geometryDimension"] = GEOMETRY_DIMENSIONS[layer.geometry.type]
    described["propertiesSchema"] = {
        "type": "object",
        "properties": {
            name: {"title": a.title.fa, **value_schema(a)}
            for name, a in layer.attributes.items()
            if a.tiles
        },
    }
    document = _head(layer) | {
        "layers": [described],
        "links": [
            link(f"{here}/{TILE_MATRIX_SET}", "self", JSON_TYPE, "tileset"),
            link(MATRIX_SET_URI, TILING_SCHEME_REL, JSON_TYPE, TILE_MATRIX_SET),
            link(f"{base}/tiles/{layer.id}.json", "describedby", JSON_TYPE, "TileJSON"),
            *_tiles(here),
        ],
    }
    if (b := summary.bounds) is not None:
        document["boundingBox"] = {
            "lowerLeft": [b.west, b.south],
            "upperRight": [b.east, b.north],
            "crs": CRS84.uri,
        }
        document["tileMatrixSetLimits"] = [
            _limits(b, zoom) for zoom in range(layer.zoom.min, layer.zoom.max + 1)
        ]
    return document


def _head(layer: Layer) -> JSON:
    return {
        "title": layer.title.fa,
        "dataType": "vector",
        "crs": _CRS,
        "tileMatrixSetURI": MATRIX_SET_URI,
    }


def _tiles(here: str) -> list[JSON]:
    template = f"{here}/{TILE_MATRIX_SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    return [link(template, "item", MVT, "Mapbox Vector Tiles", templated=True)]


def _limits(b: Bounds, zoom: int) -> JSON:
    northwest, southeast = tile_at(b.west, b.north, zoom), tile_at(b.east, b.south, zoom)
    return {
        "tileMatrix": str(zoom),
        "minTileRow": northwest.y,
        "maxTileRow": southeast.y,
        "minTileCol": northwest.x,
        "maxTileCol": southeast.x,
    }
