"""FlatGeobuf and GeoPackage, read back with GDAL."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
import threading
from collections.abc import AsyncGenerator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

from geoservice.catalog.crs import CRS84, Crs, epsg
from geoservice.catalog.layer import AttributeType, GeometryType
from geoservice.errors import GeoserviceError, InvalidValue
from geoservice.publish.formats import gdal_file
from geoservice.publish.formats.format import FORMATS
from tests.publish.formats.conftest import Row, Written, table

BOTH = pytest.mark.parametrize("kind", ["fgb", "gpkg"])
POINT = shapely.Point(51.5, 35.25).wkb
ODD_NAMES = ("fid", "geom", "ogc_fid", "geometry", 'ستون "۱" %', "ن" * 31 + "x", "rowid", "order")


def frame(path: Path) -> Any:
    return pyogrio.read_dataframe(path, fid_as_index=True).sort_values("id")


@BOTH
def test_cells_come_back(written: Written, kind: str) -> None:
    types: dict[str, AttributeType] = {
        "id": "integer",
        "text": "string",
        "none": "string",
        "share": "number",
        "flag": "boolean",
        "day": "date",
        "time": "date-time",
    }
    moment = datetime(1850, 3, 4, 5, 6, 59, 123999, UTC)
    rows: list[Row] = [
        (-(2**63), "می‌رود", None, 0.1, True, date(1, 1, 2), moment, POINT),
        (0, "", None, None, None, None, None, POINT),
        (2**62, "'\";--", None, -1e300, False, date(9999, 12, 30), None, POINT),
    ]
    got = frame(written(kind, table(types), rows))
    assert got["id"].tolist() == [row[0] for row in rows]
    assert got["text"].tolist() == [row[1] for row in rows]
    assert got["none"].isna().all()
    assert got["share"].dropna().tolist() == [0.1, -1e300]
    assert got["flag"].isna().tolist() == [False, True, False]
    assert got["flag"].dropna().tolist() == [True, False]
    assert [str(day)[:10] for day in got["day"].dropna()] == ["0001-01-02", "9999-12-30"]
    times = got["time"].dropna().tolist()
    assert times == [moment.replace(microsecond=0)]
    assert got.geometry.tolist() == [shapely.Point(51.5, 35.25)] * 3


@BOTH
def test_a_time_just_before_the_year_ends_stays_in_it(written: Written, kind: str) -> None:
    of = table({"id": "integer", "time": "date-time"})
    rows: list[Row] = [(1, datetime(2024, 12, 31, 23, 59, 59, 999600, UTC), POINT)]
    (time,) = frame(written(kind, of, rows))["time"]
    assert time == datetime(2024, 12, 31, 23, 59, 59, 999000, UTC)


@BOTH
@pytest.mark.parametrize(
    ("crs", "code", "point"),
    [
        (CRS84, "EPSG:4326", (51.5, 35.25)),
        (epsg(4326), "EPSG:4326", (51.5, 35.25)),
        (epsg(32639), "EPSG:32639", (534000.5, 3950000.25)),
    ],
)
def test_crs_with_x_before_y(
    written: Written, kind: str, crs: Crs, code: str, point: tuple[float, float]
) -> None:
    path = written(kind, table({"id": "integer"}, "Point", crs), [(1, shapely.Point(point).wkb)])
    assert pyogrio.read_info(path)["crs"] == code
    assert frame(path).geometry.tolist() == [shapely.Point(point)]


@BOTH
@pytest.mark.parametrize(
    ("declared", "told"),
    [("Point", "Point"), ("MultiPolygon", "MultiPolygon"), ("Geometry", "Unknown")],
)
def test_without_rows_there_are_fields_and_the_type(
    written: Written, kind: str, declared: GeometryType, told: str
) -> None:
    of = table({"id": "integer", "نام": "string", "day": "date-time"}, declared)
    path = written(kind, of, [])
    info = pyogrio.read_info(path)
    assert info["layer_name"] == "place"
    assert info["fields"].tolist() == ["id", "نام", "day"]
    assert info["geometry_type"] == told
    assert len(pyogrio.read_dataframe(path)) == 0


@BOTH
def test_features_without_a_place_are_kept(written: Written, kind: str) -> None:
    empty = shapely.from_wkt("POINT EMPTY").wkb
    rows: list[Row] = [(i, [POINT, POINT, POINT, None, POINT, empty, POINT][i]) for i in range(7)]
    got = frame(written(kind, table({"id": "integer"}), rows))
    assert got["id"].tolist() == list(range(7))
    there = [shape is not None and not shape.is_empty for shape in got.geometry]
    assert there == [True, True, True, False, True, False, True]


@pytest.mark.parametrize(
    ("places", "extent"),
    [
        ([None, None], None),
        ([shapely.Point()], None),
        ([shapely.Point(1, 2), None, shapely.Point(3, 5)], (1, 2, 3, 5)),
        ([shapely.Point(1, 2), shapely.Point()], (1, 2, 1, 2)),
        ([shapely.Point(1, 2)], (1, 2, 1, 2)),
        ([], None),
    ],
)
def test_the_extent_of_a_flatgeobuf_is_a_box_or_is_not_there(
    written: Written, places: list[shapely.Point | None], extent: tuple[int, ...] | None
) -> None:
    rows: list[Row] = [
        (i, "x", None if place is None else place.wkb) for i, place in enumerate(places)
    ]
    path = written("fgb", table({"id": "integer", "نام": "string"}), rows)
    no_numbers = [b"\0\0\0\0\0\0\xf8" + sign for sign in (b"\x7f", b"\xff")]
    assert not any(number * 2 in path.read_bytes()[:2000] for number in no_numbers)
    # Without looking at the features: what the header says.
    assert pyogrio.read_info(path, force_total_bounds=False)["total_bounds"] == extent
    assert len(frame(path)) == len(places)


@BOTH
@pytest.mark.parametrize("declared", ["Geometry", "MultiPolygon"])
def test_shapes_of_more_types(written: Written, kind: str, declared: GeometryType) -> None:
    square = shapely.box(0, 0, 1, 1)
    shapes = [square, shapely.MultiPolygon([square])]
    if declared == "Geometry":
        shapes += [shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)])]
    rows: list[Row] = [(i, shape.wkb) for i, shape in enumerate(shapes)]
    got = frame(written(kind, table({"id": "integer"}, declared), rows))
    if declared == "Geometry":
        assert got.geometry.tolist() == shapes
    else:
        assert got.geometry.tolist() == [shapely.MultiPolygon([square])] * 2


@BOTH
def test_a_shape_that_contradicts_the_declaration_is_an_error(written: Written, kind: str) -> None:
    with pytest.raises(InvalidValue, match="the layer declares Polygon"):
        written(kind, table({"id": "integer"}, "Polygon"), [(1, POINT)])


@BOTH
def test_odd_names_stand_as_they_are(written: Written, kind: str) -> None:
    of = table({"id": "integer", **dict.fromkeys(ODD_NAMES, "string")})
    told, _, wkb, columns = pyogrio.raw.read(written(kind, of, [(1, *ODD_NAMES, POINT)]))
    assert told["fields"].tolist() == ["id", *ODD_NAMES]
    assert [column.item() for column in columns] == [1, *ODD_NAMES]
    assert wkb.tolist() == [POINT]


@BOTH
def test_names_that_differ_in_capitals_only_get_a_number(written: Written, kind: str) -> None:
    of = table({"id": "integer", "Name": "string", "name": "string"})
    got = frame(written(kind, of, [(1, "a", "b", POINT)]))
    assert (got["Name"].item(), got["name_2"].item()) == ("a", "b")


@BOTH
def test_a_layer_without_its_geometry(written: Written, kind: str) -> None:
    path = written(kind, table({"id": "integer", "a": "string"}, None), [(1, "x"), (2, None)])
    _, _, geometry, (ids, texts) = pyogrio.raw.read(path)
    assert geometry is None or all(wkb is None for wkb in geometry)
    assert (ids.tolist(), texts.tolist()) == ([1, 2], ["x", None])


@BOTH
def test_a_box_finds_what_lies_in_it(written: Written, kind: str) -> None:
    rows: list[Row] = [(i, shapely.Point(i, i).wkb) for i in range(100)]
    path = written(kind, table({"id": "integer"}), rows)
    assert pyogrio.read_info(path)["capabilities"]["fast_spatial_filter"]
    found = pyogrio.read_dataframe(path, bbox=(9.5, 9.5, 12.5, 12.5))
    assert sorted(found["id"]) == [10, 11, 12]


def test_a_geopackage_tells_what_its_columns_are(written: Written) -> None:
    of = table({"id": "integer", "people": "integer"}, units={"people": "person"})
    path = written("gpkg", of, [(1, 2, POINT)])
    with closing(sqlite3.connect(path)) as connection:
        told = connection.execute(
            "SELECT column_name, name, title, description FROM gpkg_data_columns"
        ).fetchall()
        (contents,) = connection.execute(
            "SELECT table_name, identifier, description FROM gpkg_contents"
        )
        (extensions,) = connection.execute(
            "SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_schema'"
        )
        (checked,) = connection.execute("PRAGMA integrity_check")
        (version,) = connection.execute("PRAGMA user_version")
    assert told[1] == (
        "people",
        "عنوان people",
        "عنوان people",
        "عنوان people · Title people (person)",
    )
    assert contents == ("place", "جای‌ها · Places", "شرح جای‌ها · What they are")
    assert (extensions, checked, version) == ((2,), ("ok",), (10200,))


def writers() -> list[str]:
    """The children of this process that write files."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"PPid:\t{os.getpid()}\n" in (entry / "status").read_text()
            if mine and b"gdal_write" in (entry / "cmdline").read_bytes():
                found.append(entry.name)
        except OSError:
            continue
    return found


@BOTH
@pytest.mark.parametrize("after", [0, 3], ids=["before the rows", "amid the rows"])
def test_a_client_that_goes_away_leaves_nothing(
    kind: str, after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    closed: list[object] = []

    async def rows() -> AsyncGenerator[Sequence[Row], None]:
        try:
            for _ in range(after):
                yield [(1, POINT)] * 1000
            waiting.set()
            await asyncio.sleep(60)
        finally:
            closed.append(True)

    async def take() -> None:
        async for _ in FORMATS[kind].encode(table({"id": "integer"}), rows()):
            pass

    async def run() -> None:
        task = asyncio.create_task(take())
        await asyncio.wait_for(waiting.wait(), 30)
        for _ in range(100):  # a process that has just begun may have no command line yet
            if writers():
                break
            await asyncio.sleep(0.1)
        assert writers()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    waiting = asyncio.Event()
    asyncio.run(run())
    assert closed == [True]
    assert list(tmp_path.iterdir()) == []
    assert writers() == []
    assert not [one for one in threading.enumerate() if one.name.startswith("gdal-file")]


@BOTH
def test_one_that_stops_while_it_reads_leaves_nothing(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    async def rows() -> AsyncGenerator[Sequence[Row], None]:
        yield [(1, POINT)]

    async def run() -> None:
        made = FORMATS[kind].encode(table({"id": "integer"}), rows())
        assert await anext(made)
        await made.aclose()

    asyncio.run(run())
    assert list(tmp_path.iterdir()) == []
    assert writers() == []


def test_what_gdal_refuses_is_told(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gdal_file, "_WRITER", "geoservice.no_such_module")
    with pytest.raises(GeoserviceError, match=r"layer «place».*no_such_module"):
        written("gpkg", table({"id": "integer"}), [(1, POINT)])
