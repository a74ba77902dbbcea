from __future__ import annotations

from pathlib import Path

import geopandas
import pyarrow
import pytest
import shapely
from pyarrow import parquet
from pyproj import CRS

from geoservice.errors import InvalidFile
from geoservice.ingest.read.parquet import read_parquet
from geoservice.ingest.read.rows import Row


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data.parquet"


def test_a_plain_table(path: Path) -> None:
    parquet.write_table(pyarrow.table({"کد": ["۱", "2"], "pop": [5, None]}), path)
    table = read_parquet(path)
    assert (table.columns, table.total, table.has_geometry, table.crs) == (
        ("کد", "pop"),
        2,
        False,
        None,
    )
    assert list(table.rows()) == [Row(1, {"کد": "۱", "pop": 5}), Row(2, {"کد": "2", "pop": None})]


@pytest.mark.parametrize("crs", [4326, 32639])
def test_geoparquet_brings_geometry_and_crs(path: Path, crs: int) -> None:
    frame = geopandas.GeoDataFrame({"id": [1]}, geometry=[shapely.Point(51, 35)], crs=crs)
    frame.to_parquet(path)
    table = read_parquet(path)
    (row,) = table.rows()
    assert table.columns == ("id",)
    assert table.has_geometry
    assert CRS.from_user_input(table.crs).equals(CRS.from_epsg(crs), ignore_axis_order=True)
    assert row.cells == {"id": 1}
    assert shapely.from_wkb(row.geometry) == shapely.Point(51, 35)


def test_geoparquet_without_crs_says_so(path: Path) -> None:
    frame = geopandas.GeoDataFrame({"id": [1]}, geometry=[shapely.Point(51, 35)])
    frame.to_parquet(path)
    assert read_parquet(path).crs is None


def test_another_encoding_of_geometry_is_refused(path: Path) -> None:
    frame = geopandas.GeoDataFrame({"id": [1]}, geometry=[shapely.Point(51, 35)], crs=4326)
    frame.to_parquet(path, geometry_encoding="geoarrow", schema_version="1.1.0")
    with pytest.raises(InvalidFile, match="geometry is encoded as point; WKB is expected"):
        read_parquet(path)


def test_more_rows_than_a_batch(path: Path) -> None:
    parquet.write_table(pyarrow.table({"n": list(range(5000))}), path)
    rows = list(read_parquet(path).rows())
    assert [row.line for row in rows] == list(range(1, 5001))
    assert [row.cells["n"] for row in rows] == list(range(5000))


def test_an_empty_table_is_refused(path: Path) -> None:
    parquet.write_table(pyarrow.table({"n": pyarrow.array([], pyarrow.int64())}), path)
    with pytest.raises(InvalidFile, match="it has no rows"):
        read_parquet(path)


def test_what_is_no_parquet_is_refused(path: Path) -> None:
    path.write_text("code,name\n1,a\n")
    with pytest.raises(InvalidFile, match="cannot be read as Parquet"):
        read_parquet(path)


def test_a_damaged_column_is_told(path: Path) -> None:
    names = [f"name {n}" for n in range(3000)]
    parquet.write_table(pyarrow.table({"name": names}), path, compression="zstd")
    content = bytearray(path.read_bytes())
    content[60:2000] = bytes(1940)
    path.write_bytes(content)
    with pytest.raises(InvalidFile, match="reading stopped after row 0"):
        list(read_parquet(path).rows())
