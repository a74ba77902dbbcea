"""OGC API Features Part 2, conformance class CRS by reference, over every collection."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from pyproj import Transformer
from shapely import get_coordinates
from shapely.geometry import box, shape

Collections = dict[str, dict[str, Any]]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_URI = re.compile(r"http://www\.opengis\.net/def/crs/[A-Z]+/[0-9.]+/[A-Za-z0-9]+")
_SPHERE_METRES = 111_320.0


def _auth(uri: str) -> str:
    authority, _, code = uri.split("/")[-3:]
    return f"{authority}:{code}"


def test_identifiers(api: httpx.Client, collections: Collections) -> None:
    """/conf/crs/crs-uri, /conf/crs/default-crs, /conf/crs/storageCrs"""
    for uri in api.get("/collections").json()["crs"]:
        assert _URI.fullmatch(uri)
    for one in collections.values():
        assert all(_URI.fullmatch(uri) for uri in one["crs"])
        assert len(one["crs"]) == len(set(one["crs"]))
        assert one["crs"][0] == CRS84
        assert one["storageCrs"] in one["crs"]


def test_crs(api: httpx.Client, collections: Collections) -> None:
    """/conf/crs/crs-parameter, /conf/crs/crs-parameter-default, /conf/crs/crs-transform

    /conf/crs/crs-parameter-transform
    """
    for name, one in collections.items():
        items = f"/collections/{name}/items?limit=20"
        plain = api.get(items)
        assert plain.headers["content-crs"] == f"<{CRS84}>"
        assert (
            api.get(items, params={"limit": "20", "crs": CRS84}).json()["features"]
            == (plain.json()["features"])
        )
        for uri in one["crs"]:
            moved = api.get(items, params={"limit": "20", "crs": uri})
            assert moved.headers["content-crs"] == f"<{uri}>"
            # pyproj's own axis order is that of the registry.
            back = Transformer.from_crs(_auth(uri), "OGC:CRS84")
            for before, after in zip(
                plain.json()["features"], moved.json()["features"], strict=True
            ):
                assert before["id"] == after["id"]
                assert before["properties"] == after["properties"]
                _same_place(back, before["geometry"], after["geometry"])
            first = moved.json()["features"][0]
            alone = api.get(f"/collections/{name}/items/{first['id']}", params={"crs": uri})
            assert alone.headers["content-crs"] == f"<{uri}>"
            assert alone.json()["geometry"] == first["geometry"]


def _same_place(
    back: Transformer, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    if before is None or after is None:
        assert before is after
        return
    was = get_coordinates(shape(before))
    now = get_coordinates(shape(after))
    x, y = back.transform(now[:, 0], now[:, 1])
    assert abs(x - was[:, 0]).max() * _SPHERE_METRES < 0.05
    assert abs(y - was[:, 1]).max() * _SPHERE_METRES < 0.05


@pytest.mark.parametrize(
    "uri", ["", "EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/9999999", CRS84 + "h", "4326"]
)
def test_unknown_crs(api: httpx.Client, collections: Collections, uri: str) -> None:
    """/conf/crs/crs-parameter-invalid, /conf/crs/bbox-crs-parameter-invalid"""
    for name, one in collections.items():
        items = f"/collections/{name}/items"
        first = api.get(items, params={"limit": "1"}).json()["features"][0]["id"]
        assert uri not in one["crs"]
        assert api.get(items, params={"crs": uri}).status_code == 400
        assert api.get(f"{items}/{first}", params={"crs": uri}).status_code == 400
        boxed = {"bbox": "50,30,52,32", "bbox-crs": uri}
        assert api.get(items, params=boxed).status_code == 400


def test_bbox_crs(api: httpx.Client, collections: Collections) -> None:
    """/conf/crs/bbox-crs-parameter, /conf/crs/bbox-crs-parameter-default"""
    for name, one in collections.items():
        items = f"/collections/{name}/items"
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        quarter = (west, south, (west + east) / 2, (south + north) / 2)
        asked = {"bbox": ",".join(map(repr, quarter)), "limit": "10000"}
        plain = _ids(api, items, asked)
        assert plain
        assert _ids(api, items, asked | {"bbox-crs": CRS84}) == plain
        for uri in one["crs"]:
            # A box of the other CRS that covers the whole quarter: nothing may be lost.
            forth = Transformer.from_crs("OGC:CRS84", _auth(uri))
            covering = forth.transform_bounds(*quarter)
            moved = {"bbox": ",".join(map(repr, covering)), "bbox-crs": uri, "limit": "10000"}
            found = _ids(api, items, moved)
            assert plain <= found or len(found) == 10_000, (name, uri)
            _exactly_what_meets_the_box(api, items, uri, covering)


def _exactly_what_meets_the_box(
    api: httpx.Client, items: str, uri: str, asked: tuple[float, ...]
) -> None:
    """In the CRS of the box itself, what is there meets it and what is not there does not."""
    here = box(*asked)
    every = api.get(items, params={"crs": uri, "limit": "3000", "precision": "15"}).json()
    text = ",".join(map(repr, asked))
    found = _ids(api, items, {"bbox": text, "bbox-crs": uri, "limit": "10000"})
    near = 1e-6 if here.bounds[2] < 400 else 0.1  # degrees or metres: coordinates are rounded
    for feature in every["features"]:
        if feature["geometry"] is None:
            continue
        drawn = shape(feature["geometry"])
        if drawn.intersects(here.buffer(-near)):
            assert feature["id"] in found or len(found) == 10_000, (uri, feature["id"])
        elif not drawn.intersects(here.buffer(near)):
            assert feature["id"] not in found, (uri, feature["id"])


def _ids(api: httpx.Client, url: str, params: dict[str, str]) -> set[object]:
    response = api.get(url, params=params)
    assert response.status_code == 200, response.text[:300]
    return {feature["id"] for feature in response.json()["features"]}
