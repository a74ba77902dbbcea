"""Whole files through the stage: what is stored, what is told, and that no row is lost."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from openpyxl import Workbook

from geoservice.database.engine import Connection
from geoservice.errors import InvalidFile, InvalidParameter
from geoservice.ingest.ingest import Options, Summary, digest, ingest, was_ingested
from geoservice.ingest.load import Merged
from geoservice.ingest.region_sets import RegionSet
from geoservice.model import Title

Load = Callable[..., Summary]
Query = Callable[..., list[tuple[Any, ...]]]
Versions = Callable[[], dict[str, int]]
Report = Callable[[Path | None], list[dict[str, str]]]

MESSY = """شناسه,عنوان,اعتبار,تاریخ شروع,lon,lat,توضیح
1,جاده,۱۲۰۰,1403/12/30,51.4,35.7,good
2,پل,دو میلیارد,1403/01/01,51.4,35.7,budget
3,تونل,5,1402/12/30,51.4,35.7,date
4,راه‌آهن,5,2024-03-20,35.7,51.4,swapped
5,"مدرسه
دوم",5,,0,0,"two lines, point zero"
,بی‌شناسه,5,,,,no id
7,سد,5,1403/01/01
8,,5,,,,no title

9,آبرسانی,5,,,,x,one cell more
1,جاده,۱۲۰۰,1403/12/30,51.4,35.7,good
1,جاده,۱۳۰۰,1403/12/30,51.4,35.7,other content
10,"بیمارستان,5,,,,an unclosed quote
11,درمانگاه,-3,,2.3,48.8,negative
12,درمانگاه,3,,2.3,48.8,abroad
"""


def test_no_row_is_lost(load: Load, query: Query, report: Report) -> None:
    summary = load("projects", MESSY)
    assert summary.rows_in + summary.rejected == summary.read == 14
    rejects = report(summary.rejects_report)
    assert len(rejects) == summary.rejected == 8
    assert [(row["line"], row["column"]) for row in rejects] == [
        ("3", "اعتبار"),
        ("4", "تاریخ شروع"),
        ("8", "شناسه"),
        ("10", ""),
        ("12", ""),
        ("14", "id"),
        ("15", ""),
        ("16", "اعتبار"),
    ]
    assert [row[0] for row in query("SELECT id FROM source.project ORDER BY id::int")] == [
        *("1", "4", "5", "7", "12")
    ]
    assert summary.records == Merged(5, 0, 0), "line 13 says what line 2 says"


def test_a_reject_says_where_what_and_why_in_both_languages(load: Load, report: Report) -> None:
    summary = load("projects", MESSY)
    first = report(summary.rejects_report)[0]
    assert list(first) == ["file", "line", "column", "value", "reason", "reason_fa", "row"]
    assert first["file"] == summary.file
    assert first["value"] == "دو میلیارد"
    assert first["reason"].startswith("budget: 'دو میلیارد' is not a number: digits such as")
    assert first["reason_fa"] == "مبلغ درست نیست"
    assert '"پل"' in first["row"]
    assert '"1403/01/01"' in first["row"]


def test_the_reports_lie_beside_the_file_and_open_in_a_spreadsheet(load: Load) -> None:
    summary = load("projects", MESSY, "پروژه‌ها ۱.csv")
    assert summary.rejects_report == Path(f"{summary.file}.rejects.csv")
    assert summary.remarks_report == Path(f"{summary.file}.remarks.csv")
    assert summary.rejects_report.read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_same_rejects_are_kept_in_the_database(
    load: Load, query: Query, report: Report
) -> None:
    summary = load("projects", MESSY)
    kept = query(
        "SELECT line::text, coalesce(\"column\", ''), coalesce(value, ''), reason, reason_fa, "
        "row::text FROM meta.reject WHERE outcome = 'rejected' ORDER BY reject.line"
    )
    assert kept == [tuple(row.values())[1:] for row in report(summary.rejects_report)]
    assert query("SELECT kind, read, rejected, inserted, remarks FROM meta.import") == [
        ("projects", 14, 8, 5, summary.remarks)
    ]


def test_rows_with_a_remark_are_in(load: Load, report: Report) -> None:
    summary = load("projects", MESSY)
    remarks = {
        (row["line"], row["reason"].partition(":")[0]) for row in report(summary.remarks_report)
    }
    assert remarks == {
        ("5", "coordinates.swapped"),
        ("6", "coordinates.zero"),
        ("9", "it has 4 of 7 cells; the others are taken as empty"),
        ("13", "line 2 says the same already"),
        ("17", "coordinates.outside"),
    }
    assert summary.remarks == 5


def test_reports_of_an_earlier_run_go_when_all_is_well(load: Load) -> None:
    first = load("agencies", "id,name\n1,\n2,نیرو\n")
    assert first.rejects_report is not None
    assert first.rejects_report.exists()
    second = load("agencies", "id,name\n1,راه\n2,نیرو\n")
    assert (second.rejected, second.rejects_report) == (0, None)
    assert not first.rejects_report.exists()


def test_a_report_that_cannot_be_written_is_told_and_the_rows_stay(
    load: Load, query: Query, tmp_path: Path
) -> None:
    (tmp_path / "data.csv.rejects.csv").mkdir()
    summary = load("agencies", "id,name\n1,\n2,نیرو\n")
    assert query("SELECT id FROM source.agency") == [("2",)]
    assert (summary.rejected, summary.rejects_report) == (1, None)
    ((import_id,),) = query("SELECT import_id FROM meta.reject")
    (note,) = summary.notes
    assert "cannot be written (Is a directory)" in note
    assert f"the rejects are in the database: table meta.reject, import_id = {import_id}" in note


def test_reports_of_what_is_fetched_lie_in_the_current_directory(
    connection: Connection, tmp_path: Path, empty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = geopandas.GeoDataFrame(
        {"id": [1]}, geometry=[shapely.LineString([(51, 35), (52, 36)])], crs=4326
    )
    frame.to_file(tmp_path / "a.geojson", engine="pyogrio")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    summary = ingest(connection, "projects", f"/vsisubfile/0,{tmp_path}/a.geojson")
    assert summary.rejected == 1
    assert summary.rejects_report == elsewhere / "a.geojson.rejects.csv"
    assert summary.rejects_report.exists()


# --- kept as written, keys normalised --------------------------------------------------------


def test_what_was_written_is_kept_and_keys_have_one_form(load: Load, query: Query) -> None:
    load("agencies", "شناسه,نام\nد-۱۲,وزارت نيرو ك\n")
    assert query("SELECT id, name_fa, name_key FROM source.agency") == [
        ("د-12", "وزارت نيرو ك", "وزارتنیروک")
    ]
    again = load("agencies", "شناسه,نام\nد-12,وزارت نيرو ك\n")
    assert again.records == Merged(0, 0, 1)


def test_both_calendars_are_stored_gregorian(load: Load, query: Query) -> None:
    load(
        "projects",
        "id,title,actual_start,completion_date\n"
        "1,a,1403/12/30,2025-03-21\n2,b,۱۴۰۳/۰۱/۰۱,۳۰ اسفند ۱۴۰۳\n",
    )
    assert query("SELECT actual_start, completion_date FROM source.project ORDER BY id") == [
        (datetime.date(2025, 3, 20), datetime.date(2025, 3, 21)),
        (datetime.date(2024, 3, 20), datetime.date(2025, 3, 20)),
    ]


def test_a_workbook_of_projects(load: Load, query: Query, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["کد پروژه", "عنوان", "بودجه", "شروع", "پیشرفت"])
    book.active.append([12, "راه", 1.5e12, datetime.datetime(2024, 3, 20), "۴۰٪"])
    book.active.append(["۱۳", "پل", "۱٬۰۰۰", 14030105, 12.5])
    book.active.append([14, "تونل", "#REF!", None, None])
    book.save(tmp_path / "a.xlsx")
    summary = load("projects", tmp_path / "a.xlsx")
    assert (summary.read, summary.rejected) == (3, 1)
    assert query(
        "SELECT id, title_fa, budget, actual_start, physical_progress FROM source.project "
        "ORDER BY id"
    ) == [
        ("12", "راه", Decimal(1_500_000_000_000), datetime.date(2024, 3, 20), 40.0),
        ("13", "پل", Decimal(1000), datetime.date(2024, 3, 24), 12.5),
    ]


# --- running again ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "table"),
    [
        ("agencies", "id,name\n1,راه\n2,نیرو\n", "agency"),
        (
            "addresses",
            "PostCode,Street,lon,lat\n1594843812,زرتشت,51.4,35.7\n1654120840,,,\n",
            "address",
        ),
        ("places", "id,name,lon,lat,aliases\n1,ری,51.4,35.6,شهرری|Ray\n2,قم,,,\n", "place"),
        (
            "projects",
            "id,title,budget,agency,lon,lat\n1,a,1.50,راه,51.4,35.7\n2,b,,,,\n",
            "project",
        ),
        ("population", "code,year,male,female\n2301,1395,6,4\n0701,1395,1,2\n", "population"),
        (
            "statistics",
            "code,variable,unit,year,value\n23,a,نفر,1395,6.1\n07,a,,1395,1\n",
            "statistic",
        ),
    ],
)
def test_loading_again_changes_nothing(
    load: Load, versions: Versions, regions: str, kind: str, text: str, table: str
) -> None:
    first = load(kind, text)
    assert first.rejected == 0
    assert first.records.inserted > 0
    before = versions()
    again = load(kind, text)
    assert again.records == Merged(0, 0, first.records.inserted)
    assert versions() == before
    changed = load(
        kind,
        text.replace(",1.50,", ",2,")
        .replace("نیرو", "برق")
        .replace("زرتشت", "سعدی")
        .replace("Ray", "Rey")
        .replace(",1395,6", ",1395,7"),
    )
    assert changed.records.updated == 1
    assert changed.records.inserted == 0
    assert {name for name, version in versions().items() if version != before[name]} == {
        f"source.{table}"
    }


def test_loading_regions_again_changes_nothing(load: Load, versions: Versions) -> None:
    text = f"code,name,wkt\n0101,تالش,{square(49, 37)!r}\n0102,رشت,{square(50, 37)!r}\n".replace(
        "'", '"'
    )
    region_set = RegionSet("old", Title("کهن", "Old"), source="SCI", current=True)
    first = load("regions", text, region_set=region_set)
    assert first.records == Merged(2, 0, 0)
    before = versions()
    again = load("regions", text, region_set=region_set)
    assert again.records == Merged(0, 0, 2)
    assert versions() == before


def square(west: float, south: float, size: float = 1) -> str:
    return str(shapely.box(west, south, west + size, south + size).wkt)


# --- geometry --------------------------------------------------------------------------------


def test_metres_are_stored_as_degrees(load: Load, query: Query, tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"id": [1], "name": ["ری"]}, geometry=[shapely.Point(500_000, 3_950_000)], crs=32639
    )
    frame.to_file(tmp_path / "a.gpkg", engine="pyogrio")
    load("places", tmp_path / "a.gpkg")
    ((srid, lon, lat),) = query("SELECT ST_SRID(geom), ST_X(geom), ST_Y(geom) FROM source.place")
    assert (srid, round(lon, 6)) == (4326, 51.0)
    assert 35.69 < lat < 35.70


def test_metres_in_a_table_need_the_option(load: Load, report: Report, query: Query) -> None:
    text = "id,name,x,y\n1,ری,500000,3950000\n"
    refused = load("places", text)
    assert "--crs" in report(refused.rejects_report)[0]["reason"]
    assert load("places", text, crs="EPSG:32639").rejected == 0
    assert query("SELECT round(ST_X(geom)::numeric, 6) FROM source.place") == [(Decimal(51),)]


def test_a_shapefile_without_prj_needs_the_option(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    frame = geopandas.GeoDataFrame(
        {"id": [1], "name": ["Ray"]}, geometry=[shapely.Point(51, 35)], crs=4326
    )
    frame.to_file(path, engine="pyogrio")
    path.with_suffix(".prj").unlink()
    with pytest.raises(InvalidFile, match=r"a\.shp does not say in which CRS"):
        load("places", path)
    assert load("places", path, crs="EPSG:4326").rejected == 0


@pytest.mark.parametrize(
    ("point", "fault"),
    [("0,0", "zero"), ("35.7,51.4", "swapped"), ("2.3,48.8", "outside")],
)
def test_a_point_that_cannot_be_true(
    load: Load, query: Query, report: Report, point: str, fault: str
) -> None:
    place = load("places", f"id,name,lon,lat\n1,ری,{point}\n")
    assert (place.rejected, query("SELECT FROM source.place")) == (1, [])
    assert report(place.rejects_report)[0]["reason"].startswith(f"coordinates.{fault}")

    project = load("projects", f"id,name,lon,lat\n1,راه,{point}\n")
    assert (project.rejected, project.remarks) == (0, 1)
    assert query("SELECT given_geom IS NOT NULL FROM source.project") == [(True,)]

    address = load("addresses", f"PostCode,lon,lat\n1594843812,{point}\n")
    assert (address.rejected, address.remarks) == (0, 1)
    assert query("SELECT geom FROM source.address") == [(None,)]
    remark = report(address.remarks_report)[0]
    assert (remark["column"], remark["reason_fa"]) == ("lon, lat", "مختصات درست نیست")


def test_a_repaired_polygon_is_in_with_a_remark(load: Load, query: Query, report: Report) -> None:
    text = 'code,name,wkt\n0101,تالش,"POLYGON((49 37, 50 38, 50 37, 49 38, 49 37))"\n'
    summary = load("regions", text, region_set=RegionSet("old"))
    assert (summary.rejected, summary.remarks) == (0, 1)
    assert report(summary.remarks_report)[0]["reason"].startswith("the polygon was repaired")
    assert query("SELECT ST_IsValid(geom) FROM source.region WHERE level = 'county'") == [(True,)]


def test_a_region_without_a_shape_among_others_is_remarked_on(load: Load, report: Report) -> None:
    text = f'code,name,wkt\n0101,تالش,"{square(49, 37)}"\n0102,رشت,\n'
    summary = load("regions", text, region_set=RegionSet("old"))
    (remark,) = report(summary.remarks_report)
    assert (remark["line"], remark["reason"]) == (
        "3",
        "the row has no geometry where others have one",
    )


def test_seats_of_regions_are_not_their_shapes(load: Load, query: Query) -> None:
    summary = load(
        "regions", "code,name,lon,lat\n0101,تالش,48.9,37.8\n", region_set=RegionSet("old")
    )
    assert summary.unused_columns == ("lon", "lat")
    assert query("SELECT geom FROM source.region WHERE level = 'county'") == [(None,)]


# --- regions and region sets -----------------------------------------------------------------


def test_provinces_are_derived_from_counties_until_they_are_given(load: Load, query: Query) -> None:
    counties = (
        "county_code,county_name,province_code,province_name,wkt\n"
        f'0101,تالش,01,گیلان,"{square(49, 37)}"\n0102,رشت,01,گیلان,"{square(50, 37)}"\n'
    )
    summary = load("regions", counties, region_set=RegionSet("old"))
    assert "1 provinces were derived from their counties" in summary.notes
    province = "SELECT name_fa, derived, ST_Area(geom) FROM source.region WHERE level = 'province'"
    assert query(province) == [("گیلان", True, 2.0)]
    given = f'code,name,wkt\n01,استان گیلان,"{square(49, 37, 2)}"\n'
    load("regions", given, region_set=RegionSet("old"))
    assert query(province) == [("استان گیلان", False, 4.0)]


def test_the_first_set_is_current_until_another_is_made_so(load: Load, query: Query) -> None:
    text = "code,name\n01,گیلان\n"
    current = "SELECT id FROM source.region_set WHERE is_current"
    load("regions", text, region_set=RegionSet("a"))
    load("regions", text, region_set=RegionSet("b"))
    assert query(current) == [("a",)]
    load("regions", text, region_set=RegionSet("b", current=True))
    assert query(current) == [("b",)]


def test_a_set_keeps_what_is_not_said_again(load: Load, query: Query) -> None:
    first = datetime.date(2016, 3, 20)
    text = "code,name\n01,گیلان\n"
    load("regions", text, region_set=RegionSet("a", Title("الف", "A"), first, source="SCI"))
    load("regions", text, region_set=RegionSet("a", valid_to=datetime.date(2021, 3, 20)))
    assert query(
        "SELECT title_fa, title_en, valid_from, valid_to, source FROM source.region_set"
    ) == [("الف", "A", first, datetime.date(2021, 3, 20), "SCI")]
    with pytest.raises(InvalidParameter, match="it lies before valid-from 2016-03-20"):
        load("regions", text, region_set=RegionSet("a", valid_to=datetime.date(2010, 1, 1)))


def test_a_set_of_which_no_region_went_in_is_not_made(load: Load, query: Query) -> None:
    summary = load("regions", "code,level,name\n01,ناحیه,گیلان\n", region_set=RegionSet("a"))
    assert summary.rejected == 1
    assert query("SELECT id FROM source.region_set") == []


def test_regions_need_a_set_and_others_an_existing_one(load: Load, regions: str) -> None:
    with pytest.raises(InvalidParameter, match="name it with --region-set"):
        load("regions", "code,name\n01,گیلان\n")
    with pytest.raises(InvalidParameter, match="no region set «none»; there are: now"):
        load("population", "code,year,pop\n23,1395,5\n", region_set=RegionSet("none"))


def test_without_any_set_people_cannot_go_in(load: Load) -> None:
    with pytest.raises(InvalidParameter, match=r"no region set is loaded\. Load one with"):
        load("population", "code,year,pop\n23,1395,5\n")


def test_the_id_of_a_set_has_one_form(load: Load, query: Query) -> None:
    load("regions", "code,name\n01,گیلان\n", region_set=RegionSet("سرشماري ۱۳۹۵"))
    assert query("SELECT id, title_fa FROM source.region_set") == [("سرشماری 1395",) * 2]
    summary = load(
        "population",
        "code,pop_1395\n1,5\n",
        region_set=RegionSet("سرشماری ۱۳۹۵"),
        constants={"level": "استان"},
    )
    assert summary.rejected == 0


def test_a_column_of_the_region_set_is_followed(load: Load, query: Query, regions: str) -> None:
    load("regions", "code,name\n23,تهران\n", region_set=RegionSet("then"))
    load("population", "region_set,code,year,pop\nthen,23,1390,4\nnow,23,1395,5\nnever,23,1395,5\n")
    assert query("SELECT region_set, value FROM source.population ORDER BY value") == [
        ("then", 4),
        ("now", 5),
    ]


# --- population and statistics ---------------------------------------------------------------


def test_the_year_of_a_column_is_taken_and_told(load: Load, query: Query, regions: str) -> None:
    summary = load("population", "code,pop_2016\n2301,10\n")
    assert "year: 2016, as its column says" in summary.notes
    figures = "SELECT year, value FROM source.population WHERE NOT derived ORDER BY year"
    assert query(figures) == [(1395, 10)]
    load("population", "code,pop_2016\n2301,11\n", constants={"year": "1390"})
    assert query(figures) == [(1390, 11), (1395, 10)]


def test_people_of_unknown_regions_are_rejected(load: Load, report: Report, regions: str) -> None:
    summary = load("population", "code,year,male,female\n2301,1395,6,4\n9901,1395,5,5\n")
    assert (summary.read, summary.rejected) == (2, 1)
    (reject,) = report(summary.rejects_report)
    assert (reject["line"], reject["column"], reject["value"]) == ("3", "code", "9901")
    assert reject["reason"] == "there is no county 9901 in the region set now"


def test_a_row_that_repeats_a_part_brings_the_rest(load: Load, query: Query, regions: str) -> None:
    summary = load("population", "code,year,pop,male,female\n2301,1395,10,,\n2301,1395,10,6,4\n")
    assert (summary.rejected, summary.remarks) == (0, 1)
    assert query("SELECT sex, value FROM source.population WHERE NOT derived ORDER BY value") == [
        ("female", 4),
        ("male", 6),
        ("total", 10),
    ]


def test_people_by_age_and_settlement(load: Load, query: Query, regions: str) -> None:
    load(
        "population",
        "کد,سال,گروه سنی,نقطه,مرد,زن\n2301,1395,0-4,شهری,3,4\n2301,1395,کل,روستایی,1,1\n",
    )
    assert query(
        "SELECT age_group, settlement, sex, value FROM source.population ORDER BY 1, 3"
    ) == [
        ("0-4", "urban", "female", 4),
        ("0-4", "urban", "male", 3),
        ("total", "rural", "female", 1),
        ("total", "rural", "male", 1),
    ]


def test_statistics_keep_their_unit_and_period(load: Load, query: Query, regions: str) -> None:
    load(
        "statistics",
        "کد,شاخص,عنوان,واحد,دوره,مقدار\n"
        "23,gdp,تولید,میلیارد ریال,1403-Q2,12.5\n07,gdp,,,بهار ۱۴۰۳,3\n",
    )
    assert query("SELECT * FROM source.variable") == [("gdp", "تولید", None, "میلیارد ریال")]
    assert query(
        "SELECT code, period, period_start, value FROM source.statistic ORDER BY code"
    ) == [
        ("07", "1403-Q1", datetime.date(2024, 3, 20), 3.0),
        ("23", "1403-Q2", datetime.date(2024, 6, 21), 12.5),
    ]


def test_a_variable_has_one_unit(load: Load, report: Report, query: Query, regions: str) -> None:
    text = "code,variable,unit,year,value\n23,gdp,ریال,1400,1\n07,gdp,تومان,1400,1\n"
    summary = load("statistics", text)
    (reject,) = report(summary.rejects_report)
    assert reject["reason"] == "unit of «gdp» is «تومان» here and «ریال» before"
    with pytest.raises(InvalidFile, match="«ریال» for values that are loaded already and «تومان»"):
        load("statistics", "code,variable,unit,year,value\n07,gdp,تومان,1401,1\n")
    assert query("SELECT unit FROM source.variable") == [("ریال",)]
    # A file that replaces every value may correct the unit.
    load("statistics", "code,variable,unit,year,value\n23,gdp,میلیون ریال,1400,1\n")
    assert query("SELECT unit FROM source.variable") == [("میلیون ریال",)]


# --- places, addresses, agencies -------------------------------------------------------------


def test_places_in_another_province_than_their_code(
    load: Load, query: Query, report: Report, regions: str
) -> None:
    summary = load(
        "places",
        "code,name,lon,lat\n2301010001,ری,51.5,35.5\n2301010002,شیراز,52.5,29.5\n"
        "2301010003,کویر,55,33\n2399010001,دماوند,51.5,35.5\n701010001,فارسی,52.5,29.5\n",
    )
    assert [row[0] for row in query("SELECT name_fa FROM source.place ORDER BY 1")] == [
        "دماوند",
        "ری",
        "فارسی",
    ]
    first, second = report(summary.rejects_report)
    assert first["reason"] == "the point lies in province 07 (فارس); the row says 23"
    assert (
        second["reason"] == "the point lies in no province of the region set now; the row says 23"
    )
    (remark,) = report(summary.remarks_report)
    assert (remark["line"], remark["reason"]) == (
        "5",
        "the point lies in county 2301 (تهران); the row says 2399",
    )


@pytest.mark.parametrize("kind", ["places", "projects"])
def test_a_point_in_no_province_is_remarked_on(
    load: Load, report: Report, regions: str, kind: str
) -> None:
    summary = load(kind, "id,name,lon,lat\na,بغداد,44.4,33.3\nb,ری,51.5,35.5\n")
    assert (summary.rejected, summary.remarks) == (0, 1)
    (remark,) = report(summary.remarks_report)
    assert remark["line"] == "2"
    assert remark["reason"] == "the point lies in no province of the region set now"


@pytest.mark.parametrize("loaded", [False, True])
def test_places_that_nothing_can_be_held_against_go_in(load: Load, loaded: bool) -> None:
    if loaded:  # a hierarchy without shapes
        load("regions", "code,name\n23,تهران\n", region_set=RegionSet("codes"))
    summary = load("places", "code,name,lon,lat\n2301010001,ری,51.5,35.5\n")
    assert summary.rejected == 0
    assert summary.notes == (
        "the points were not checked: no region set with polygons of provinces is loaded",
    )


def test_persian_digits_of_a_code_name_the_same_regions(load: Load, query: Query) -> None:
    load("places", "کد,نام\n۲۳۰۱۰۱۰۰۰۱,ری\n")
    assert query("SELECT id, province_code, county_code FROM source.place") == [
        ("2301010001", "23", "2301")
    ]


def test_the_national_address_file(load: Load, query: Query) -> None:
    summary = load(
        "addresses",
        "ClientRowID,PostCode,Province,TownShip,Zone,Village,LocalityType,LocalityName,SubLocality,"
        "Street,Street2,HouseNumber,Floor,SideFloor,BuildingName,Description\n"
        "1,1594843812,تهران,تهران,مرکزی,,شهر,تهران,ولیعصر,زرتشت,جاوید,۲۴,۳,2,البرز,کنار پارک\n",
    )
    assert summary.unused_columns == ("ClientRowID",)
    assert query(
        "SELECT postal_code, province, county, district, rural_district, locality_type, locality, "
        "neighbourhood, street, alley, plaque, floor, unit, building, description "
        "FROM source.address"
    ) == [
        (
            *("1594843812", "تهران", "تهران", "مرکزی", None, "شهر", "تهران"),
            *("ولیعصر", "زرتشت", "جاوید", "۲۴", "۳", "2", "البرز", "کنار پارک"),
        )
    ]


def test_agencies_of_projects_are_found_by_id_or_name_and_registered_otherwise(
    load: Load, query: Query, report: Report
) -> None:
    load("agencies", "id,name\n12,وزارت نیرو\n")
    summary = load(
        "projects", "id,title,دستگاه\n1,a,۱۲\n2,b,وزارت نيرو\n3,c,شهرداری ري\n4,d,شهرداری ری\n"
    )
    assert query("SELECT id, agency_id FROM source.project ORDER BY id") == [
        ("1", "12"),
        ("2", "12"),
        ("3", "شهرداری ري"),
        ("4", "شهرداری ري"),
    ]
    (remark,) = report(summary.remarks_report)
    assert (remark["line"], remark["value"]) == ("4", "شهرداری ري")
    assert query("SELECT name_fa FROM source.agency WHERE id = 'شهرداری ري'") == [("شهرداری ري",)]


# --- options ---------------------------------------------------------------------------------


def test_a_value_for_all_rows_and_a_mapped_column(load: Load, query: Query) -> None:
    summary = load(
        "projects",
        "row,what,cost\n1,جاده,5\n",
        mapping={"row": "id", "what": "title_fa", "cost": "budget"},
        constants={"sector": "راه", "currency": "USD"},
    )
    assert summary.unused_columns == ()
    assert query("SELECT id, title_fa, budget, sector, currency FROM source.project") == [
        ("1", "جاده", Decimal(5), "راه", "USD")
    ]


def test_a_wrong_value_for_all_rows_is_refused(load: Load) -> None:
    with pytest.raises(InvalidParameter, match="projects have no field «colour»; there are: id"):
        load("projects", "id,title\n1,a\n", constants={"colour": "red"})
    with pytest.raises(InvalidParameter, match="status: «red» is not a project status"):
        load("projects", "id,title\n1,a\n", constants={"status": "red"})


def test_a_file_is_known_by_its_content_and_how_it_is_read(
    connection: Connection, load: Load, tmp_path: Path
) -> None:
    summary = load("agencies", "id,name\n1,راه\n")
    assert was_ingested(connection, "agencies", summary.file, Options())
    assert not was_ingested(connection, "projects", summary.file, Options())
    other = Options(constants={"sector": "راه"})
    assert not was_ingested(connection, "agencies", summary.file, other)
    Path(summary.file).write_text("id,name\n1,ریل\n")
    assert not was_ingested(connection, "agencies", summary.file, Options())


def test_a_url_is_never_known(connection: Connection, empty: None) -> None:
    assert digest("http://127.0.0.1/a.csv", Options()) is None
    connection.execute(
        "INSERT INTO meta.import (kind, file, read, inserted, updated, unchanged, rejected, "
        "remarks) VALUES ('agencies', 'http://127.0.0.1/a.csv', 0, 0, 0, 0, 0, 0)"
    )
    assert not was_ingested(connection, "agencies", "http://127.0.0.1/a.csv", Options())


def test_a_shapefile_is_known_by_its_table_too(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    for name in ("Ray", "Qom"):
        frame = geopandas.GeoDataFrame({"name": [name]}, geometry=[shapely.Point(51, 35)], crs=4326)
        frame.to_file(path, engine="pyogrio")
        found = digest(str(path), Options())
        assert found is not None
        if name == "Ray":
            first = found
    assert found != first


def test_progress_is_told(connection: Connection, tmp_path: Path, empty: None) -> None:
    told: list[tuple[int, int | None]] = []
    path = tmp_path / "a.csv"
    path.write_text("id,name\n" + "".join(f"{n},نام {n}\n" for n in range(2500)))
    ingest(
        connection, "agencies", str(path), progress=lambda done, total: told.append((done, total))
    )
    assert told == [(1000, None), (2000, None), (2500, None)]
