"""Part 4 over HTTP: create, replace, update, delete; who may; what is refused, and why."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from geoservice.http.app import create_app
from geoservice.settings import Settings
from tests.http.conftest import BASE, started

pytestmark = pytest.mark.anyio

KEY = "a-key-of-more-than-16-characters"
BEARER = {"authorization": f"Bearer {KEY}"}
GEOJSON = {"content-type": "application/geo+json"}
PATCH = {"content-type": "application/merge-patch+json"}
ITEMS = "/collections/place/items"


@pytest.fixture
async def editor(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service with editing on, that shows the key."""
    app = create_app(settings.model_copy(update={"edit_key": _secret(KEY)}))
    transport = httpx.ASGITransport(app)
    async with (
        started(app),
        httpx.AsyncClient(transport=transport, base_url=BASE, headers=BEARER) as client,
    ):
        yield client


def _secret(key: str) -> Any:
    return Settings.model_validate({"DATABASE_URL": "postgresql://x", "edit_key": key}).edit_key


def _feature(feature_id: str = "new", **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [57.1, 30.3]},
        "properties": {"id": feature_id, "kind": "village", "name_fa": "نو", **properties},
    }


async def _created(editor: httpx.AsyncClient, feature_id: str) -> httpx.Response:
    response = await editor.post(ITEMS, json=_feature(feature_id), headers=GEOJSON)
    assert response.status_code == 201, response.text
    return response


async def test_a_feature_is_made_changed_and_gone(editor: httpx.AsyncClient) -> None:
    before = (await editor.get(ITEMS)).json()["numberMatched"]
    made = await _created(editor, "آ/1")
    place = made.headers["location"]
    assert place == f"{BASE}{ITEMS}/%D8%A2%2F1"
    got = await editor.get(place)
    assert got.headers["etag"].startswith(made.headers["etag"].partition(".")[0])
    assert got.json()["geometry"] == {"type": "Point", "coordinates": [57.1, 30.3]}
    assert (await editor.get(ITEMS)).json()["numberMatched"] == before + 1

    patched = await editor.patch(
        place, content=json.dumps({"properties": {"population": 7}}), headers=PATCH
    )
    assert patched.status_code == 204
    after = (await editor.get(place)).json()["properties"]
    assert (after["population"], after["name_fa"]) == (7, "نو")

    replaced = await editor.put(place, json=_feature("آ/1", name_en="New"), headers=GEOJSON)
    assert replaced.status_code == 204
    after = (await editor.get(place)).json()["properties"]
    assert (after["population"], after["name_en"]) == (None, "New")

    assert (await editor.delete(place)).status_code == 204
    assert (await editor.get(place)).status_code == 404
    assert (await editor.delete(place)).status_code == 404
    assert (await editor.get(ITEMS)).json()["numberMatched"] == before


async def test_a_geometry_is_moved_and_removed_by_a_patch(editor: httpx.AsyncClient) -> None:
    place = (await _created(editor, "moved")).headers["location"]
    for patch, expected in (
        ({"geometry": {"type": "Point", "coordinates": [58, 31]}}, [58, 31]),
        ({"geom": {"type": "Point", "coordinates": [58.5, 31]}}, [58.5, 31]),
        ({"geometry": None}, None),
    ):
        done = await editor.patch(place, content=json.dumps(patch), headers=PATCH)
        assert done.status_code == 204, done.text
        geometry = (await editor.get(place)).json()["geometry"]
        assert (geometry and geometry["coordinates"]) == expected


@pytest.mark.parametrize("brackets", [True, False])
@pytest.mark.parametrize(
    ("crs", "coordinates"),
    [
        ("http://www.opengis.net/def/crs/EPSG/0/4326", [30.3, 57.1]),
        ("http://www.opengis.net/def/crs/EPSG/0/32640", [509615.63, 3352032.78]),
    ],
)
async def test_coordinates_in_the_crs_that_content_crs_names(
    editor: httpx.AsyncClient, crs: str, coordinates: list[float], brackets: bool
) -> None:
    feature = _feature("in-crs")
    feature["geometry"]["coordinates"] = coordinates
    headers = GEOJSON | {"content-crs": f"<{crs}>" if brackets else crs}
    made = await editor.post(ITEMS, json=feature, headers=headers)
    assert made.status_code == 201, made.text
    got = (await editor.get(made.headers["location"])).json()
    assert got["geometry"]["coordinates"] == pytest.approx([57.1, 30.3], abs=1e-5)
    assert (await editor.delete(made.headers["location"])).status_code == 204


async def test_of_two_writers_with_one_tag_exactly_one_wins(editor: httpx.AsyncClient) -> None:
    place = (await _created(editor, "contested")).headers["location"]
    tag = (await editor.get(place, params={"properties": "name_fa"})).headers["etag"]

    async def write(number: int) -> int:
        body = json.dumps({"properties": {"population": number}})
        return (
            await editor.patch(place, content=body, headers=PATCH | {"if-match": tag})
        ).status_code

    statuses = await asyncio.gather(*(write(number) for number in range(8)))
    assert sorted(statuses) == [204] + [412] * 7


async def test_if_match_and_if_none_match(editor: httpx.AsyncClient) -> None:
    place = (await _created(editor, "tagged")).headers["location"]
    tag = (await editor.get(place)).headers["etag"]
    body = json.dumps({"properties": {"population": 1}})
    for header, status in (
        ({"if-match": '"other"'}, 412),
        ({"if-match": f"W/{tag}"}, 412),
        ({"if-none-match": "*"}, 412),
        ({"if-none-match": tag}, 412),
        ({"if-match": f'"x", {tag}'}, 204),
        ({"if-match": "*"}, 204),
        ({}, 204),
    ):
        done = await editor.patch(place, content=body, headers=PATCH | header)
        assert done.status_code == status, header
    unmodified = await editor.get(
        place, headers={"if-none-match": (await editor.get(place)).headers["etag"]}
    )
    assert unmodified.status_code == 304


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "castle"}, "properties.kind"),
    ({"kind": None}, "properties.kind: is missing"),
    ({"population": -1}, "properties.population"),
    ({"population": "many"}, "give a whole number"),
    ({"population": 2**70}, "properties.population"),
    ({"wealth": 1}, "there is no such attribute"),
    ({"name_fa": "x" * 300}, "200 characters or fewer"),
    ({"name_fa": "a\x00b"}, "properties.name_fa"),
    ({"synthetic": "yes"}, "true or false"),
]


@pytest.mark.parametrize(("properties", "why"), REFUSED)
async def test_every_violation_of_the_schema_is_told(
    editor: httpx.AsyncClient, properties: dict[str, Any], why: str
) -> None:
    response = await editor.post(ITEMS, json=_feature("bad", **properties), headers=GEOJSON)
    assert response.status_code == 422, response.text
    problem = response.json()
    assert why in problem["detail"]
    assert len(problem["faults"]) >= 1
    assert (await editor.get(f"{ITEMS}/bad")).status_code == 404


async def test_all_violations_come_at_once(editor: httpx.AsyncClient) -> None:
    feature = _feature("bad", kind="castle", population=-1)
    feature["geometry"] = {"type": "Point", "coordinates": [0, 0]}
    faults = (await editor.post(ITEMS, json=feature, headers=GEOJSON)).json()["faults"]
    assert len(faults) == 3


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "LineString", "coordinates": [[57, 30], [58, 31]]},
        {"type": "Point", "coordinates": [57]},
        {"type": "Point", "coordinates": ["57", 30]},
        {"type": "Point", "coordinates": [200, 30]},
        {"type": "Point", "coordinates": [30.3, 57.1]},
        {"type": "Point", "coordinates": []},
        {"type": "Point"},
        {"type": "Nonsense", "coordinates": [1, 2]},
        "POINT(57 30)",
        [57, 30],
    ],
)
async def test_what_is_no_place_in_the_country(editor: httpx.AsyncClient, geometry: object) -> None:
    feature = _feature("bad") | {"geometry": geometry}
    response = await editor.post(ITEMS, json=feature, headers=GEOJSON)
    assert response.status_code == 422, response.text
    assert "geometry" in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/geo+json", 400),
        (b"{", "application/geo+json", 400),
        (b"[]", "application/geo+json", 400),
        (b'{"type": "FeatureCollection", "features": []}', "application/geo+json", 400),
        (b'{"type": "Feature", "properties": 3}', "application/geo+json", 400),
        (b'{"type": "Feature", "type": "Feature"}', "application/geo+json", 400),
        (b'{"type": "Feature", "properties": {"population": NaN}}', "application/geo+json", 400),
        (b"\xff\xfe", "application/geo+json", 400),
        (b"[" * 100_000, "application/geo+json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b"x" * (10 * 1024 * 1024 + 1), "application/geo+json", 413),
    ],
)
async def test_what_cannot_be_read(
    editor: httpx.AsyncClient, body: bytes, content_type: str, status: int
) -> None:
    response = await editor.post(ITEMS, content=body, headers={"content-type": content_type})
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_key_that_is_taken_and_a_feature_that_is_not_there(
    editor: httpx.AsyncClient,
) -> None:
    assert (await editor.post(ITEMS, json=_feature("v1"), headers=GEOJSON)).status_code == 409
    missing = f"{ITEMS}/nobody"
    feature = _feature("nobody")
    assert (await editor.put(missing, json=feature, headers=GEOJSON)).status_code == 404
    assert (await editor.patch(missing, content=b"{}", headers=PATCH)).status_code == 404
    other = await editor.put(f"{ITEMS}/v1", json=_feature("v2"), headers=GEOJSON)
    assert other.status_code == 422
    assert "cannot be changed" in other.json()["detail"]


async def test_a_broken_rule_of_the_table_names_it_without_sql(editor: httpx.AsyncClient) -> None:
    feature = _feature("nameless", name_fa=None)
    response = await editor.post(ITEMS, json=feature, headers=GEOJSON)
    assert response.status_code == 422
    assert "name" in response.json()["detail"]
    assert "INSERT" not in response.text


def _basic(password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"qgis:{password}".encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({}, "", 401),
        ({"authorization": "Bearer wrong"}, "", 403),
        ({"authorization": f"Bearer {KEY}x"}, "", 403),
        ({"authorization": f"Digest {KEY}"}, "", 401),
        ({"authorization": "Basic !"}, "", 403),
        (_basic("wrong"), "", 403),
        ({}, "?key=wrong", 403),
        ({}, "?key=", 403),
        (BEARER, "", 404),
        (_basic(KEY), "", 404),
        ({"x-api-key": KEY}, "", 404),
        ({}, f"?key={KEY}", 404),
        ({}, f"?k%65y={KEY}", 404),
    ],
)
async def test_who_may_edit(
    editor: httpx.AsyncClient, headers: dict[str, str], query: str, status: int
) -> None:
    editor.headers.pop("authorization")
    response = await editor.delete(f"{ITEMS}/nobody{query}", headers=headers)
    assert response.status_code == status
    if status == 401:
        assert "Basic" in response.headers["www-authenticate"]


async def test_the_key_is_in_no_answer_and_no_log(
    editor: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="geoservice")
    for path in ("/", "/collections", f"{ITEMS}?limit=3", f"{ITEMS}/v1", f"{ITEMS}?colour=red"):
        mark = "&" if "?" in path else "?"
        response = await editor.get(f"{path}{mark}key={KEY}")
        assert response.status_code in (200, 400)
        assert KEY not in response.text
        assert KEY not in str(response.headers)
    assert KEY not in caplog.text


async def test_options_say_what_is_possible(editor: httpx.AsyncClient) -> None:
    expected = {
        ITEMS: "GET, HEAD, OPTIONS, POST",
        f"{ITEMS}/v1": "GET, HEAD, OPTIONS, PUT, PATCH, DELETE",
        "/collections/county/items": "GET, HEAD, OPTIONS",
        "/": "GET, HEAD, OPTIONS",
    }
    for path, allow in expected.items():
        response = await editor.options(path)
        assert response.headers["allow"] == allow
        assert response.headers["access-control-allow-methods"] == allow
    refused = await editor.post("/collections/county/items", json=_feature(), headers=GEOJSON)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


async def test_without_a_key_nothing_can_be_edited(client: httpx.AsyncClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in (ITEMS, f"{ITEMS}/v1"):
            response = await client.request(method, path, headers=BEARER)
            assert response.status_code == 405
    classes = (await client.get("/conformance")).json()["conformsTo"]
    assert not [c for c in classes if "features-4" in c]
    paths = (await client.get("/api")).json()["paths"]
    assert set(paths[ITEMS]) == {"get"}


async def test_with_a_key_it_is_declared(editor: httpx.AsyncClient) -> None:
    classes = (await editor.get("/conformance")).json()["conformsTo"]
    assert [c for c in classes if c.endswith("features-4/1.0/conf/create-replace-delete")]
    paths = (await editor.get("/api")).json()["paths"]
    assert {"get", "post"} <= set(paths[ITEMS])
    assert {"get", "put", "patch", "delete"} <= set(paths[f"{ITEMS}/{{featureId}}"])
    assert set(paths["/collections/county/items"]) == {"get"}


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["type", "id", "geometry", "properties", "coordinates", "kind", "name_fa", "x"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=10,
)


@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_JSON, st.sampled_from(["POST", "PUT", "PATCH"]))
async def test_no_content_is_a_fault_of_the_server(
    editor: httpx.AsyncClient, document: Any, method: str
) -> None:
    if isinstance(document, dict):
        document = {"type": "Feature"} | document
    path = ITEMS if method == "POST" else f"{ITEMS}/v2"
    headers = PATCH if method == "PATCH" else GEOJSON
    response = await editor.request(method, path, content=json.dumps(document), headers=headers)
    assert response.status_code < 500, response.text
