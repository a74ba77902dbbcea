from __future__ import annotations

from geoservice.catalog.load import Catalog
from geoservice.model import Bounds
from geoservice.publish.counts import Count
from geoservice.publish.summary import Summary
from geoservice.publish.tilejson import tilejson

SUMMARY = Summary(7, Bounds(44, 25, 63, 40), None, Count(3, False))


def test_it_is_tilejson_3(catalog: Catalog) -> None:
    document = tilejson(catalog.layer("county"), SUMMARY, "http://x", {"region_set": "۱۴۰۰"})
    assert document["tilejson"] == "3.0.0"
    assert document["tiles"] == [
        "http://x/tiles/county/{z}/{x}/{y}.mvt?region_set=%DB%B1%DB%B4%DB%B0%DB%B0&v=7"
    ]
    assert document["bounds"] == [44, 25, 63, 40]
    assert document["center"] == [53.5, 32.5, document["minzoom"]]
    (vector_layer,) = document["vector_layers"]
    assert vector_layer["fields"]["population"] == "جمعیت · Population (person)"
    assert "region_set" not in vector_layer["fields"]


def test_an_empty_layer_has_no_bounds(catalog: Catalog) -> None:
    nothing = Summary(0, None, None, Count(0, False))
    assert "bounds" not in tilejson(catalog.layer("county"), nothing, "http://x", {})
