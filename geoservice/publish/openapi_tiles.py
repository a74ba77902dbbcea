"""Tiles in the OpenAPI definition; names of operations end as OGC API Tiles wants them to."""

from __future__ import annotations

from collections.abc import Collection

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.model import JSON
from geoservice.publish.conditions import temporal
from geoservice.publish.grid import MATRIX_SETS
from geoservice.publish.links import JSON_TYPE, MVT, PMTILES
from geoservice.publish.openapi_operation import BYTES, OBJECT, get
from geoservice.publish.openapi_parameters import (
    TEXT,
    crs_of,
    equality,
    format_of,
    in_path,
    in_query,
    ref,
    tile_number,
)
from geoservice.publish.openapi_schemas import ref as schema
from geoservice.publish.tile_request import MOST_LAYERS

_JSON = format_of("json")
_MVT = format_of("mvt")
_METADATA = format_of("json", "tilejson")
_XYZ = [tile_number(name) for name in ("z", "x", "y")]
_SET = in_path("tileMatrixSetId", {"type": "string", "enum": list(MATRIX_SETS)})
# Their names and types are the standard's.
_ADDRESS = [
    _SET,
    in_path("tileMatrix", TEXT | {"pattern": "^[0-9]{1,2}$"}),
    in_path("tileRow", {"type": "integer", "minimum": 0}),
    in_path("tileCol", {"type": "integer", "minimum": 0}),
]
_BELOW = "{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"


def of_dataset(catalog: Catalog) -> JSON:
    """The paths of tile matrix sets, and of tiles with several layers."""
    ids: JSON = {
        "type": "array",
        "items": _one_of(catalog.layers),
        "minItems": 1,
        "maxItems": MOST_LAYERS,
        "uniqueItems": True,
    }
    collections = in_query("collections", ids, "the layers to show, in this order; all without it")
    several = in_path("collectionIds", ids) | {"style": "simple", "explode": False}
    rows = [ref(name) for name in ("filter", "filter-lang", "datetime")]
    rows += [_properties(*catalog.layers.values()), ref("label-points"), ref("cell-size")]
    return {
        "/tileMatrixSets": get(
            "getTileMatrixSetsList", "Tile matrix sets", [_JSON], schema("tileMatrixSets")
        ),
        "/tileMatrixSets/{tileMatrixSetId}": get(
            "getTileMatrixSet", "One tile matrix set", [_SET, _JSON], schema("tileMatrixSet")
        ),
        "/archives": get("getArchives", "PMTiles archives", [_JSON]),
        "/archives/{archive}": _archive(),
        "/tiles": _tilesets("all.dataset", "All layers: tilesets", [_JSON]),
        "/tiles/{tileMatrixSetId}": _tileset(
            "all.dataset", "All layers: tileset", [_SET, collections, _METADATA]
        ),
        f"/tiles/{_BELOW}": _tile(
            "all.dataset.vector.getTile",
            "Several layers in one tile",
            [*_ADDRESS, collections, *rows, _MVT],
        ),
        "/tiles/{collectionIds}/{z}/{x}/{y}.mvt": _tile(
            "several_tile", "Several layers in one tile", [several, *_XYZ, *rows, _MVT]
        ),
        "/tiles/{collectionIds}/version": _version(several),
        "/tiles/{collectionIds}.json": get(
            "several_tilejson", "Several layers: TileJSON", [several, *rows, _JSON]
        ),
    }


def of_layer(layer: Layer) -> JSON:
    """The paths of a layer's tiles."""
    here, tag, title = f"/collections/{layer.id}/tiles", layer.id, layer.title.en
    collection = f"{tag}.collection"
    rows = [equality(layer, name) for name in layer.queryables]
    rows += [ref("filter"), ref("filter-lang"), crs_of(layer, "filter-crs"), _properties(layer)]
    rows += [ref("label-points"), ref("cell-size")]
    rows += [ref("datetime")] if temporal(layer) else []
    return {
        here: _tilesets(collection, f"{title}: tilesets", [_JSON], tag),
        f"{here}/{{tileMatrixSetId}}": _tileset(
            collection, f"{title}: tileset", [_SET, _METADATA], tag
        ),
        f"{here}/{_BELOW}": _tile(
            f"{collection}.vector.getTile", f"{title}: tile", [*_ADDRESS, *rows, _MVT], tag
        ),
        f"/tiles/{layer.id}/{{z}}/{{x}}/{{y}}.mvt": _tile(
            f"{tag}_tile", f"{title}: tile", [*_XYZ, *rows, _MVT], tag
        ),
        f"/tiles/{layer.id}.json": get(
            f"{tag}_tilejson", f"{title}: TileJSON", [*rows, _JSON], tag=tag
        ),
    }


def _version(several: JSON) -> JSON:
    path = get("several_version", "The version of the tiles", [several], BYTES, "text/plain")
    path["get"]["responses"]["204"] = {"description": "A change to them could go unseen"}
    return path


def _archive() -> JSON:
    """A file that is asked for by ranges."""
    path = get(
        "getArchive", "One PMTiles archive, by Range", [in_path("archive", TEXT)], BYTES, PMTILES
    )
    path["get"]["responses"] |= {
        "206": {"description": "The ranges that were asked for"},
        "416": {"description": "The archive is shorter"},
    }
    return path


def _properties(*layers: Layer) -> JSON:
    names = dict.fromkeys(
        name
        for layer in layers
        for name, attribute in layer.attributes.items()
        if attribute.in_tiles()
    )
    return in_query(
        "properties",
        {"type": "array", "items": _one_of(names), "minItems": 1},
        "the attributes that tiles carry; all of those of their zoom without it",
    )


def _one_of(names: Collection[str]) -> JSON:
    # An empty list would be no schema.
    return TEXT | ({"enum": list(names)} if names else {})


def _tilesets(of: str, summary: str, parameters: list[JSON], tag: str | None = None) -> JSON:
    return get(
        f"{of}.vector.getTileSetsList", summary, parameters, schema("tileSets"), JSON_TYPE, tag=tag
    )


def _tileset(of: str, summary: str, parameters: list[JSON], tag: str | None = None) -> JSON:
    return get(f"{of}.vector.getTileSet", summary, parameters, OBJECT, JSON_TYPE, tag=tag)


def _tile(operation: str, summary: str, parameters: list[JSON], tag: str | None = None) -> JSON:
    return get(operation, summary, parameters, BYTES, MVT, tag=tag)
