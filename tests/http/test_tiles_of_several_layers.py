from __future__ import annotations

import httpx
import mapbox_vector_tile
import pytest

from geoservice.database.engine import Connection
from geoservice.publish.grid import WORLD_CRS84_QUAD, tile_at
from tests.vector_tiles import layers_of

pytestmark = pytest.mark.anyio

KERMAN = tile_at(50.5, 30.5, 8)
XYZ = f"{KERMAN.z}/{KERMAN.x}/{KERMAN.y}.mvt"
ROW_FIRST = f"{KERMAN.z}/{KERMAN.y}/{KERMAN.x}"


async def _names(client: httpx.AsyncClient, path: str) -> list[str]:
    response = await client.get(path)
    assert response.status_code == 200, response.text
    return [layer.name for layer in layers_of(response.content)]


@pytest.mark.parametrize("ids", ["place,county", "county,place", "project,place,county", "county"])
async def test_layers_come_in_the_order_of_the_address(client: httpx.AsyncClient, ids: str) -> None:
    xyz = await client.get(f"/tiles/{ids}/{XYZ}")
    dataset = await client.get(f"/tiles/WebMercatorQuad/{ROW_FIRST}?collections={ids}")
    assert [layer.name for layer in layers_of(xyz.content)] == ids.split(",")
    assert dataset.content == xyz.content
    assert dataset.headers["etag"] == xyz.headers["etag"]


async def test_the_dataset_shows_every_layer(client: httpx.AsyncClient) -> None:
    every = [c["id"] for c in (await client.get("/collections")).json()["collections"]]
    found = await _names(client, f"/tiles/WebMercatorQuad/{ROW_FIRST}")
    assert found == [name for name in every if name in found]
    assert {"county", "place", "province", "project", "balance_county"} <= set(found)
    tile = WORLD_CRS84_QUAD.tile_at(50.5, 30.5, 7)
    address = f"{tile.z}/{tile.y}/{tile.x}"
    assert await _names(client, f"/tiles/WorldCRS84Quad/{address}") == found


async def test_each_layer_is_as_it_is_alone(client: httpx.AsyncClient) -> None:
    both = mapbox_vector_tile.decode((await client.get(f"/tiles/place,county/{XYZ}")).content)
    for name in ("place", "county"):
        alone = (await client.get(f"/tiles/{name}/{XYZ}")).content
        assert mapbox_vector_tile.decode(alone) == {name: both[name]}


async def test_a_queryable_goes_for_the_layers_that_have_it(client: httpx.AsyncClient) -> None:
    body = (await client.get(f"/tiles/place,county/{XYZ}?code=0101&kind=city")).content
    found = mapbox_vector_tile.decode(body)
    assert [f["properties"]["code"] for f in found["county"]["features"]] == ["0101"]
    assert {f["properties"]["kind"] for f in found["place"]["features"]} == {"city"}


async def test_a_dimension_of_one_of_them(client: httpx.AsyncClient) -> None:
    path = f"/tiles/place,balance_county/{XYZ}"
    for year in (1399, 1400):
        found = mapbox_vector_tile.decode((await client.get(f"{path}?year={year}")).content)
        assert {f["properties"]["year"] for f in found["balance_county"]["features"]} == {year}
        assert found["place"]["features"]


async def test_a_filter_that_fits_every_layer(client: httpx.AsyncClient) -> None:
    path = f"/tiles/place,county/{XYZ}?filter="
    found = mapbox_vector_tile.decode((await client.get(f"{path}population>150")).content)
    for name in ("place", "county"):
        assert all(f["properties"]["population"] > 150 for f in found[name]["features"])
        assert found[name]["features"]
    boxed = await client.get(f"{path}S_INTERSECTS(geom,BBOX(50.0,30.0,50.1,31.0))")
    assert {layer.name for layer in layers_of(boxed.content)} == {"place", "county"}


async def test_a_filter_that_does_not_fit_says_whom_and_what_would(
    client: httpx.AsyncClient,
) -> None:
    for path in (f"/tiles/county,place/{XYZ}", "/tiles/county,place/0/0/0.mvt"):
        response = await client.get(f"{path}?filter=area_km2>1")
        assert response.status_code == 400
        problem = response.json()
        assert problem["parameter"] == "filter"
        assert "«place» has no attribute «area_km2»" in problem["detail"]
        assert "population" in problem["allowed"]


async def test_properties_are_taken_from_each_layer(client: httpx.AsyncClient) -> None:
    path = f"/tiles/place,county/{XYZ}?properties=code,kind"
    found = mapbox_vector_tile.decode((await client.get(path)).content)
    assert {tuple(f["properties"]) for f in found["county"]["features"]} == {("code",)}
    carried = {name for f in found["place"]["features"] for name in f["properties"]}
    assert "kind" in carried
    assert carried <= {"kind", "point_count"}
    refused = await client.get(f"/tiles/place,county/{XYZ}?properties=code,budget")
    assert refused.status_code == 400
    assert "kind" in refused.json()["allowed"]
    assert "budget" not in refused.json()["allowed"]


async def test_unknown_layers_are_told_with_those_there_are(client: httpx.AsyncClient) -> None:
    for path in ("/tiles/county,nowhere/0/0/0.mvt", "/tiles/nowhere,county.json"):
        response = await client.get(path)
        assert response.status_code == 404
        assert "no layer «nowhere»" in response.json()["detail"]
        assert "place" in response.json()["detail"]
    response = await client.get("/tiles/WebMercatorQuad/0/0/0?collections=nowhere")
    assert response.status_code == 400
    assert "county" in response.json()["allowed"]


async def test_no_more_layers_than_a_tile_holds(client: httpx.AsyncClient) -> None:
    many = ",".join(f"l{n}" for n in range(17))
    response = await client.get(f"/tiles/{many}/0/0/0.mvt")
    assert response.status_code == 404
    assert "name up to 16" in response.json()["detail"]
    response = await client.get(f"/tiles/WebMercatorQuad/0/0/0?collections={many}")
    assert (response.status_code, response.json()["parameter"]) == (400, "collections")


async def test_an_address_without_its_ending_leads_to_it(client: httpx.AsyncClient) -> None:
    response = await client.get("/tiles/county/3/5/3")
    assert response.status_code == 404
    assert "/tiles/county/3/5/3.mvt" in response.json()["detail"]


async def test_tilejson_of_several_layers_leads_to_their_tiles(client: httpx.AsyncClient) -> None:
    document = (await client.get("/tiles/county,place.json?properties=name_fa")).json()
    ids = [each["id"] for each in document["vector_layers"]]
    assert ids == ["county", "county_omitted", "place"]
    assert document["bounds"] == [50, 30, 52, 32]
    (template,) = document["tiles"]
    assert template.startswith(
        "http://geo.test/tiles/county,place/{z}/{x}/{y}.mvt?properties=name_fa&v="
    )
    url = template.format(z=KERMAN.z, x=KERMAN.x, y=KERMAN.y)
    assert await _names(client, url) == ["county", "place"]


async def test_tilejson_of_the_dataset_leads_to_its_tiles(client: httpx.AsyncClient) -> None:
    for query, names in (("", None), ("&collections=place,county", ["place", "county"])):
        document = (await client.get(f"/tiles/WebMercatorQuad?f=tilejson{query}")).json()
        (template,) = document["tiles"]
        found = await _names(client, template.format(z=KERMAN.z, x=KERMAN.x, y=KERMAN.y))
        assert found == (names or found)
        assert set(found) <= {each["id"] for each in document["vector_layers"]}


async def test_an_edit_of_any_layer_changes_the_tile(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    path = f"/tiles/county,place/{XYZ}"
    before = await client.get(path)
    held = {"if-none-match": before.headers["etag"]}
    assert (await client.get(path, headers=held)).status_code == 304
    urls = (await client.get("/tiles/county,place.json")).json()["tiles"]
    connection.execute("UPDATE source.place SET population = population + 1000")
    connection.commit()
    after = await client.get(path, headers=held)
    assert after.status_code == 200
    assert after.content != before.content
    assert (await client.get("/tiles/county,place.json")).json()["tiles"] != urls
