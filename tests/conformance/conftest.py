"""The service over the sample, as it is served, and what it says of its collections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

Collections = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def api(service: str) -> Iterator[httpx.Client]:
    """A client of the service."""
    with httpx.Client(base_url=service, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def definition(api: httpx.Client) -> dict[str, Any]:
    """The OpenAPI definition."""
    found: dict[str, Any] = api.get("/api").json()
    return found


@pytest.fixture(scope="session")
def collections(api: httpx.Client) -> Collections:
    """Every collection by its id; there are some."""
    found = {c["id"]: c for c in api.get("/collections").json()["collections"]}
    assert found
    return found
