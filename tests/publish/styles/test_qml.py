from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from geoservice.catalog.load import Catalog
from geoservice.publish.styles.qml.document import qml
from geoservice.publish.styles.qml.expression import expression
from geoservice.publish.styles.rule import Among, Beside, Between, Condition, Missing
from geoservice.publish.styles.scale import denominator
from tests.publish.styles.conftest import drawn

NUMBER = {"attribute": "population", "breaks": [1000]}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Among("a", ("x",)), "\"a\" = 'x'"),
        (Among("a", ("it's", 5, True)), "\"a\" IN ('it''s', 5, true)"),
        (Beside("a", ("x",)), '"a" IS NOT NULL AND "a" NOT IN (\'x\')'),
        (Missing('ستون "۱"'), '"ستون ""۱""" IS NULL'),
        (Between("a", 1.5, 2e9), '"a" > 1.5 AND "a" <= 2000000000'),
        (Between("a", None, None), '"a" IS NOT NULL'),
    ],
)
def test_conditions_are_expressions(condition: Condition, expected: str) -> None:
    assert expression(condition) == expected


@pytest.mark.parametrize(
    ("layer", "edges", "declared", "renderer", "symbols"),
    [
        ("county", (), {"single": {}}, "singleSymbol", 1),
        ("place", (), {"categorised": {"attribute": "kind"}}, "categorizedSymbol", 2),
        (
            "place",
            (),
            {"categorised": {"attribute": "kind", "no_data": {}}},
            "RuleRenderer",
            3,
        ),
        ("county", (1000,), {"graduated": {**NUMBER, "no_data": None}}, "graduatedSymbol", 2),
        ("county", (1000,), {"graduated": NUMBER}, "RuleRenderer", 3),
        ("place", (5,), {"proportional": {"attribute": "population"}}, "RuleRenderer", 2),
        ("project", (), {"heat": {}}, "heatmapRenderer", 0),
        ("place", (), {"cluster": {}}, "pointCluster", 1),
    ],
)
def test_every_kind_is_the_plainest_renderer_that_says_it(
    catalog: Catalog,
    layer: str,
    edges: tuple[float, ...],
    declared: dict[str, Any],
    renderer: str,
    symbols: int,
) -> None:
    root = ET.fromstring(qml(drawn(catalog, layer, *edges, **declared), "fa"))  # noqa: S314
    found = root.find("renderer-v2")
    assert found is not None
    assert found.get("type") == renderer
    assert len(list(found.iter("symbols"))) == (symbols > 0)
    assert sum(len(each) for each in found.iter("symbols")) == symbols


@pytest.mark.parametrize(
    ("heat", "weight"),
    [
        ({}, ""),
        ({"weight": "budget"}, 'max(coalesce("budget", 0), 0) / 4000000000'),
    ],
)
def test_a_point_without_a_weight_is_no_heat(
    catalog: Catalog, heat: dict[str, Any], weight: str
) -> None:
    root = ET.fromstring(qml(drawn(catalog, "project", 4e9, heat=heat), "fa"))  # noqa: S314
    found = root.find("renderer-v2")
    assert found is not None
    assert found.get("weight_expression") == weight


def test_scales_are_those_of_the_zooms(catalog: Catalog) -> None:
    label = {"attribute": {"fa": "name_fa", "en": "name_en"}, "zoom": {"min": 7, "max": 10}}
    found = drawn(catalog, "county", single={}, label=label, zoom={"min": 5})
    root = ET.fromstring(qml(found, "en"))  # noqa: S314
    assert root.get("hasScaleBasedVisibilityFlag") == "1"
    assert root.get("minScale") == f"{denominator(5):.0f}"
    assert root.get("maxScale") == "0"
    rendering, text = root.find(".//rendering"), root.find(".//text-style")
    assert rendering is not None
    assert text is not None
    assert rendering.get("scaleMax") == f"{denominator(7):.0f}"
    assert rendering.get("scaleMin") == f"{denominator(10):.0f}"
    assert text.get("fieldName") == 'coalesce("name_en", "name_fa")'
    assert text.get("isExpression") == "1"
