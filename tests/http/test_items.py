from __future__ import annotations

from typing import Any

import httpx
import pytest

from geoservice.database.engine import Connection

pytestmark = pytest.mark.anyio


async def _json(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    response = await client.get(path)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/geo+json"
    body: dict[str, Any] = response.json()
    return body


def _link(document: dict[str, Any], rel: str) -> str | None:
    return next((link["href"] for link in document["links"] if link["rel"] == rel), None)


async def test_a_page_of_regions_with_persian_names_and_population(
    client: httpx.AsyncClient,
) -> None:
    page = await _json(client, "/collections/province/items")
    assert page["type"] == "FeatureCollection"
    assert (page["numberMatched"], page["numberReturned"]) == (2, 2)
    kerman = page["features"][0]
    assert kerman["id"] == "01"
    assert kerman["geometry"]["type"] == "MultiPolygon"
    assert kerman["properties"] == {
        "code": "01",
        "name_fa": "کرمان",
        "name_en": "Kerman",
        "population": 1000,
        "population_year": 1395,
        "area_km2": 100.5,
        "schematic": False,
        "derived": False,
        "region_set": "1395",
    }
    assert _link(page, "collection") == "http://geo.test/collections/province"
    assert _link(page, "next") is None


async def test_another_region_set_shows_when_asked_for(client: httpx.AsyncClient) -> None:
    page = await _json(client, "/collections/province/items?region_set=1400")
    assert [f["properties"]["region_set"] for f in page["features"]] == ["1400"]


@pytest.mark.parametrize("path", ["items", "items/01", "items?f=html", "items?f=csv"])
async def test_a_value_that_a_dimension_does_not_have(client: httpx.AsyncClient, path: str) -> None:
    mark = "&" if "?" in path else "?"
    answer = await client.get(f"/collections/province/{path}{mark}region_set=۱۳۰۰")
    assert answer.status_code == 400
    problem = answer.json()
    assert (problem["parameter"], problem["allowed"]) == ("region_set", ["1395", "1400"])
    assert "1395, 1400" in problem["detail"]


async def test_a_value_that_a_dimension_has_since_a_moment_ago(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    path = "/collections/county/items?region_set=1410"
    assert (await client.get(path)).status_code == 400
    connection.execute(
        "INSERT INTO source.region_set (id, title_fa, title_en, valid_from) "
        "VALUES ('1410', 'ا', 'A', '2031-03-21');"
        "INSERT INTO source.region (region_set, level, code) VALUES ('1410', 'county', '0101')"
    )
    connection.commit()
    try:
        assert (await _json(client, path))["numberReturned"] == 1
    finally:
        connection.execute("DELETE FROM source.region WHERE region_set = '1410'")
        connection.execute("DELETE FROM source.region_set WHERE id = '1410'")
        connection.commit()
    assert (await client.get(path)).status_code == 400


async def test_a_region_without_shape_and_a_number_that_json_lacks(
    client: httpx.AsyncClient,
) -> None:
    by_code = {f["id"]: f for f in (await _json(client, "/collections/county/items"))["features"]}
    assert by_code["0102"]["geometry"] is None
    assert by_code["0102"]["properties"]["population"] is None
    assert by_code["0101"]["properties"]["population"] == 700
    assert by_code["0101"]["properties"]["province_fa"] == "کرمان"
    assert by_code["0201"]["properties"]["area_km2"] is None


async def test_numbers_keep_a_decimal_point_for_clients_that_guess_types(
    client: httpx.AsyncClient,
) -> None:
    text = (await client.get("/collections/project/items/p%2F1")).text
    assert '"budget":1000.0,' in text


async def test_projects_with_place_agency_and_reason(client: httpx.AsyncClient) -> None:
    features = (await _json(client, "/collections/project/items"))["features"]
    by_id = {f["id"]: f for f in features}
    placed = by_id["p/1"]["properties"]
    assert placed["county_fa"] == "بم"
    assert placed["province_code"] == "01"
    assert placed["agency_fa"] == "راه و شهرسازی"
    assert placed["match_level"] == "locality"
    assert by_id["p/1"]["geometry"] == {"type": "Point", "coordinates": [50.5, 30.5]}
    assert by_id["p2"]["properties"]["budget"] == 2500.25
    assert by_id["p2"]["properties"]["financial_progress"] is None
    assert by_id["p3"]["geometry"] is None
    assert by_id["p3"]["properties"]["reason_fa"] == "نشانی ندارد"


async def test_balance_shows_the_latest_year_of_the_region_set(client: httpx.AsyncClient) -> None:
    page = await _json(client, "/collections/balance_county/items")
    by_code = {f["id"]: f["properties"] for f in page["features"]}
    assert by_code["0101"]["year"] == 1400
    assert by_code["0101"]["spending_per_head"] == 0.1 + 0.2
    assert by_code["0102"]["spending_per_head"] is None
    assert by_code["0102"]["reason_en"] == "Spending per head: its population is unknown"
    earlier = await _json(client, "/collections/balance_county/items?year=۱۳۹۹")
    assert {f["properties"]["year"] for f in earlier["features"]} == {1399}
    roads = await _json(client, "/collections/balance_county/items?variable=roads")
    assert {f["properties"]["year"] for f in roads["features"]} == {1401}
    assert (await _json(client, "/collections/balance_province/items"))["features"] == []


async def test_pages_follow_next_without_repeating_or_losing(client: httpx.AsyncClient) -> None:
    seen: list[str] = []
    url: str | None = "/collections/place/items?limit=10"
    sizes = []
    while url is not None:
        page = await _json(client, url)
        assert page["numberMatched"] == 25
        assert page["numberReturned"] == len(page["features"])
        sizes.append(page["numberReturned"])
        seen += [f["id"] for f in page["features"]]
        url = _link(page, "next")
    assert sizes == [10, 10, 5]
    assert sorted(seen) == sorted({f"v{n}" for n in range(1, 26)})


async def test_a_full_last_page_has_no_next(client: httpx.AsyncClient) -> None:
    page = await _json(client, "/collections/place/items?limit=25")
    assert len(page["features"]) == 25
    assert _link(page, "next") is None


async def test_offset_and_the_cursor_behind_it(client: httpx.AsyncClient) -> None:
    whole = [f["id"] for f in (await _json(client, "/collections/place/items"))["features"]]
    page = await _json(client, "/collections/place/items?offset=20&limit=3")
    assert [f["id"] for f in page["features"]] == whole[20:23]
    following = await _json(client, str(_link(page, "next")))
    assert [f["id"] for f in following["features"]] == whole[23:]
    beyond = await _json(client, "/collections/place/items?offset=900")
    assert beyond["features"] == []
    assert beyond["numberMatched"] == 25


async def test_a_limit_over_the_maximum_is_cut_to_it(client: httpx.AsyncClient) -> None:
    assert len((await _json(client, f"/collections/place/items?limit={10**30}"))["features"]) == 25


@pytest.mark.parametrize(
    ("bbox", "ids"),
    [
        ("50.4,30.4,50.6,30.6", {"p/1"}),
        ("50.4,30.4,0,50.6,30.6,9", {"p/1"}),
        ("50,30,52,32", {"p/1", "p2"}),
        ("10,10,20,20", set()),
        ("50.5,30.5,50.5,30.5", {"p/1"}),
        ("51,-90,50.4,90", {"p2"}),
        ("50.5,30,50.5,31", {"p/1"}),
    ],
)
async def test_bbox(client: httpx.AsyncClient, bbox: str, ids: set[str]) -> None:
    page = await _json(client, f"/collections/project/items?bbox={bbox}")
    assert {f["id"] for f in page["features"]} == ids
    assert page["numberMatched"] == len(ids)


@pytest.mark.parametrize(
    ("datetime", "ids"),
    [
        ("2015-01-01/2015-12-31", {"p/1"}),
        ("0000-01-01T00:00:00Z/2015-12-31T00:00:00Z", {"p/1"}),
        ("2018-06-01/..", {"p2"}),
        ("2017-01-01", {"p/1", "p2"}),
        ("../..", {"p/1", "p2"}),
        ("2030-01-01T00:00:00+03:30", set()),
    ],
)
async def test_datetime_meets_the_dates_of_a_feature(
    client: httpx.AsyncClient, datetime: str, ids: set[str]
) -> None:
    response = await client.get("/collections/project/items", params={"datetime": datetime})
    assert {f["id"] for f in response.json()["features"]} == ids


async def test_datetime_has_no_effect_where_features_have_no_dates(
    client: httpx.AsyncClient,
) -> None:
    page = await _json(client, "/collections/province/items?datetime=1900-01-01")
    assert page["numberMatched"] == 2


async def test_queryables_filter_by_equality(client: httpx.AsyncClient) -> None:
    page = await _json(client, "/collections/project/items?status=implementation&county_code=0101")
    assert [f["id"] for f in page["features"]] == ["p/1"]
    response = await client.get(
        "/collections/project/items",
        params={"agency_fa": "x' OR '1'='1; DROP TABLE source.project"},
    )
    assert response.json()["features"] == []


async def test_a_value_outside_a_closed_list_is_told_with_the_list(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/collections/project/items?status=finished")
    assert response.status_code == 400
    assert "completion" in response.json()["allowed"]


async def test_one_feature(client: httpx.AsyncClient) -> None:
    feature = await _json(client, "/collections/project/items/p%2F1")
    assert feature["id"] == "p/1"
    assert _link(feature, "self") == "http://geo.test/collections/project/items/p%2F1"
    assert _link(feature, "collection") == "http://geo.test/collections/project"
    region = await _json(client, "/collections/province/items/01?region_set=1400")
    assert region["properties"]["region_set"] == "1400"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=1.5", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("offset=-1", "offset"),
        (f"offset={2**63}", "offset"),
        ("offset=1&cursor=djE", "offset"),
        ("cursor=%40", "cursor"),
        ("cursor=_w", "cursor"),
        ("bbox=", "bbox"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,4,5", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=nan,1,2,3", "bbox"),
        ("bbox=0,0,inf,1", "bbox"),
        ("bbox=50,32,51,30", "bbox"),
        ("bbox=5000000,3000000,6000000,4000000", "bbox"),
        ("datetime=yesterday", "datetime"),
        ("datetime=2021-02-30", "datetime"),
        ("datetime=2021-01-01/2020-01-01", "datetime"),
        ("datetime=2021-01-01/2021-01-02/2021-01-03", "datetime"),
        ("f=shp", "f"),
        ("colour=red", "colour"),
        ("population=many", "population"),
        ("name_fa=%00", "name_fa"),
        ("name_fa=%FF", "query"),
    ],
)
async def test_bad_parameters_are_told_by_name(
    client: httpx.AsyncClient, query: str, parameter: str
) -> None:
    response = await client.get(f"/collections/place/items?{query}")
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["parameter"] == parameter
    assert (problem["status"], problem["title"]) == (400, "Bad Request")
    assert problem["detail"]


async def test_an_unknown_parameter_says_what_is_allowed(client: httpx.AsyncClient) -> None:
    problem = (await client.get("/collections/place/items?colour=red")).json()
    assert {"bbox", "limit", "kind"} <= set(problem["allowed"])


@pytest.mark.parametrize("year", ["x", "1400.5", str(2**70), ""])
async def test_a_dimension_of_the_wrong_type(client: httpx.AsyncClient, year: str) -> None:
    response = await client.get("/collections/balance_county/items", params={"year": year})
    assert response.status_code == 400
    assert response.json()["parameter"] == "year"


@pytest.mark.parametrize("path", ["nowhere/items", "nowhere/items/1", "place/items/nobody"])
async def test_unknown_layer_or_feature(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(f"/collections/{path}")
    assert response.status_code == 404
    assert response.json()["status"] == 404


@pytest.mark.parametrize("feature_id", ["%00", "%ED%A0%80", "a%00b"])
async def test_ids_that_no_feature_can_have(client: httpx.AsyncClient, feature_id: str) -> None:
    assert (await client.get(f"/collections/place/items/{feature_id}")).status_code == 404


async def test_an_edit_is_seen_by_the_next_request(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    path = "/collections/address/items"
    before = await client.get(path)
    etag = before.headers["etag"]
    assert before.headers["cache-control"] == "no-cache, must-revalidate"
    again = await client.get(path, headers={"if-none-match": f'"other", {etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    connection.execute("INSERT INTO source.address (postal_code) VALUES ('7618700003')")
    connection.commit()
    after = await client.get(path, headers={"if-none-match": etag})
    assert after.status_code == 200
    assert after.json()["numberMatched"] == before.json()["numberMatched"] + 1
    assert after.headers["etag"] != etag


@pytest.mark.parametrize(
    "path",
    [
        "/collections/place/items",
        "/collections/place/items/v1",
        "/collections/place",
        "/tiles/county/8/163/105.mvt",
    ],
)
async def test_another_state_than_if_match_asks_for_is_refused(
    client: httpx.AsyncClient, path: str
) -> None:
    etag = (await client.get(path)).headers["etag"]
    for _ in range(2):  # a tile is known by then
        refused = await client.get(path, headers={"if-match": '"x"'})
        assert (refused.status_code, etag in refused.json()["detail"]) == (412, True)
        for sent in (etag, f'"x", {etag}', "*"):
            assert (await client.get(path, headers={"if-match": sent})).status_code == 200
    both = {"if-match": etag, "if-none-match": etag}
    assert (await client.get(path, headers=both)).status_code == 304


async def test_gzip_is_told_apart_by_the_tag(client: httpx.AsyncClient) -> None:
    path = "/collections/place/items"
    packed = await client.get(path, headers={"accept-encoding": "gzip"})
    plain = await client.get(path, headers={"accept-encoding": "gzip;q=0"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert packed.headers["etag"] != plain.headers["etag"]
    assert int(packed.headers["content-length"]) < len(plain.content)
