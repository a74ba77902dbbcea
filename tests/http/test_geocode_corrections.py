"""Corrections over HTTP: given with the key, listed with who and when, and heeded at once."""

from __future__ import annotations

import datetime
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from geoservice.database.engine import connect
from geoservice.database.steps import run
from geoservice.geocode.corrections import find_places
from geoservice.http.app import create_app
from geoservice.persian.correction_key import correction_key
from geoservice.settings import Settings
from tests.http.conftest import BASE, started

pytestmark = pytest.mark.anyio

HERE = "/geocode/corrections"
KEY = {"x-api-key": "a-key-for-every-edit", "content-type": "application/json"}
TEXT = "کرمان، بم، خیابان زند، پلاک ۹۹"


@pytest.fixture(scope="module")
def settings(geocoder_settings: Settings) -> Settings:
    key = {"GEOSERVICE_EDIT_KEY": KEY["x-api-key"]}
    url = geocoder_settings.database_url
    return Settings.model_validate(
        {"DATABASE_URL": url, "pool_size": 2, "edit_key": key["GEOSERVICE_EDIT_KEY"]}
    )


@pytest.fixture
async def without_key(geocoder_settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service in which editing is off."""
    app = create_app(geocoder_settings)
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


async def given(client: httpx.AsyncClient, **content: object) -> httpx.Response:
    return await client.post(HERE, content=json.dumps(content), headers=KEY)


async def test_a_correction_of_a_code_wins_from_then_on(client: httpx.AsyncClient) -> None:
    code = "1436947501"
    before = datetime.datetime.now(datetime.UTC)
    response = await given(
        client, postal_code="۱۴۳۶۹-۴۷۵۰۱", lon=50.65, lat=30.65, who="الف. بازدید", note="دیده شد"
    )
    assert response.status_code == 201
    made = response.json()
    assert made["geometry"]["coordinates"] == [50.65, 30.65]
    assert made["properties"]["who"] == "الف. بازدید"
    assert datetime.datetime.fromisoformat(made["properties"]["made_at"]) >= before
    for path, asked in (
        (f"/geocode/postal-codes/{code}", {}),
        ("/geocode/search", {"q": f"کد پستی {code}"}),
        ("/geocode/structured", {"postal_code": code}),
    ):
        (feature, *_) = (await client.get(path, params=asked)).json()["features"]
        assert feature["geometry"]["coordinates"] == [50.65, 30.65], path
        assert feature["properties"]["method"] == "correction", path
    for point, found in (((30.65, 50.65), code), ((30.6, 50.6010), "1436947502")):
        asked = {"lat": str(point[0]), "lon": str(point[1])}
        (feature, *_) = (await client.get("/geocode/reverse", params=asked)).json()["features"]
        assert feature["properties"]["geocoding"]["postcode"] == found
    # Its street and its zone are still those of its address.
    reverse = await client.get("/geocode/reverse", params={"lat": "30.65", "lon": "50.65"})
    levels = [f["properties"]["match_level"] for f in reverse.json()["features"]]
    assert levels == ["plaque", "street", "locality", "county"]
    assert reverse.json()["postal_zone"] == "14369"
    street = reverse.json()["features"][1]["properties"]
    assert street["geocoding"]["street"] == "زند"
    row = [{"ClientRowID": 1, "PostCode": code}]
    many = await client.post("/geocode/postal-codes", content=json.dumps(row), headers=KEY)
    (result,) = many.json()["results"]
    assert result["Result"]["Lon"] == 50.65
    assert result["Result"]["Method"] == "correction"


async def test_a_correction_of_an_address_wins_however_it_is_written(
    client: httpx.AsyncClient,
) -> None:
    response = await given(client, address=TEXT, lon=50.66, lat=30.66, who="ب")
    assert response.status_code == 201
    for text in (TEXT, "كرمان - بم، خيابان زند؛ پلاک 99"):
        (feature, *_) = (await client.get("/geocode/search", params={"q": text})).json()["features"]
        assert feature["geometry"]["coordinates"] == [50.66, 30.66], text
        assert feature["properties"]["method"] == "correction"


async def test_a_correction_of_a_known_address_wins_in_other_words_too(
    client: httpx.AsyncClient,
) -> None:
    response = await given(
        client, address="کرمان، بم، خیابان زند، پلاک ۳", lon=50.67, lat=30.67, who="ج"
    )
    assert response.json()["properties"]["postal_code"] == "1436947502"
    for text in ("استان کرمان شهر بم خ زند پ 3", "1436947502"):
        (feature, *_) = (await client.get("/geocode/search", params={"q": text})).json()["features"]
        assert feature["geometry"]["coordinates"] == [50.67, 30.67], text
        assert feature["properties"]["method"] == "correction"


@pytest.mark.parametrize(
    ("address", "others", "lon"),
    [
        # No such plaque is known.
        (
            "بم، خیابان زند، پلاک ۷۷",
            ["استان کرمان، بم، خ زند پ 77", "Bam, Zand St, No. 77", "بم خیابان زندد پلاک ۷۷"],
            50.671,
        ),
        # A building of two units.
        ("بم، خیابان زند، پلاک ۹", ["کرمان بم زند پلاک ۹", "بم، خ زند، محله بهار، پ ۹"], 50.672),
        # Between neighbours.
        ("بم، خیابان زند، پلاک ۵", ["شهر بم، زند ۵", "Bam Zand St No 5"], 50.673),
    ],
)
async def test_a_correction_of_a_plaque_wins_in_other_words(
    client: httpx.AsyncClient, address: str, others: list[str], lon: float
) -> None:
    made = await given(client, address=address, lon=lon, lat=30.67, who="چ")
    assert made.status_code == 201
    for text in (address, *others):
        (feature, *_) = (await client.get("/geocode/search", params={"q": text})).json()["features"]
        assert feature["geometry"]["coordinates"] == [lon, 30.67], text
        assert feature["properties"]["method"] == "correction"
    parts = {"city": "بم", "street": "زند", "plaque": address[-1:]}
    if address.endswith("۷۷"):
        parts["plaque"] = "77"
    for further in ({}, {"province": "کرمان"}, {"unit": "1"}):
        asked = parts | further
        (feature, *_) = (await client.get("/geocode/structured", params=asked)).json()["features"]
        assert feature["geometry"]["coordinates"] == [lon, 30.67], asked
    # Neither its neighbour nor the street.
    for text in ("بم، خیابان زند، پلاک ۱۱", "بم، خیابان زند"):
        (feature, *_) = (await client.get("/geocode/search", params={"q": text})).json()["features"]
        assert feature["properties"]["method"] != "correction", text
    # In other words it takes the place of the earlier.
    again = await given(client, address=others[0], lon=lon, lat=30.68, who="ح")
    assert again.status_code == 200
    (feature, *_) = (await client.get("/geocode/search", params={"q": address})).json()["features"]
    assert feature["geometry"]["coordinates"] == [lon, 30.68]


async def test_one_from_a_file_wins_in_other_words(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    assert settings.database_url
    with connect(settings.database_url) as connection:
        connection.execute(
            "INSERT INTO gazetteer.correction (address_key, text, geom) VALUES (%s, %s, "
            "ST_Point(50.68, 30.68, 4326)), ('x', 'سلام دنیای ما', ST_Point(50.6, 30.6, 4326))",
            [correction_key("بم، خیابان زند، پلاک ۶۶"), "بم، خیابان زند، پلاک ۶۶"],
        )
        assert run(connection, find_places()) >= 1
        assert run(connection, find_places()) == 0
        connection.execute("DELETE FROM gazetteer.correction WHERE address_key = 'x'")
    asked = {"q": "استان کرمان، Bam، زند ۶۶"}
    (feature, *_) = (await client.get("/geocode/search", params=asked)).json()["features"]
    assert feature["geometry"]["coordinates"] == [50.68, 30.68]
    with connect(settings.database_url) as connection:
        connection.execute("DELETE FROM gazetteer.correction WHERE text LIKE '%۶۶'")


async def test_one_is_withdrawn(client: httpx.AsyncClient) -> None:
    asked = {"q": "بم، خیابان زند، پلاک ۸۸"}
    made = await given(client, address=asked["q"], lon=50.61, lat=30.61, who="خ")
    here = f"{HERE}/{made.json()['id']}"
    assert (await client.delete(here)).status_code == 401
    read = await client.get(here, headers=KEY)
    assert (read.status_code, read.headers["allow"]) == (405, "DELETE, OPTIONS")
    assert "DELETE, OPTIONS are" in read.json()["detail"]
    assert (await client.options(here)).headers["allow"] == "DELETE, OPTIONS"
    withdrawn = await client.delete(here, headers=KEY)
    assert (withdrawn.status_code, withdrawn.content) == (204, b"")
    for unknown in (here, f"{HERE}/abc", f"{HERE}/{'1' * 19}", f"{HERE}/1.0"):
        response = await client.delete(unknown, headers=KEY)
        assert response.status_code == 404, unknown
        assert "there is no correction «" in response.json()["detail"]
    (feature, *_) = (await client.get("/geocode/search", params=asked)).json()["features"]
    assert feature["properties"]["method"] != "correction"


async def test_a_later_one_takes_the_place_of_the_earlier(client: httpx.AsyncClient) -> None:
    for lon, status in ((50.61, 201), (50.62, 200)):
        response = await given(client, address="بم، کوچه یاس، پ ۴", lon=lon, lat=30.6, who="پ")
        assert response.status_code == status
    listed = (await client.get(HERE, headers=KEY)).json()
    same = [f for f in listed["features"] if f["properties"]["address"] == "بم، کوچه یاس، پ ۴"]
    assert [f["geometry"]["coordinates"][0] for f in same] == [50.62]


async def test_a_later_one_by_its_code_keeps_the_id_and_the_words(
    client: httpx.AsyncClient,
) -> None:
    text, code = "بم، خیابان ناشناخته، پلاک ۸", "1436947999"
    first = await given(client, address=text, postal_code=code, lon=50.61, lat=30.6, who="پ")
    assert first.status_code == 201
    for further in ({"postal_code": code}, {"address": text}):
        later = await given(client, **further, lon=50.62, lat=30.6, who="ت")
        assert (later.status_code, later.json()["id"]) == (200, first.json()["id"])
        said = later.json()["properties"]
        assert (said["address"], said["postal_code"], said["who"]) == (text, code, "ت")
    (feature, *_) = (await client.get("/geocode/search", params={"q": text})).json()["features"]
    assert feature["geometry"]["coordinates"] == [50.62, 30.6]
    withdrawn = await client.delete(f"{HERE}/{first.json()['id']}", headers=KEY)
    assert withdrawn.status_code == 204


async def test_they_are_listed_the_latest_first(client: httpx.AsyncClient) -> None:
    response = await client.get(HERE, headers=KEY)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    listed = response.json()
    assert listed["numberMatched"] == listed["numberReturned"] == len(listed["features"])
    times = [f["properties"]["made_at"] for f in listed["features"]]
    assert times == sorted(times, reverse=True)
    assert all(f["properties"]["who"] for f in listed["features"])
    page = (await client.get(f"{HERE}?limit=1&offset=1", headers=KEY)).json()
    assert page["features"] == listed["features"][1:2]
    assert page["numberReturned"] == 1


GOOD: dict[str, Any] = {"address": "بم، خ زند", "lon": 50.6, "lat": 30.6, "who": "ت"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"who": None}, "who"),
        ({"who": "  "}, "who"),
        ({"who": 5}, "who"),
        ({"who": None}, "بگویید چه کسی"),
        ({"postal_code": "123"}, "کد پستی درست نیست · "),
        ({"lon": None}, "lon"),
        ({"lat": "30"}, "lat"),
        ({"lat": True}, "lat"),
        ({"lat": 10**400}, "lat"),
        ({"lon": 10.0}, "coordinates.outside"),
        ({"lon": 53.5}, "coordinates.outside: 53.5, 30.6 lies in no region"),
        ({"address": "بم، خ ناکجا", "lon": 49.9}, "coordinates.outside: 49.9, 30.6 lies in no"),
        ({"lon": 30.6, "lat": 50.6}, "is longitude 50.6, latitude 30.6 meant?"),
        ({"lon": 30.6, "lat": 50.6}, "آیا طول 50.6 و عرض 30.6 منظور است؟"),
        ({"lon": 0, "lat": 0}, "coordinates.zero"),
        ({"address": None}, "neither"),
        ({"address": "،،،"}, "neither"),
        ({"address": "x" * 1001}, "address"),
        ({"address": "بم\x00"}, "address"),
        ({"address": "\ud800"}, "address"),
        ({"address": "سلام"}, "«address» says no address"),
        ({"address": "سلام دنیای ما"}, "«address» says no address"),
        ({"address": "پلاک ۵"}, "«address» says no address"),
        ({"address": "بم"}, "«address» says no address"),
        ({"address": "کرمان، بم"}, "«address» says no address"),
        ({"address": "استان کرمان، شهر بم"}, "«address» says no address"),
        ({"address": "خیابان ناکجا، پلاک ۵"}, "names no city"),
        ({"address": "استان کرمان، خیابان ناکجا، پلاک ۵"}, "names no city"),
        ({"address": "کوچه ناکجا"}, "names no city"),
        ({"lon": 51.5, "lat": 30.6}, "نقطه در استان یزد است و نشانی در استان کرمان"),
        ({"lon": 51.5, "lat": 30.6}, "the address in the province Kerman"),
        ({"address": None, "postal_code": "1436947501", "lon": 51.5}, "province Kerman"),
        ({"postal_code": "123"}, "3 digits"),
        ({"note": "x" * 2001}, "note"),
        ({"city": "بم"}, "city"),
    ],
)
async def test_what_breaks_a_rule_is_listed(
    client: httpx.AsyncClient, change: dict[str, Any], said: str
) -> None:
    response = await given(client, **(GOOD | change))
    assert response.status_code == 422
    assert any(said in fault for fault in response.json()["faults"])


@pytest.mark.parametrize("address", ["بم، خیابان ناکجا، پلاک ۵", "شهر ناکجا، خ زند، پ ۵"])
async def test_an_address_that_is_not_found_is_kept_where_it_names_a_town(
    client: httpx.AsyncClient, address: str
) -> None:
    made = await given(client, **(GOOD | {"address": address}))
    assert made.status_code == 201
    assert (await client.delete(f"{HERE}/{made.json()['id']}", headers=KEY)).status_code == 204


async def test_all_that_is_wrong_is_told_at_once(client: httpx.AsyncClient) -> None:
    response = await given(client, lon="x", lat=None, colour="red")
    assert len(response.json()["faults"]) == 5


@pytest.mark.parametrize(
    "broken", [{"address": "بم\x00"}, {"address": 5}, {"address": None, "postal_code": 1436947501}]
)
async def test_what_cannot_be_read_is_not_told_as_missing_too(
    client: httpx.AsyncClient, broken: dict[str, Any]
) -> None:
    (fault,) = (await given(client, **(GOOD | broken))).json()["faults"]
    assert "is not a text of up to" in fault


@pytest.mark.parametrize("content", [b"{", b"[]", b'"x"', b'{"who": "a", "who": "b"}'])
async def test_content_that_cannot_be_read(client: httpx.AsyncClient, content: bytes) -> None:
    response = await client.post(HERE, content=content, headers=KEY)
    assert response.status_code == 400


async def test_too_much_content(client: httpx.AsyncClient) -> None:
    assert (await given(client, note="x" * 70_000)).status_code == 413


async def test_nothing_without_the_key(client: httpx.AsyncClient) -> None:
    content = json.dumps(GOOD)
    plain = {"content-type": "application/json"}
    assert (await client.get(HERE)).status_code == 401
    assert (await client.post(HERE, content=content, headers=plain)).status_code == 401
    wrong = plain | {"x-api-key": "another-key-of-length"}
    assert (await client.post(HERE, content=content, headers=wrong)).status_code == 403
    assert (await client.get(f"{HERE}?key={KEY['x-api-key']}")).status_code == 200
    for limit in (0, 1001):
        assert (await client.get(f"{HERE}?limit={limit}", headers=KEY)).status_code == 400
    assert (await client.get(f"{HERE}?who=a", headers=KEY)).status_code == 400


async def test_without_editing_there_are_none(without_key: httpx.AsyncClient) -> None:
    for method, path in (
        ("GET", HERE),
        ("POST", HERE),
        ("DELETE", f"{HERE}/1"),
        ("GET", f"{HERE}/1"),
    ):
        response = await without_key.request(method, path, content=b"{}", headers=KEY)
        assert response.status_code == 404, method
        said = response.json()["detail"]
        assert "start the service with GEOSERVICE_EDIT_KEY (16 or more characters)" in said, method
        assert "X-API-Key" in said
    assert HERE not in (await without_key.get("/api")).json()["paths"]


async def test_with_editing_they_are_declared(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/api")).json()["paths"]
    assert {*paths[HERE]} == {"get", "post"}
    assert {*paths[f"{HERE}/{{id}}"]} == {"delete"}
    allowed = await client.options(HERE)
    assert allowed.headers["allow"] == "GET, HEAD, OPTIONS, POST"


async def test_the_rule_for_postal_codes_that_is_set_tells_what_a_text_says(
    settings: Settings,
) -> None:
    """Ten digits that this rule takes are a code in the text of a correction, not of its key."""
    rule = r"0{5}\d{5}"
    app = create_app(settings.model_copy(update={"postal_code_pattern": rule}))
    transport = httpx.ASGITransport(app)
    text = "کرمان، بم، خیابان ناشناس، 0000012345"
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        response = await given(client, address=text, lon=50.68, lat=30.68, who="د")
        assert response.status_code == 201, response.text
        asked = {"q": "كرمان، بم، خ. ناشناس - 0000012345"}
        (feature, *_) = (await client.get("/geocode/search", params=asked)).json()["features"]
        assert feature["geometry"]["coordinates"] == [50.68, 30.68]
        alone = await given(client, address="0000012345", lon=50.68, lat=30.68, who="د")
        assert alone.status_code in (200, 201), alone.text
    with connect(str(settings.database_url)) as connection:
        keys = connection.execute("SELECT address_key FROM gazetteer.correction").fetchall()
        connection.execute("DELETE FROM gazetteer.correction WHERE who = 'د'")
        connection.commit()
    assert {(correction_key("کرمان، بم، خیابان ناشناس"),), ("0000012345",)} <= {*keys}
