from __future__ import annotations

import mapbox_vector_tile
import pytest

from geoservice.catalog.layer import Layer, Tiles, Zoom
from geoservice.database.engine import AsyncConnection
from geoservice.publish.grid import MATRIX_SETS, WORLD_CRS84_QUAD, Tile, tile_at
from geoservice.publish.selection import Selection
from geoservice.publish.tile_request import Part, TileRequest
from tests.publish.conftest import layer_of
from tests.read_tile import read_tile, tile_of
from tests.vector_tiles import POINT, POLYGON, layers_of, polygons

pytestmark = pytest.mark.anyio

TYPED = layer_of(
    """SELECT 'p' AS id, 5 AS integer, 2.5::numeric AS number, 'NaN'::float8 AS nan,
       true AS boolean, DATE '2021-03-21' AS date, ST_SetSRID(ST_Point(50.5, 30.5), 4326) AS geom
       UNION ALL SELECT 'nowhere', 1, 1, 1, true, NULL, NULL""",
    id="string",
    integer="integer",
    number="number",
    nan="number",
    boolean="boolean",
    date="date",
)


async def test_values_have_the_types_of_vector_tiles(reading: AsyncConnection) -> None:
    body = await read_tile(reading, TYPED, Selection(), tile_at(50.5, 30.5, 6))
    (feature,) = mapbox_vector_tile.decode(body)["made"]["features"]
    assert feature["properties"] == {
        "id": "p",
        "integer": 5,
        "number": 2.5,
        "boolean": True,
        "date": "2021-03-21",
    }


async def test_a_neighbour_carries_what_lies_in_its_margin(reading: AsyncConnection) -> None:
    edge = Tile(6, 41, 26)
    west = edge.x / 64 * 360 - 180
    layer = layer_of(
        f"SELECT 1 AS id, ST_SetSRID(ST_Point({west} + 0.01, 30), 4326) AS geom",
        id="integer",
    )
    for x, there in ((40, True), (41, True), (39, False), (42, False)):
        assert bool(await read_tile(reading, layer, Selection(), Tile(6, x, 26))) is there


async def test_above_its_first_zoom_a_layer_has_no_tiles(reading: AsyncConnection) -> None:
    layer = TYPED.model_copy(update={"zoom": Zoom(min=7)})
    assert await read_tile(reading, layer, Selection(), tile_at(50.5, 30.5, 6)) == b""
    assert await read_tile(reading, layer, Selection(), tile_at(50.5, 30.5, 7))


async def test_a_whole_country_of_polygons_is_valid_at_every_zoom(reading: AsyncConnection) -> None:
    layer = layer_of(
        """SELECT n AS id, ST_Multi(ST_MakeEnvelope(50 + n, 30, 51 + n, 31, 4326)) AS geom
           FROM generate_series(0, 3) n""",
        geometry="MultiPolygon",
        id="integer",
    )
    for zoom in range(10):
        body = await read_tile(reading, layer, Selection(), tile_at(51.0, 30.5, zoom))
        assert mapbox_vector_tile.decode(body)["made"]["features"]


def _request(tile: Tile, *layers: Layer) -> TileRequest:
    return TileRequest(tile, tuple(Part(layer, Selection()) for layer in layers), "digest")


def _square(name: str, west: float, south: float, side: float) -> Layer:
    layer = layer_of(
        f"SELECT 1 AS id, ST_MakeEnvelope({west}, {south}, {west + side}, {south + side}, 4326)"
        " AS geom",
        geometry="Polygon",
        id="integer",
    )
    return layer.model_copy(update={"id": name})


async def test_a_polygon_in_a_tile_of_degrees(reading: AsyncConnection) -> None:
    """The tile is 11.25° wide: from 45 to 56.25 east, from 33.75 to 22.5 north."""
    tile = Tile(4, 20, 5, WORLD_CRS84_QUAD)
    body = await tile_of(_request(tile, _square("a", 47.8125, 25.3125, 2.8125)), reading)
    (layer,) = layers_of(body)
    (feature,) = layer.features
    ((exterior, holes),) = polygons(feature.geometry)
    assert holes == []
    assert set(exterior) == {(1024, 2048), (2048, 2048), (2048, 3072), (1024, 3072)}


async def test_what_reaches_over_a_tile_of_degrees_is_cut_at_its_margin(
    reading: AsyncConnection,
) -> None:
    tile = Tile(4, 20, 5, WORLD_CRS84_QUAD)
    body = await tile_of(_request(tile, _square("a", 40, 20, 20)), reading)
    ((exterior, _),) = polygons(layers_of(body)[0].features[0].geometry)
    assert set(exterior) == {(-64, -64), (4160, -64), (4160, 4160), (-64, 4160)}


async def test_neighbours_in_degrees_meet(reading: AsyncConnection) -> None:
    """The shared edge lies at the same place of the world in both tiles."""
    square = _square("a", 44, 24, 4)
    for x, edge in ((19, 4096), (20, 0)):
        body = await tile_of(_request(Tile(4, x, 5, WORLD_CRS84_QUAD), square), reading)
        ((exterior, _),) = polygons(layers_of(body)[0].features[0].geometry)
        assert min(p[0] for p in exterior) < edge < max(p[0] for p in exterior)
        assert {p[1] for p in exterior} == {round((33.75 - lat) / 11.25 * 4096) for lat in (24, 28)}


async def test_the_poles_and_the_antimeridian_are_edges(reading: AsyncConnection) -> None:
    world = layer_of(
        """SELECT 1 AS id, ST_MakeEnvelope(-180, -90, 180, 90, 4326) AS geom
           UNION ALL SELECT 2, ST_SetSRID(ST_Point(180, 90), 4326)""",
        geometry="Geometry",
        id="integer",
    )
    for x in (0, 1):
        body = await tile_of(_request(Tile(0, x, 0, WORLD_CRS84_QUAD), world), reading)
        shapes = {f.type: f.geometry for f in layers_of(body)[0].features}
        ((exterior, _),) = polygons(shapes[POLYGON])
        assert {p[1] for p in exterior} == {0, 4096}
        assert (POINT in shapes) is (x == 1)


@pytest.mark.parametrize("crs", [3857, 32639])
async def test_other_storage_lies_at_the_same_place(reading: AsyncConnection, crs: int) -> None:
    plain = "ST_SetSRID(ST_Point(50.5, 30.5), 4326)"
    made = [
        layer_of(f"SELECT 1 AS id, {geometry} AS geom", crs=srid, id="integer")
        for geometry, srid in ((plain, 4326), (f"ST_Transform({plain}, {crs})", crs))
    ]
    for grid in MATRIX_SETS.values():
        tile = grid.tile_at(50.5, 30.5, 9)
        first, second = [await tile_of(_request(tile, layer), reading) for layer in made]
        assert first == second != b""


async def test_several_layers_lie_one_behind_the_other(reading: AsyncConnection) -> None:
    tile = tile_at(50, 30, 5)
    layers = [_square(name, 49, 29, 2) for name in ("c", "a", "b")]
    away = _square("away", -100, 29, 1)
    body = await tile_of(_request(tile, layers[0], away, *layers[1:]), reading)
    assert [layer.name for layer in layers_of(body)] == ["c", "a", "b"]
    assert body == b"".join([await tile_of(_request(tile, layer), reading) for layer in layers])


@pytest.mark.parametrize(("buffer", "most"), [(0, 4096), (64, 4160), (512, 4608)])
async def test_a_layer_says_how_much_around_a_tile_it_carries(
    reading: AsyncConnection, buffer: int, most: int
) -> None:
    square = _square("a", 40, 20, 20).model_copy(update={"tiles": Tiles(buffer=buffer)})
    for grid in MATRIX_SETS.values():
        body = await tile_of(_request(grid.tile_at(50, 30, 6), square), reading)
        ((exterior, _),) = polygons(layers_of(body)[0].features[0].geometry)
        assert {p[0] for p in exterior} == {4096 - most, most}


async def test_beyond_its_bounds_a_layer_asks_no_database() -> None:
    nobody: AsyncConnection = None  # type: ignore[assignment]
    bounded = TYPED.model_copy(update={"tiles": Tiles(bounds=(50, 30, 51, 31))})
    for lon, lat in ((49, 30.5), (52, 30.5), (50.5, 29), (50.5, 32), (-120, -30)):
        for grid in MATRIX_SETS.values():
            request = _request(grid.tile_at(lon, lat, 10), bounded)
            assert request.showing == ()
            assert await tile_of(request, nobody) == b""
    with pytest.raises(AttributeError):
        await tile_of(_request(tile_at(50.5, 30.5, 10), bounded), nobody)


async def test_within_its_margin_a_tile_still_meets_the_bounds(reading: AsyncConnection) -> None:
    west = tile_at(50.5, 30.5, 6).box(0).west
    bounded = TYPED.model_copy(update={"tiles": Tiles(bounds=(west, 30, 51, 31))})
    beside = tile_at(west - 1, 30.5, 6)
    assert _request(beside, bounded).showing
    away = bounded.model_copy(update={"tiles": Tiles(bounds=(west + 0.2, 30, 51, 31))})
    assert not _request(beside, away).showing
    assert await read_tile(reading, away, Selection(), beside) == b""


async def test_an_attribute_shows_from_its_zoom_on(reading: AsyncConnection) -> None:
    number = TYPED.attributes["number"]
    later = number.model_validate(number.model_dump() | {"tiles": {"min": 8}})
    layer = TYPED.model_copy(update={"attributes": {**TYPED.attributes, "number": later}})
    for grid in MATRIX_SETS.values():
        for zoom, there in ((7, False), (8, True), (9, True)):
            tile = grid.tile_at(50.5, 30.5, zoom - grid.above)
            assert tile.zoom == zoom
            body = await tile_of(_request(tile, layer), reading)
            (feature,) = mapbox_vector_tile.decode(body)["made"]["features"]
            assert ("number" in feature["properties"]) is there
            assert feature["properties"]["integer"] == 5


@pytest.mark.parametrize("names", [("integer",), ("date", "id"), ()])
async def test_only_the_attributes_that_are_wanted(
    reading: AsyncConnection, names: tuple[str, ...]
) -> None:
    body = await read_tile(reading, TYPED, Selection(), tile_at(50.5, 30.5, 9), names)
    (feature,) = mapbox_vector_tile.decode(body)["made"]["features"]
    assert set(feature["properties"]) == set(names)


async def test_what_goes_beyond_the_antimeridian_ends_there(reading: AsyncConnection) -> None:
    layer = layer_of(
        "SELECT 1 AS id, ST_MakeEnvelope(170, -10, 190, 10, 4326) AS geom",
        geometry="Polygon",
        id="integer",
    )
    for grid in MATRIX_SETS.values():
        for zoom in (0, 3):
            body = await tile_of(_request(grid.tile_at(175, 5, zoom), layer), reading)
            (feature,) = layers_of(body)[0].features
            ((exterior, *_),) = polygons(feature.geometry)
            assert max(x for x, _ in exterior) >= 4096
            west = grid.tile_at(170, 5, zoom + 4).x / 16 - grid.tile_at(175, 5, zoom).x
            assert min(x for x, _ in exterior) > (west - 1 / 16) * 4096
    assert await tile_of(_request(tile_at(0, 5, 3), layer), reading) == b""


@pytest.mark.parametrize(
    ("odd", "shown"),
    [
        ("NULL::geometry", False),
        ("ST_GeomFromText('POLYGON EMPTY', 4326)", False),
        ("ST_SetSRID(ST_Point('NaN', 'NaN'), 4326)", False),
        ("ST_SetSRID(ST_Point('Infinity', 30), 4326)", False),
        ("ST_MakeEnvelope(50, 30, 50.0000001, 30.0000001, 4326)", False),
        ("ST_MakeEnvelope(-180, -90, 180, 90, 4326)", True),
        ("ST_MakeEnvelope(-400, -100, 400, 100, 4326)", True),
        ("ST_GeomFromText('LINESTRING(50 30, 50.1 30.1, 50.2 91)', 4326)", True),
        ("ST_MakeEnvelope(500, 30, 510, 40, 4326)", False),
        ("ST_GeomFromText('LINESTRING(1 1, NaN 2)', 4326)", False),
        ("ST_GeomFromText('POLYGON((50 30, 51 31, 51 30, 50 31, 50 30))', 4326)", True),
        (
            "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(50 30), LINESTRING(50 30, 51 31))', 4326)",
            True,
        ),
        ("ST_GeomFromText('CIRCULARSTRING(50 30, 50.5 30.5, 51 30)', 4326)", True),
        ("ST_GeomFromText('POINT Z(50 30 7)', 4326)", True),
    ],
)
async def test_an_odd_shape_takes_nothing_else_away(
    reading: AsyncConnection, odd: str, shown: bool
) -> None:
    layer = layer_of(
        f"SELECT 1 AS id, {odd} AS geom UNION ALL SELECT 2, ST_SetSRID(ST_Point(50, 30), 4326)",
        geometry="Geometry",
        id="integer",
    )
    for grid in MATRIX_SETS.values():
        for zoom in (0, 5):
            body = await tile_of(_request(grid.tile_at(50, 30, zoom), layer), reading)
            features = mapbox_vector_tile.decode(body)["made"]["features"]
            assert {f["properties"]["id"] for f in features} == ({1, 2} if shown else {2})
