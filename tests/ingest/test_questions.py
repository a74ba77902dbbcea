"""Which columns of a file of addresses ask, and that every row of it is read."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from geoservice.errors import InvalidFile, InvalidParameter
from geoservice.ingest.questions import open_questions, questions
from geoservice.ingest.read import ndjson
from geoservice.ingest.read.ndjson import MOST_COLUMNS, read_ndjson


def asking(tmp_path: Path, header: str, mapping: dict[str, str] | None = None) -> dict[str, int]:
    file = tmp_path / "in.csv"
    file.write_text(f"{header}\n" + "x," * header.count(",") + "x\n", encoding="utf-8")
    return dict(open_questions(str(file), mapping=mapping).asking)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("id,address", {"text": 1}),
        ("نشانی پستی,تلفن", {"text": 0}),
        ("id,آدرس محل پروژه", {"text": 1}),
        ("id,محل اجرا", {"text": 1}),
        ("Address Line", {"text": 0}),
        ('"نشانی\nملک",مساحت', {"text": 0}),
        ("نشانی کامل,كد پستي", {"text": 0, "postal_code": 1}),
        ("ClientRowID,PostCode", {"postal_code": 1}),
        ("استان,شهرستان,شهر,خیابان,کوچه,پلاک,واحد", {
            "province": 0, "county": 1, "city": 2, "street": 3, "alley": 4, "plaque": 5, "unit": 6,
        }),
        ("Province,TownShip,LocalityName,SubLocality,Street,Street2,HouseNumber,SideFloor", {
            "province": 0, "county": 1, "city": 2, "neighbourhood": 3, "street": 4, "alley": 5,
            "plaque": 6, "unit": 7,
        }),
        ("نام روستا,محله", {"city": 0, "neighbourhood": 1}),
    ],
)  # fmt: skip
def test_columns_go_by_persian_and_english_names(
    tmp_path: Path, header: str, expected: dict[str, int]
) -> None:
    assert asking(tmp_path, header) == expected


def test_a_column_can_be_named(tmp_path: Path) -> None:
    assert asking(tmp_path, "a,b", {"b": "street"}) == {"street": 1}
    with pytest.raises(InvalidParameter, match="no field «road»"):
        asking(tmp_path, "a,b", {"b": "road"})
    with pytest.raises(InvalidParameter, match="no column «c»"):
        asking(tmp_path, "a,b", {"c": "street"})


def test_every_field_has_persian_and_english_names() -> None:
    for name, field in questions().fields.items():
        names = field.known_as(name)
        assert any(each.isascii() for each in names), name
        assert any(not each.isascii() for each in names), name


@pytest.mark.parametrize(
    ("header", "language"), [("نشانی,id", "fa"), ("address,شماره", "en"), ("نشانی,postcode", "en")]
)
def test_the_language_is_that_of_most_columns_that_ask(
    tmp_path: Path, header: str, language: str
) -> None:
    file = tmp_path / "in.csv"
    file.write_text(f"{header}\n1,2\n", encoding="utf-8")
    assert open_questions(str(file)).language == language


def test_no_row_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("id,address\n1,a\n,\n\n2\n3,b,c\n4,d\n", encoding="utf-8")
    first, second, third = open_questions(str(file)).parts(2)
    assert (first.first, second.first, third.first) == (0, 2, 4)
    assert first.rows == [("1", "a"), ("", "")]
    assert second.rows == [("2", None), ("3", "b")]
    assert third.rows == [("4", "d")]
    assert list(second.faults) == [1]
    assert "c" in second.faults[1].en
    assert second.faults[1].fa.startswith("سطر ۶ خواندنی نیست")


def test_blanks_of_a_workbook_count_where_others_follow(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (["address"], ["a"], [None], [None], ["b"], [None]):
        sheet.append(cells)
    book.save(tmp_path / "in.xlsx")
    (part,) = open_questions(str(tmp_path / "in.xlsx")).parts(10)
    assert part.rows == [("a",), (None,), (None,), ("b",)]


def test_a_formula_without_its_result_asks_for_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["نشانی", "شهر", "note"])
    sheet.append(['="خیابان گردو"', "شیراز", 1])
    sheet.append(["خیابان گردو", "شیراز", "=1+1"])
    book.save(tmp_path / "in.xlsx")
    (part,) = open_questions(str(tmp_path / "in.xlsx")).parts(10)
    assert list(part.faults) == [0]
    assert "«نشانی» is not in the file" in part.faults[0].en
    assert part.faults[0].fa.startswith("سطر ۲: حاصل فرمول «نشانی»")


@pytest.mark.parametrize("name", ["in.csv", "in.xlsx"])
def test_columns_that_nobody_reads_may_repeat_or_have_no_name(tmp_path: Path, name: str) -> None:
    rows = [["note", "address", "", "note", ""], ["a", "b", "c", "d", "e"], ["f", "g", "", "", ""]]
    file = tmp_path / name
    if name == "in.csv":
        file.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append([cell or None for cell in row])
        book.save(file)
    found = open_questions(str(file))
    assert found.header == ("note", "address", "", "note", "")
    assert found.columns == ("note", "address", "column_3", "note_2", "column_5")
    assert dict(found.asking) == {"text": 1}
    (part,) = found.parts(10)
    assert not part.faults
    assert [tuple(cell or "" for cell in row) for row in part.rows] == [*map(tuple, rows[1:])]


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="1,001 columns"):
        asking(tmp_path, ",".join(["address", *(f"c{n}" for n in range(MOST_COLUMNS))]))
    file = tmp_path / "in.ndjson"
    file.write_text(json.dumps({f"c{n}": n for n in range(MOST_COLUMNS + 1)}))
    with pytest.raises(InvalidFile, match="1,000 different names"):
        read_ndjson(file)


def test_an_object_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "LONGEST_LINE", 100)
    file = tmp_path / "in.ndjson"
    file.write_text('{"q": "a"}\n{"q": "%s"}\n' % ("x" * 100))
    with pytest.raises(InvalidFile, match="line 2 has over"):
        read_ndjson(file)


def test_members_of_objects_are_columns_in_the_order_they_are_met(tmp_path: Path) -> None:
    file = tmp_path / "in.ndjson"
    file.write_bytes(b'\xef\xbb\xbf{"b": 1}\n\n{"a": NaN}\n{"a": [1], "c": null}\n')
    table = read_ndjson(file)
    assert table.columns == ("b", "a", "c")
    assert table.total == 3
    first, second, third = table.rows()
    assert first.cells == {"b": 1, "a": None, "c": None}
    assert second.fault is not None
    assert "NaN is no number" in second.fault
    assert third.line == 4
    assert third.cells["a"] == [1]


def test_nesting_without_end_is_a_fault_of_its_row(tmp_path: Path) -> None:
    file = tmp_path / "in.ndjson"
    file.write_text('{"q": 1}\n' + "[" * 100_000 + "\n")
    _, deep = read_ndjson(file).rows()
    assert deep.fault is not None
    assert "nested too deeply" in deep.fault


@pytest.mark.parametrize("name", ["in.pdf", "in", "in.xls"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("address\nx\n")
    with pytest.raises(InvalidFile, match="no ending of a file that is read"):
        open_questions(str(tmp_path / name))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("گزارش,,\n,,\nid,نشانی,شهر\n1,a,b\n", "Line 3 looks like its header"),
        ("گزارش نشانی‌ها\nid;نشانی;شهر\n1;a;b\n", "Line 2 looks like its header"),
        ("شیراز خیابان گردو\nشیراز خیابان زند\n", "does it hold them"),
    ],
)
def test_a_header_further_down_is_pointed_at(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "in.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidFile, match=told):
        open_questions(str(file))


def test_a_title_above_the_header_of_a_sheet_is_pointed_at(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (["گزارش"], ["id", "نشانی"], [1, "a"]):
        sheet.append(cells)
    sheet.merge_cells("A1:B1")
    book.save(tmp_path / "in.xlsx")
    with pytest.raises(InvalidFile, match="Line 2 looks like its header"):
        open_questions(str(tmp_path / "in.xlsx"))


def test_a_url_is_not_fetched() -> None:
    with pytest.raises(InvalidFile, match="nothing is fetched here"):
        open_questions("http://127.0.0.1/in.csv")
