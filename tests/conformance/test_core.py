"""OGC API Features Part 1, conformance class Core, over every collection of the sample.

The first line of a test's docstring names the abstract tests that it stands for.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from shapely.geometry import box, shape

from tests.conformance.documents import links, parameter

Collections = dict[str, dict[str, Any]]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"


def _json(api: httpx.Client, url: str) -> Any:
    response = api.get(url)
    assert response.status_code == 200, (url, response.text[:300])
    return response.json()


def test_http(api: httpx.Client) -> None:
    """/conf/core/http"""
    assert api.get("/").http_version == "HTTP/1.1"
    assert api.head("/collections").status_code == 200
    assert api.get("/nowhere").status_code == 404
    assert api.delete("/collections").status_code == 405


def test_landing_page(api: httpx.Client) -> None:
    """/conf/core/root-op, /conf/core/root-success"""
    landing = _json(api, "/")
    assert links(landing, "service-desc") or links(landing, "service-doc")
    for rel in ("conformance", "data", "service-desc"):
        for link in links(landing, rel):
            response = api.get(link["href"])
            assert response.status_code == 200
            assert response.headers["content-type"] == link["type"]
    assert links(landing, "conformance")
    assert links(landing, "data")


def test_api_definition(api: httpx.Client) -> None:
    """/conf/core/api-definition-op, /conf/core/api-definition-success"""
    (link,) = links(_json(api, "/"), "service-desc")
    response = api.get(link["href"], headers={"accept": link["type"]})
    assert response.status_code == 200
    assert response.headers["content-type"] == link["type"]
    assert response.json()["openapi"].startswith("3.0.")


def test_conformance(api: httpx.Client) -> None:
    """/conf/core/conformance-op, /conf/core/conformance-success"""
    declared = _json(api, "/conformance")["conformsTo"]
    assert CORE in declared
    assert len(declared) == len(set(declared))


def test_collections(api: httpx.Client, collections: Collections) -> None:
    """/conf/core/fc-md-op, /conf/core/fc-md-success, /conf/core/fc-md-links

    /conf/core/fc-md-items, /conf/core/fc-md-items-links
    """
    document = _json(api, "/collections")
    assert links(document, "self")
    assert all(link.get("rel") and link.get("type") for link in document["links"])
    assert len(document["collections"]) == len(collections)
    for one in document["collections"]:
        items = links(one, "items")
        assert items
        assert all(link.get("rel") and link.get("type") for link in one["links"])
        for link in items:
            answer = api.get(f"{link['href']}?limit=1", headers={"accept": link["type"]})
            assert (
                answer.headers["content-type"].partition(";")[0] == link["type"].partition(";")[0]
            )


def test_collection(api: httpx.Client, collections: Collections) -> None:
    """/conf/core/sfc-md-op, /conf/core/sfc-md-success"""
    for name, listed in collections.items():
        assert _json(api, f"/collections/{name}") == listed
    assert api.get("/collections/no_such_collection").status_code == 404


def test_extent(api: httpx.Client, collections: Collections) -> None:
    """/conf/core/fc-md-extent, /conf/core/fc-md-extent-multi"""
    for name, one in collections.items():
        spatial = one["extent"]["spatial"]
        assert spatial["crs"] == CRS84
        whole = box(*spatial["bbox"][0]).buffer(1e-6)
        for other in spatial["bbox"][1:]:
            assert whole.covers(box(*other))
        for feature in _json(api, f"/collections/{name}/items?limit=10000")["features"]:
            if feature["geometry"]:
                assert whole.covers(shape(feature["geometry"])), (name, feature["id"])


def test_operation_and_crs84(api: httpx.Client, collections: Collections) -> None:
    """/conf/core/fc-op, /conf/core/crs84"""
    for name in collections:
        response = api.get(f"/collections/{name}/items")
        assert response.status_code == 200
        assert response.headers["content-crs"] == f"<{CRS84}>"
        for feature in response.json()["features"]:
            if feature["geometry"]:
                west, south, east, north = shape(feature["geometry"]).bounds
                assert 40 < west <= east < 70, "Iran's longitudes come first"
                assert 20 < south <= north < 45


def test_definitions(definition: dict[str, Any], collections: Collections) -> None:
    """/conf/core/fc-bbox-definition, /conf/core/fc-limit-definition

    /conf/core/fc-time-definition
    """
    for name in collections:
        path = f"/collections/{name}/items"
        bbox = parameter(definition, path, "bbox")
        limit = parameter(definition, path, "limit")
        time = parameter(definition, path, "datetime")
        for given in (bbox, limit, time):
            assert given["in"] == "query"
            assert not given.get("required", False)
            assert given["style"] == "form"
            assert given["explode"] is False
        assert bbox["schema"]["type"] == "array"
        assert (bbox["schema"]["minItems"], bbox["schema"]["maxItems"]) == (4, 6)
        assert bbox["schema"]["items"]["type"] == "number"
        assert limit["schema"]["type"] == "integer"
        least, most = limit["schema"]["minimum"], limit["schema"]["maximum"]
        assert 1 <= least <= limit["schema"]["default"] <= most
        assert time["schema"]["type"] == "string"


def test_bbox(api: httpx.Client, collections: Collections) -> None:
    """/conf/core/fc-bbox-response"""
    for name, one in collections.items():
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        middle = (west + east) / 2, (south + north) / 2
        asked = box(west, south, *middle)
        every = _json(api, f"/collections/{name}/items?limit=10000")
        text = ",".join(map(repr, asked.bounds))
        found = _json(api, f"/collections/{name}/items?limit=10000&bbox={text}")
        high = f"{west!r},{south!r},-1,{middle[0]!r},{middle[1]!r},9000"
        assert (
            _json(api, f"/collections/{name}/items?limit=10000&bbox={high}")["features"]
            == (found["features"])
        )
        ids = {feature["id"] for feature in found["features"]}
        if len(every["features"]) < every["numberMatched"]:
            assert len(ids) == min(found["numberMatched"], 10_000)
        for feature in every["features"]:
            if feature["geometry"] is None:
                assert feature["id"] not in ids, "unlike the standard: docs/conformance.md"
                continue
            drawn = shape(feature["geometry"])
            if drawn.intersects(asked.buffer(-1e-6)):
                assert feature["id"] in ids or len(ids) == 10_000, (name, feature["id"])
            elif not drawn.intersects(asked.buffer(1e-6)):
                assert feature["id"] not in ids, (name, feature["id"])


def test_limit(api: httpx.Client, collections: Collections) -> None:
    """/conf/core/fc-limit-response, /conf/core/fc-numberReturned"""
    for name in collections:
        for limit in (1, 7, 10_000, 123_456):
            page = _json(api, f"/collections/{name}/items?limit={limit}")
            assert len(page["features"]) == page["numberReturned"]
            assert page["numberReturned"] == min(limit, 10_000, page["numberMatched"])


def test_datetime(api: httpx.Client, collections: Collections) -> None:
    """/conf/core/fc-time-response"""
    tried = 0
    for name, one in collections.items():
        everything = f"/collections/{name}/items?limit=10000"
        if "temporal" not in one["extent"]:
            continue
        tried += 1
        first, last = one["extent"]["temporal"]["interval"][0]
        matched = _json(api, everything)["numberMatched"]
        dated = _json(api, f"{everything}&datetime={first}/{last}")["numberMatched"]
        assert 0 < dated <= matched
        assert _json(api, f"{everything}&datetime=../{last}")["numberMatched"] == dated
        assert _json(api, f"{everything}&datetime={first}/..")["numberMatched"] == dated
        assert _json(api, f"{everything}&datetime={first}")["numberMatched"] >= 1
        before = _json(api, f"{everything}&datetime=../1801-01-01T00:00:00Z")["numberMatched"]
        after = _json(api, f"{everything}&datetime=2999-01-01/..")["numberMatched"]
        # Nor is a feature without a date met, unlike the standard: docs/conformance.md.
        assert before == after == 0
        _each_feature_meets_its_time(api, name, first[:10])
    assert tried


def _each_feature_meets_its_time(api: httpx.Client, name: str, first: str) -> None:
    """A feature is there exactly if the days from its first to its last meet what is asked."""
    schema = _json(api, f"/collections/{name}/schema")["properties"]
    dated = [n for n, one in schema.items() if one.get("format") in ("date", "date-time")]
    items = f"/collections/{name}/items?limit=10000&skipGeometry=true"
    every = _json(api, items)["features"]
    days = {
        feature["id"]: sorted(d[:10] for n in dated if (d := feature["properties"][n]))
        for feature in every
    }
    middle = sorted(day for some in days.values() for day in some)[len(every) // 2]
    for asked, (begin, end) in {
        middle: (middle, middle),
        f"{middle}T12:00:00Z": (middle, middle),
        f"{first}/{middle}": (first, middle),
        f"{middle}/..": (middle, "9999"),
        f"../{middle}T00:00:00Z": ("0000", middle),
    }.items():
        found = {f["id"] for f in _json(api, f"{items}&datetime={asked}")["features"]}
        expected = {id_ for id_, d in days.items() if d and d[0] <= end and d[-1] >= begin}
        assert expected, "else nothing is tested"
        assert found == expected, (name, asked)


@pytest.mark.parametrize(
    "query", ["no_such_parameter=1", "LIMIT=5", "limit=5&token=abc", "request=GetFeature"]
)
def test_unknown_parameter(api: httpx.Client, collections: Collections, query: str) -> None:
    """/conf/core/query-param-unknown"""
    for name in collections:
        assert api.get(f"/collections/{name}/items?{query}").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=-1", "limit=many", "limit=", "limit=1.5", "offset=-1"),
        *("bbox=1,2,3", "bbox=1,2,3,4,5", "bbox=a,b,c,d", "bbox=", "bbox=1,3,2,1"),
        *("datetime=yesterday", "datetime=2020-13-01", "datetime=2021-01-01/2020-01-01"),
        *("datetime=../../..", "datetime=", "crs=EPSG:4326", "bbox-crs=4326&bbox=1,2,3,4"),
    ],
)
def test_invalid_parameter(api: httpx.Client, collections: Collections, query: str) -> None:
    """/conf/core/query-param-invalid"""
    for name in collections:
        response = api.get(f"/collections/{name}/items?{query}")
        assert response.status_code == 400, (name, response.text[:200])
        assert response.headers["content-type"] == "application/problem+json"


def test_pages_hold_every_feature_once(api: httpx.Client, collections: Collections) -> None:
    """/conf/core/fc-response, /conf/core/fc-links, /conf/core/fc-numberMatched

    /conf/core/fc-timeStamp
    """
    for name in collections:
        url = f"/collections/{name}/items?limit=1500"
        seen: list[object] = []
        matched = set()
        while url:
            page = _json(api, url)
            assert page["type"] == "FeatureCollection"
            assert "timeStamp" not in page, "if there is one, it needs a test of its own"
            assert all(feature["type"] == "Feature" for feature in page["features"])
            assert all(link.get("rel") and link.get("type") for link in page["links"])
            assert links(page, "self")
            assert links(page, "alternate")
            seen += [feature["id"] for feature in page["features"]]
            matched.add(page["numberMatched"])
            onward = links(page, "next")
            assert len(onward) <= 1
            assert not onward or onward[0]["href"].startswith(f"{api.base_url}")
            url = onward[0]["href"] if onward else ""
        assert len(seen) == len(set(seen))
        assert matched == {len(seen)}


def test_feature(api: httpx.Client, collections: Collections) -> None:
    """/conf/core/f-op, /conf/core/f-success, /conf/core/f-links"""
    for name in collections:
        items = f"/collections/{name}/items"
        for listed in _json(api, f"{items}?limit=5")["features"]:
            feature = _json(api, f"{items}/{listed['id']}")
            assert {k: v for k, v in feature.items() if k != "links"} == listed
            assert links(feature, "self")
            (up,) = links(feature, "collection")
            assert _json(api, up["href"])["id"] == name
            assert links(feature, "alternate")
            assert all(link.get("rel") and link.get("type") for link in feature["links"])
        assert api.get(f"{items}/no-such-feature").status_code == 404
