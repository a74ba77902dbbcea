from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

import pytest

from geoservice.catalog.load import Catalog
from geoservice.catalog.style import Zooms
from geoservice.model import Language, Title
from geoservice.publish.styles.legend import legend_svg
from geoservice.publish.styles.maplibre import maplibre
from geoservice.publish.styles.qml.document import qml
from geoservice.publish.styles.rule import Among, Beside, Between, Missing
from geoservice.publish.styles.sld import sld
from tests.publish.styles.conftest import TITLE, drawn


def test_single(catalog: Catalog) -> None:
    (rule,) = drawn(catalog, "county", single={}, symbol={"colour": "#123456"}).rules
    assert (rule.condition, rule.look.colour) == (None, "#123456")
    assert rule.title == catalog.layer("county").title


def test_codes_become_classes_with_their_titles(catalog: Catalog) -> None:
    found = drawn(catalog, "place", categorised={"attribute": "kind", "no_data": {}})
    assert [rule.condition for rule in found.rules] == [
        Among("kind", ("city",)),
        Among("kind", ("village",)),
        Missing("kind"),
    ]
    assert [rule.title.fa for rule in found.rules] == ["شهر", "آبادی", "بدون داده"]
    assert [rule.look.colour for rule in found.rules] == ["#0072b2", "#e69f00", "#d4d4d4"]
    assert found.heading == catalog.layer("place").attributes["kind"].title


def test_classes_of_several_values(catalog: Catalog) -> None:
    declared = {
        "attribute": "status",
        "other": {"title": TITLE, "colour": "#000000"},
        "classes": [
            {"values": ["stalled"], "colour": "#ff0000", "size": 12, "zoom": {"min": 5}},
            {"values": ["completion", "maintenance"]},
            {"values": ["cancelled"], "title": TITLE},
        ],
    }
    stalled, done, cancelled, other = drawn(
        catalog, "project", categorised=declared, zoom={"min": 3, "max": 9}
    ).rules
    assert (stalled.look.colour, stalled.look.size) == ("#ff0000", 12)
    assert (stalled.zoom, done.zoom) == (Zooms(min=5, max=9), Zooms(min=3, max=9))
    assert done.title.fa == "پایان‌یافته، بهره‌برداری"
    assert (done.look.colour, cancelled.look.colour) == ("#0072b2", "#e69f00")
    assert cancelled.title.en == "Title"
    named = ("stalled", "completion", "maintenance", "cancelled")
    assert other.condition == Beside("status", named)


@pytest.mark.parametrize(("language", "named"), [("fa", ["بله", "خیر"]), ("en", ["yes", "no"])])
def test_booleans_are_yes_and_no_in_every_format(
    catalog: Catalog, language: Language, named: list[str]
) -> None:
    classes = [{"values": [True]}, {"values": [False]}]
    found = drawn(catalog, "county", categorised={"attribute": "schematic", "classes": classes})
    legend = legend_svg(found, language)
    layers = maplibre(found, "http://x", language)["layers"]
    texts = {
        "svg": [text.strip("\u202b\u202c") for text in _texts(legend, "text")],
        "sld": _texts(sld(found, language), "Title"),
        "qml": [each.get("label", "") for each in _found(qml(found, language), "category")],
        "mapbox": [each["metadata"]["geoservice:title"] for each in layers],
    }
    for name, written in texts.items():
        assert list(dict.fromkeys(text for text in written if text in named)) == named, name


def _found(document: bytes, name: str) -> list[Element]:
    every = fromstring(document).iter()  # noqa: S314  (our own)
    return [each for each in every if each.tag.rsplit("}", 1)[-1] == name]


def _texts(document: bytes, name: str) -> list[str]:
    return [each.text or "" for each in _found(document, name)]


def test_classes_of_a_number(catalog: Catalog) -> None:
    declared = {"attribute": "population", "method": "Quantiles", "k": 3}
    found = drawn(catalog, "county", 1000, 25000.5, graduated=declared)
    assert [rule.condition for rule in found.rules] == [
        Between("population", None, 1000),
        Between("population", 1000, 25000.5),
        Between("population", 25000.5, None),
        Missing("population"),
    ]
    assert [rule.title.fa for rule in found.rules][:3] == [
        "تا ۱٬۰۰۰",
        "۱٬۰۰۰ تا ۲۵٬۰۰۰٫۵",
        "بیش از ۲۵٬۰۰۰٫۵",
    ]
    assert found.rules[2].title.en == "over 25,000.5"
    assert [rule.look.colour for rule in found.rules][:3] == ["#edf8b1", "#7fcdbb", "#2c7fb8"]
    assert found.heading is not None
    assert (found.heading.fa, found.heading.en) == ("جمعیت (نفر)", "Population (persons)")


def test_where_all_values_are_equal_there_is_one_class(catalog: Catalog) -> None:
    declared = {"attribute": "population", "method": "Quantiles", "no_data": None}
    (rule,) = drawn(catalog, "county", graduated=declared).rules
    assert rule.condition == Between("population", None, None)
    assert (rule.title.fa, rule.title.en) == ("همه", "All")


def test_numbers_are_shown_in_another_unit(catalog: Catalog) -> None:
    shown = {"divide": 0.01, "digits": 1, "unit": {"fa": "درصد", "en": "per cent"}}
    declared = {"attribute": "coverage_10km", "breaks": [0.25], "shown": shown, "reverse": True}
    found = drawn(catalog, "balance_county", 0.25, graduated=declared)
    assert [rule.title.en for rule in found.rules] == ["up to 25.0", "over 25.0", "No data"]
    assert found.heading is not None
    assert found.heading.fa.endswith("(درصد)")
    assert [rule.look.colour for rule in found.rules][:2] == ["#2c7fb8", "#edf8b1"]


def test_diameters_grow_evenly_and_nothing_has_none(catalog: Catalog) -> None:
    declared = {"attribute": "population", "min_size": 10, "max_size": 30, "steps": 3}
    rules = drawn(catalog, "place", 225, 625, proportional=declared).rules
    assert [rule.look.size for rule in rules] == [10, 20, 30]
    assert rules[0].condition == Between("population", 0, 225)
    assert rules[-1].condition == Between("population", 625, None)


def test_points_that_stand_for_many(catalog: Catalog) -> None:
    rules = drawn(
        catalog, "place", cluster={"count": "n", "breaks": [10]}, symbol={"size": 5}
    ).rules
    assert [rule.condition for rule in rules] == [
        Missing("n"),
        Between("n", None, 1),
        Between("n", 1, 10),
        Between("n", 10, None),
    ]
    assert [rule.look.size for rule in rules] == [5, 5, 16, 24]


def test_ids_of_rules_are_unique(catalog: Catalog) -> None:
    classes = [{"values": ["unit"]}, {"values": ["plaque"]}]
    declared = {"attribute": "match_level", "classes": classes, "other": {}, "no_data": {}}
    found = drawn(catalog, "project", categorised=declared)
    assert len({rule.id for rule in found.rules}) == 4


def test_a_number_without_a_title_has_the_digits_of_the_language(catalog: Catalog) -> None:
    classes = [{"values": [1, 20]}]
    found = drawn(catalog, "place", categorised={"attribute": "population", "classes": classes})
    assert found.rules[0].title == Title("۱، ۲۰", "1, 20")
