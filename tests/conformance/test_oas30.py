"""OGC API Features Part 1, conformance class OpenAPI 3.0."""

from __future__ import annotations

from typing import Any

import httpx
from openapi_spec_validator import OpenAPIV30SpecValidator, validate

Collections = dict[str, dict[str, Any]]


def test_definition(api: httpx.Client, definition: dict[str, Any]) -> None:
    """/conf/oas30/oas-definition-1, /conf/oas30/oas-definition-2"""
    response = api.get("/api")
    assert response.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    validate(definition, cls=OpenAPIV30SpecValidator)
    links = api.get("/").json()["links"]
    (page,) = (link for link in links if link["rel"] == "service-doc")
    answer = api.get(page["href"], headers={"accept": page["type"]})
    assert answer.headers["content-type"].partition(";")[0] == page["type"] == "text/html"


def test_every_resource_is_described(definition: dict[str, Any], collections: Collections) -> None:
    """/conf/oas30/oas-impl, /conf/oas30/completeness"""
    expected = {"/", "/api", "/conformance", "/collections"}
    for name in collections:
        here = f"/collections/{name}"
        expected |= {here, f"{here}/items", f"{here}/items/{{featureId}}"}
    assert expected <= set(definition["paths"])
    for path in expected:
        ok = definition["paths"][path]["get"]["responses"]["200"]
        assert ok["content"], path


def test_errors_are_described(definition: dict[str, Any]) -> None:
    """/conf/oas30/exceptions-codes"""
    for path, methods in definition["paths"].items():
        for operation in methods.values():
            assert "default" in operation["responses"], path


def test_no_security_is_needed_where_none_is_described(
    api: httpx.Client, definition: dict[str, Any], collections: Collections
) -> None:
    """/conf/oas30/security"""
    assert "security" not in definition
    for name in collections:
        assert api.get(f"/collections/{name}/items?limit=1").status_code == 200
