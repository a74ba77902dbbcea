"""Bad files: each says what is wrong and where, and leaves the database as it was."""

from __future__ import annotations

import csv
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import geopandas
import pyarrow
import pytest
import shapely
from openpyxl import Workbook
from pyarrow import parquet

from geoservice.database.engine import Connection, connect
from geoservice.errors import DatabaseUnavailable, GeoserviceError, InvalidFile
from geoservice.ingest.ingest import Summary, ingest
from geoservice.ingest.region_sets import RegionSet

DAMAGED = ("id,title\n" + "۳,جاده\n" * 50).encode() + b"4,\xd8\n"

Load = Callable[..., Summary]
Query = Callable[..., list[tuple[Any, ...]]]
Report = Callable[[Path | None], list[dict[str, str]]]


@pytest.fixture
def untouched(query: Query, load: Load) -> Iterator[None]:
    """Two projects and a report of them that a refused file must leave alone."""
    load("projects", "id,title,budget\n1,جاده,5\n2,پل,\n", "before.csv")
    state = "SELECT p.*, (SELECT max(id) FROM meta.import) FROM source.project p ORDER BY p.id"
    before = query(state)
    yield
    assert query(state) == before


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty; a header line with column names is expected"),
        (b"id,title\n", "it has a header but no rows"),
        (b"id,title\n3,\xff\xfe\n", "line 2 .* is neither UTF-8 nor Windows-1256"),
        (DAMAGED, "line 52 .* name its encoding"),
        ("عنوان,بودجه\nجاده,5\n".encode(), "no column for id; the file has: عنوان, بودجه"),
        (b"id,title,ID\n3,a,4\n", "2 columns are called «id», and one of them is needed"),
        (b"just words", "it has a header but no rows"),
    ],
)
def test_a_csv_that_is_refused(load: Load, tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidFile, match=message) as error:
        load("projects", path)
    assert str(error.value).startswith(f"{path}: ")


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("absent.csv", None, "there is no such file"),
        ("bad.xlsx", b"id,title\n3,a\n", "it is no XLSX workbook"),
        ("bad.gpkg", b"SQLite format 3\x00" + bytes(100), "not a file that can be read"),
        (
            "bad.geojson",
            b'{"type": "FeatureCollection", "features": [',
            "Failed to read GeoJSON data",
        ),
        ("bad.parquet", b"PAR1", "cannot be read as Parquet"),
        ("bad.pdf", b"%PDF-1.4 nothing", "not recognized as being in a supported file format.$"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    load: Load, tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidFile, match=message):
        load("projects", path)


def test_a_directory_is_refused(load: Load, tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="it is a directory; name a file in it"):
        load("projects", tmp_path)


def test_a_file_that_breaks_off_leaves_nothing_of_it(
    load: Load, query: Query, tmp_path: Path
) -> None:
    """The first half of the features is whole, and was copied before the damage was met."""
    path = tmp_path / "bad.fgb"
    frame = geopandas.GeoDataFrame(
        {"id": range(20_000), "title": "راه"}, geometry=[shapely.Point(51, 35)] * 20_000, crs=4326
    )
    frame.to_file(path, driver="FlatGeobuf", engine="pyogrio", SPATIAL_INDEX="NO")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(InvalidFile, match=r"reading stopped after feature [1-9]|is it cut off"):
        load("projects", path)
    assert query("SELECT FROM source.project") == []
    assert query("SELECT FROM meta.import") == []


@pytest.mark.parametrize(
    ("kind", "row", "column", "reason"),
    [
        ("projects", "title=a", "id", "id is missing"),
        ("projects", "id=1", "", "the project has no title"),
        ("projects", "id=1;title=a;budget=دو میلیارد", "budget", "is not a number"),
        ("projects", "id=1;title=a;budget=-5", "budget", "-5 is below zero"),
        ("projects", "id=1;title=a;budget=#N/A", "budget", "the formula in the cell failed"),
        ("projects", "id=1;title=#REF!", "title", "the formula in the cell failed"),
        (
            "projects",
            "id=1;title=a;actual_start=1402/12/30",
            "actual_start",
            "Esfand of 1402 has 29 days",
        ),
        (
            "projects",
            "id=1;title=a;actual_start=1403/07/31",
            "actual_start",
            "Mehr of 1403 has 30 days",
        ),
        (
            "projects",
            "id=1;title=a;actual_start=2023-02-29",
            "actual_start",
            "February of 2023 has 28",
        ),
        (
            "projects",
            "id=1;title=a;actual_start=1403/5/1;completion_date=1403/4/1",
            "",
            "lies before",
        ),
        (
            "projects",
            "id=1;title=a;status=نامعلوم",
            "status",
            "is not a project status; expected: ident",
        ),
        ("projects", "id=1;title=a;progress=120", "progress", "not a percentage from 0 to 100"),
        ("projects", "id=1;title=" + "x" * 10_001, "title", "10,001 characters; at most 10,000"),
        ("projects", "id=1;title=a\x00b", "title", "NUL character"),
        (
            "projects",
            "id=1;title=a;lon=51;lat=",
            "lon, lat",
            "«lat» is empty, and a point needs both",
        ),
        ("projects", "id=1;title=a;lon=شرق;lat=35", "lon, lat", "'شرق' is not a number"),
        ("places", "id=1;name=a;lon=539000;lat=3950000", "lon, lat", "not degrees.*--crs"),
        ("places", "id=1", "", "the place has no name"),
        ("addresses", "postcode=123", "postcode", "3 digits: ten are expected"),
        ("addresses", "postcode=1111111111", "postcode", "one digit ten times"),
        (
            "regions",
            "code=01;level=ناحیه",
            "level",
            "«ناحیه» is not a level; expected: country, prov",
        ),
        ("regions", "code=01;wkt=POLYGON((51 35", "wkt", "the geometry cannot be read"),
        ("regions", "code=01;wkt=POINT(51 35)", "wkt", "it is a Point, not a polygon"),
        ("population", "code=23;year=1395;pop=10;male=6;female=5", "", "men 6 and women 5 make 11"),
        ("population", "code=23;year=1395;pop=1.5", "pop", "has a fraction"),
        ("population", "code=23;year=95;pop=1", "year", "year 95 is not a Jalali year"),
        ("population", "code=99;year=1395;pop=1", "code", "no province 99 in the region set now"),
        ("statistics", "code=23;variable=v;year=1395;value=زیاد", "value", "is not a number"),
        (
            "statistics",
            "code=23;variable=v;year=1403-13;value=1",
            "year",
            "month 13 does not exist",
        ),
    ],
)
def test_a_bad_row_is_rejected_with_its_place_and_reason(
    load: Load, report: Report, regions: str, kind: str, row: str, column: str, reason: str
) -> None:
    cells = dict(cell.split("=", 1) for cell in row.split(";"))
    for required in {"projects": ["id"], "regions": ["name"]}.get(kind, []):
        cells.setdefault(required, "" if required == "id" else "گیلان")
    values = ['"' + value.replace('"', '""') + '"' for value in cells.values()]
    text = f"{','.join(cells)},note\n\n{','.join(values)},شاهد\n"
    options = {"region_set": RegionSet("new")} if kind == "regions" else {}
    summary = load(kind, text, **options)
    assert (summary.read, summary.rejected, summary.records.inserted) == (1, 1, 0)
    (reject,) = report(summary.rejects_report)
    assert (reject["line"], reject["column"]) == ("3", column)
    assert json.loads(reject["row"])["note"] == "شاهد"
    assert any("\u0600" <= letter <= "\u06ff" for letter in reject["reason_fa"])
    assert re.search(reason, reject["reason"])


def test_a_second_row_of_a_key(load: Load, report: Report, query: Query) -> None:
    summary = load("agencies", "id,name\n1,راه\n2,نیرو\n۱,راه\n2,برق\n2,آب\n")
    assert (summary.read, summary.rejected, summary.remarks) == (5, 2, 1)
    assert [
        (row["line"], row["value"], row["reason"]) for row in report(summary.rejects_report)
    ] == [
        ("5", "2", "line 3, which is in, has the same key with other content"),
        ("6", "2", "line 3, which is in, has the same key with other content"),
    ]
    (remark,) = report(summary.remarks_report)
    assert (remark["line"], remark["reason"]) == ("4", "line 2 says the same already")
    assert query("SELECT id, name_fa FROM source.agency ORDER BY id") == [
        ("1", "راه"),
        ("2", "نیرو"),
    ]


def test_a_row_rejected_for_two_reasons_is_one_reject(
    load: Load, report: Report, regions: str
) -> None:
    summary = load("population", "code,year,male,female\n9901,1395,6,4\n9901,1395,5,5\n")
    assert (summary.read, summary.rejected) == (2, 2)
    assert [row["line"] for row in report(summary.rejects_report)] == ["2", "3"]


def test_a_file_of_rejects_alone_changes_nothing(
    load: Load, versions: Callable[[], dict[str, int]], regions: str
) -> None:
    before = versions()
    summary = load("population", "code,year,pop\n99,1395,1\n98,1395,x\n")
    assert (summary.read, summary.rejected) == (2, 2)
    assert versions() == before


def test_an_unclosed_quote_takes_no_other_row_along(
    load: Load, report: Report, query: Query
) -> None:
    summary = load("agencies", 'id,name\n1,راه\n2,"نیرو\n3,آب\n4,برق\n')
    (reject,) = report(summary.rejects_report)
    assert (reject["line"], json.loads(reject["row"])) == ("3", {"": '2,"نیرو'})
    assert [row[0] for row in query("SELECT id FROM source.agency ORDER BY id")] == ["1", "3", "4"]


def test_what_jsonb_cannot_hold_is_reported_all_the_same(
    load: Load, report: Report, tmp_path: Path
) -> None:
    table = pyarrow.table(
        {
            "id": [None],
            "title": ["a\x00b\\u0000c"],
            "budget": [float("nan")],
            "spent": [float("inf")],
            "blob": [b"\x00\xff"],
            "tags": [["ا", "b"]],
        },
        schema=pyarrow.schema(
            [
                ("id", pyarrow.string()),
                ("title", pyarrow.string()),
                ("budget", pyarrow.float64()),
                ("spent", pyarrow.float64()),
                ("blob", pyarrow.binary()),
                ("tags", pyarrow.list_(pyarrow.string())),
            ]
        ),
    )
    path = tmp_path / "a.parquet"
    parquet.write_table(table, path)
    summary = load("projects", path)
    (reject,) = report(summary.rejects_report)
    assert (reject["line"], reject["column"]) == ("1", "id")
    assert json.loads(reject["row"]) == {
        "id": None,
        "title": "a␀b\\u0000c",
        "budget": "nan",
        "spent": "inf",
        "blob": "00ff",
        "tags": "['ا', 'b']",
    }


def test_a_huge_cell_is_rejected_and_kept_whole(load: Load, report: Report) -> None:
    summary = load("projects", f'id,title\n1,"{"x" * 3_000_000}"\n2,پل\n')
    assert (summary.read, summary.rejected) == (2, 1)
    (row,) = (row for row in _wide(summary.rejects_report) if row[1] == "2")
    assert len(row[3]) == 200
    assert len(row[6]) > 3_000_000


def _wide(path: Path | None) -> list[list[str]]:
    assert path is not None
    csv.field_size_limit(1 << 24)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


# --- the database goes away ------------------------------------------------------------------


def test_a_database_that_goes_away_in_mid_import_is_left_as_it_was(
    database_url: str, load: Load, query: Query, connection: Connection, tmp_path: Path
) -> None:
    load("agencies", "id,name\n1,راه\n")
    connection.commit()
    path = tmp_path / "many.csv"
    path.write_text("id,name\n1,ریل\n" + "".join(f"n{n},نام {n}\n" for n in range(20_000)))
    seen = threading.Event()

    def end_it(done: int, _: int | None) -> None:
        if done == 5000:
            (ended,) = query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'doomed' AND datname = current_database()"
            )
            assert ended == (True,)
            seen.set()

    with (
        pytest.raises(DatabaseUnavailable, match="no answer from the database"),
        connect(database_url, application="doomed") as doomed,
    ):
        ingest(doomed, "agencies", str(path), progress=end_it)
    assert seen.is_set()
    assert query("SELECT id, name_fa FROM source.agency") == [("1", "راه")]
    assert query("SELECT count(*)::int FROM meta.import") == [(1,)]
    assert not Path(f"{path}.rejects.csv").exists()
    with connect(database_url) as fresh:
        assert ingest(fresh, "agencies", str(path)).rows_in == 20_001


def test_a_database_that_is_not_there_is_told() -> None:
    with (
        pytest.raises(DatabaseUnavailable),
        connect("postgresql://nobody:x@127.0.0.1:1/none?connect_timeout=2"),
    ):
        pytest.fail("there is no server on port 1")


def test_any_bytes_under_any_suffix_are_read_or_refused(load: Load, tmp_path: Path) -> None:
    contents = [
        b"\x00" * 64,
        b"PK\x03\x04" + b"\x00" * 60,
        "شناسه\n".encode() * 3,
        b'"',
        b"\xff" * 9,
    ]
    for suffix in ("csv", "tsv", "xlsx", "parquet", "geojson", "gpkg", "shp", "fgb", "kml", "zip"):
        for number, content in enumerate(contents):
            path = tmp_path / f"{number}.{suffix}"
            path.write_bytes(content)
            with suppress(GeoserviceError):
                load("projects", path, constants={"title_fa": "راه"})


def test_codes_that_lost_their_zeros_are_not_guessed_at(load: Load, query: Query) -> None:
    """0601 came as 601 and 1001 as 1001: taken by their lengths, some would turn into provinces."""
    with pytest.raises(InvalidFile, match=r"line 3: the level of the code «601» .*--level"):
        load("regions", "code,name\n10,زرندیه\n601,آبادان\n", region_set=RegionSet("lost"))
    assert query("SELECT count(*) FROM source.region WHERE region_set = 'lost'") == [(0,)]


def test_a_percentage_of_a_sheet_is_what_it_shows(load: Load, query: Query, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["id", "title", "progress"])
    sheet.append(["a", "راه", 0.75])
    sheet["C2"].number_format = "0%"
    sheet.append(["b", "پل", 40])
    sheet.append(["c", "سد", "30 درصد"])
    book.save(tmp_path / "shares.xlsx")
    load("projects", tmp_path / "shares.xlsx")
    assert query(
        "SELECT id, physical_progress FROM source.project WHERE id IN ('a', 'b', 'c') ORDER BY 1"
    ) == [("a", 75.0), ("b", 40.0), ("c", 30.0)]
