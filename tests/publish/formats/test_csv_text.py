from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely

from geoservice.catalog.crs import CRS84, Crs, epsg
from geoservice.publish.formats.table import Table
from tests.publish.formats.conftest import Row, Written, table


def fields(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_excel_takes_it_for_utf_8_and_lines_end_as_the_standard_says(written: Written) -> None:
    path = written("csv", table({"name": "string"}, None), [("کرمان",), ('a,"b"\n',)])
    assert path.read_bytes() == '\ufeffname\r\nکرمان\r\n"a,""b""\n"\r\n'.encode()


@pytest.mark.parametrize(
    ("kind", "cell", "field"),
    [
        ("string", "می‌رود", "می‌رود"),
        ("string", "=1+1", "=1+1"),
        ("string", None, ""),
        ("integer", 2**62, "4611686018427387904"),
        ("number", 0.1, "0.1"),
        ("number", -5.0, "-5.0"),
        ("boolean", True, "true"),
        ("boolean", False, "false"),
        ("boolean", None, ""),
        ("date", date(622, 3, 19), "0622-03-19"),
        ("date", None, ""),
        ("date-time", datetime(1850, 1, 2, 3, 4, 5, 678901, UTC), "1850-01-02T03:04:05.678901Z"),
        ("date-time", None, ""),
    ],
)
def test_a_cell(written: Written, kind: str, cell: object, field: str) -> None:
    of = table({"id": "integer", "a": kind}, None)  # type: ignore[dict-item]
    assert fields(written("csv", of, [(1, cell)])) == [["id", "a"], ["1", field]]


@pytest.mark.parametrize(
    ("crs", "names", "point", "place"),
    [
        (CRS84, ["lon", "lat"], "POINT (51.38 35.7)", ["51.38", "35.7"]),
        (epsg(4326), ["lon", "lat"], "POINT (51.38 35.7)", ["51.38", "35.7"]),
        (epsg(32639), ["x", "y"], "POINT (534000.126 3950000)", ["534000.13", "3950000.0"]),
        (CRS84, ["lon", "lat"], None, ["", ""]),
        (CRS84, ["lon", "lat"], "POINT EMPTY", ["", ""]),
    ],
)
def test_points_are_two_columns_x_first(
    written: Written, crs: Crs, names: list[str], point: str | None, place: list[str]
) -> None:
    wkb = point and shapely.from_wkt(point).wkb
    path = written("csv", table({"id": "integer"}, "Point", crs), [(1, wkb)])
    assert fields(path) == [["id", *names], ["1", *place]]


def test_columns_of_the_place_make_way_for_attributes(written: Written) -> None:
    of = table({"id": "integer", "LAT": "number", "lon_2": "number"})
    path = written("csv", of, [(1, 2.0, 3.0, shapely.Point(51, 35).wkb)])
    assert fields(path)[0] == ["id", "LAT", "lon_2", "lon_3", "lat_3"]


def test_other_shapes_are_wkt_in_the_last_column(written: Written) -> None:
    of = table({"id": "integer", "geometry": "string"}, "Geometry")
    shapes = ["POLYGON ((0 0, 1 0, 1 1, 0 0))", "POINT (1 2)"]
    rows: list[Row] = [(i, "a", shapely.from_wkt(wkt).wkb) for i, wkt in enumerate(shapes)]
    assert fields(written("csv", of, [*rows, (2, "a", None)])) == [
        ["id", "geometry", "geometry_2"],
        ["0", "a", shapes[0]],
        ["1", "a", shapes[1]],
        ["2", "a", ""],
    ]


def test_without_rows_there_is_the_header(written: Written) -> None:
    assert fields(written("csv", table({"id": "integer"}), [])) == [["id", "lon", "lat"]]


def test_cells_behind_the_geometry_are_passed_over(written: Written) -> None:
    rows: list[Row] = [(1, shapely.Point(51, 35).wkb, "key")]
    assert fields(written("csv", table({"id": "integer"}), rows))[1] == ["1", "51.0", "35.0"]


def test_digits_that_were_asked_for(written: Written) -> None:
    plain = table({"id": "integer"})
    of = Table(plain.layer, plain.names, plain.crs, geometry=True, digits=3)
    rows: list[Row] = [(1, shapely.Point(51.12345, 35.98765).wkb)]
    assert fields(written("csv", of, rows))[1] == ["1", "51.123", "35.988"]
