from __future__ import annotations

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator, validate

from geoservice.catalog.load import Catalog
from geoservice.model import JSON
from geoservice.publish.openapi import definition


@pytest.fixture(scope="module")
def described(catalog: Catalog) -> JSON:
    return definition(catalog, "http://geo.test", limit_default=1000, limit_maximum=10000)


def test_it_is_openapi_3_0(described: JSON) -> None:
    validate(described, cls=OpenAPIV30SpecValidator)
    assert described["openapi"] == "3.0.3"


def test_it_is_valid_without_a_layer() -> None:
    nothing = definition(Catalog({}), "http://x", limit_default=1, limit_maximum=2)
    validate(nothing, cls=OpenAPIV30SpecValidator)


def test_qgis_finds_its_page_size(described: JSON) -> None:
    limit = described["components"]["parameters"]["limit"]
    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 10000, "default": 1000}
    assert (limit["style"], limit["explode"]) == ("form", False)


def test_qgis_finds_the_filters_of_each_collection(described: JSON) -> None:
    parameters = described["paths"]["/collections/project/items"]["get"]["parameters"]
    status = next(p for p in parameters if p.get("name") == "status")
    assert status["in"] == "query"
    assert status["schema"]["type"] == "string"
    assert "stalled" in status["schema"]["enum"]
    assert (status["style"], status["explode"]) == ("form", False)
    assert {"$ref": "#/components/parameters/limit"} in parameters


def test_dimensions_are_parameters(described: JSON) -> None:
    for path in ("items", "items/{featureId}"):
        parameters = described["paths"][f"/collections/balance_county/{path}"]["get"]["parameters"]
        year = next(p for p in parameters if p.get("name") == "year")
        assert year["schema"] == {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1}


def test_crs_and_shape_are_parameters_of_features(described: JSON) -> None:
    for path in ("items", "items/{featureId}"):
        operation = described["paths"][f"/collections/place/{path}"]["get"]
        by_name = {p.get("name"): p for p in operation["parameters"]}
        crs = by_name["crs"]["schema"]
        assert crs["default"] == crs["enum"][0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        assert ("bbox-crs" in by_name) is (path == "items")
        assert "name_fa" in by_name["properties"]["schema"]["items"]["enum"]
        assert "exclude-properties" in by_name
        assert {"$ref": "#/components/parameters/skipGeometry"} in operation["parameters"]
        assert {"$ref": "#/components/parameters/precision"} in operation["parameters"]
        assert "Content-Crs" in operation["responses"]["200"]["headers"]


def test_writing_is_described_for_editable_layers_while_editing_is_on(
    catalog: Catalog, described: JSON
) -> None:
    editing = definition(catalog, "http://x", limit_default=1, limit_maximum=2, editing=True)
    validate(editing, cls=OpenAPIV30SpecValidator)
    for id_, layer in catalog.layers.items():
        items, item = f"/collections/{id_}/items", f"/collections/{id_}/items/{{featureId}}"
        writes = {*editing["paths"][items], *editing["paths"][item]} - {"get"}
        assert writes == ({"post", "put", "patch", "delete"} if layer.editable else set())
        assert {*described["paths"][items], *described["paths"][item]} == {"get"}
    post = editing["paths"]["/collections/place/items"]["post"]
    assert {*post["security"][0], *post["security"][1]} <= set(
        editing["components"]["securitySchemes"]
    )
    body = post["requestBody"]["content"]["application/geo+json"]["schema"]
    assert set(body["properties"]["properties"]["required"]) == {"id", "kind"}
    assert "securitySchemes" not in described["components"]
