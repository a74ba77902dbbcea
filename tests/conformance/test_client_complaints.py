"""What clients stumble over elsewhere: QGIS's way through the API, and what users complain of.

The database has a few odd rows, and one table that is too large to be counted at each request.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from geoservice.database.engine import connect
from tests.conftest import Serve

ROWS = Path(__file__).resolve().parent.parent / "publish" / "rows.sql"
ADDRESSES = 150_002
PARTS = "http://www.opengis.net/spec"
RELS = "http://www.opengis.net/def/rel/ogc/1.0"


@pytest.fixture(scope="module")
def crowded_url(database_url: str) -> str:
    """A database whose addresses are too many to count."""
    with connect(database_url) as connection:
        connection.execute(ROWS.read_bytes())
        connection.execute(
            "INSERT INTO source.address (postal_code, street, synthetic, geom) "
            "SELECT (1000000000 + n)::text, 'خیابان', true, "
            "ST_SetSRID(ST_Point(50 + n / 100000.0, 31), 4326) FROM generate_series(1, 150000) n"
        )
        connection.execute("ANALYZE source.address")
    return database_url


@pytest.fixture(scope="module")
def crowded(crowded_url: str, serve: Serve) -> Iterator[httpx.Client]:
    """A client of a service over that database, which has read nothing yet."""
    with serve(crowded_url) as base, httpx.Client(base_url=base, timeout=60) as client:
        yield client


def _json(client: httpx.Client, url: str) -> dict[str, Any]:
    response = client.get(url)
    assert response.status_code == 200, (url, response.text[:300])
    found: dict[str, Any] = response.json()
    return found


def _link(document: dict[str, Any], *rels: str, kind: str = "json") -> str:
    return next(
        str(link["href"])
        for link in document["links"]
        if link["rel"] in rels and kind in link["type"]
    )


def _hrefs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("href"), str):
            yield value["href"]
        for inner in value.values():
            yield from _hrefs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _hrefs(inner)


def _rows_read(url: str) -> int:
    """Rows of the large table that were read so far, by sessions that have ended."""
    with connect(url) as connection:
        connection.autocommit = True
        for _ in range(500):
            serving = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'geoservice http'"
            here = " AND datname = current_database()"
            if connection.execute((serving + here).encode()).fetchone() is None:
                break
            time.sleep(0.02)
        found = connection.execute(
            "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables "
            "WHERE schemaname = 'source' AND relname = 'address'"
        ).fetchone()
    assert found is not None
    return int(found[0])


def test_neither_start_up_nor_a_page_reads_a_large_table(crowded_url: str, serve: Serve) -> None:
    before = _rows_read(crowded_url)
    with serve(crowded_url) as base, httpx.Client(base_url=base, timeout=60) as client:
        listed = _json(client, "/collections/address")
        page = _json(client, "/collections/address/items?limit=10")
    assert listed["itemCountEstimated"] is True
    assert page["numberMatchedEstimated"] is True
    for number in (listed["itemCount"], page["numberMatched"]):
        assert number == pytest.approx(ADDRESSES, rel=0.05)
    quick = _rows_read(crowded_url)
    assert quick - before < 1000
    with serve(crowded_url) as base, httpx.Client(base_url=base, timeout=60) as client:
        assert client.get("/collections/address/items?limit=10000").status_code == 200
    assert _rows_read(crowded_url) - quick >= 10_000, "what is read is seen to be read"


def test_the_way_of_qgis(crowded: httpx.Client) -> None:
    """Landing page, definition, collection, conformance, queryables, features, methods, schema."""
    landing = _json(crowded, "/")
    assert _link(landing, "data")
    api = _json(crowded, _link(landing, "service-desc"))
    limit = api["components"]["parameters"]["limit"]["schema"]
    assert (limit["default"], limit["maximum"]) == (1000, 10_000)
    for name in ("place", "project", "county"):
        one = _json(crowded, f"/collections/{name}")
        assert one["storageCrs"] in one["crs"]
        declared = set(_json(crowded, _link(landing, "conformance"))["conformsTo"])
        assert f"{PARTS}/ogcapi-features-2/1.0/conf/crs" in declared
        assert f"{PARTS}/ogcapi-features-5/1.0/conf/schemas" in declared
        queryables = _json(crowded, _link(one, f"{RELS}/queryables", kind="schema"))
        items = _link(one, "items", kind="geo+json")
        page = _json(crowded, f"{items}?limit=10")
        attributes = page["features"][0]["properties"].keys()
        assert {q for q in queryables["properties"] if q != "geom"} <= attributes
        methods = crowded.options(items)
        assert "GET" in methods.headers["allow"]
        assert "POST" not in methods.headers["allow"], "nothing may be written here"
        schema = _json(crowded, _link(one, f"{RELS}/schema", kind="schema"))
        assert attributes <= schema["properties"].keys()
        assert schema["properties"]["geom"]["x-ogc-role"] == "primary-geometry"


def test_qgis_pushes_filters_down(crowded: httpx.Client) -> None:
    declared = set(_json(crowded, "/conformance")["conformsTo"])
    needed = ("filter", "features-filter")
    assert {f"{PARTS}/ogcapi-features-3/1.0/conf/{name}" for name in needed} <= declared
    cql2 = ("cql2-text", "basic-cql2", "basic-spatial-functions", "basic-spatial-operators")
    assert {f"{PARTS}/cql2/1.0/conf/{name}" for name in cql2} <= declared
    asked = {"filter": "(population >= 100) AND (kind = 'village')", "filter-lang": "cql2-text"}
    page = crowded.get("/collections/place/items", params={"limit": "1000", **asked}).json()
    assert page["numberMatched"] == page["numberReturned"] == 16


def test_the_count_of_one_feature_is_that_of_the_collection(crowded: httpx.Client) -> None:
    for one in _json(crowded, "/collections")["collections"]:
        page = _json(crowded, f"/collections/{one['id']}/items?limit=1")
        assert page["numberMatched"] == one["itemCount"], one["id"]
        assert page["numberReturned"] == min(1, one["itemCount"])


def test_a_cut_page_says_so_and_leads_on(crowded: httpx.Client) -> None:
    page = _json(crowded, "/collections/address/items?limit=1000000&skipGeometry=true")
    assert page["numberReturned"] == len(page["features"]) == 10_000 < page["numberMatched"]
    onward = _json(crowded, _link(page, "next", kind="geo+json"))
    seen = {feature["id"] for feature in page["features"]}
    assert onward["features"]
    assert not seen & {feature["id"] for feature in onward["features"]}


@pytest.mark.parametrize(
    ("interval", "ids"),
    [
        ("0000-01-01T00:00:00Z/2016-12-31T23:59:59Z", {"p/1", "p2"}),
        ("0000-01-01T00:00:00Z/2015-12-31T00:00:00Z", {"p/1"}),
        ("2018-06-01T00:00:00Z/9999-12-31T23:59:59Z", {"p2"}),
    ],
)
def test_the_bounds_that_qgis_sends_for_dates(
    crowded: httpx.Client, interval: str, ids: set[str]
) -> None:
    page = _json(crowded, f"/collections/project/items?limit=1000&datetime={interval}")
    assert {feature["id"] for feature in page["features"]} == ids


def test_every_link_is_absolute_and_keeps_the_port(crowded: httpx.Client) -> None:
    base = urlsplit(str(crowded.base_url))
    assert base.port
    paths = ["/", "/collections", "/collections/place/tiles", "/tiles/place.json", "/indicators"]
    paths += ["/collections/place/tiles/WebMercatorQuad", "/collections/place/items?limit=1"]
    for path in paths:
        document = _json(crowded, path)
        found = [*_hrefs(document), *document.get("tiles", [])]
        assert found, path
        for href in found:
            if "opengis.net" not in href:
                assert urlsplit(href)[:2] == base[:2], (path, href)


def test_arcgis_pages_by_offset(crowded: httpx.Client) -> None:
    items = "/collections/place/items?limit=10&offset="
    pages = [_json(crowded, f"{items}{offset}")["features"] for offset in (0, 10, 20, 30)]
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert len({feature["id"] for page in pages for feature in page}) == 25


def test_more_requests_at_once_than_connections_are_all_answered(crowded: httpx.Client) -> None:
    paths = [
        "/collections/address/items?limit=2000",
        "/collections/address/items?limit=500&offset=100000",
        "/collections/place/items?sortby=-population",
        "/tiles/address/8/163/104.mvt",
        "/collections/project/items?f=csv",
        "/collections",
    ]
    with ThreadPoolExecutor(48) as threads:
        statuses = [answer.status_code for answer in threads.map(crowded.get, paths * 16)]
    assert statuses == [200] * len(paths) * 16


def test_numbers_that_json_lacks_are_null(crowded: httpx.Client) -> None:
    """NaN and Infinity are in the rows of counties and projects."""
    for name, id_, attribute in (
        ("county", "0201", "area_km2"),
        ("project", "p2", "financial_progress"),
    ):
        page = _json(crowded, f"/collections/{name}/items?sortby=-{attribute}")
        found = {f["id"]: f["properties"][attribute] for f in page["features"]}
        assert found[id_] is None
        for kind in ("csv", "xlsx", "geojsonseq", "fgb", "gpkg", "parquet", "html", "jsonfg"):
            answer = crowded.get(f"/collections/{name}/items?f={kind}")
            assert answer.status_code == 200, (name, kind, answer.text[:300])
