"""Features are created, replaced, updated and deleted by who has the key, and nobody else."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from geoservice.database.engine import Connection
from geoservice.http.app import create_app
from geoservice.http.edits import MOST_BYTES
from geoservice.settings import Settings
from tests.http.conftest import BASE, started

pytestmark = pytest.mark.anyio

KEY = "a-key-of-the-test-41%+&"
AUTH = {"authorization": f"Bearer {KEY}"}
GEOJSON = {"content-type": "application/geo+json"}
PATCH = {"content-type": "application/merge-patch+json"}
PLACES = "/collections/place/items"
READ_ONLY = "GET, HEAD, OPTIONS"


@pytest.fixture
async def editor(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client that shows the key, of a service that is open to editing."""
    app = create_app(Settings.model_validate({**settings.model_dump(), "edit_key": KEY}))
    transport = httpx.ASGITransport(app)
    async with (
        started(app),
        httpx.AsyncClient(transport=transport, base_url=BASE, headers=AUTH) as client,
    ):
        yield client


def feature(
    feature_id: str | None = None, geometry: Any = "here", **properties: Any
) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [51.25, 35.5]}
    made: dict[str, Any] = {
        "type": "Feature",
        "geometry": point if geometry == "here" else geometry,
        "properties": {"kind": "village", "name_fa": "نو", **properties},
    }
    return made | ({"id": feature_id} if feature_id is not None else {})


async def create(editor: httpx.AsyncClient, feature_id: str, **properties: Any) -> httpx.Response:
    response = await editor.post(
        PLACES, content=json.dumps(feature(feature_id, **properties)), headers=GEOJSON
    )
    assert response.status_code == 201, response.text
    return response


async def send(
    editor: httpx.AsyncClient, method: str, path: str, document: Any, **headers: str
) -> httpx.Response:
    kind = PATCH if method == "PATCH" else GEOJSON
    sent = {**kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return await editor.request(method, path, content=json.dumps(document), headers=sent)


async def test_a_feature_comes_into_being(editor: httpx.AsyncClient) -> None:
    before = (await editor.get(PLACES)).json()["numberMatched"]
    created = await create(editor, "new/1", population=12)
    location = created.headers["location"]
    assert location == f"{BASE}{PLACES}/new%2F1"
    got = await editor.get(location)
    assert got.json()["geometry"] == {"type": "Point", "coordinates": [51.25, 35.5]}
    properties = got.json()["properties"]
    assert (properties["population"], properties["synthetic"]) == (12, False)
    assert (await editor.get(PLACES)).json()["numberMatched"] == before + 1


async def test_the_tag_of_a_write_is_that_of_the_next_read(editor: httpx.AsyncClient) -> None:
    created = await create(editor, "tagged")
    path = f"{PLACES}/tagged"
    tag = created.headers["etag"]
    assert (await editor.get(path, headers={"if-none-match": tag})).status_code == 304
    changed = await send(editor, "PATCH", path, {"properties": {"population": 3}})
    assert (changed.status_code, changed.content) == (204, b"")
    assert "content-length" not in changed.headers
    assert changed.headers["etag"] != tag
    assert (await editor.get(path)).headers["etag"] == changed.headers["etag"]


async def test_a_write_to_another_feature_leaves_a_tag_as_it_is(editor: httpx.AsyncClient) -> None:
    path = f"{PLACES}/v2"
    tag = (await editor.get(path)).headers["etag"]
    await create(editor, "another")
    assert (await editor.get(path)).headers["etag"] == tag


async def test_replacing_sets_everything_that_can_be_set(
    editor: httpx.AsyncClient, connection: Connection
) -> None:
    await create(editor, "whole", population=5, province_code="01", synthetic=True)
    connection.execute("UPDATE source.place SET aliases = '{a}' WHERE id = 'whole'")
    connection.commit()
    path = f"{PLACES}/whole"
    replaced = await send(editor, "PUT", path, feature(None, None, name_fa=None, name_en="Whole"))
    assert replaced.status_code == 204, replaced.text
    got = (await editor.get(path)).json()
    assert got["geometry"] is None
    assert got["properties"]["name_en"] == "Whole"
    for name in ("name_fa", "population", "province_code"):
        assert got["properties"][name] is None
    assert got["properties"]["synthetic"] is False
    aliases = connection.execute("SELECT aliases FROM source.place WHERE id = 'whole'").fetchone()
    assert aliases == (["a"],)


@pytest.mark.parametrize(
    ("patch", "changed"),
    [
        ({"properties": {"population": 7}}, {"population": 7}),
        ({"properties": {"population": None}}, {"population": None}),
        ({"properties": {"id": "patched", "population": 1}}, {"population": 1}),
        ({"population": 8, "name_en": "Flat"}, {"population": 8, "name_en": "Flat"}),
        ({"properties": {"synthetic": True}}, {"synthetic": True}),
        ({}, {}),
    ],
)
async def test_updating_sets_what_is_named(
    editor: httpx.AsyncClient, patch: Any, changed: dict[str, Any]
) -> None:
    path = f"{PLACES}/patched"
    await editor.delete(path)
    await create(editor, "patched", population=5)
    before = (await editor.get(path)).json()
    response = await send(editor, "PATCH", path, patch)
    assert response.status_code == 204, response.text
    after = (await editor.get(path)).json()
    assert after["properties"] == before["properties"] | changed
    assert after["geometry"] == before["geometry"]


@pytest.mark.parametrize("member", ["geometry", "geom"])
async def test_updating_the_geometry(editor: httpx.AsyncClient, member: str) -> None:
    path = f"{PLACES}/v3"
    moved = {"type": "Point", "coordinates": [52.5, 36.25]}
    assert (await send(editor, "PATCH", path, {member: moved})).status_code == 204
    assert (await editor.get(path)).json()["geometry"] == moved
    assert (await send(editor, "PATCH", path, {member: None})).status_code == 204
    assert (await editor.get(path)).json()["geometry"] is None


async def test_deleting(editor: httpx.AsyncClient) -> None:
    await create(editor, "short-lived")
    path = f"{PLACES}/short-lived"
    assert (await editor.delete(path)).status_code == 204
    assert (await editor.get(path)).status_code == 404
    assert (await editor.delete(path)).status_code == 404


@pytest.mark.parametrize("brackets", ["{}", "<{}>"])
@pytest.mark.parametrize(
    ("uri", "coordinates"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", [51.25, 35.5]),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", [35.5, 51.25]),
        ("http://www.opengis.net/def/crs/EPSG/0/3857", [5705123.9, 4232038.5]),
    ],
)
async def test_content_crs(
    editor: httpx.AsyncClient, uri: str, coordinates: list[float], brackets: str
) -> None:
    point = {"type": "Point", "coordinates": coordinates}
    path = f"{PLACES}/v4"
    put = await send(editor, "PUT", path, feature(None, point), content_crs=brackets.format(uri))
    assert put.status_code == 204, put.text
    lon, lat = (await editor.get(path)).json()["geometry"]["coordinates"]
    assert (lon, lat) == (pytest.approx(51.25, abs=1e-3), pytest.approx(35.5, abs=1e-3))
    back = await editor.get(path, params={"crs": uri})
    assert back.json()["geometry"]["coordinates"] == pytest.approx(coordinates, abs=0.01)


async def test_a_crs_that_the_layer_is_not_offered_in(editor: httpx.AsyncClient) -> None:
    response = await send(
        editor,
        "POST",
        PLACES,
        feature("x"),
        content_crs="http://www.opengis.net/def/crs/EPSG/0/2154",
    )
    assert response.status_code == 400
    assert response.json()["parameter"] == "Content-Crs"


# --- refusals

OUTSIDE = {"type": "Point", "coordinates": [2.35, 48.85]}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (feature("x", colour="red", size=1), ["properties.colour", "properties.size", "name_fa"]),
        (feature("x", population="many"), ["properties.population", "a whole number"]),
        (feature("x", population=1.5), ["properties.population"]),
        (feature("x", population=True), ["properties.population"]),
        (feature("x", population=-1), ["properties.population", "0 or more"]),
        (feature("x", population=2**70), ["properties.population", "64 bits"]),
        (feature("x", population_year=9999), ["properties.population_year", "1600"]),
        (feature("x", kind="hamlet"), ["properties.kind", "city, village"]),
        (feature("x", kind=None), ["properties.kind: is missing"]),
        (feature("x", name_en="n" * 201), ["properties.name_en", "200 characters"]),
        (feature("x", name_en="a\x00b"), ["properties.name_en", "null character"]),
        (feature("x", name_en="\ud800"), ["properties.name_en", "surrogate"]),
        (feature("x", name_en=["a"]), ["properties.name_en", "a text"]),
        (feature("x", name_fa=" "), ["properties.name_fa", "not blank"]),
        (feature(""), ["properties.id", "not blank"]),
        (feature("a\nb"), ["properties.id", "control characters"]),
        (feature(None), ["properties.id: is missing"]),
        (feature("x", population=-1, kind="z", colour=1), ["population", "kind", "colour"]),
        (feature("x", "text"), ["geometry.type"]),
        (feature("x", {"type": "LineString", "coordinates": [[51, 35], [52, 36]]}), ["a Point"]),
        (feature("x", {"coordinates": [51, 35]}), ["geometry.type"]),
        (feature("x", {"type": "Point"}), ["geometry.coordinates"]),
        (feature("x", {"type": "Point", "coordinates": []}), ["two numbers"]),
        (feature("x", {"type": "Point", "coordinates": [51, 35, 9]}), ["two numbers"]),
        (feature("x", {"type": "Point", "coordinates": ["51", 35]}), ["two numbers"]),
        (feature("x", {"type": "Point", "coordinates": [True, 35]}), ["two numbers"]),
        (feature("x", {"type": "Point", "coordinates": [351, 35]}), ["180 degrees"]),
        (feature("x", {"type": "Point", "coordinates": [10**400, 35]}), ["180 degrees"]),
        (feature("x", {"type": "Point", "coordinates": [0, 0]}), ["coordinates.zero"]),
        (feature("x", {"type": "Point", "coordinates": [35, 51]}), ["coordinates.swapped"]),
        (feature("x", OUTSIDE, kind="z"), ["coordinates.outside", "properties.kind"]),
    ],
)
async def test_everything_that_is_wrong_is_told_with_its_place(
    editor: httpx.AsyncClient, document: Any, said: list[str]
) -> None:
    response = await send(editor, "POST", PLACES, document)
    assert response.status_code == 422, response.text
    problem = response.json()
    assert problem["faults"]
    for text in said:
        assert text in problem["detail"]
    assert (await editor.get(f"{PLACES}/x")).status_code == 404


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"[]", "object"),
        (b'{"type": "FeatureCollection", "features": []}', "FeatureCollection"),
        (b'{"type": "Point", "coordinates": [51, 35]}', "Feature"),
        (b'{"type": "Feature", "properties": [], "geometry": null}', "properties"),
        (b'{"type": "Feature", "type": "Feature"}', "two members"),
        (b'{"type": "Feature", "properties": {"population": NaN}}', "NaN"),
        (b'{"type": "Feature", "id": {"a": 1}}', "id"),
        (b'{"type": "Feature", "id": "a", "properties": {"id": "b"}}', "id"),
        (b'{"type": "Feature", "crs": {"type": "name"}}', "Content-Crs"),
        (b"[" * 100_000, "deeply"),
        (b'{"a": ' + b"1" * 5000 + b"}", "JSON"),
    ],
)
async def test_what_is_no_feature_is_a_bad_request(
    editor: httpx.AsyncClient, body: bytes, said: str
) -> None:
    for method, path in (("POST", PLACES), ("PUT", f"{PLACES}/v5")):
        response = await editor.request(method, path, content=body, headers=GEOJSON)
        assert response.status_code == 400, response.text
        assert said in response.json()["detail"]


@pytest.mark.parametrize(
    ("patch", "status", "said"),
    [
        ([], 400, "object"),
        ({"properties": {}, "population": 1}, 400, "population"),
        ({"properties": {"id": "other"}}, 422, "cannot be changed"),
        ({"properties": {"id": None}}, 422, "cannot be changed"),
        ({"id": "other"}, 422, "cannot be changed"),
        ({"properties": {"kind": None}}, 422, "kind: is missing"),
        ({"colour": "red"}, 422, "colour"),
        ({"geometry": {"coordinates": [51, 35]}}, 422, "geometry.type"),
        ({"properties": {"name_fa": None}}, 422, "broken: properties.name_fa is null"),
        ({"properties": {"synthetic": None}}, 422, "a value is missing: «synthetic»"),
        ({"properties": {"population_year": 2**40}}, 422, "population_year"),
    ],
)
async def test_patches_that_are_refused_change_nothing(
    editor: httpx.AsyncClient, patch: Any, status: int, said: str
) -> None:
    path = f"{PLACES}/v6"
    before = (await editor.get(path)).content
    response = await send(editor, "PATCH", path, patch)
    assert response.status_code == status, response.text
    assert said in response.json()["detail"]
    assert "SET" not in response.text
    assert "INSERT" not in response.text
    assert (await editor.get(path)).content == before


async def test_another_id_in_a_replacement_is_refused(editor: httpx.AsyncClient) -> None:
    response = await send(editor, "PUT", f"{PLACES}/v6", feature("v7"))
    assert response.status_code == 422
    assert "cannot be changed" in response.json()["detail"]


async def test_an_id_that_is_taken(editor: httpx.AsyncClient) -> None:
    response = await send(editor, "POST", PLACES, feature("v1"))
    assert response.status_code == 409
    said = 'there is a row with the same key already: properties.id is "v1"'
    assert response.json()["detail"] == said


async def test_a_value_that_only_one_feature_may_have(
    editor: httpx.AsyncClient, connection: Connection
) -> None:
    connection.execute("CREATE UNIQUE INDEX one_each ON source.place (kind, name_en)")
    connection.commit()
    try:
        await create(editor, "only", name_en="Only")
        again = await send(editor, "POST", PLACES, feature("other", name_en="Only"))
        await create(editor, "third", name_en="Third")
        patched = await send(editor, "PATCH", f"{PLACES}/third", {"name_en": "Only"})
    finally:
        connection.execute("DROP INDEX source.one_each")
    assert (again.status_code, patched.status_code) == (409, 409)
    said = 'already: properties.kind is "village", properties.name_en is "Only"'
    assert said in again.json()["detail"]
    assert "one_each" not in again.text + patched.text
    assert 'already: properties.kind, properties.name_en is "Only"' in patched.json()["detail"]


async def test_a_feature_that_is_not_there(editor: httpx.AsyncClient) -> None:
    path = f"{PLACES}/nobody"
    for headers in ({}, {"if_match": '"xyz"'}):
        assert (await send(editor, "PUT", path, feature(), **headers)).status_code == 404
        assert (await send(editor, "PATCH", path, {}, **headers)).status_code == 404
    assert (await editor.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "accepted"),
    [
        ("POST", PLACES, "accept-post"),
        ("PUT", f"{PLACES}/v5", "accept-post"),
        ("PATCH", f"{PLACES}/v5", "accept-patch"),
    ],
)
async def test_media_types(
    editor: httpx.AsyncClient, method: str, path: str, accepted: str
) -> None:
    missing = await editor.request(method, path, content=b"{}")
    assert missing.status_code == 400
    assert missing.json()["parameter"] == "Content-Type"
    kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
    packed = {"content-type": kind, "content-encoding": "gzip"}
    utf16 = {"content-type": f"{kind}; charset=UTF-16"}
    for headers in ({"content-type": "text/json"}, packed, utf16):
        other = await editor.request(method, path, content=b"{}", headers=headers)
        assert other.status_code == 415
        assert "json" in other.headers[accepted]


async def test_a_charset_that_is_named_may_be_what_json_has(editor: httpx.AsyncClient) -> None:
    headers = {"content-type": 'application/json; charset="UTF-8"'}
    answer = await editor.post(PLACES, content=b"{}", headers=headers)
    assert answer.status_code == 400  # it is read: what is wrong now is the content


@pytest.mark.parametrize("where", ['"id":%s', '"id":"%s"', '"properties":{"population":%s}'])
async def test_a_number_of_thousands_of_digits(editor: httpx.AsyncClient, where: str) -> None:
    body = '{"type":"Feature","geometry":null,' + where % ("7" * 5000) + "}"
    headers = {"content-type": "application/json"}
    answer = await editor.post(PLACES, content=body.encode(), headers=headers)
    assert answer.status_code in (400, 422), answer.text
    assert "sys." not in answer.text


async def test_content_that_is_too_large_is_not_read_to_its_end(editor: httpx.AsyncClient) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 20 * MOST_BYTES:
            read += 1024 * 1024
            yield b" " * 1024 * 1024

    declared = {**GEOJSON, "content-length": str(MOST_BYTES + 1)}
    for headers in (GEOJSON, declared):
        response = await editor.post(PLACES, content=endless(), headers=headers)
        assert response.status_code == 413
    assert read < 4 * MOST_BYTES


async def test_no_parameters(editor: httpx.AsyncClient) -> None:
    response = await editor.delete(f"{PLACES}/v5?colour=red")
    assert response.status_code == 400


# --- conditions


async def test_if_match(editor: httpx.AsyncClient) -> None:
    path = f"{PLACES}/v8"
    current = (await editor.get(path)).headers["etag"]
    other = await editor.get(f"{path}?properties=name_fa", headers={"accept-encoding": "identity"})
    assert other.headers["etag"] != current
    for wrong in ('"0"', f"W/{current}", '"a", "b"', ""):
        for method, document in (("PUT", feature()), ("PATCH", {"population": 1})):
            refused = await send(editor, method, path, document, if_match=wrong)
            assert refused.status_code == 412, wrong
        assert (await editor.delete(path, headers={"if-match": wrong})).status_code == 412
    assert (await editor.get(path)).headers["etag"] == current
    for tag in (other.headers["etag"], "*"):
        done = await send(editor, "PATCH", path, {"population": 44}, if_match=tag)
        assert done.status_code == 204
    stale = await send(editor, "PATCH", path, {"population": 45}, if_match=current)
    assert stale.status_code == 412
    now = done.headers["etag"]
    assert (await editor.delete(path, headers={"if-match": f'"x", {now}'})).status_code == 204


async def test_if_none_match(editor: httpx.AsyncClient) -> None:
    path = f"{PLACES}/v9"
    current = (await editor.get(path)).headers["etag"]
    for given, status in ((current, 412), ("*", 412), ('"other"', 204)):
        response = await send(editor, "PATCH", path, {"population": 2}, if_none_match=given)
        assert response.status_code == status


async def test_of_writers_who_read_the_same_state_one_wins(editor: httpx.AsyncClient) -> None:
    path = f"{PLACES}/v10"
    for round_number in range(5):
        tag = (await editor.get(path)).headers["etag"]
        populations = [1000 * (round_number + 1) + n for n in range(6)]
        responses = await asyncio.gather(
            *(
                send(editor, "PATCH", path, {"population": population}, if_match=tag)
                for population in populations
            )
        )
        statuses = [response.status_code for response in responses]
        assert sorted(statuses) == [204, 412, 412, 412, 412, 412]
        won = populations[statuses.index(204)]
        assert (await editor.get(path)).json()["properties"]["population"] == won


# --- who may


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"analyst:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({"authorization": f"Bearer {KEY}"}, {}, 204),
        ({"authorization": f"bearer {KEY}"}, {}, 204),
        ({"authorization": basic(KEY)}, {}, 204),
        ({"x-api-key": KEY}, {}, 204),
        ({}, {"key": KEY}, 204),
        ({"authorization": basic("of a proxy")}, {"key": KEY}, 204),
        ({}, {}, 401),
        ({"authorization": "Digest username=x"}, {}, 401),
        ({"authorization": "Bearer wrong"}, {}, 403),
        ({"authorization": "Bearer "}, {}, 403),
        ({"authorization": f"Bearer {KEY}x"}, {}, 403),
        ({"authorization": basic("wrong")}, {}, 403),
        ({"authorization": "Basic %%%"}, {}, 403),
        ({"x-api-key": "wrong"}, {}, 403),
        ({"x-api-key": "کلید".encode()}, {}, 403),
        ({}, {"key": "wrong"}, 403),
        ({}, {"key": ""}, 403),
    ],
)
async def test_the_key(
    settings: Settings, headers: dict[str, Any], query: dict[str, str], status: int
) -> None:
    app = create_app(Settings.model_validate({**settings.model_dump(), "edit_key": KEY}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        response = await client.patch(
            f"{PLACES}/v11", params=query, content=b"{}", headers={**PATCH, **headers}
        )
        assert response.status_code == status, response.text
        assert ("www-authenticate" in response.headers) is (status == 401)
        assert KEY not in response.text


async def test_the_key_in_the_query_of_a_read_is_taken_and_never_told(
    editor: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    paths = (
        "/",
        "/api",
        "/conformance",
        "/collections",
        "/collections/place",
        "/collections/place/schema",
        "/collections/place/queryables",
        PLACES,
        f"{PLACES}/v11",
        "/nowhere",
        f"{PLACES}/nobody",
        "/tiles/place.json",
    )
    for path in paths:
        plain = await editor.get(path, params={"limit": "2"} if path == PLACES else {})
        keyed = await editor.get(
            path, params={"key": KEY} | ({"limit": "2"} if path == PLACES else {})
        )
        assert keyed.status_code == plain.status_code
        assert keyed.content == plain.content
        for text in (keyed.text, *keyed.headers.values()):
            assert KEY not in text
            assert "key=" not in text
    bad = await editor.get(PLACES, params={"key": KEY, "colour": "red"})
    assert bad.status_code == 400
    assert KEY not in bad.text
    # What the client itself writes of its requests is its own affair.
    ours = [r for r in caplog.records if not r.name.startswith("http")]
    assert not [record for record in ours if KEY in record.getMessage()]


async def test_off_without_a_key(client: httpx.AsyncClient) -> None:
    for method, path in (("POST", PLACES), ("PUT", f"{PLACES}/v1"), ("DELETE", f"{PLACES}/v1")):
        response = await client.request(method, path, headers=AUTH)
        assert response.status_code == 405
        assert response.headers["allow"] == READ_ONLY
    assert (await client.get(PLACES, params={"key": KEY})).status_code == 400
    classes = (await client.get("/conformance")).json()["conformsTo"]
    assert not [c for c in classes if "features-4" in c]
    assert "post" not in (await client.get("/api")).json()["paths"][PLACES]


async def test_only_layers_that_say_so(editor: httpx.AsyncClient) -> None:
    nowhere = await editor.post("/collections/nowhere/items", content=b"{}", headers=GEOJSON)
    assert nowhere.status_code == 404
    for path in ("/collections/project/items", "/conformance"):
        response = await editor.post(path, content=b"{}", headers=GEOJSON)
        assert response.status_code == 405
        assert response.headers["allow"] == READ_ONLY


# --- what is possible


async def test_options_say_what_is_possible(editor: httpx.AsyncClient) -> None:
    of_items = await editor.options(PLACES)
    assert of_items.headers["allow"] == f"{READ_ONLY}, POST"
    assert of_items.headers["accept-post"] == "application/geo+json, application/json"
    of_item = await editor.options(f"{PLACES}/v1")
    assert of_item.headers["allow"] == f"{READ_ONLY}, PUT, PATCH, DELETE"
    assert of_item.headers["accept-patch"] == "application/merge-patch+json"
    for response in (of_items, of_item):
        assert response.status_code == 200
        assert response.headers["access-control-allow-methods"] == response.headers["allow"]
        for header in ("Authorization", "If-Match", "Content-Crs"):
            assert header in response.headers["access-control-allow-headers"]
    wrong = await editor.put(PLACES, content=b"{}", headers=GEOJSON)
    assert (wrong.status_code, wrong.headers["allow"]) == (405, f"{READ_ONLY}, POST")


async def test_the_classes_are_declared_while_editing_is_on(editor: httpx.AsyncClient) -> None:
    classes = (await editor.get("/conformance")).json()["conformsTo"]
    four = {c.rpartition("/")[2] for c in classes if "ogcapi-features-4/1.0/conf/" in c}
    assert four == {"create-replace-delete", "update", "optimistic-locking-etags", "features"}


async def test_what_qgis_sends(editor: httpx.AsyncClient) -> None:
    fields = (await editor.get("/collections/address/schema")).json()["properties"]
    properties = {name: None for name, field in fields.items() if "type" in field}
    document = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [35.5, 51.25]},
        "properties": properties | {"postal_code": "1436947583", "street": "خیابان آزادی"},
    }
    crs = "http://www.opengis.net/def/crs/EPSG/0/4326"
    path = "/collections/address/items"
    created = await send(editor, "POST", path, document, content_crs=crs, authorization=basic(KEY))
    assert created.status_code == 201, created.text
    _, _, feature_id = created.headers["location"].rpartition("/items/")
    got = (await editor.get(f"{path}/{feature_id}")).json()
    assert got["geometry"]["coordinates"] == [51.25, 35.5]
    wrong = document | {"properties": properties | {"postal_code": "12"}}
    assert "matches" in (await send(editor, "POST", path, wrong)).json()["detail"]


@pytest.mark.parametrize("feature_id", ["", ".", ".."])
async def test_an_id_that_no_path_can_name(editor: httpx.AsyncClient, feature_id: str) -> None:
    feature = {
        "type": "Feature",
        "geometry": None,
        "properties": {"id": feature_id, "kind": "village", "name_fa": "نو"},
    }
    response = await editor.post("/collections/place/items", json=feature)
    assert response.status_code == 422
    assert "no path can name" in response.json()["detail"]


async def test_each_missing_attribute_is_told_once(editor: httpx.AsyncClient) -> None:
    empty: dict[str, Any] = {"type": "Feature", "geometry": None, "properties": {}}
    faults = (await editor.post("/collections/place/items", json=empty)).json()["faults"]
    assert faults == ["properties.id: is missing", "properties.kind: is missing"]
