from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from geoservice.errors import InvalidFile
from geoservice.ingest.read.rows import Row
from geoservice.ingest.read.spreadsheet import read_spreadsheet

Sheet = Sequence[Sequence[object]]


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    def book(**sheets: Sheet) -> Path:
        workbook = Workbook()
        workbook.remove(workbook.active)
        for title, rows in sheets.items():
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        path = tmp_path / "book.xlsx"
        workbook.save(path)
        return path

    return book


def test_cells_keep_their_types(book: Callable[..., Path]) -> None:
    day = datetime.datetime(2024, 3, 20)
    path = book(برگه=[("کد", "اعتبار", "شروع"), ("۰۱", 12.5, day), (2, None, "۱۴۰۳/۰۱/۰۱")])
    table = read_spreadsheet(path)
    assert table.columns == ("کد", "اعتبار", "شروع")
    assert list(table.rows()) == [
        Row(2, {"کد": "۰۱", "اعتبار": 12.5, "شروع": day}),
        Row(3, {"کد": 2, "اعتبار": None, "شروع": "۱۴۰۳/۰۱/۰۱"}),
    ]


def test_rows_have_the_numbers_that_the_program_shows(book: Callable[..., Path]) -> None:
    path = book(a=[(), ("code", "name"), (), (1, "a"), (None, ""), (2, "b")])
    assert [row.line for row in read_spreadsheet(path).rows()] == [4, 6]


def test_another_sheet_is_read_by_name(book: Callable[..., Path]) -> None:
    path = book(first=[("a",), (1,)], دوم=[("b",), (2,)])
    assert list(read_spreadsheet(path).rows()) == [Row(2, {"a": 1})]
    assert list(read_spreadsheet(path, sheet="دوم").rows()) == [Row(2, {"b": 2})]
    with pytest.raises(InvalidFile, match="no sheet «third»; there are: first, دوم"):
        read_spreadsheet(path, sheet="third")


def test_cells_beyond_the_header_are_a_fault(book: Callable[..., Path]) -> None:
    path = book(a=[("code", "name", None), (1, "a", None, "stray"), (2, "b", None, None)])
    stray, plain = read_spreadsheet(path).rows()
    assert stray.fault == "it has cells beyond the 2 columns of the header"
    assert stray.cells == {"code": 1, "name": "a", "+1": "stray"}
    assert plain.fault is None


def test_empty_sheets_are_refused(book: Callable[..., Path]) -> None:
    with pytest.raises(InvalidFile, match="the sheet «a» is empty; a row of column names"):
        read_spreadsheet(book(a=[]))
    with pytest.raises(InvalidFile, match="the sheet «a» has a header but no rows"):
        read_spreadsheet(book(a=[("code",), (None,)]))


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_text("code,name\n1,a\n")
    with pytest.raises(InvalidFile, match="it is no XLSX workbook, whatever its name says"):
        read_spreadsheet(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0 encrypted")
    with pytest.raises(InvalidFile, match="it is encrypted, or of the old Excel"):
        read_spreadsheet(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "a zip, but no workbook")
    with pytest.raises(InvalidFile, match="cannot be read as an XLSX workbook"):
        read_spreadsheet(path)


def test_a_damaged_sheet_is_told(book: Callable[..., Path], tmp_path: Path) -> None:
    whole = book(a=[("code",), *[(n,) for n in range(2000)]])
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            cut = name.startswith("xl/worksheets/")
            target.writestr(name, content[: len(content) // 2] if cut else content)
    with pytest.raises(InvalidFile, match="reading the sheet «a» stopped"):
        list(read_spreadsheet(broken).rows())


def test_what_openpyxl_leaves_out_is_not_shouted_about(
    book: Callable[..., Path], tmp_path: Path
) -> None:
    plain = book(a=[("code",), (1,)])
    path = tmp_path / "without-styles.xlsx"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/styles.xml":
                content = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
            target.writestr(name, content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(read_spreadsheet(path).rows()) == [Row(2, {"code": 1})]


def test_formulas_without_a_result_are_told_of_their_rows(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["code", "name"])
    sheet.append([1, '=A2&"x"'])
    sheet.append([2, "plain"])
    sheet.append(["=1+1", None])
    workbook.save(tmp_path / "book.xlsx")
    table = read_spreadsheet(tmp_path / "book.xlsx")
    rows = list(table.rows())
    assert [row.line for row in rows] == [2, 3, 4]  # the last has nothing but its formula
    assert [row.uncomputed for row in rows] == [("name",), (), ("code",)]
    (note,) = table.notes
    assert note.startswith("2 rows have formulas whose results are not in the file")


def test_an_empty_result_of_a_formula_is_a_result(
    book: Callable[..., Path], tmp_path: Path
) -> None:
    plain = book(a=[("code", "name"), (1, "x"), (2, "y"), (3, "z")])
    path = tmp_path / "computed.xlsx"
    cells = {
        b"B2": b'<c r="B2" t="str"><f>IF(A2=1,"","x")</f><v></v></c>',
        b"B3": b'<c r="B3" s="0"><f>A3*2</f><v>4</v></c>',
        b"B4": b'<c r="B4" t="str"><f>A4</f></c>',
    }
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                for place, cell in cells.items():
                    content = re.sub(b'<c r="%s".*?</c>' % place, cell, content)
            target.writestr(name, content)
    rows = list(read_spreadsheet(path).rows())
    assert [row.uncomputed for row in rows] == [(), (), ("name",)]
    assert rows[1].cells["name"] == 4


def test_merged_cells_stand_in_every_row_that_they_reach_over(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for cells in (
        ["city", "code", "more"],
        ["شیراز", 1, None],
        [None, 2, "a"],
        [None, None, None],
        [None, 3, None],
        [None, 4, "b"],
    ):
        sheet.append(cells)
    sheet.merge_cells("A2:A5")
    sheet.merge_cells("C3:C5")
    workbook.save(tmp_path / "book.xlsx")
    table = read_spreadsheet(tmp_path / "book.xlsx", blanks=True)
    assert [tuple(row.cells.values()) for row in table.rows()] == [
        ("شیراز", 1),
        ("شیراز", 2, "a"),
        (),
        ("شیراز", 3, "a"),
        (None, 4, "b"),
    ]
    assert table.notes == ("merged cells stand in each row that they reach over",)


def test_a_merged_header_fills_nothing(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for cells in (["city", "code"], [None, 1], ["x", 2]):
        sheet.append(cells)
    sheet.merge_cells("A1:A2")
    workbook.save(tmp_path / "book.xlsx")
    first, _ = read_spreadsheet(tmp_path / "book.xlsx").rows()
    assert first.cells == {"city": None, "code": 1}


def test_other_sheets_are_named(book: Callable[..., Path]) -> None:
    sheets: dict[str, Sheet] = {
        "راهنما": [("how",)],
        "اول": [("a",), (1,)],
        "خالی": [],
        "دوم": [(1,)],
    }
    with pytest.raises(InvalidFile, match="no rows; there is something in: اول, دوم") as caught:
        read_spreadsheet(book(**sheets))
    assert caught.value.option == "sheet"
    del sheets["راهنما"]
    table = read_spreadsheet(book(**sheets))
    assert table.notes == ("the sheet «اول» was read; name another to have it read: دوم",)
    assert not read_spreadsheet(book(**sheets), sheet="اول").notes
