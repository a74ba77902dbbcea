from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from geoservice.catalog.load import Catalog
from geoservice.model import LANGUAGES, Language
from geoservice.publish.styles.maplibre import expression, maplibre
from geoservice.publish.styles.rule import Among, Beside, Between, Condition, Missing
from tests.publish.styles.conftest import drawn

LABEL = {"attribute": {"fa": "name_fa", "en": "name_en"}, "zoom": {"min": 7}}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Among("a", ("x",)), ["==", "a", "x"]),
        (Among("a", (True,)), ["==", "a", True]),
        (Among("a", ("x", "y")), ["in", "a", "x", "y"]),
        (Beside("a", ("x", "y")), ["all", ["has", "a"], ["!in", "a", "x", "y"]]),
        (Missing("a"), ["!has", "a"]),
        (Between("a", None, 5.0), ["all", ["has", "a"], ["<=", "a", 5.0]]),
        (Between("a", 1.0, 5.0), ["all", ["has", "a"], [">", "a", 1.0], ["<=", "a", 5.0]]),
        (Between("a", None, None), ["all", ["has", "a"]]),
    ],
)
def test_conditions_are_comparisons(condition: Condition, expected: list[Any]) -> None:
    assert expression(condition) == expected


def _layers(found: Any, language: Any = "fa") -> list[Any]:
    layers: list[Any] = maplibre(found, "http://x", language)["layers"]
    return layers


def test_a_choropleth_is_a_layer_for_each_class(catalog: Catalog) -> None:
    declared = {"attribute": "population", "breaks": [1000]}
    found = drawn(catalog, "county", 1000, graduated=declared, label=LABEL, zoom={"max": 11})
    small, large, missing, outline, _, label = _layers(found)
    assert [each["type"] for each in (small, large, missing)] == ["fill"] * 3
    assert large["filter"] == ["all", ["has", "population"], [">", "population", 1000]]
    assert large["paint"]["fill-color"] == "#2c7fb8"
    assert large["metadata"]["geoservice:title"] == "بیش از ۱٬۰۰۰"
    assert "filter" not in outline
    assert (outline["type"], outline["maxzoom"]) == ("line", 11)
    assert (label["minzoom"], label["maxzoom"]) == (7, 11)
    assert label["layout"]["text-font"] == ["Vazirmatn Regular"]
    assert {each["source-layer"] for each in (small, label)} == {"county"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shown", [{}, {"region_set": "1400"}])
def test_areas_are_labelled_at_one_point_each(
    catalog: Catalog, language: Language, shown: dict[str, str]
) -> None:
    """Whatever the language, the same tiles; of shapes a label would come in each of them."""
    style = {**LABEL, "priority": "population"}
    found = drawn(catalog, "county", single={}, label=style)
    document = maplibre(found, "http://x", language, shown)
    fill, outline, instead, label = document["layers"]
    assert {fill["source"], outline["source"]} == {"county"}
    assert instead["source"] == label["source"]
    url = urlsplit(document["sources"][label["source"]]["url"])
    assert url.path == "/tiles/county.json"
    assert dict(parse_qsl(url.query)) == {
        **shown,
        "label-points": "true",
        "properties": "code,name_fa,name_en,population",
    }
    unnamed = maplibre(drawn(catalog, "county", single={}), "http://x", "fa")
    assert unnamed["sources"].keys() == {"county"}


def test_points_are_labelled_where_they_are(catalog: Catalog) -> None:
    document = maplibre(drawn(catalog, "place", single={}, label=LABEL), "http://x", "fa")
    assert document["sources"].keys() == {"place"}
    assert {each["source"] for each in document["layers"]} == {"place"}


def test_edges_of_what_is_not_drawn_are_not_drawn(catalog: Catalog) -> None:
    declared = {"attribute": "population", "breaks": [1000], "no_data": None}
    layers = _layers(drawn(catalog, "county", 1000, graduated=declared))
    edges = [each for each in layers if each["type"] == "line"]
    assert [each["filter"] for each in edges] == [each["filter"] for each in layers[:2]]


def test_the_small_lie_on_the_large(catalog: Catalog) -> None:
    declared = {"attribute": "population"}
    layers = _layers(drawn(catalog, "place", 10, 100, proportional=declared))
    radii = [each["paint"]["circle-radius"] for each in layers]
    assert radii == sorted(radii, reverse=True)
    assert len(radii) == 3


def test_heat_lies_over_points(catalog: Catalog) -> None:
    points, heat = _layers(drawn(catalog, "project", heat={"weight": "budget"}))
    assert (points["type"], heat["type"]) == ("circle", "heatmap")
    weight = ["max", ["coalesce", ["get", "budget_sum"], ["get", "budget"], 0], 0]
    assert heat["paint"]["heatmap-weight"] == weight
    _, heat = _layers(drawn(catalog, "project", 4e9, heat={"weight": "budget"}))
    assert heat["paint"]["heatmap-weight"] == ["/", weight, 4e9]
    _, heat = _layers(drawn(catalog, "project", heat={}))
    assert heat["paint"]["heatmap-weight"] == ["coalesce", ["get", "point_count"], 1]


def test_circles_that_stand_for_many_have_room(catalog: Catalog) -> None:
    for given, asked in (({}, "64"), ({"cell": 32}, "32")):
        made = maplibre(drawn(catalog, "place", cluster=given), "http://x", "fa", {"year": "1400"})
        url = made["sources"]["place"]["url"]
        assert url == f"http://x/tiles/place.json?year=1400&cell-size={asked}"


def test_what_stands_for_many_says_how_many(catalog: Catalog) -> None:
    *_, counts, _, label = _layers(drawn(catalog, "place", cluster={}, label=LABEL), "en")
    assert counts["filter"] == [">", "point_count", 1]
    assert counts["layout"]["text-field"] == ["to-string", ["get", "point_count"]]
    assert not {"text-anchor", "text-offset"} & counts["layout"].keys()
    assert label["layout"]["text-field"] == ["get", "name_en"]


@pytest.mark.parametrize(("language", "name", "other"), [("fa", "fa", "en"), ("en", "en", "fa")])
def test_what_has_no_name_in_a_language_is_called_as_in_the_other(
    catalog: Catalog, language: Language, name: str, other: str
) -> None:
    *_, instead, label = _layers(drawn(catalog, "place", single={}, label=LABEL), language)
    assert label["layout"]["text-field"] == ["get", f"name_{name}"]
    assert instead["layout"]["text-field"] == ["get", f"name_{other}"]
    assert instead["filter"] == ["all", ["!has", f"name_{name}"], ["has", f"name_{other}"]]
    assert {**instead, "id": "", "filter": "", "layout": ""} == {
        **label,
        "id": "",
        "filter": "",
        "layout": "",
    }
    one = {"attribute": {"fa": "name_fa", "en": "name_fa"}}
    assert [each["type"] for each in _layers(drawn(catalog, "place", single={}, label=one))] == [
        "circle",
        "symbol",
    ]


def test_nothing_that_qgis_drops_decides_a_class(catalog: Catalog) -> None:
    kinds: list[dict[str, Any]] = [
        {"graduated": {"attribute": "population", "breaks": [1]}},
        {"categorised": {"attribute": "kind"}},
        {"proportional": {"attribute": "population"}},
        {"cluster": {}},
    ]
    for kind in kinds:
        text = json.dumps(_layers(drawn(catalog, "place", 5, **kind)))
        assert not re.search(r'"(step|case|match|interpolate|to-boolean)"', text), kind


def test_no_address_is_of_anybody_else(catalog: Catalog) -> None:
    text = json.dumps(maplibre(drawn(catalog, "place", single={}, label=LABEL), "http://x", "fa"))
    assert set(re.findall(r"https?://[^/\"]+", text)) == {"http://x"}
