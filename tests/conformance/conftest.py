"""The service over the sample, as it is served, and what it says of its collections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.conformance.tilesets import Tileset, found_from

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


@pytest.fixture(scope="session")
def tilesets(api: httpx.Client, collections: Collections) -> list[Tileset]:
    """Every tileset of the dataset and of each collection."""
    documents = [api.get("/").json(), *collections.values()]
    found = [tileset for document in documents for tileset in found_from(api, document)]
    assert len(found) == 2 * (1 + len(collections))
    return found
