from __future__ import annotations

import datetime
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
    with pytest.raises(InvalidFile, match="cannot be read as an XLSX workbook: File is not a zip"):
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
