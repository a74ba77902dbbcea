"""The geocoder over HTTP: what is asked well, and what is asked badly."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from geoservice.database.engine import connect
from geoservice.http.app import create_app
from geoservice.model import Bounds, MatchLevel
from tests.http.conftest import BASE, started

pytestmark = pytest.mark.anyio

NO_ADDRESSES = ["سلام", "09123456789", "🙂🙂", "'; DROP TABLE x; --", "—،؛", "%_%"]
LONG = "ب" * 5_000  # 10 kB in UTF-8
Found = list[dict[str, Any]]


@pytest.fixture(scope="module")
def settings(geocoder_settings: Any) -> Any:
    return geocoder_settings


async def asked(client: httpx.AsyncClient, path: str, **parameters: object) -> dict[str, Any]:
    response = await client.get(path, params={k: str(v) for k, v in parameters.items()})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/geo+json"
    found: dict[str, Any] = response.json()
    assert found["type"] == "FeatureCollection"
    assert found["geocoding"]["version"] == "0.1.0"
    return found


def first(found: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = found["features"][0]["properties"]
    return properties


async def test_a_search_finds_a_building_by_its_name(client: httpx.AsyncClient) -> None:
    parts = {"city": "بم", "street": "خیابان زند ساختمان نگین"}
    for path, asks in (
        ("/geocode/search", {"q": "بم، خیابان زند، ساختمان نگین"}),
        ("/geocode/structured", parts),
    ):
        properties = first(await asked(client, path, **asks))
        assert (properties["match_level"], properties["method"]) == ("plaque", "building")
        assert properties["geocoding"]["name"] == "ساختمان نگین"
        assert properties["geocoding"]["housenumber"] == "9"
        assert properties["faults"] == []
        if path.endswith("search"):
            matched = {each["token"]: each["component"] for each in properties["matched"]}
            assert matched["نگین"] == "building"
    unit = first(await asked(client, "/geocode/search", q="بم، ساختمان نگین، واحد ۲"))
    assert (unit["match_level"], unit["geocoding"]["postcode"]) == ("unit", "1436947504")
    (doubt,) = unit["faults"]
    assert doubt == {
        "name": "street.assumed",
        "penalty": 0.05,
        "title": "خیابان گفته نشده بود و حدس زده شد",
    }


async def test_a_plaque_of_another_building_says_so_in_both_languages(
    client: httpx.AsyncClient,
) -> None:
    q = "بم، خیابان زند، پلاک ۹، ساختمان الماس"
    for lang, title in (
        ("fa", "ساختمان با بقیهٔ نشانی نمی‌خواند"),
        ("en", "the building does not agree with the rest of the address"),
    ):
        properties = first(await asked(client, "/geocode/search", q=q, lang=lang))
        assert properties["match_level"] == "plaque"
        assert [(f["name"], f["title"]) for f in properties["faults"]] == [
            ("building.contradicted", title)
        ]


async def test_a_search_finds_the_plaque_and_says_how_sure_it_is(client: httpx.AsyncClient) -> None:
    text = "کرمان، بم، خیابان زند، پلاک ۳"
    found = await asked(client, "/geocode/search", q=text)
    assert found["geocoding"]["query"] == text
    properties = first(found)
    assert properties["match_level"] == "plaque"
    assert properties["geocoding"]["type"] == "house"
    assert properties["geocoding"]["housenumber"] == "3"
    assert properties["geocoding"]["street"] == "زند"
    assert properties["geocoding"]["city"] == "بم"
    assert properties["geocoding"]["postcode"] == "1436947502"
    assert properties["geocoding"]["admin"] == {"level4": "کرمان", "level5": "بم"}
    assert properties["geocoding"]["accuracy"] == properties["uncertainty_m"] == 20
    assert 0.8 < properties["confidence"] <= 1
    tokens = {each["component"]: each["token"] for each in properties["matched"]}
    assert tokens["street"] == "زند"
    assert tokens["plaque"] == "۳"
    assert [(r["level"], r["code"]) for r in properties["regions"]] == [
        ("province", "01"),
        ("county", "0101"),
    ]
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": [50.6012, 30.6]}


async def test_what_is_lacking_is_a_named_fault_with_its_cost(client: httpx.AsyncClient) -> None:
    found = await asked(client, "/geocode/search", q="کرمان، بم، خیابان زند، پلاک ۹۹۹", lang="en")
    properties = first(found)
    assert properties["match_level"] == "street"
    (fault,) = [each for each in properties["faults"] if each["name"].startswith("plaque.")]
    assert fault["penalty"] > 0
    assert "plaque" in fault["title"]
    assert properties["geocoding"]["state"] == "Kerman"
    assert properties["geocoding"]["country"] == "Iran"


@pytest.mark.parametrize("text", NO_ADDRESSES)
async def test_what_is_no_address_is_an_empty_answer(client: httpx.AsyncClient, text: str) -> None:
    found = await asked(client, "/geocode/search", q=text)
    assert found["features"] == []
    assert found["faults"]
    for fault in found["faults"]:
        assert fault["title"] != fault["name"]


async def test_a_filter_drops_answers_and_changes_no_score(client: httpx.AsyncClient) -> None:
    text = "کرمان، بم، خیابان زند، پلاک ۳"
    plain = first(await asked(client, "/geocode/search", q=text))
    for filters in (
        {"region": "county:0101"},
        {"bbox": "50.5,30.5,50.7,30.7"},
        {"level": "plaque"},
        {"lat": 30, "lon": 50},
    ):
        kept = first(await asked(client, "/geocode/search", q=text, **filters))
        assert kept == plain, filters
    for filters in ({"region": "province:02"}, {"bbox": "51,31,52,32"}):
        dropped = await asked(client, "/geocode/search", q=text, **filters)
        for feature in dropped["features"]:
            lon, lat = feature["geometry"]["coordinates"]
            assert Bounds(51, 30, 52, 32).contain(lon, lat)
            assert feature["properties"]["geocoding"].get("street") != "زند"


async def test_limit_is_how_many_come(client: httpx.AsyncClient) -> None:
    text = "کرمان، بم، خیابان زند، پلاک ۳"
    assert len((await asked(client, "/geocode/search", q=text, limit=1))["features"]) == 1
    many = (await asked(client, "/geocode/search", q=text, limit=50))["features"]
    assert 1 <= len(many) <= 50


@pytest.mark.parametrize(("path", "most"), [("search", 50), ("autocomplete", 20)])
async def test_a_limit_beyond_the_most_says_what_is_allowed(
    client: httpx.AsyncClient, path: str, most: int
) -> None:
    for limit in (str(most + 1), str(10**30), "۵۱"):
        asked_for = {"q": "بم", "limit": limit}
        response = await client.get(f"/geocode/{path}", params=asked_for)
        assert response.status_code == 400
        problem = response.json()
        assert problem["parameter"] == "limit"
        assert problem["allowed"] == [f"a whole number from 1 to {most}"]
        assert f"«{limit}»: give a whole number from 1 to {most}" in problem["detail"]


async def test_a_zone_that_nobody_knows_is_told(client: httpx.AsyncClient) -> None:
    alone = await asked(client, "/geocode/search", q="99999")
    assert alone["features"] == []
    assert [each["name"] for each in alone["faults"]] == ["zone.not_matched"]
    for path, given in (
        ("search", {"q": "بم، کد پستی 99999"}),
        ("structured", {"city": "بم", "postal_code": "99999"}),
    ):
        found = first(await asked(client, f"/geocode/{path}", **given))
        assert found["geocoding"]["city"] == "بم"
        assert "zone.not_matched" in {each["name"] for each in found["faults"]}
    known = first(await asked(client, "/geocode/structured", city="بم", postal_code="14369"))
    assert "zone.not_matched" not in {each["name"] for each in known["faults"]}


async def test_degrees_in_persian_digits(client: httpx.AsyncClient) -> None:
    plain = await asked(client, "/geocode/reverse", lat="30.6", lon="50.6012")
    persian = await asked(client, "/geocode/reverse", lat="۳۰٫۶", lon="۵۰٫۶۰۱۲")
    assert persian["features"] == plain["features"]


async def test_a_plaque_as_a_spreadsheet_writes_it(client: httpx.AsyncClient) -> None:
    parts = {"city": "بم", "street": "زند", "plaque": "3.0"}
    plain = first(await asked(client, "/geocode/structured", **parts | {"plaque": "3"}))
    found = first(await asked(client, "/geocode/structured", **parts))
    assert found["match_level"] == "plaque"
    assert found["geocoding"]["postcode"] == plain["geocoding"]["postcode"] == "1436947502"


async def test_parts_are_found_and_contradictions_are_told(client: httpx.AsyncClient) -> None:
    parts = {"province": "کرمان", "city": "بم", "street": "خیابان زند", "plaque": "۳"}
    properties = first(await asked(client, "/geocode/structured", **parts))
    assert properties["match_level"] == "plaque"
    code = await asked(client, "/geocode/structured", postal_code="1436947502", province="یزد")
    assert "province.contradicted" in {each["name"] for each in first(code)["faults"]}


async def test_the_parse_alone(client: httpx.AsyncClient) -> None:
    response = await client.get("/geocode/parse", params={"q": "بم، خ زند، پ ۳", "lang": "en"})
    assert response.status_code == 200
    assert response.json() == {
        "query": "بم، خ زند، پ ۳",
        "parts": {"street": "زند", "plaque": "۳", "rest": ["بم"]},
        "titles": {"street": "street", "plaque": "plaque", "rest": "without a marker"},
    }


async def test_reverse_tells_address_street_place_regions_and_zone(
    client: httpx.AsyncClient,
) -> None:
    found = await asked(client, "/geocode/reverse", lat=30.6, lon=50.6012)
    assert [f["properties"]["match_level"] for f in found["features"]] == [
        *("plaque", "street", "locality", "county"),
    ]
    address, street, place, county = (f["properties"] for f in found["features"])
    assert address["geocoding"]["postcode"] == "1436947502"
    assert address["geocoding"]["distance"] == 0
    assert address["confidence"] == 1
    assert street["geocoding"]["street"] == "زند"
    assert "postcode" not in street["geocoding"]
    assert place["geocoding"]["city"] == "بم"
    assert county["geocoding"]["county"] == "بم"
    assert county["geocoding"]["label"] == "شهرستان بم، کرمان"
    english = await asked(client, "/geocode/reverse", lat=30.6, lon=50.6012, lang="en")
    assert english["features"][-1]["properties"]["geocoding"]["label"].startswith("Bam County")
    assert {each["name"] for each in county["faults"]} == {"region.schematic"}
    assert found["postal_zone"] == "14369"
    assert [each["code"] for each in found["regions"]] == ["01", "0101"]


async def test_a_county_is_found_by_its_name_alone_where_that_level_is_asked_for(
    client: httpx.AsyncClient,
) -> None:
    searched = first(await asked(client, "/geocode/search", q="بم", level="county"))
    near = await asked(client, "/geocode/reverse", lat=30.6, lon=50.6012)
    label = near["features"][-1]["properties"]["geocoding"]["label"]
    assert searched["geocoding"]["label"] == label == "شهرستان بم، کرمان"


async def test_reverse_is_less_sure_the_farther_it_is(client: httpx.AsyncClient) -> None:
    # 0.0005° of latitude are 55.6 m.
    properties = first(await asked(client, "/geocode/reverse", lat=30.5995, lon=50.6012))
    assert properties["geocoding"]["distance"] == pytest.approx(55.6, abs=0.2)
    assert properties["confidence"] == 0.8
    # An address of several units does not say which.
    units = first(await asked(client, "/geocode/reverse", lat=30.6, lon=50.6018))
    assert units["match_level"] == "plaque"
    assert "unit" not in units["geocoding"]
    assert "postcode" not in units["geocoding"]


async def test_the_nearest_is_so_in_metres_not_in_degrees(
    client: httpx.AsyncClient, settings: Any
) -> None:
    # 0.00100° of latitude are 111.2 m, 0.00105° of longitude there 100.5 m.
    north, east = ("1436947591", 50.7, 30.701), ("1436947592", 50.70105, 30.7)
    with connect(settings.database_url) as connection:
        for code, lon, lat in (north, east):
            connection.execute(
                "WITH known AS (INSERT INTO source.address (postal_code, geom) "
                "VALUES (%s, ST_Point(%s, %s, 4326)) RETURNING postal_code, geom) "
                "INSERT INTO gazetteer.address (postal_code, entry, digest, geom) "
                "SELECT postal_code, 0, 0, geom FROM known",
                [code, lon, lat],
            )
    properties = first(await asked(client, "/geocode/reverse", lat=30.7, lon=50.7))
    assert properties["geocoding"]["postcode"] == east[0]
    assert properties["geocoding"]["distance"] == pytest.approx(100.4, abs=0.2)
    with connect(settings.database_url) as connection:
        connection.execute("DELETE FROM gazetteer.address WHERE postal_code LIKE '143694759_'")
        connection.execute("DELETE FROM source.address WHERE postal_code LIKE '143694759_'")


async def test_far_from_addresses_there_are_still_regions(client: httpx.AsyncClient) -> None:
    found = await asked(client, "/geocode/reverse", lat=31.9, lon=51.9, lang="en")
    assert [f["properties"]["match_level"] for f in found["features"]] == ["county"]
    assert found["features"][0]["properties"]["geocoding"]["state"] == "Yazd"
    assert "postal_zone" not in found


@pytest.mark.parametrize(
    ("lat", "lon", "fault"),
    [
        (20, 52, "coordinates.outside"),
        (0, 0, "coordinates.zero"),
        (51.4, 35.7, "coordinates.swapped"),
        (35, 60, "coordinates.outside"),  # within the country's box, in none of its regions
    ],
)
async def test_a_point_outside_says_so(
    client: httpx.AsyncClient, lat: float, lon: float, fault: str
) -> None:
    found = await asked(client, "/geocode/reverse", lat=lat, lon=lon)
    assert found["features"] == []
    assert [each["name"] for each in found["faults"]] == [fault]


@pytest.mark.parametrize(
    ("given", "parameter", "offered"),
    [
        ({"lat": 50.6, "lon": 30.6}, "lat", "is lat=30.6, lon=50.6 meant?"),
        ({"bbox": "30,50,31,51"}, "bbox", "is bbox=50,30,51,31 meant?"),
    ],
)
async def test_a_longitude_in_the_place_of_the_latitude_is_told_with_what_may_be_meant(
    client: httpx.AsyncClient, given: dict[str, Any], parameter: str, offered: str
) -> None:
    response = await client.get("/geocode/search", params={"q": "بم"} | given)
    assert response.status_code == 400
    assert response.json()["parameter"] == parameter
    assert offered in response.json()["detail"]
    right = {"lat": 30.6, "lon": 50.6, "bbox": "50,30,51,31"}
    found = await asked(client, "/geocode/search", q="بم", **right)
    assert found["features"]


async def test_suggestions_the_most_populous_first(client: httpx.AsyncClient) -> None:
    found = await asked(client, "/geocode/autocomplete", q="بم")
    labels = [f["properties"]["geocoding"]["label"] for f in found["features"]]
    assert labels[0].startswith("بم،")
    assert any(label.startswith("بمپور") for label in labels)
    assert "confidence" not in first(found)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("بمپ", "بمپور"),
        ("bampu", "بمپور"),
        ("بمبور", "بمپور"),  # one letter wrong
        ("بمور", "بمپور"),  # one missing
        ("خیابان زن", "خیابان زند"),
        ("زند بم", "خیابان زند"),  # the street, then what it lies in
        ("كوچه ياس", "کوچه یاس"),  # Arabic letters
        ("1436", "14369"),
    ],
)
async def test_suggestions_by_the_beginning_of_any_word(
    client: httpx.AsyncClient, text: str, label: str
) -> None:
    found = await asked(client, "/geocode/autocomplete", q=text, limit=3)
    labels = [f["properties"]["geocoding"]["label"] for f in found["features"]]
    assert any(each.startswith(label) for each in labels), labels
    assert len(labels) <= 3
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("text", ["ژژژژژ", "%", "_", "،", "bmq\\", "' OR 1=1", "ب" * 500])
async def test_nothing_to_suggest(client: httpx.AsyncClient, text: str) -> None:
    assert (await asked(client, "/geocode/autocomplete", q=text))["features"] == []


LEVELS = ", ".join(level.value for level in MatchLevel if level is not MatchLevel.POINT)
BAD = [
    ("/geocode/search", {}, "q"),
    ("/geocode/search", {"q": ""}, "q"),
    ("/geocode/search", {"q": " \u200c "}, "q"),
    ("/geocode/search", {"q": LONG}, "q"),
    ("/geocode/search", {"q": "بم\x00"}, "q"),
    ("/geocode/search", {"q": "بم", "limit": "0"}, "limit"),
    ("/geocode/search", {"q": "بم", "limit": "-1"}, "limit"),
    ("/geocode/search", {"q": "بم", "limit": "ten"}, "limit"),
    ("/geocode/search", {"q": "بم", "lat": "35"}, "lon"),
    ("/geocode/search", {"q": "بم", "lon": "51"}, "lat"),
    ("/geocode/search", {"q": "بم", "lat": "abc", "lon": "51"}, "lat"),
    ("/geocode/search", {"q": "بم", "lat": "nan", "lon": "51"}, "lat"),
    ("/geocode/search", {"q": "بم", "lat": "91", "lon": "51"}, "lat"),
    ("/geocode/search", {"q": "بم", "lat": "35", "lon": "180.5"}, "lon"),
    ("/geocode/search", {"q": "بم", "bbox": "1,2,3"}, "bbox"),
    ("/geocode/search", {"q": "بم", "bbox": "170,30,-170,40"}, "bbox"),
    ("/geocode/search", {"q": "بم", "level": "house"}, "level"),
    ("/geocode/search", {"q": "بم", "region": "0101"}, "region"),
    ("/geocode/search", {"q": "بم", "region": "planet:1"}, "region"),
    ("/geocode/search", {"q": "بم", "region": "county:9999"}, "region"),
    ("/geocode/search", {"q": "بم", "lang": "de"}, "lang"),
    ("/geocode/search", {"q": "بم", "city": "بم"}, "city"),
    ("/geocode/structured", {}, "province"),
    ("/geocode/structured", {"city": " "}, "province"),
    ("/geocode/structured", {"city": LONG}, "city"),
    ("/geocode/structured", {"q": "بم"}, "q"),
    ("/geocode/structured", {"city": "بم", "limit": "0"}, "limit"),
    ("/geocode/structured", {"city": "بم", "region": "county:"}, "region"),
    ("/geocode/reverse", {}, "lat"),
    ("/geocode/reverse", {"lat": "35"}, "lon"),
    ("/geocode/reverse", {"lat": "abc", "lon": "51"}, "lat"),
    ("/geocode/reverse", {"lat": "35", "lon": "1e999"}, "lon"),
    ("/geocode/reverse", {"lat": "-90.01", "lon": "51"}, "lat"),
    ("/geocode/reverse", {"lat": "35", "lon": "51", "limit": "3"}, "limit"),
    ("/geocode/autocomplete", {}, "q"),
    ("/geocode/autocomplete", {"q": LONG}, "q"),
    ("/geocode/autocomplete", {"q": "بم", "limit": "0"}, "limit"),
    ("/geocode/autocomplete", {"q": "بم", "level": "plaque"}, "level"),
    ("/geocode/parse", {}, "q"),
    ("/geocode/parse", {"q": LONG}, "q"),
    ("/geocode/parse", {"q": "بم", "f": "html"}, "f"),
]


@pytest.mark.parametrize(("path", "parameters", "wrong"), BAD)
async def test_what_is_asked_badly_is_refused_with_the_reason(
    client: httpx.AsyncClient, path: str, parameters: dict[str, str], wrong: str
) -> None:
    response = await client.get(path, params=parameters)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["parameter"] == wrong
    persian, _, english = problem["detail"].partition(" · ")
    assert re.search("[آ-ی]", persian)
    assert wrong in english
    if wrong == "level" and path == "/geocode/search":
        assert ", ".join(problem["allowed"]) == LEVELS


async def test_labels_in_english_have_english_names(client: httpx.AsyncClient) -> None:
    def labels(found: dict[str, Any]) -> list[str]:
        return [f["properties"]["geocoding"]["label"] for f in found["features"]]

    plaque = await asked(client, "/geocode/search", q="کرمان، بم، خیابان زند، پلاک ۳", lang="en")
    assert labels(plaque)[0] == "No. 3, خیابان زند, Bam, Kerman"
    assert first(plaque)["geocoding"]["city"] == "Bam"
    assert first(plaque)["geocoding"]["street"] == "زند"
    province = await asked(client, "/geocode/search", q="استان کرمان", lang="en")
    assert labels(province)[0] == "Kerman Province"
    village = await asked(client, "/geocode/autocomplete", q="بمپ", lang="en")
    assert labels(village)[0] == "Bampur, Kerman"
    street = await asked(client, "/geocode/autocomplete", q="خیابان زن", lang="en")
    assert labels(street)[0] == "خیابان زند, Bam, Kerman"
    code = await asked(client, "/geocode/postal-codes/1436947502", lang="en")
    assert first(code)["geocoding"]["city"] == "Bam"
    assert "Bam" in labels(code)[0]
    here = await asked(client, "/geocode/reverse", lat=30.6, lon=50.6012, lang="en")
    assert "Bam, Kerman" in labels(here)
    persian = await asked(client, "/geocode/search", q="کرمان، بم، خیابان زند، پلاک ۳")
    assert labels(persian)[0] == "پلاک ۳، خیابان زند، بم، کرمان"


async def test_answers_name_their_sources(
    client: httpx.AsyncClient, geocoder_settings: Any
) -> None:
    with connect(geocoder_settings.database_url) as connection:
        connection.execute("UPDATE source.region_set SET source = 'SCI' WHERE is_current")
        connection.execute("UPDATE source.place SET source = 'GeoNames' WHERE id = 'c1'")
    asking = [
        ("/geocode/search", {"q": "بم"}),
        ("/geocode/structured", {"city": "بم"}),
        ("/geocode/reverse", {"lat": "30.6", "lon": "50.6"}),
        ("/geocode/autocomplete", {"q": "بم"}),
        ("/geocode/postal-codes/1436947502", {}),
    ]
    for path, parameters in asking:
        told = (await asked(client, path, **parameters))["geocoding"]
        assert {"SCI", "GeoNames"} < set(told["attribution"].split(" · ")), path
        assert "licence" not in told
    with connect(geocoder_settings.database_url) as connection:
        connection.execute("UPDATE source.region_set SET source = 'OSM' WHERE is_current")
    told = (await asked(client, "/geocode/search", q="بم"))["geocoding"]
    assert "OSM" in told["attribution"]
    assert "SCI" not in told["attribution"]
    app = create_app(geocoder_settings.model_copy(update={"licence": "ODbL-1.0"}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as other:
        told = (await asked(other, "/geocode/search", q="بم"))["geocoding"]
    assert told["licence"] == "ODbL-1.0"


async def test_answers_are_revalidated_by_what_they_say(client: httpx.AsyncClient) -> None:
    response = await client.get("/geocode/search", params={"q": "بم"})
    assert response.headers["cache-control"] == "no-cache, must-revalidate"
    held = {"if-none-match": response.headers["etag"]}
    again = await client.get("/geocode/search", params={"q": "بم"}, headers=held)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/geocode/search", "/geocode/postal-codes/1436947502"])
async def test_other_methods_are_refused(client: httpx.AsyncClient, path: str) -> None:
    response = await client.post(path, content=json.dumps({}))
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"
