from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from geoservice.errors import InvalidValue
from geoservice.publish.formats import xlsx
from geoservice.publish.formats.workbook import one_sheet
from tests.publish.formats.conftest import Row, Written, table


def cells(path: Path) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def test_the_sheet_reads_from_right_to_left_below_a_frozen_header_with_units(
    written: Written,
) -> None:
    of = table({"id": "string", "people": "integer"}, units={"people": "person"})
    book = openpyxl.load_workbook(written("xlsx", of, [("a", 5, shapely.Point(51, 35).wkb)]))
    sheet, guide = book.worksheets
    assert (sheet.title, guide.title) == ("جای‌ها", "راهنما · Guide")
    assert sheet.sheet_view.rightToLeft
    assert guide.sheet_view.rightToLeft
    assert sheet.freeze_panes == "A2"
    assert list(sheet.values) == [
        ("عنوان id", "عنوان people (نفر)", "طول جغرافیایی (درجه)", "عرض جغرافیایی (درجه)"),
        ("a", 5, 51, 35),
    ]


def test_the_guide_explains_every_column_and_the_layer(written: Written) -> None:
    of = table({"id": "string", "people": "integer"}, units={"people": "person"})
    guide = list(openpyxl.load_workbook(written("xlsx", of, [])).worksheets[1].values)
    assert guide[2] == ("B", "people", "عنوان people", "Title people", "نفر", "person", "integer")
    assert [line[1] for line in guide[1:5]] == ["id", "people", "lon", "lat"]
    assert guide[6][1:4] == ("place", "جای‌ها", "Places")
    assert guide[7][2:4] == ("شرح جای‌ها", "What they are")
    assert guide[8][1] == "EPSG:4326"


@pytest.mark.parametrize(
    ("kind", "cell", "shown"),
    [
        ("string", "می‌رود", "می‌رود"),
        ("string", "  a\nb & <c>", "  a\nb & <c>"),
        ("string", "0012", "0012"),
        ("string", "bell\x07, null\x00", "bell�, null�"),
        ("string", "گ" * 32_767, "گ" * 32_767),
        ("string", "گ" * 32_768, "گ" * 32_766 + "…"),
        ("string", "😀" * 16_384, "😀" * 16_383 + "…"),
        ("string", None, None),
        ("integer", 2**53, 2**53),
        ("integer", 2**53 + 1, "9007199254740993"),
        ("integer", -(2**63), "-9223372036854775808"),
        ("number", 0.1, 0.1),
        ("number", 1e300, 1e300),
        ("boolean", True, True),
        ("boolean", False, False),
        ("date", date(2024, 3, 20), datetime(2024, 3, 20)),
        ("date", date(1900, 3, 1), datetime(1900, 3, 1)),
        ("date", date(1900, 2, 28), "1900-02-28"),
        ("date", date(9999, 12, 30), datetime(9999, 12, 30)),
        (
            "date-time",
            datetime(2024, 3, 20, 23, 59, 58, tzinfo=UTC),
            datetime(2024, 3, 20, 23, 59, 58),
        ),
        ("date-time", datetime(1850, 1, 2, tzinfo=UTC), "1850-01-02T00:00:00Z"),
    ],
)
def test_a_cell(written: Written, kind: str, cell: object, shown: object) -> None:
    of = table({"id": "integer", "a": kind}, None)  # type: ignore[dict-item]
    assert cells(written("xlsx", of, [(1, cell)]))[1] == [1, shown]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "#N/A", "{=1}", "\t=1"])
def test_a_text_is_never_a_formula(written: Written, text: str) -> None:
    book = openpyxl.load_workbook(written("xlsx", table({"a": "string"}, None), [(text,)]))
    cell = book.worksheets[0]["A2"]
    assert cell.value == text
    assert (cell.data_type, cell.number_format) != ("f", "General")
    assert cell.number_format == "@"


def test_what_looks_like_an_escape_of_excel_is_escaped(written: Written) -> None:
    path = written("xlsx", table({"a": "string"}, None), [("_x0041_",)])
    with zipfile.ZipFile(path) as archive:
        assert b"_x005F_x0041_" in archive.read("xl/worksheets/sheet1.xml")


def test_a_shape_that_no_cell_can_hold_is_named(written: Written) -> None:
    of = table({"a": "integer"}, "Polygon")
    large = shapely.Point(0, 0).buffer(1, quad_segs=2000).wkb
    small = shapely.from_wkt("POLYGON ((0 0, 1 0, 1 1, 0 0))").wkb
    rows = cells(written("xlsx", of, [(1, large), (2, small), (3, None)]))
    assert rows[1][1].startswith("POLYGON (… ")
    assert [row[1] for row in rows[2:]] == ["POLYGON ((0 0, 1 0, 1 1, 0 0))", None]


def test_rows_go_on_over_batches(written: Written) -> None:
    rows: list[Row] = [(number,) for number in range(9)]
    assert cells(written("xlsx", table({"a": "integer"}, None), rows))[1:] == [
        [n] for n in range(9)
    ]


def test_a_null_in_every_cell_of_a_row_keeps_the_row(written: Written) -> None:
    of = table({"a": "integer"}, None)
    assert cells(written("xlsx", of, [(None,), (2,)])) == [["عنوان a"], [None], [2]]


def test_more_rows_than_a_sheet_holds_are_refused(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    of = table({"a": "integer"}, None)
    assert len(cells(written("xlsx", of, [(1,)] * 3))) == 4
    with pytest.raises(InvalidValue, match=r"holds 3 rows.*csv or gpkg"):
        written("xlsx", of, [(1,)] * 4)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("توازن منطقه‌ای: شهرستان‌ها", "توازن منطقه‌ای شهرستان‌ها"),
        ("a  b\t[c]", "a b c"),
        ("x" * 40, "x" * 31),
        ("x" * 30 + " y", "x" * 30),
        (" : ", "داده · Data"),
    ],
)
def test_what_a_sheet_is_called(title: str, name: str) -> None:
    assert f'<sheet name="{name}"' in one_sheet(title)["xl/workbook.xml"]
