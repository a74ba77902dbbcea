from __future__ import annotations

from pathlib import Path

import pytest

from geoservice.errors import InvalidFile
from geoservice.ingest.read import delimited
from geoservice.ingest.read.delimited import read_delimited
from geoservice.ingest.read.rows import Row, Table


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data.csv"


def read(path: Path, text: str, encoding: str | None = None) -> list[Row]:
    path.write_text(text, encoding=encoding or "utf-8", newline="")
    return list(read_delimited(path).rows())


def cells(rows: list[Row]) -> list[tuple[int, list[object]]]:
    return [(row.line, list(row.cells.values())) for row in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "،"])
def test_the_delimiter_is_found_out(path: Path, delimiter: str) -> None:
    rows = read(path, f"کد{delimiter}نام\n۰۱{delimiter}گیلان\n")
    assert rows == [Row(2, {"کد": "۰۱", "نام": "گیلان"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encoding_and_line_ends_are_found_out(path: Path, encoding: str, end: str) -> None:
    rows = read(path, f"code,نام{end}01,رشت{end}02,ساري{end}", encoding)
    assert cells(rows) == [(2, ["01", "رشت"]), (3, ["02", "ساري"])]
    assert list(rows[0].cells) == ["code", "نام"]


def test_an_encoding_other_than_utf8_is_told(path: Path) -> None:
    path.write_text("code,نام\n01,رشت\n", encoding="cp1256")
    assert read_delimited(path).notes == ("encoding cp1256",)
    assert read_delimited(path, encoding="windows-1256").notes == ("encoding windows-1256",)


def test_blank_lines_are_passed_over_and_counted(path: Path) -> None:
    rows = read(path, "\n  \ncode,name\n\n01,a\n,\n\n02,b")
    assert cells(rows) == [(5, ["01", "a"]), (8, ["02", "b"])]


def test_lines_are_numbered_across_quoted_ones(path: Path) -> None:
    rows = read(path, '"code\nof it",name\n01,"a\nb\r\nc"\n02,"d"",e"\n')
    assert list(rows[0].cells) == ["code of it", "name"]
    assert cells(rows) == [(3, ["01", "a\nb\r\nc"]), (6, ["02", 'd",e'])]


def test_empty_columns_at_the_end_are_no_columns(path: Path) -> None:
    rows = read(path, "code,name,,\n01,a,,\n02,b\n")
    assert cells(rows) == [(2, ["01", "a"]), (3, ["02", "b"])]
    assert all(row.fault is None and row.remark is None for row in rows)


def test_a_row_with_too_many_cells_has_a_fault_and_all_its_cells(path: Path) -> None:
    (row,) = read(path, "code,name\n01,a,b,c\n")
    assert row.fault == "it has 4 cells and the header 2; is a delimiter unquoted?"
    assert list(row.cells.values()) == ["01", "a", "b", "c"]


def test_a_row_with_few_cells_has_a_remark_and_one_with_fewer_a_fault(path: Path) -> None:
    short, shorter = read(path, "a,b,c,d,e\n1,2,3\n1,2\n")
    assert short.fault is None
    assert short.remark == "it has 3 of 5 cells; the others are taken as empty"
    assert shorter.fault == "it has only 2 of 5 cells; is the line cut off?"


def test_an_unclosed_quote_costs_its_own_line_alone(path: Path) -> None:
    rows = read(path, 'code,name\n01,a\n02,"b\n03,c\n04,"d"\n05,e\n')
    assert [(row.line, row.fault is None) for row in rows] == [
        (2, True),
        (3, False),
        (4, True),
        (5, True),
        (6, True),
    ]
    assert list(rows[1].cells.values()) == ['02,"b'], "the line is kept as it stands"
    assert rows[1].fault is not None
    assert "never closed" in rows[1].fault


def test_an_unclosed_quote_without_any_other(path: Path) -> None:
    rows = read(path, 'code,name\n01,"a\n02,b\n')
    assert [row.fault is None for row in rows] == [False, True]


def test_the_rest_of_a_broken_cell_is_not_taken_for_a_row(path: Path) -> None:
    """The quoted cell goes on after its closing quote; its second line has two cells as well."""
    rows = read(path, 'code,name\n"01\n02"x,b\n03,c\n')
    assert [(row.line, row.fault is None) for row in rows] == [(2, False), (3, False), (4, True)]
    assert list(rows[1].cells.values()) == ['02"x,b']


def test_every_line_is_accounted_for_when_quotes_are_broken_often(path: Path) -> None:
    lines = [f'{n},"a{n}' if n % 7 == 0 else f"{n},a" for n in range(200)]
    rows = read(path, "code,name\n" + "\n".join(lines))
    assert [row.line for row in rows] == list(range(2, 202))


def test_a_pass_can_be_made_twice(path: Path) -> None:
    path.write_text("code\n1\n2\n")
    table: Table = read_delimited(path)
    assert list(table.rows()) == list(table.rows())


@pytest.mark.parametrize(
    "rows",
    [
        "1,a\n2,b\n3,c\n4,d\n5,e\n",
        '1,"a\n2"\n,\n"x, y",z\n4,"two\nlines"\n',
        '1,a\n2,b\n3,"c\n4,d\n5,e\n',
        "1,a\n2,b\n\n3\n4,d,e\n5,f\n",
        '1,a\n"01\n02"x,b\n3,c\n',
    ],
    ids=["whole", "quoted ends of lines", "open quote", "short and long", "broken cell"],
)
@pytest.mark.parametrize("block", [1, 2, 3, 100])
def test_lists_are_the_same_rows(
    path: Path, monkeypatch: pytest.MonkeyPatch, rows: str, block: int
) -> None:
    monkeypatch.setattr("geoservice.ingest.read.delimited._BLOCK", block)
    path.write_text("code,name\n" + rows, encoding="utf-8", newline="")
    table = read_delimited(path, blanks=True)
    assert table.lists is not None
    expected = list(table.rows())
    lists = [
        row if isinstance(row, Row) else Row(each.line, dict(zip(table.columns, row, strict=True)))
        for row, each in zip(table.lists(), expected, strict=True)
    ]
    assert lists == expected


@pytest.mark.parametrize("text", ["\n", "\ufeff", "  \r\n\t\n"])
def test_a_file_of_blanks_is_empty(path: Path, text: str) -> None:
    with pytest.raises(InvalidFile, match="it is empty; a header line"):
        read(path, text)


@pytest.mark.parametrize("text", ["code,name", "code,name\n", "code,name\n\n,\n"])
def test_a_lone_header_is_refused(path: Path, text: str) -> None:
    with pytest.raises(InvalidFile, match="a header but no rows"):
        read(path, text)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_told_and_read_when_named(path: Path, encoding: str) -> None:
    path.write_bytes("code,نام\n01,رشت\n".encode(encoding))
    with pytest.raises(InvalidFile, match="UTF-16 without a byte order mark") as told:
        read_delimited(path)
    assert told.value.option == "encoding"
    (row,) = read_delimited(path, encoding=encoding).rows()
    assert row.cells == {"code": "01", "نام": "رشت"}


def test_an_encoding_that_is_none(path: Path) -> None:
    path.write_text("code\n1\n")
    with pytest.raises(InvalidFile, match="«persian» is not an encoding; utf-8 or windows-1256"):
        read_delimited(path, encoding="persian")


@pytest.mark.parametrize("encoding", ["windows-1256", "latin-1"])
def test_utf8_is_not_read_as_something_else(path: Path, encoding: str) -> None:
    path.write_text("code,نام\n01,رشت\n", encoding="utf-8")
    with pytest.raises(InvalidFile, match=f"not {encoding} but UTF-8; name no encoding"):
        read_delimited(path, encoding=encoding)


@pytest.mark.parametrize(("encoding", "reason"), [("utf-8", "line 2"), ("utf-16", "not utf-16")])
def test_text_that_is_not_in_the_named_encoding(path: Path, encoding: str, reason: str) -> None:
    path.write_bytes(
        "code,نام\n01,رشت.\n".encode("cp1256").replace(b"code,\xe4\xc7\xe3", b"code,name")
    )
    with pytest.raises(InvalidFile, match=reason):
        list(read_delimited(path, encoding=encoding).rows())


def test_text_that_breaks_off_late_in_another_encoding(path: Path) -> None:
    path.write_bytes(("code\n" + "1\n" * 9000).encode("utf-16") + b"\x00\xd8")
    table = read_delimited(path, blanks=True)
    assert table.lists is not None
    for read_all in (table.rows, table.lists):
        with pytest.raises(InvalidFile, match="soon after it is not utf-16"):
            list(read_all())


@pytest.mark.parametrize("way", ["rows", "lists"])
def test_a_line_without_end_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(delimited, "LONGEST_LINE", 100)
    path.write_text(f"code\n{'1' * 99}\n{'x' * 200}\n")
    rows = getattr(read_delimited(path, blanks=True), way)()
    with pytest.raises(InvalidFile, match=r"line 3 has over .* are its line ends lost"):
        list(rows)
    path.write_text("c" * 101)
    with pytest.raises(InvalidFile, match="line 1 has over"):
        read_delimited(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("blanks", [True, False])
def test_a_line_that_says_the_delimiter_is_heeded(
    tmp_path: Path, encoding: str, blanks: bool
) -> None:
    path = tmp_path / "in.csv"
    path.write_text("sep=;\na,b;c\n1,2;3\n", encoding=encoding)
    table = read_delimited(path, blanks=blanks)
    assert table.columns == ("a,b", "c")
    assert list(table.rows()) == [Row(3, {"a,b": "1,2", "c": "3"})]
    if table.lists:
        assert list(table.lists()) == [["1,2", "3"]]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 and more\n", "a workbook or another ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 more\n", "of the old Excel"),
        ("a,b\n1,2\n".encode("utf-32"), "UTF-32; save it as UTF-8"),
        (b"\x07\x00\n\x01\x9f" * 300, "it is no text"),
    ],
)
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidFile, match=told):
        read_delimited(path)


def test_a_line_of_white_space_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("a,b\n1,2\n  \n\n,\n3,4\n", encoding="utf-8")
    table = read_delimited(path, blanks=True)
    assert [row.line for row in table.rows()] == [2, 5, 6]
    assert table.lists is not None
    assert [row.line for row in table.lists() if isinstance(row, Row)] == [2, 5, 6]
