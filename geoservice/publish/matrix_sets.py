"""Tile matrix sets as the OGC's standard of that name writes them in JSON."""

from __future__ import annotations

from geoservice.model import JSON
from geoservice.publish.grid import MATRIX_SETS, TileMatrixSet
from geoservice.publish.links import JSON_TYPE, link

_PIXELS = 256  # of a tile's side: what scales are counted with, also where tiles hold no pixels


def matrix_sets(here: str) -> JSON:
    """The list at `here` of those that there are."""
    listed = [
        {
            "id": grid.id,
            "title": grid.title,
            "uri": grid.uri,
            "crs": grid.crs,
            # The standard's name of the link, and the one that the official suite looks for.
            "links": [
                link(f"{here}/{grid.id}", rel, JSON_TYPE, grid.title) for rel in ("self", "item")
            ],
        }
        for grid in MATRIX_SETS.values()
    ]
    return {
        "links": [link(here, "self", JSON_TYPE, "tile matrix sets")],
        "tileMatrixSets": listed,
    }


def definition(grid: TileMatrixSet) -> JSON:
    """The definition of one, with the values of the registry."""
    return {
        "id": grid.id,
        "title": grid.title,
        "uri": grid.uri,
        "crs": grid.crs,
        "orderedAxes": list(grid.axes),
        "wellKnownScaleSet": grid.scale_set,
        "tileMatrices": [_matrix(grid, zoom) for zoom in range(grid.deepest + 1)],
    }


def _matrix(grid: TileMatrixSet, zoom: int) -> JSON:
    columns, rows = grid.size(zoom)
    return {
        "id": str(zoom),
        "scaleDenominator": grid.scale_denominator(zoom),
        "cellSize": grid.cell_size(zoom),
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": list(grid.origin),
        "tileWidth": _PIXELS,
        "tileHeight": _PIXELS,
        "matrixWidth": columns,
        "matrixHeight": rows,
    }
