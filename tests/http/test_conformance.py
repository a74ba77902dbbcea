from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.anyio


async def test_core_is_declared_and_what_is_not_there_is_not(client: httpx.AsyncClient) -> None:
    classes = (await client.get("/conformance")).json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in classes
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson" in classes
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in classes
    assert "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt" in classes
    assert "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text" in classes
    assert not [c for c in classes if c.endswith(("/array-functions", "/gmlsf0"))]


async def test_bad_parameter(client: httpx.AsyncClient) -> None:
    response = await client.get("/conformance?f=xml")
    assert response.status_code == 400
    assert response.json()["allowed"] == ["json", "html"]
