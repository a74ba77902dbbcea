"""QGIS draws every kind of style on every geometry as its rules say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from geoservice.catalog.layer import Layer
from geoservice.catalog.style import Style
from geoservice.publish.styles.breaks import fixed
from geoservice.publish.styles.qml.document import qml
from geoservice.publish.styles.rule import Among, Beside, Between, Condition, Missing, Portrayal
from geoservice.publish.styles.rules import portrayal
from geoservice.publish.styles.scale import denominator
from tests.product.in_qgis import in_qgis

SCRIPT = Path(__file__).with_name("load_qml_in_qgis.py")
TITLE = {"fa": "عنوان", "en": "Title"}
NUMBER = {"attribute": "population", "breaks": [1000, 2000]}
CODES = {"attribute": "kind", "classes": [{"values": ["city"]}, {"values": ["village"]}]}
GEOMETRIES = ("Point", "LineString", "Polygon")
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "single": ("singleSymbol", {"single": {}}),
    "categorised": ("categorizedSymbol", {"categorised": CODES}),
    "others": ("RuleRenderer", {"categorised": {**CODES, "other": {}, "no_data": {}}}),
    "graduated": ("graduatedSymbol", {"graduated": {**NUMBER, "no_data": None}}),
    "missing": ("RuleRenderer", {"graduated": NUMBER}),
}
OF_POINTS: dict[str, tuple[str, dict[str, Any]]] = {
    "proportional": ("RuleRenderer", {"proportional": {"attribute": "population", "most": 9999}}),
    "heat": ("heatmapRenderer", {"heat": {"weight": "population"}}),
    "cluster": ("pointCluster", {"cluster": {}}),
}
CASES = {f"{shape}-{kind}": made for shape in GEOMETRIES for kind, made in KINDS.items()} | {
    f"Point-{kind}": made for kind, made in OF_POINTS.items()
}

pytestmark = [pytest.mark.qgis, pytest.mark.slow]


def _layer(geometry: str) -> Layer:
    attributes = {
        "id": {"title": TITLE, "type": "integer"},
        "population": {"title": TITLE, "type": "number"},
        "kind": {"title": TITLE, "type": "string"},
        "name_fa": {"title": TITLE, "type": "string"},
    }
    return Layer.model_validate(
        {
            "id": "made",
            "title": TITLE,
            "source": {"table": "a.b"},
            "feature_id": "id",
            "geometry": {"type": geometry},
            "attributes": attributes,
        }
    )


def _drawn(case: str) -> Portrayal:
    label = {"attribute": {"fa": "name_fa", "en": "name_fa"}, "size": 16, "zoom": {"min": 5}}
    style = Style.model_validate(
        {"id": "made", "title": TITLE, "zoom": {"min": 3}, "label": label, **CASES[case][1]}
    )
    return portrayal(style, _layer(case.split("-", maxsplit=1)[0]), fixed(style) or ())


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    directory = tmp_path_factory.mktemp("qml")
    for case in CASES:
        (directory / f"{case}.qml").write_bytes(qml(_drawn(case), "fa"))
    return in_qgis(SCRIPT, directory, str(directory), timeout=200)


@pytest.mark.parametrize("case", CASES)
def test_it_is_the_renderer_that_analysts_can_work_on(report: dict[str, Any], case: str) -> None:
    assert report[case]["fine"], report[case]["message"]
    assert report[case]["renderer"] == CASES[case][0]


@pytest.mark.parametrize("case", CASES)
def test_scales_and_labels_are_those_of_the_style(report: dict[str, Any], case: str) -> None:
    shown, least, most = report[case]["scales"]
    assert (shown, least, most) == (True, pytest.approx(denominator(3), abs=1), 0)
    label = report[case]["label"]
    assert (label["field"], label["halo"], label["pixels"]) == ("name_fa", True, 16)
    assert label["scales"][:2] == [True, pytest.approx(denominator(5), abs=1)]


@pytest.mark.parametrize("case", [c for c in CASES if not c.endswith(("heat", "cluster"))])
def test_every_value_is_drawn_as_its_rule_says(report: dict[str, Any], case: str) -> None:
    rules = _drawn(case).rules
    used = "kind" if any(_of(rule.condition) == "kind" for rule in rules) else "population"
    for value, colours in report[case]["drawn"].items():
        known: object = None
        if value != "None":
            known = float(value) if value[0].isdigit() else value
        if known is not None and (isinstance(known, str) != (used == "kind")):
            known = None  # the other attribute has it
        meant = [rule.look.colour for rule in rules if _met(rule.condition, known)]
        assert len(meant) <= 1, "the classes do not overlap"
        assert colours == meant, value


def _of(condition: Condition | None) -> str | None:
    return condition.attribute if condition is not None else None


def _met(condition: Condition | None, value: Any) -> bool:
    """What a condition means, in Python."""
    match condition:
        case None:
            return True
        case Missing():
            return value is None
        case Among(_, values):
            return value in values
        case Beside(_, values):
            return value is not None and value not in values
        case Between(_, low, high):
            inside = value is not None and (low is None or value > low)
            return inside and (high is None or value <= high)
    raise AssertionError(condition)
