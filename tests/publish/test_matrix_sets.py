"""Against the values of the OGC's registry, as its documents of the two sets have them."""

from __future__ import annotations

import pytest

from geoservice.publish.grid import MATRIX_SETS, matrix_set
from geoservice.publish.matrix_sets import definition, matrix_sets

# zoom: scale denominator, cell size, columns, rows
REGISTERED = {
    "WebMercatorQuad": {
        0: (559082264.028717, 156543.033928041, 1, 1),
        1: (279541132.014358, 78271.5169640204, 2, 2),
        9: (1091957.54693109, 305.748113140704, 512, 512),
        18: (2132.72958384978, 0.5971642834779395, 262144, 262144),
        24: (33.3238997476528, 0.00933069192934280, 16777216, 16777216),
    },
    "WorldCRS84Quad": {
        0: (279541132.014358, 0.703125, 2, 1),
        1: (139770566.007179, 0.3515625, 4, 2),
        9: (545978.773465544, 0.001373291015625, 1024, 512),
        17: (2132.72958384978, 5.3644180297851562e-06, 262144, 131072),
        23: (33.3238997476528, 8.381903171539307e-08, 16777216, 8388608),
    },
}
ORIGINS = {
    "WebMercatorQuad": [-20037508.3427892, 20037508.3427892],
    "WorldCRS84Quad": [-180, 90],
}


@pytest.mark.parametrize("name", MATRIX_SETS)
def test_the_definition_has_the_values_of_the_registry(name: str) -> None:
    document = definition(matrix_set(name))
    matrices = {int(each["id"]): each for each in document["tileMatrices"]}
    registered = REGISTERED[name]
    assert list(matrices) == list(range(max(registered) + 1))
    for zoom, (scale, cell, columns, rows) in registered.items():
        matrix = matrices[zoom]
        assert matrix["scaleDenominator"] == pytest.approx(scale, rel=1e-12)
        assert matrix["cellSize"] == pytest.approx(cell, rel=1e-12)
        assert (matrix["matrixWidth"], matrix["matrixHeight"]) == (columns, rows)
    for matrix in matrices.values():
        assert matrix["pointOfOrigin"] == pytest.approx(ORIGINS[name], rel=1e-12)
        assert matrix["cornerOfOrigin"] == "topLeft"
        assert matrix["tileWidth"] == matrix["tileHeight"] == 256


def test_axes_and_crs_are_those_of_the_registry() -> None:
    mercator = definition(matrix_set("WebMercatorQuad"))
    assert mercator["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    assert mercator["orderedAxes"] == ["X", "Y"]
    assert mercator["wellKnownScaleSet"].endswith("/wkss/OGC/1.0/GoogleMapsCompatible")
    degrees = definition(matrix_set("WorldCRS84Quad"))
    assert degrees["crs"] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    assert degrees["orderedAxes"] == ["Lon", "Lat"]
    assert degrees["wellKnownScaleSet"].endswith("/wkss/OGC/1.0/GoogleCRS84Quad")


def test_the_list_leads_to_each_definition() -> None:
    listed = matrix_sets("http://x/tileMatrixSets")["tileMatrixSets"]
    assert [each["id"] for each in listed] == list(MATRIX_SETS)
    for each in listed:
        assert each["uri"] == f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{each['id']}"
        assert {link["href"] for link in each["links"]} == {f"http://x/tileMatrixSets/{each['id']}"}
