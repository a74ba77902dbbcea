from __future__ import annotations

from typing import Any

import httpx
import mapbox_vector_tile
import pytest

from geoservice.database.engine import Connection
from geoservice.publish.grid import Tile, tile_at

pytestmark = pytest.mark.anyio

KERMAN = tile_at(50.5, 30.5, 8)


async def _tile(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    response = await client.get(path)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    decoded: dict[str, Any] = mapbox_vector_tile.decode(response.content)
    return decoded


async def test_both_addresses_give_the_same_tile(client: httpx.AsyncClient) -> None:
    z, x, y = KERMAN.z, KERMAN.x, KERMAN.y
    xyz = await client.get(f"/tiles/county/{z}/{x}/{y}.mvt")
    ogc = await client.get(f"/collections/county/tiles/WebMercatorQuad/{z}/{y}/{x}")
    assert xyz.content == ogc.content
    assert xyz.headers["etag"] == ogc.headers["etag"]
    layer = mapbox_vector_tile.decode(xyz.content)["county"]
    assert layer["extent"] == 4096
    bam = next(f["properties"] for f in layer["features"] if f["properties"]["code"] == "0101")
    assert bam["name_fa"] == "بم"
    assert bam["population"] == 700
    assert bam["schematic"] is True
    assert "region_set" not in bam
    assert "0102" not in {f["properties"]["code"] for f in layer["features"]}


@pytest.mark.parametrize("zoom", [0, 1, 5, 8, 14, 24])
async def test_a_point_lies_where_it_should(client: httpx.AsyncClient, zoom: int) -> None:
    tile = tile_at(50.5, 30.5, zoom)
    layers = await _tile(client, f"/tiles/project/{tile.z}/{tile.x}/{tile.y}.mvt")
    features = {f["properties"]["id"]: f for f in layers["project"]["features"]}
    px, py = features["p/1"]["geometry"]["coordinates"]
    box = tile.box()
    # The box has a margin of 64 on each side of 4096 units; latitude is nearly linear in a tile.
    lon = box.west + (px + 64) / (4096 + 128) * (box.east - box.west)
    assert lon == pytest.approx(50.5, abs=360 / 2**zoom / 500) or zoom < 2
    assert 0 <= px <= 4096
    assert 0 <= py <= 4096
    assert features["p/1"]["properties"]["budget"] == 1000.0


ADDRESSES = (
    "/tiles/county/{0.z}/{0.x}/{0.y}.mvt",
    "/tiles/county,province/{0.z}/{0.x}/{0.y}.mvt",
    "/collections/county/tiles/WebMercatorQuad/{0.z}/{0.y}/{0.x}",
    "/tiles/WebMercatorQuad/{0.z}/{0.y}/{0.x}",
    "/tiles/county.json",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("value", ["", "1", "True", "yes", "true,false"])
async def test_label_points_are_wanted_or_not(
    client: httpx.AsyncClient, address: str, value: str
) -> None:
    for tile in (KERMAN, Tile(0, 0, 0)):
        refused = await client.get(f"{address.format(tile)}?label-points={value}")
        assert refused.status_code == 400, refused.text
        assert "label-points" in refused.json()["detail"]
        assert "true, false" in refused.json()["detail"]


@pytest.mark.parametrize("size", [8, 16, 32, 64])
async def test_cells_are_of_any_size_from_the_first_zoom_on(
    client: httpx.AsyncClient, size: int
) -> None:
    layers = await _tile(client, f"/tiles/project/0/0/0.mvt?cell-size={size}")
    assert layers["project"]["features"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("value", ["", "0", "12", "-8", "8.0", "128", "8,16", "nan", "9" * 30])
async def test_cells_are_of_some_sizes_only(
    client: httpx.AsyncClient, address: str, value: str
) -> None:
    for tile in (KERMAN, Tile(0, 0, 0)):
        refused = await client.get(f"{address.format(tile)}?cell-size={value}")
        assert refused.status_code == 400, refused.text
        assert refused.json()["parameter"] == "cell-size"
        assert refused.json()["allowed"] == ["8", "16", "32", "64"]


@pytest.mark.parametrize("address", ADDRESSES[:-1])
async def test_areas_come_as_the_points_of_their_labels(
    client: httpx.AsyncClient, address: str
) -> None:
    path = address.format(tile_at(50.5, 30.5, 7))
    shapes, points = await _tile(client, path), await _tile(client, f"{path}?label-points=true")
    assert await _tile(client, f"{path}?label-points=false") == shapes
    (bam,) = points["county"]["features"]  # the other one's middle lies in another tile
    assert bam["geometry"]["type"] == "Point"
    (shape,) = [f for f in shapes["county"]["features"] if f["properties"]["code"] == "0101"]
    assert shape["geometry"]["type"] == "Polygon"
    assert bam["properties"] == shape["properties"]
    narrowed = await _tile(client, f"{path}?label-points=true&properties=name_fa")
    assert narrowed["county"]["features"][0]["properties"] == {"name_fa": "بم"}
    assert "county" not in await _tile(client, f"{path}?label-points=true&code=0201")


async def test_tilejson_carries_label_points_and_sizes_of_cells_on(
    client: httpx.AsyncClient,
) -> None:
    described = (await client.get("/tiles/county.json?label-points=true&region_set=1400")).json()
    (tiles,) = described["tiles"]
    assert "label-points=true" in tiles
    assert "region_set=1400" in tiles
    wide = (await client.get("/tiles/place.json?cell-size=64")).json()
    assert "cell-size=64" in wide["tiles"][0]
    plain = (await client.get("/tiles/county.json?label-points=false&cell-size=8")).json()
    assert "cell-size" not in plain["tiles"][0]
    assert "label-points" not in plain["tiles"][0]


async def test_a_dimension_and_a_filter(client: httpx.AsyncClient) -> None:
    path = f"/tiles/balance_county/{KERMAN.z}/{KERMAN.x}/{KERMAN.y}.mvt"
    latest = (await _tile(client, path))["balance_county"]["features"]
    assert {f["properties"]["year"] for f in latest} == {1400}
    earlier = (await _tile(client, f"{path}?year=1399&code=0101&v=3"))["balance_county"]["features"]
    assert [(f["properties"]["year"], f["properties"]["code"]) for f in earlier] == [(1399, "0101")]
    assert await _tile(client, f"{path}?region_set=1400") == {}


async def test_an_empty_tile_is_a_tile(client: httpx.AsyncClient) -> None:
    for path in ("/tiles/county/8/0/0.mvt", "/tiles/address/0/0/0.mvt"):
        response = await client.get(path)
        assert (response.status_code, response.content) == (200, b"")
        again = await client.get(path, headers={"if-none-match": response.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/tiles/county/25/0/0.mvt",
        "/tiles/county/3/8/0.mvt",
        "/tiles/county/3/0/8.mvt",
        "/tiles/county/3/-1/0.mvt",
        "/tiles/county/3/0/+1.mvt",
        "/tiles/county/x/0/0.mvt",
        f"/tiles/county/3/{'9' * 30}/0.mvt",
        f"/tiles/county/{'9' * 30}/0/0.mvt",
        "/tiles/county/3/۱/0.mvt",
        "/tiles/county/1.5/0/0.mvt",
        "/tiles/nowhere/0/0/0.mvt",
        "/tiles/nowhere.json",
        "/collections/nowhere/tiles",
        "/collections/nowhere/tiles/WebMercatorQuad",
        "/collections/nowhere/tiles/WebMercatorQuad/0/0/0",
        "/collections/county/tiles/WebMercatorQuad/0/0/1",
        "/collections/county/tiles/WorldCRS84Quad/0/1/0",
        "/collections/county/tiles/WorldCRS84Quad/0/0/2",
        "/collections/county/tiles/WorldCRS84Quad/24/0/0",
        "/collections/county/tiles/WorldMercatorWGS84Quad/0/0/0",
        "/collections/county/tiles/WorldMercatorWGS84Quad",
        "/collections/county/tiles/webmercatorquad",
        "/tiles/WebMercatorQuad/0/0/1",
        "/tiles/WebMercatorQuad/25/0/0",
        "/tiles/WebMercatorQuad/0/-1/0",
        f"/tiles/WorldCRS84Quad/{'9' * 30}/0/0",
        "/tiles/WorldMercatorWGS84Quad/0/0/0",
        "/tiles/WorldMercatorWGS84Quad",
        "/tiles/county/0/0/0",
        "/tiles/county",
        "/tiles/WebMercatorQuad/0/0/0.mvt",
        "/tiles/county,nowhere/0/0/0.mvt",
        "/tiles/county,/0/0/0.mvt",
        "/tiles/county,county/0/0/0.mvt",
        "/tiles/county,nowhere.json",
        "/tiles/county,place,county.json",
        "/tileMatrixSets/WorldMercatorWGS84Quad",
    ],
)
async def test_tiles_that_do_not_exist(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == 404


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/tiles/county/0/0/0.mvt?colour=red", "colour"),
        ("/tiles/county/0/0/0.mvt?f=png", "f"),
        ("/tiles/balance_county/0/0/0.mvt?year=x", "year"),
        ("/tiles/county/0/0/0.mvt?limit=3", "limit"),
        ("/tiles/county.json?colour=red", "colour"),
        ("/tiles/balance_county.json?year=x", "year"),
        ("/collections/county/tiles?colour=red", "colour"),
        ("/collections/county/tiles/WebMercatorQuad?f=xml", "f"),
        ("/collections/county/tiles/WorldCRS84Quad?f=tilejson", "f"),
        ("/collections/county/tiles/WebMercatorQuad?collections=place", "collections"),
        ("/collections/county/tiles/WebMercatorQuad/0/0/0?collections=place", "collections"),
        ("/tiles?f=xml", "f"),
        ("/tiles?collections=county", "collections"),
        ("/tiles/WebMercatorQuad?f=png", "f"),
        ("/tiles/WorldCRS84Quad?f=tilejson", "f"),
        ("/tiles/WebMercatorQuad?collections=nowhere", "collections"),
        ("/tiles/WebMercatorQuad?colour=red", "colour"),
        ("/tiles/WebMercatorQuad/0/0/0?collections=county,nowhere", "collections"),
        ("/tiles/WebMercatorQuad/0/0/0?collections=", "collections"),
        ("/tiles/WebMercatorQuad/0/0/0?collections=county,county", "collections"),
        ("/tiles/WebMercatorQuad/0/0/0?collections=county&collections=place", "collections"),
        ("/tiles/WebMercatorQuad/0/0/0?collections=place&year=1400", "year"),
        ("/tiles/WebMercatorQuad/0/0/0?colour=red", "colour"),
        ("/tiles/WebMercatorQuad/0/0/0?f=json", "f"),
        ("/tiles/county/0/0/0.mvt?properties=nothing", "properties"),
        ("/tiles/county/0/0/0.mvt?properties=", "properties"),
        ("/tiles/county/0/0/0.mvt?properties=region_set", "properties"),
        ("/tiles/county/0/0/0.mvt?properties=name_fa&properties=code", "properties"),
        ("/tiles/county.json?properties=nothing", "properties"),
        ("/tiles/county.json?v=3", "v"),
        ("/tiles/county,place/8/0/0.mvt?filter=area_km2>1", "filter"),
        ("/tiles/county,place.json?filter=area_km2>1", "filter"),
        ("/tiles/county/0/0/0.mvt?filter=nothing=1", "filter"),
        ("/tiles/county/0/0/0.mvt?filter=name_fa>1", "filter"),
        ("/tiles/county/0/0/0.mvt?datetime=yesterday", "datetime"),
        ("/tileMatrixSets?f=xml", "f"),
        ("/tileMatrixSets/WebMercatorQuad?colour=red", "colour"),
    ],
)
async def test_bad_parameters(client: httpx.AsyncClient, path: str, parameter: str) -> None:
    response = await client.get(path)
    assert response.status_code == 400
    assert response.json()["parameter"] == parameter


async def test_tilejson_leads_to_its_tiles(client: httpx.AsyncClient) -> None:
    document = (await client.get("/tiles/balance_county.json?year=1399")).json()
    assert document["tilejson"] == "3.0.0"
    assert document["bounds"] == [50, 30, 52, 32]
    template = document["tiles"][0]
    assert template.startswith("http://geo.test/tiles/balance_county/{z}/{x}/{y}.mvt?year=1399&v=")
    url = template.format(z=KERMAN.z, x=KERMAN.x, y=KERMAN.y)
    features = (await _tile(client, url))["balance_county"]["features"]
    vector_layer, _ = document["vector_layers"]
    assert vector_layer["id"] == "balance_county"
    for feature in features:
        assert set(feature["properties"]) <= set(vector_layer["fields"])


async def test_the_url_of_tiles_changes_with_the_data(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    before = (await client.get("/tiles/place.json")).json()["tiles"]
    assert (await client.get("/tiles/place.json")).json()["tiles"] == before
    connection.execute("UPDATE source.place SET population = population + 1")
    connection.commit()
    assert (await client.get("/tiles/place.json")).json()["tiles"] != before


async def test_the_tileset_describes_and_links_its_tiles(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/collections/county/tiles")).json()["tilesets"][0]
    here = next(link["href"] for link in listed["links"] if link["rel"] == "self")
    tileset = (await client.get(here)).json()
    assert tileset["dataType"] == "vector"
    assert tileset["layers"][0]["geometryDimension"] == 2
    limits = {limit["tileMatrix"]: limit for limit in tileset["tileMatrixSetLimits"]}
    assert limits["8"]["minTileCol"] <= KERMAN.x <= limits["8"]["maxTileCol"]
    assert limits["8"]["minTileRow"] <= KERMAN.y <= limits["8"]["maxTileRow"]
    item = next(link for link in tileset["links"] if link["rel"] == "item")
    assert item["templated"] is True
    url = item["href"].format(tileMatrix=KERMAN.z, tileRow=KERMAN.y, tileCol=KERMAN.x)
    assert "county" in await _tile(client, url)
    assert (await client.get(f"{here}?f=tilejson")).json()["tilejson"] == "3.0.0"


async def test_an_edit_is_seen_by_the_next_request(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    tile = tile_at(50.5, 30.5, 12)
    path = f"/tiles/address/{tile.z}/{tile.x}/{tile.y}.mvt"
    before = await client.get(path)
    connection.execute("DELETE FROM source.address WHERE postal_code = '7618700001'")
    connection.commit()
    after = await client.get(path, headers={"if-none-match": before.headers["etag"]})
    assert before.content
    assert (after.status_code, after.content) == (200, b"")
