from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
import shapely
from pyproj import CRS

from geoservice.errors import InvalidFile
from geoservice.ingest.read.rows import Row
from geoservice.ingest.read.vector import read_vector

CP1256 = "ولي‌عصر پل گچ"  # ي and ک as Windows-1256 has them


def frame(name: str = "رشت", rows: int = 1, **options: Any) -> geopandas.GeoDataFrame:
    points = [shapely.Point(49.5 + n / 1000, 37.25) for n in range(rows)]
    names = [name] * rows
    return geopandas.GeoDataFrame(
        {"code": range(rows), "نام": names}, geometry=points, crs=options.get("crs", 4326)
    )


def points(rows: list[Row]) -> list[tuple[float, float]]:
    return [shapely.from_wkb(row.geometry).coords[0] for row in rows]


@pytest.mark.parametrize(
    ("name", "driver"),
    [
        ("a.gpkg", "GPKG"),
        ("a.geojson", "GeoJSON"),
        ("a.json", "GeoJSON"),
        ("a.fgb", "FlatGeobuf"),
        ("a.shp", "ESRI Shapefile"),
    ],
)
def test_formats(tmp_path: Path, name: str, driver: str) -> None:
    frame(rows=3).to_file(tmp_path / name, driver=driver, engine="pyogrio")
    table = read_vector(str(tmp_path / name))
    rows = list(table.rows())
    assert table.columns == ("code", "نام")
    assert (table.total, table.has_geometry) == (3, True)
    assert CRS.from_user_input(table.crs).equals(CRS.from_epsg(4326), ignore_axis_order=True)
    assert sorted(row.cells["code"] for row in rows) == [0, 1, 2]
    assert {row.cells["نام"] for row in rows} == {"رشت"}
    assert [row.line for row in rows] == [1, 2, 3]
    assert sorted(points(rows)) == [(49.5, 37.25), (49.501, 37.25), (49.502, 37.25)]


def test_one_of_several_layers_must_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame().to_file(path, layer="county", engine="pyogrio")
    frame("یزد").to_file(path, layer="استان", engine="pyogrio")
    with pytest.raises(InvalidFile, match="several layers, name one with --layer: county, استان"):
        read_vector(str(path))
    with pytest.raises(InvalidFile, match="no layer «city»; there are: county, استان"):
        read_vector(str(path), layer="city")
    (row,) = read_vector(str(path), layer="استان").rows()
    assert row.cells["نام"] == "یزد"


def test_a_table_without_geometry(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(frame().drop(columns="geometry"), path, driver="GPKG")
    table = read_vector(str(path))
    assert not table.has_geometry
    assert list(table.rows()) == [Row(1, {"code": 0, "نام": "رشت"})]


def test_more_features_than_a_batch(tmp_path: Path) -> None:
    path = tmp_path / "a.fgb"
    pyogrio.write_dataframe(frame(rows=4500), path, driver="FlatGeobuf")
    assert [row.line for row in read_vector(str(path)).rows()] == list(range(1, 4501))


@pytest.mark.parametrize("rows", [1, 200, 40_000])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1256"])
def test_a_shapefile_without_cpg_is_read_by_its_bytes(
    tmp_path: Path, encoding: str, rows: int
) -> None:
    """Counts such as 200 put bytes into the binary header of the .dbf that are no text."""
    path = tmp_path / "a.shp"
    data = frame(CP1256, rows).rename(columns={"نام": "name"})
    pyogrio.write_dataframe(data, path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    read = list(read_vector(str(path)).rows())
    assert len(read) == rows
    assert {row.cells["name"] for row in read} == {CP1256}


def test_a_shapefile_is_read_in_the_encoding_of_its_cpg_or_the_one_named(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    pyogrio.write_dataframe(frame(CP1256).rename(columns={"نام": "name"}), path, encoding="cp1256")
    assert path.with_suffix(".cpg").exists()
    (row,) = read_vector(str(path)).rows()
    assert row.cells["name"] == CP1256
    path.with_suffix(".cpg").unlink()
    (row,) = read_vector(str(path), encoding="windows-1256").rows()
    assert row.cells["name"] == CP1256


def test_a_shapefile_whose_cpg_is_wrong_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    pyogrio.write_dataframe(frame(CP1256).rename(columns={"نام": "name"}), path, encoding="cp1256")
    path.with_suffix(".cpg").write_text("UTF-8")
    with pytest.raises(InvalidFile, match="not in the encoding that the file names"):
        list(read_vector(str(path)).rows())


def test_a_shapefile_without_prj_has_no_crs(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    pyogrio.write_dataframe(frame(), path)
    path.with_suffix(".prj").unlink()
    table = read_vector(str(path))
    assert (table.crs, table.has_geometry) == (None, True)


def test_a_shapefile_without_its_dbf_or_shx(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    pyogrio.write_dataframe(frame(), path)
    path.with_suffix(".shx").unlink()
    with pytest.raises(InvalidFile, match="SHX"):
        read_vector(str(path))


def test_a_layer_without_features_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(InvalidFile, match="the layer has no features"):
        read_vector(str(path))


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.fgb", "a.shp", "a.docx"])
def test_what_is_no_map_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"just some words, " * 20)
    with pytest.raises(InvalidFile, match="it is not a file that can be read as a map layer"):
        read_vector(str(path))


@pytest.mark.parametrize(
    ("name", "driver"), [("a.gpkg", "GPKG"), ("a.fgb", "FlatGeobuf"), ("a.geojson", "GeoJSON")]
)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_truncated_file_is_refused(tmp_path: Path, name: str, driver: str, share: float) -> None:
    path = tmp_path / name
    pyogrio.write_dataframe(frame(rows=5000), path, driver=driver)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InvalidFile):
        list(read_vector(str(path)).rows())


def test_a_truncated_shapefile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    pyogrio.write_dataframe(frame(rows=1000), path)
    content = path.with_suffix(".dbf").read_bytes()
    assert struct.unpack("<I", content[4:8]) == (1000,)
    path.with_suffix(".dbf").write_bytes(content[: len(content) // 2])
    with pytest.raises(InvalidFile):
        list(read_vector(str(path)).rows())
