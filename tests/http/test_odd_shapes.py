"""Every kind of geometry that PostGIS knows, asked through the whole service."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import mapbox_vector_tile
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from geoservice.catalog.load import load_catalog
from geoservice.database.engine import acquire, connect, open_pool
from geoservice.database.tracking import track
from geoservice.http.app import create_app
from geoservice.publish.cql2.spatial import SPATIAL
from geoservice.publish.grid import Tile
from geoservice.publish.pyramid.build import build
from geoservice.publish.selection import Selection
from geoservice.publish.tile_request import Part, TileRequest
from geoservice.settings import Settings
from tests.http.conftest import BASE, started
from tests.read_tile import tile_of

pytestmark = pytest.mark.anyio

_ARC = "CIRCULARSTRING(51 35, 51.5 35.5, 52 35)"
_ROUND = "CURVEPOLYGON(CIRCULARSTRING(51 35, 52 35, 51.5 35.8, 51.2 35.6, 51 35))"
_TIN = "TIN(((51 35, 52 35, 51 36, 51 35)), ((52 35, 52 36, 51 36, 52 35)))"
_TRIANGLE = "TRIANGLE((51 35, 52 35, 51 36, 51 35))"
_SURFACE = "POLYHEDRALSURFACE Z(((51 35 0, 52 35 0, 51 36 0, 51 35 0)))"
# What PostGIS has, and what it is published as.
KINDS = (
    ("POINT(51 35)", "Point"),
    (_ARC, "LineString"),
    ("CIRCULARSTRING M(51 35 1, 51.5 35.5 1, 52 35 1)", "LineString"),
    ("COMPOUNDCURVE(CIRCULARSTRING(51 35, 51.5 35.5, 52 35), (52 35, 53 35))", "LineString"),
    (_ROUND, "Polygon"),
    (f"MULTICURVE((51 35, 52 36), {_ARC})", "MultiLineString"),
    (f"MULTISURFACE({_ROUND}, ((50 30, 51 30, 51 31, 50 30)))", "MultiPolygon"),
    (_TIN, "MultiPolygon"),
    (_SURFACE, "MultiPolygon"),
    (_TRIANGLE, "Polygon"),
    (f"GEOMETRYCOLLECTION({_ARC}, {_TIN})", "GeometryCollection"),
    (f"GEOMETRYCOLLECTION(GEOMETRYCOLLECTION({_TRIANGLE}), POINT(51 35))", "GeometryCollection"),
    (
        "GEOMETRYCOLLECTION M(POINT M(51 35 1), LINESTRING M(51 35 1, 52 36 2))",
        "GeometryCollection",
    ),
    ("POLYGON((51 35, 52 35, 52 36, 51 35))", "Polygon"),
    ("CIRCULARSTRING EMPTY", None),
    ("CURVEPOLYGON EMPTY", None),
    ("TIN EMPTY", None),
    ("TRIANGLE EMPTY", None),
    ("POLYHEDRALSURFACE EMPTY", None),
    ("GEOMETRYCOLLECTION EMPTY", None),
    ("GEOMETRYCOLLECTION(CIRCULARSTRING EMPTY)", None),
)
PLACES = [kind for _, kind in KINDS if kind is not None]
# What every spatial operator of a filter takes.
MET = {*PLACES} - {"GeometryCollection"}
_TOML = """
title = {{ fa = "ساخته", en = "Made" }}
source = {{ table = "public.{table}" }}
feature_id = "id"
geometry = {{ type = "{type}", crs = {crs} }}
[attributes.id]
title = {{ fa = "شناسه", en = "Id" }}
type = "integer"
"""


@asynccontextmanager
async def _serving(
    url: str, directory: Path, kind: str, crs: int, column: str, rows: Iterable[str]
) -> AsyncIterator[httpx.AsyncClient]:
    """A service with the layer `shape` of these rows (EWKT), numbered from 0."""
    with connect(url) as connection:
        connection.execute(
            f"DROP TABLE IF EXISTS public.shape; "
            f"CREATE TABLE public.shape (id integer PRIMARY KEY, geom {column})".encode()
        )
        for number, ewkt in enumerate(rows):
            connection.execute(
                b"INSERT INTO public.shape VALUES (%s, ST_GeomFromEWKT(%s))", [number, ewkt]
            )
    toml = _TOML.format(table="shape", type=kind, crs=crs)
    (directory / "shape.toml").write_text(toml, encoding="utf-8")
    settings = Settings.model_validate(
        {"DATABASE_URL": url, "pool_size": 2, "layers_dir": directory}
    )
    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


@pytest.fixture
async def shapes(database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A service with a layer of a row of each kind."""
    rows = [f"SRID=4326;{wkt}" for wkt, _ in KINDS]
    async with _serving(database_url, tmp_path, "Geometry", 4326, "geometry", rows) as client:
        yield client


async def _get(client: httpx.AsyncClient, path: str) -> httpx.Response:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text[:500]
    return answer


@pytest.mark.parametrize(
    "asked", ["", "&zoom-level=5", "&crs=http://www.opengis.net/def/crs/EPSG/0/32639"]
)
async def test_every_kind_is_one_that_geojson_has(shapes: httpx.AsyncClient, asked: str) -> None:
    for kind in ("json", "jsonfg", "geojsonseq"):
        text = (await _get(shapes, f"/collections/shape/items?f={kind}{asked}")).text
        if kind == "geojsonseq":
            features = [json.loads(each) for each in text.split("\x1e")[1:]]
        else:
            features = json.loads(text)["features"]
        found = [feature["geometry"] or feature.get("place") for feature in features]
        types = [each and each["type"] for each in found]
        if "zoom-level" in asked:  # a multi shape of one part may come as that part
            types = [each and kind for each, (_, kind) in zip(types, KINDS, strict=True)]
        assert types == [kind for _, kind in KINDS]
        read = [shapely.from_geojson(json.dumps(each)) for each in found if each]
        assert not any(shape.is_empty for shape in read)
    one = (await _get(shapes, f"/collections/shape/items/1?{asked[1:]}")).json()
    assert one["geometry"]["type"] == "LineString"


async def test_so_it_is_in_files_and_pages(shapes: httpx.AsyncClient, tmp_path: Path) -> None:
    for kind in ("csv", "xlsx", "html"):
        await _get(shapes, f"/collections/shape/items?f={kind}")
    table = pq.read_table(
        io.BytesIO((await _get(shapes, "/collections/shape/items?f=parquet")).content)
    )
    written = shapely.from_wkb(table.column("geometry").to_numpy(zero_copy_only=False))
    assert [each and each.geom_type for each in written] == [kind for _, kind in KINDS]
    for kind in ("fgb", "gpkg"):
        path = tmp_path / f"made.{kind}"
        path.write_bytes((await _get(shapes, f"/collections/shape/items?f={kind}")).content)
        assert len(pyogrio.raw.read(path)[2]) == len(KINDS)


@pytest.mark.parametrize("labels", ["false", "true"])
@pytest.mark.parametrize("zoom", [0, 6, 14])
async def test_so_it_is_in_tiles(shapes: httpx.AsyncClient, zoom: int, labels: str) -> None:
    around = 1 << zoom
    x, y = int((51.05 / 360 + 0.5) * around), int(0.394 * around)
    path = f"/tiles/shape/{zoom}/{x}/{y}.mvt?label-points={labels}"
    tile = mapbox_vector_tile.decode((await _get(shapes, path)).content)
    if zoom < 14:
        known = {feature["properties"]["id"] for feature in tile["shape"]["features"]}
        left_out = tile.get("shape_omitted")
        assert len(known) == len(PLACES) or (left_out and labels == "false"), tile


async def test_so_it_is_in_boxes_and_filters(shapes: httpx.AsyncClient) -> None:
    page = (await _get(shapes, "/collections/shape/items?bbox=50,29,54,37")).json()
    assert page["numberMatched"] == len(PLACES)
    square = "POLYGON((49 29, 55 29, 55 40, 49 40, 49 29))"
    for op in SPATIAL:
        for text in (f"{op}(geom, {square})", f"NOT {op}(geom, {square})", f"{op}(geom, geom)"):
            answer = await shapes.get("/collections/shape/items", params={"filter": text})
            assert answer.status_code == 200, (text, answer.text[:300])
            if text.startswith("s_within"):
                known = {feature["id"] for feature in answer.json()["features"]}
                plain = [n for n, (wkt, kind) in enumerate(KINDS) if kind in MET and wkt != _TIN]
                assert known == set(plain)


HIGH = {
    "Point": "POINT Z(51 35 1200)",
    "MultiPoint": "MULTIPOINT Z(51 35 1200, 52 36 1200)",
    "LineString": "LINESTRING Z(51 35 1200, 52 36 1200)",
    "Polygon": "POLYGON Z((51 35 1200, 52 35 1200, 52 36 1200, 51 35 1200))",
    "MultiPolygon": "MULTIPOLYGON Z(((51 35 1200, 52 35 1200, 52 36 1200, 51 35 1200)))",
}


@pytest.mark.filterwarnings("ignore:Measured")  # in GeoPackage they are, which pyogrio tells
@pytest.mark.parametrize("crs", [4326, 3857])
@pytest.mark.parametrize("axes", ["Z", "ZM", "M"])
@pytest.mark.parametrize("kind", list(HIGH))
async def test_a_column_with_heights_or_measures_is_published(
    database_url: str, tmp_path: Path, kind: str, axes: str, crs: int
) -> None:
    with connect(database_url) as connection:

        def row(wkt: str) -> str:
            text = f"ST_AsEWKT(ST_Transform(ST_Force3D{axes}(%s::geometry), {crs}))"
            text = text.replace("Force3DZM", "Force4D")
            found = connection.execute(f"SELECT {text}".encode(), [f"SRID=4326;{wkt}"]).fetchone()
            assert found is not None
            return str(found[0])

        rows = [row(HIGH[kind])]
    column = f"geometry({kind}{axes}, {crs})"
    async with _serving(database_url, tmp_path, kind, crs, column, rows) as client:
        answer = await _get(client, "/collections/shape/items?bbox=50,30,54,37")
        (feature,) = answer.json()["features"]
        whole = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert (whole.geom_type, whole.has_z) == (kind, axes != "M")
        square = "POLYGON((49 29, 55 29, 55 40, 49 40, 49 29))"
        asked = f"/collections/shape/items?filter=S_WITHIN(geom, {square})"
        assert (await _get(client, asked)).json()["numberMatched"] == 1
        for form in ("csv", "xlsx", "html", "jsonfg", "geojsonseq"):
            await _get(client, f"/collections/shape/items?f={form}")
        content = (await _get(client, "/collections/shape/items?f=parquet")).content
        cells = pq.read_table(io.BytesIO(content)).column("geometry")
        (written,) = shapely.from_wkb(cells.to_numpy(zero_copy_only=False))
        assert (written.geom_type, written.has_z) == (kind, axes != "M")
        for form in ("fgb", "gpkg"):
            path = tmp_path / f"made.{form}"
            path.write_bytes((await _get(client, f"/collections/shape/items?f={form}")).content)
            (written,) = shapely.from_wkb(pyogrio.raw.read(path)[2])
            assert written.geom_type == kind
            assert shapely.force_2d(written).equals_exact(shapely.force_2d(whole), 1e-5)
    layer = load_catalog(tmp_path).layer("shape")
    with connect(database_url) as connection:
        track(connection, layer.source.tables)
    async with open_pool(database_url, max_size=1, writing=True) as pool, acquire(pool) as writing:
        assert await build(writing, layer) is not None
        for labels in (False, True):
            part = Part(layer, Selection(), labels=labels)
            request = TileRequest(Tile(0, 0, 0), (part,), "")
            tile = mapbox_vector_tile.decode(await tile_of(request, writing))
            assert set(tile) & {"shape", "shape_omitted"}


@pytest.mark.parametrize("number", ["NaN", "1e400"])
@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("kind", list(HIGH))
async def test_a_height_that_json_lacks_is_no_geometry(
    database_url: str, tmp_path: Path, kind: str, number: str, *, declared: bool
) -> None:
    rows = [f"SRID=4326;{wkt}" for wkt in (HIGH[kind], HIGH[kind].replace("1200", number, 1))]
    kind = kind if declared else "Geometry"
    async with _serving(database_url, tmp_path, kind, 4326, "geometry", rows) as client:
        page = (await _get(client, "/collections/shape/items")).json()
        assert [feature["geometry"] is None for feature in page["features"]] == [False, True]
