"""The real data beside the checkout, through the commands and out of the public API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest


@pytest.fixture(scope="module")
def client(
    real_url: str, serve: Callable[[str], AbstractContextManager[str]]
) -> Iterator[httpx.Client]:
    with serve(real_url) as base, httpx.Client(base_url=base, timeout=30) as client:
        yield client


def _features(client: httpx.Client, layer: str, **parameters: str) -> list[dict[str, Any]]:
    answer = client.get(f"/collections/{layer}/items", params={"limit": "1000", **parameters})
    properties: list[dict[str, Any]] = [f["properties"] for f in answer.json()["features"]]
    return properties


@pytest.mark.parametrize(("layer", "count"), [("county", 429), ("province", 31)])
def test_the_population_of_the_census_adds_up(client: httpx.Client, layer: str, count: int) -> None:
    people = [feature["population"] for feature in _features(client, layer)]
    assert len(people) == count
    assert sum(people) == 79_926_270


@pytest.mark.parametrize("level", ["county", "province"])
def test_the_population_of_the_country_is_a_figure(client: httpx.Client, level: str) -> None:
    figure = client.get("/indicators/population", params={"level": level, "year": 1395}).json()
    by_code = {row["code"]: row["value"] for row in figure["values"]}
    assert by_code["IR"] == 79_926_270


def test_the_counties_of_1400_stand_beside_those_of_1395(client: httpx.Client) -> None:
    later = _features(client, "county", region_set="counties_1400")
    assert len(later) == 469
    assert {feature["region_set"] for feature in later} == {"counties_1400"}
    assert len(_features(client, "county", region_set="census_1395")) == 429
