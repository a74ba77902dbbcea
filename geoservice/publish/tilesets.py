"""Tilesets as OGC API Tiles describes them: of one layer, or of several in one tile."""

from __future__ import annotations

from collections.abc import Sequence

from geoservice.catalog.crs import CRS84
from geoservice.catalog.layer import GEOMETRY_DIMENSIONS, Layer
from geoservice.catalog.tiling import OMITTED, POINT_COUNT, omitted_name, sum_name
from geoservice.model import JSON, Bounds, Title
from geoservice.publish.grid import MATRIX_SETS, WEB_MERCATOR_QUAD, TileMatrixSet
from geoservice.publish.links import JSON_TYPE, MVT, TILING_SCHEME_REL, link
from geoservice.publish.schema import value_schema
from geoservice.publish.summary import Summary

Described = Sequence[tuple[Layer, Summary]]


def tilesets(title: str, here: str, base: str) -> JSON:
    """The list of the tilesets at `here`: one for each tile matrix set."""
    listed = [
        _head(title, grid)
        | {"links": [_self(here, grid), _scheme(base, grid), _tiles(here, grid, "")]}
        for grid in MATRIX_SETS.values()
    ]
    return {"links": [link(here, "self", JSON_TYPE, "tilesets")], "tilesets": listed}


def tileset(  # noqa: PLR0913  (what it describes, and where)
    title: str, layers: Described, grid: TileMatrixSet, here: str, base: str, query: str = ""
) -> JSON:
    """The metadata of the tileset at `here` in that matrix set; `query` is carried by its tiles."""
    links = [_self(here, grid, query), _scheme(base, grid), _tiles(here, grid, query)]
    if grid is WEB_MERCATOR_QUAD:
        more = f"{query}&f=tilejson" if query else "?f=tilejson"
        links.append(link(f"{here}/{grid.id}{more}", "describedby", JSON_TYPE, "TileJSON"))
    document = _head(title, grid) | {
        "layers": [each for layer, summary in layers for each in _layers(layer, summary, grid)],
        "links": links,
    }
    bounds = union([summary.bounds for _, summary in layers])
    if bounds is not None:
        document["boundingBox"] = _box(bounds)
        least = min(layer.zoom.min for layer, _ in layers)
        most = max(layer.zoom.max for layer, _ in layers)
        document["tileMatrixSetLimits"] = [
            _limits(bounds, grid, zoom) for zoom in grid.zooms(least, most)
        ]
    return document


def union(boxes: Sequence[Bounds | None]) -> Bounds | None:
    """The box around all that are there."""
    there = [box for box in boxes if box is not None]
    if not there:
        return None
    return Bounds(
        min(box.west for box in there),
        min(box.south for box in there),
        max(box.east for box in there),
        max(box.north for box in there),
    )


def _head(title: str, grid: TileMatrixSet) -> JSON:
    return {"title": title, "dataType": "vector", "crs": grid.crs, "tileMatrixSetURI": grid.uri}


def _layers(layer: Layer, summary: Summary, grid: TileMatrixSet) -> list[JSON]:
    """The layer as its tiles carry it, and the tile layer that counts what they leave out."""
    zooms = grid.zooms(layer.zoom.min, layer.zoom.max)
    described: JSON = {
        "id": layer.id,
        "title": layer.title.fa,
        "dataType": "vector",
        "minTileMatrix": str(zooms[0]),
        "maxTileMatrix": str(zooms[-1]),
    }
    if layer.geometry.type in GEOMETRY_DIMENSIONS:
        described["geometryDimension"] = GEOMETRY_DIMENSIONS[layer.geometry.type]
    if summary.bounds is not None:
        described["boundingBox"] = _box(summary.bounds)
    described["propertiesSchema"] = {
        "type": "object",
        "properties": {
            name: {"title": a.title.fa, **value_schema(a)}
            for name, a in layer.attributes.items()
            if a.in_tiles()
        }
        | {
            name: {"title": title.fa, "type": "integer" if name == POINT_COUNT else "number"}
            for name, title in added(layer).items()
        },
    }
    told = left_out(layer)
    if told is None:
        return [described]
    counted = {"title": told.fa, "type": "integer"}
    further = {
        "id": omitted_name(layer.id),
        "title": told.fa,
        "geometryDimension": 0,
        "propertiesSchema": {"type": "object", "properties": {OMITTED: counted}},
    }
    return [described, described | further]


def added(layer: Layer) -> dict[str, Title]:
    """What tiles of points carry besides attributes, where one stands for others."""
    if layer.geometry.type != "Point":
        return {}
    many = Title(fa="شمار نقطه‌هایی که این یک به جای آن‌هاست", en="Number of points it stands for")
    titles = {name: layer.attributes[name].title for name in layer.tiles.sums}
    return {POINT_COUNT: many} | {
        sum_name(name): Title(fa=f"جمع {title.fa}", en=f"{title.en}, sum over them")
        for name, title in titles.items()
    }


def left_out(layer: Layer) -> Title | None:
    """What the tile layer tells that counts the shapes which a tile leaves out.

    None of points: one stands for others, and none is left out.
    """
    if layer.geometry.type == "Point":
        return None
    return Title(
        fa=f"{layer.title.fa}: شمار آنچه در کاشی نیامده",
        en=f"{layer.title.en}: number left out of the tile",
    )


def _self(here: str, grid: TileMatrixSet, query: str = "") -> JSON:
    return link(f"{here}/{grid.id}{query}", "self", JSON_TYPE, "tileset")


def _scheme(base: str, grid: TileMatrixSet) -> JSON:
    return link(f"{base}/tileMatrixSets/{grid.id}", TILING_SCHEME_REL, JSON_TYPE, grid.id)


def _tiles(here: str, grid: TileMatrixSet, query: str) -> JSON:
    template = f"{here}/{grid.id}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{query}"
    return link(template, "item", MVT, "Mapbox Vector Tiles", templated=True)


def _box(b: Bounds) -> JSON:
    return {"lowerLeft": [b.west, b.south], "upperRight": [b.east, b.north], "crs": CRS84.uri}


def _limits(bounds: Bounds, grid: TileMatrixSet, zoom: int) -> JSON:
    limits = grid.limits(bounds, zoom)
    return {
        "tileMatrix": str(zoom),
        "minTileRow": limits.min_row,
        "maxTileRow": limits.max_row,
        "minTileCol": limits.min_column,
        "maxTileCol": limits.max_column,
    }
