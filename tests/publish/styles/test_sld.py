from __future__ import annotations

import xml.etree.ElementTree as ET

from geoservice.catalog.load import Catalog
from geoservice.publish.styles.scale import denominator
from geoservice.publish.styles.sld import sld
from tests.publish.styles.conftest import drawn

NS = {
    "se": "http://www.opengis.net/se",
    "ogc": "http://www.opengis.net/ogc",
    "sld": "http://www.opengis.net/sld",
}


def _written(element: ET.Element) -> list[object]:
    """The element as nested lists without namespaces."""
    name = element.tag.rpartition("}")[2]
    return [name, element.text] if element.text else [name, *map(_written, element)]


def test_filters_are_those_of_the_rules(catalog: Catalog) -> None:
    declared = {
        "attribute": "status",
        "classes": [{"values": ["stalled"]}, {"values": ["completion", "maintenance"]}],
        "other": {},
        "no_data": {},
    }
    root = ET.fromstring(sld(drawn(catalog, "project", categorised=declared), "fa"))  # noqa: S314
    filters = [_written(each)[1] for each in root.iterfind(".//ogc:Filter", NS)]
    status = ["PropertyName", "status"]

    def equal(value: str) -> list[object]:
        return ["PropertyIsEqualTo", status, ["Literal", value]]

    assert filters == [
        equal("stalled"),
        ["Or", equal("completion"), equal("maintenance")],
        [
            "And",
            ["Not", ["PropertyIsNull", status]],
            *(
                ["PropertyIsNotEqualTo", status, ["Literal", value]]
                for value in ("stalled", "completion", "maintenance")
            ),
        ],
        ["PropertyIsNull", status],
    ]


def test_classes_of_a_number_and_their_scales(catalog: Catalog) -> None:
    declared = {"attribute": "population", "breaks": [1000, 2000]}
    found = drawn(catalog, "county", 1000, 2000, graduated=declared, zoom={"min": 5, "max": 9})
    root = ET.fromstring(sld(found, "en"))  # noqa: S314
    _, middle, *_ = root.iterfind(".//se:Rule", NS)
    condition = middle.find("ogc:Filter", NS)
    assert condition is not None
    population = ["PropertyName", "population"]
    assert _written(condition)[1] == [
        "And",
        ["PropertyIsGreaterThan", population, ["Literal", "1000"]],
        ["PropertyIsLessThanOrEqualTo", population, ["Literal", "2000"]],
    ]
    assert middle.findtext("se:MinScaleDenominator", None, NS) == f"{denominator(9):.0f}"
    assert middle.findtext("se:MaxScaleDenominator", None, NS) == f"{denominator(5):.0f}"
    assert middle.findtext("se:Description/se:Title", None, NS) == "1,000 – 2,000"


def test_clusters_are_points(catalog: Catalog) -> None:
    root = ET.fromstring(sld(drawn(catalog, "place", cluster={}), "fa"))  # noqa: S314
    (rule,) = root.iterfind(".//se:Rule", NS)
    assert rule.find("ogc:Filter", NS) is None
    assert rule.find("se:PointSymbolizer", NS) is not None
