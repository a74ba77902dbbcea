from __future__ import annotations

from geoservice.catalog.load import Catalog
from geoservice.model import Bounds
from geoservice.publish.counts import Count
from geoservice.publish.summary import Summary
from geoservice.publish.tilejson import tilejson

SUMMARY = Summary(7, Bounds(44, 25, 63, 40), None, Count(3, False))
TILES = "http://x/tiles/county/{z}/{x}/{y}.mvt"


def test_it_is_tilejson_3(catalog: Catalog) -> None:
    document = tilejson([(catalog.layer("county"), SUMMARY)], TILES, {"region_set": "۱۴۰۰"})
    assert document["tilejson"] == "3.0.0"
    assert document["tiles"] == [
        "http://x/tiles/county/{z}/{x}/{y}.mvt?region_set=%DB%B1%DB%B4%DB%B0%DB%B0&v=7"
    ]
    assert document["bounds"] == [44, 25, 63, 40]
    assert document["center"] == [53.5, 32.5, document["minzoom"]]
    vector_layer, omitted = document["vector_layers"]
    assert (omitted["id"], list(omitted["fields"])) == ("county_omitted", ["omitted"])
    assert omitted["maxzoom"] == vector_layer["maxzoom"]
    assert vector_layer["fields"]["population"] == "جمعیت · Population (person)"
    assert "region_set" not in vector_layer["fields"]


def test_an_empty_layer_has_no_bounds(catalog: Catalog) -> None:
    nothing = Summary(0, None, None, Count(0, False))
    assert "bounds" not in tilejson([(catalog.layer("county"), nothing)], TILES, {})


def test_several_layers_are_one_source(catalog: Catalog) -> None:
    east = Summary(8, Bounds(50, 20, 70, 30), None, Count(3, False), "ناشر")
    county, place = catalog.layer("county"), catalog.layer("place")
    document = tilejson([(county, SUMMARY), (place, east)], TILES, {})
    ids = [each["id"] for each in document["vector_layers"]]
    assert ids == ["county", "county_omitted", "place"]  # of points none is left out
    assert document["bounds"] == [44, 20, 70, 40]
    assert document["minzoom"] == min(county.zoom.min, place.zoom.min)
    assert document["maxzoom"] == max(county.zoom.max, place.zoom.max)
    assert document["attribution"] == "ناشر"
    assert document["name"] == "شهرستان‌ها، شهرها و آبادی‌ها"
    changed = tilejson([(county, SUMMARY), (place, Summary(9, *_rest(east)))], TILES, {})
    assert changed["tiles"] != document["tiles"]


def test_a_layer_without_a_version_leaves_all_without(catalog: Catalog) -> None:
    unseen = Summary(None, None, None, Count(3, False))
    layers = [(catalog.layer("county"), SUMMARY), (catalog.layer("place"), unseen)]
    assert tilejson(layers, TILES, {})["tiles"] == [TILES]


def test_a_field_says_from_which_zoom_on_it_is_there(catalog: Catalog) -> None:
    county = catalog.layer("county")
    area = county.attributes["area_km2"]
    later = area.model_validate(area.model_dump() | {"tiles": {"min": 8}})
    layer = county.model_copy(update={"attributes": {**county.attributes, "area_km2": later}})
    fields = tilejson([(layer, SUMMARY)], TILES, {})["vector_layers"][0]["fields"]
    assert fields["area_km2"] == "مساحت · Area (km2) · zoom ≥ 8"


def _rest(summary: Summary) -> tuple[Bounds | None, None, Count]:
    return summary.bounds, None, summary.count
