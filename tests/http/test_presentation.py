from __future__ import annotations

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio

ITEMS = "/collections/project/items"
ONE = f"{ITEMS}/p%2F1"


async def _features(client: httpx.AsyncClient, query: str) -> list[dict[str, Any]]:
    """The feature p/1 as a page has it and as it comes alone."""
    found = []
    for path in (ITEMS, ONE):
        response = await client.get(f"{path}?{query}")
        assert response.status_code == 200, response.text
        body = response.json()
        found.append(next(f for f in body.get("features", [body]) if f["id"] == "p/1"))
    return found


async def test_properties_are_written_in_the_order_of_the_declaration(
    client: httpx.AsyncClient,
) -> None:
    for feature in await _features(client, "properties=status,title_fa,status"):
        assert list(feature["properties"].items()) == [
            ("title_fa", "راه بم"),
            ("status", "implementation"),
        ]
        assert feature["geometry"]["coordinates"] == [50.5, 30.5]


async def test_exclude_properties_leaves_out_no_others(client: httpx.AsyncClient) -> None:
    whole = (await _features(client, ""))[0]["properties"]
    for feature in await _features(client, "exclude-properties=status,id"):
        assert set(whole) - set(feature["properties"]) == {"status", "id"}
        assert set(feature["properties"]) < set(whole)


async def test_a_feature_without_any_property(client: httpx.AsyncClient) -> None:
    names = ",".join((await _features(client, ""))[0]["properties"])
    for feature in await _features(client, f"exclude-properties={names}"):
        assert (feature["id"], feature["properties"]) == ("p/1", {})


async def test_filters_and_boxes_need_not_be_written(client: httpx.AsyncClient) -> None:
    query = "status=implementation&bbox=50,30,51,31&properties=title_fa&skipGeometry=true"
    page = (await client.get(f"{ITEMS}?{query}")).json()
    assert [(f["id"], f["geometry"], f["properties"]) for f in page["features"]] == [
        ("p/1", None, {"title_fa": "راه بم"})
    ]
    assert page["numberMatched"] == 1


async def test_geometry_is_written_or_not(client: httpx.AsyncClient) -> None:
    for feature in await _features(client, "skipGeometry=true"):
        assert feature["geometry"] is None
    for feature in await _features(client, "skipGeometry=false"):
        assert feature["geometry"] is not None


@pytest.mark.parametrize(
    ("precision", "crs", "expected"),
    [
        ("0", "", [50, 30]),
        ("۱", "", [50.5, 30.5]),
        ("15", "", [50.5, 30.5]),
        ("0", "&crs=http://www.opengis.net/def/crs/EPSG/0/32639", [452019, 3374298]),
    ],
)
async def test_precision(
    client: httpx.AsyncClient, precision: str, crs: str, expected: list[float]
) -> None:
    for feature in await _features(client, f"precision={precision}{crs}"):
        coordinates = feature["geometry"]["coordinates"]
        assert coordinates == pytest.approx(expected, abs=1 if crs or precision == "0" else 0)
        assert precision != "0" or all(round(c) == c for c in coordinates)


@pytest.mark.parametrize("path", [ITEMS, ONE])
@pytest.mark.parametrize(
    ("query", "parameter", "allowed"),
    [
        ("properties=nothing", "properties", "status"),
        ("properties=status,", "properties", "status"),
        ("properties=", "properties", "status"),
        ("properties=geom", "properties", "status"),
        ("exclude-properties=status;id", "exclude-properties", "status"),
        ("properties=status&exclude-properties=id", "exclude-properties", None),
        ("skipGeometry=yes", "skipGeometry", "true"),
        ("precision=16", "precision", None),
        ("precision=-1", "precision", None),
        ("precision=1.5", "precision", None),
        ("precision=", "precision", None),
    ],
)
async def test_bad_parameters_are_told_by_name(
    client: httpx.AsyncClient, path: str, query: str, parameter: str, allowed: str | None
) -> None:
    response = await client.get(f"{path}?{query}")
    assert response.status_code == 400
    problem = response.json()
    assert problem["parameter"] == parameter
    assert allowed is None or allowed in problem["allowed"]


async def test_the_tag_tells_presentations_apart(client: httpx.AsyncClient) -> None:
    queries = ("", "skipGeometry=true", "precision=3", "properties=id", "exclude-properties=id")
    for path in (ITEMS, ONE):
        tags = {(await client.get(f"{path}?{query}")).headers["etag"] for query in queries}
        assert len(tags) == len(queries)


async def test_the_link_self_leads_to_the_same(client: httpx.AsyncClient) -> None:
    query = "crs=http%3A%2F%2Fwww.opengis.net%2Fdef%2Fcrs%2FEPSG%2F0%2F4326&properties=id"
    for path in (ITEMS, ONE):
        answer = await client.get(f"{path}?{query}")
        here = next(link["href"] for link in answer.json()["links"] if link["rel"] == "self")
        assert (await client.get(here)).content == answer.content
