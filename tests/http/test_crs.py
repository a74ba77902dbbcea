from __future__ import annotations

from typing import Any

import httpx
import pytest
from pyproj import Transformer

pytestmark = pytest.mark.anyio

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
ITEMS = "/collections/project/items"
ONE = f"{ITEMS}/p%2F1"


async def _get(client: httpx.AsyncClient, path: str, **params: str) -> httpx.Response:
    named = {name.replace("_", "-"): text for name, text in params.items()}
    response = await client.get(path, params=named or None)
    assert response.status_code == 200, response.text
    return response


def _xy(code: int) -> tuple[float, float]:
    """Project p/1 in that CRS, x before y."""
    x, y = Transformer.from_crs(4326, code, always_xy=True).transform(50.5, 30.5)
    return x, y


async def test_the_default_is_crs84_and_said_so(client: httpx.AsyncClient) -> None:
    for path in (ITEMS, ONE):
        assert (await _get(client, path)).headers["content-crs"] == f"<{CRS84}>"
        named = await _get(client, path, crs=CRS84)
        assert named.headers["content-crs"] == f"<{CRS84}>"
    assert named.json()["geometry"]["coordinates"] == [50.5, 30.5]


async def test_epsg_4326_has_the_latitude_first(client: httpx.AsyncClient) -> None:
    feature = await _get(client, ONE, crs=f"{EPSG}4326")
    assert feature.json()["geometry"]["coordinates"] == [30.5, 50.5]
    assert feature.headers["content-crs"] == f"<{EPSG}4326>"
    page = (await _get(client, ITEMS, crs=f"{EPSG}4326")).json()
    by_id = {f["id"]: f["geometry"] for f in page["features"]}
    assert by_id["p/1"]["coordinates"] == [30.5, 50.5]
    assert by_id["p3"] is None


@pytest.mark.parametrize("code", [3857, 32638, 32639, 32640, 32641])
async def test_metres_to_a_centimetre(client: httpx.AsyncClient, code: int) -> None:
    for path in (ITEMS, ONE):
        answer = await _get(client, path, crs=f"{EPSG}{code}")
        assert answer.headers["content-crs"] == f"<{EPSG}{code}>"
        found: dict[str, Any] = answer.json()
        feature = next(f for f in found.get("features", [found]) if f["id"] == "p/1")
        assert feature["geometry"]["coordinates"] == pytest.approx(_xy(code), abs=0.006)
        assert all(round(c, 2) == c for c in feature["geometry"]["coordinates"])
        assert "crs" not in feature["geometry"]


@pytest.mark.parametrize("code", [3857, 32638, 32639, 32641])
async def test_bbox_in_metres(client: httpx.AsyncClient, code: int) -> None:
    x, y = _xy(code)
    around = f"{x - 50},{y - 50},{x + 50},{y + 50}"
    beside = f"{x + 1},{y - 50},{x + 50},{y + 50}"
    page = (await _get(client, ITEMS, bbox=around, bbox_crs=f"{EPSG}{code}")).json()
    assert [f["id"] for f in page["features"]] == ["p/1"]
    assert page["numberMatched"] == 1
    assert page["features"][0]["geometry"]["coordinates"] == [50.5, 30.5]
    page = (await _get(client, ITEMS, bbox=beside, bbox_crs=f"{EPSG}{code}")).json()
    assert (page["features"], page["numberMatched"]) == ([], 0)


async def test_bbox_has_the_axes_of_its_crs(client: httpx.AsyncClient) -> None:
    north_first = "30.4,50.4,30.6,50.6"
    for box in (north_first, "30.4,50.4,0,30.6,50.6,9"):
        page = (await _get(client, ITEMS, bbox=box, bbox_crs=f"{EPSG}4326")).json()
        assert [f["id"] for f in page["features"]] == ["p/1"]
    page = (await _get(client, ITEMS, bbox=north_first, bbox_crs=CRS84)).json()
    assert page["features"] == []
    across = (await _get(client, ITEMS, bbox="-90,51,90,50.4", bbox_crs=f"{EPSG}4326")).json()
    assert [f["id"] for f in across["features"]] == ["p2"]


@pytest.mark.parametrize(
    ("box", "code"),
    [
        ("-20037508.34,-20037508.34,20037508.34,20037508.34", 3857),
        ("-1e9,-1e9,1e9,1e9", 32639),
        ("-90,-180,90,180", 4326),
    ],
)
async def test_a_box_of_the_whole_world(client: httpx.AsyncClient, box: str, code: int) -> None:
    page = (await _get(client, ITEMS, bbox=box, bbox_crs=f"{EPSG}{code}")).json()
    assert {f["id"] for f in page["features"]} == {"p/1", "p2"}


async def test_next_page_keeps_the_crs(client: httpx.AsyncClient) -> None:
    page = (await _get(client, "/collections/place/items", crs=f"{EPSG}32639", limit="20")).json()
    onward = next(link["href"] for link in page["links"] if link["rel"] == "next")
    following = await _get(client, onward)
    assert following.headers["content-crs"] == f"<{EPSG}32639>"
    assert following.json()["features"][0]["geometry"]["coordinates"][1] > 3e6


async def test_each_crs_has_its_own_tag(client: httpx.AsyncClient) -> None:
    for path in (ITEMS, ONE):
        uris = [CRS84, f"{EPSG}4326", f"{EPSG}32639"]
        tags = {(await _get(client, path, crs=uri)).headers["etag"] for uri in uris}
        assert len(tags) == 3


@pytest.mark.parametrize("path", [ITEMS, ONE])
@pytest.mark.parametrize(
    "uri", ["", "EPSG:4326", f"{EPSG}2154", "http://www.opengis.net/def/crs/0/unsupported"]
)
async def test_another_crs_is_refused_with_those_there_are(
    client: httpx.AsyncClient, path: str, uri: str
) -> None:
    for parameter in ("crs",) if path == ONE else ("crs", "bbox-crs"):
        response = await client.get(path, params={parameter: uri})
        assert response.status_code == 400
        problem = response.json()
        assert problem["parameter"] == parameter
        assert problem["allowed"][:2] == [CRS84, f"{EPSG}4326"]


@pytest.mark.parametrize(
    ("box", "code"),
    [
        ("50.4,30.4,181,30.6", 4326),
        ("91,50,92,51", 4326),
        ("500000,3000000,400000,3100000", 32639),
        ("400000,3100000,500000,3000000", 32639),
        ("0,0,1e300,1", 3857),
        ("0,0,nan,1", 3857),
    ],
)
async def test_bad_boxes_are_told(client: httpx.AsyncClient, box: str, code: int) -> None:
    response = await client.get(ITEMS, params={"bbox": box, "bbox-crs": f"{EPSG}{code}"})
    assert response.status_code == 400
    assert response.json()["parameter"] == "bbox"


async def test_collections_list_what_they_are_offered_in(client: httpx.AsyncClient) -> None:
    document = (await _get(client, "/collections")).json()
    assert document["crs"][0] == CRS84
    for collection in document["collections"]:
        assert collection["storageCrs"] in collection["crs"]
        assert set(document["crs"]) <= set(collection["crs"])
        for uri in collection["crs"]:
            answer = await _get(client, f"/collections/{collection['id']}/items", crs=uri)
            assert answer.headers["content-crs"] == f"<{uri}>"
