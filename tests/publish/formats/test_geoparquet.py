from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geopandas
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely

from geoservice.catalog.crs import epsg
from geoservice.catalog.layer import AttributeType
from geoservice.publish.formats import geoparquet
from tests.publish.formats.conftest import Row, Written, table

POINT = shapely.Point(51.5, 35.25).wkb


def geo(path: Path) -> Any:
    return json.loads(pq.read_metadata(path).metadata[b"geo"])


def test_cells_come_back_as_they_were(written: Written) -> None:
    types: dict[str, AttributeType] = {
        "id": "integer",
        "نام": "string",
        "none": "string",
        "share": "number",
        "flag": "boolean",
        "day": "date",
        "time": "date-time",
    }
    moment = datetime(1850, 3, 4, 5, 6, 59, 123999, UTC)
    rows: list[Row] = [
        (2**62, "می‌رود", None, 0.1, True, date(1, 1, 2), moment, POINT),
        (-(2**63), "", None, None, None, None, None, None),
    ]
    path = written("parquet", table(types), rows)
    read = [tuple(row.values()) for row in pq.read_table(path).to_pylist()]
    assert read == rows


def test_points_say_what_and_where_they_are(written: Written) -> None:
    rows: list[Row] = [(1, POINT), (2, None), (3, shapely.Point(50, 36).wkb)]
    path = written("parquet", table({"id": "integer"}), rows)
    assert geo(path) == {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": ["Point"],
                "bbox": [50.0, 35.25, 51.5, 36.0],
            }
        },
    }
    read = geopandas.read_parquet(path)
    assert read.crs == "OGC:CRS84"
    assert read.geometry.tolist() == [shapely.Point(51.5, 35.25), None, shapely.Point(50, 36)]


def test_crs_is_projjson(written: Written) -> None:
    of = table({"id": "integer"}, "Point", epsg(32639))
    path = written("parquet", of, [(1, shapely.Point(534000, 3950000).wkb)])
    assert geo(path)["columns"]["geometry"]["crs"] == pyproj.CRS.from_epsg(32639).to_json_dict()
    assert geopandas.read_parquet(path).crs == "EPSG:32639"


def test_shapes_have_boxes_to_be_found_by(written: Written) -> None:
    of = table({"id": "integer", "bbox": "string", "geometry": "string"}, "Geometry")
    shapes = [shapely.box(0, 0, 1, 2), shapely.Point(7, 8), None]
    rows: list[Row] = [(i, "a", "b", shape and shape.wkb) for i, shape in enumerate(shapes)]
    path = written("parquet", of, rows)
    column = geo(path)["columns"]["geometry_2"]
    assert column["geometry_types"] == ["Point", "Polygon"]
    assert column["covering"]["bbox"]["xmin"] == ["bbox_2", "xmin"]
    assert pq.read_table(path)["bbox_2"].to_pylist() == [
        {"xmin": 0.0, "ymin": 0.0, "xmax": 1.0, "ymax": 2.0},
        {"xmin": 7.0, "ymin": 8.0, "xmax": 7.0, "ymax": 8.0},
        None,
    ]
    found = geopandas.read_parquet(path, bbox=(6, 6, 9, 9))
    assert found["id"].tolist() == [1]


@pytest.mark.parametrize("geometry", ["Point", "MultiPolygon", None])
def test_without_rows_there_are_the_columns(written: Written, geometry: Any) -> None:
    path = written("parquet", table({"id": "integer", "a": "string"}, geometry), [])
    assert pq.read_schema(path).names[:2] == ["id", "a"]
    if geometry is None:
        assert b"geo" not in (pq.read_metadata(path).metadata or {})
    else:
        column = geo(path)["columns"]["geometry"]
        assert column["geometry_types"] == []
        assert "bbox" not in column
        assert len(geopandas.read_parquet(path)) == 0


def test_row_groups_are_written_as_they_fill(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geoparquet, "_ROWS", 3)
    rows: list[Row] = [(i, POINT) for i in range(9)]
    file = pq.ParquetFile(written("parquet", table({"id": "integer"}), rows))
    groups = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert groups == [4, 4, 1]
    assert file.read()["id"].to_pylist() == list(range(9))
    file.close()
