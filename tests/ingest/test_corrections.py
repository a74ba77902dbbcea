"""Verified points: by address or postal code, known again however they are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from geoservice.errors import InvalidFile
from tests.ingest.conftest import Load, Query

KEPT = (
    "SELECT text, postal_code, who, note, round(ST_X(geom)::numeric, 4)::float, "
    "round(ST_Y(geom)::numeric, 4)::float FROM gazetteer.correction ORDER BY id"
)
PERSIAN = (
    "نشانی,کد پستی,طول,عرض,کارشناس,یادداشت\n"
    "شیراز، خیابان زند، پلاک ۵,,52.53,29.62,رضایی,در محل دیده شد\n"
    ",۷۱۳۴۶-۱۱۱۱۱,52.54,29.63,رضایی,\n"
)


def test_columns_in_persian(load: Load, query: Query) -> None:
    summary = load("corrections", PERSIAN)
    assert (summary.rejected, summary.records.inserted) == (0, 2)
    assert query(KEPT) == [
        ("شیراز، خیابان زند، پلاک ۵", None, "رضایی", "در محل دیده شد", 52.53, 29.62),
        (None, "7134611111", "رضایی", None, 52.54, 29.63),
    ]


def test_the_same_again_changes_nothing(load: Load, versions: Callable[[], dict[str, int]]) -> None:
    load("corrections", PERSIAN)
    before = versions()
    records = load("corrections", PERSIAN).records
    assert (records.inserted, records.updated, records.unchanged) == (0, 0, 2)
    assert versions() == before


def test_an_address_written_otherwise_is_the_same_one(load: Load, query: Query) -> None:
    load("corrections", PERSIAN)
    query("UPDATE gazetteer.correction SET made_at = '2020-01-01' RETURNING id")
    again = "address,lon,lat,who\nشهر شيراز - خ. زند - پ 5,52.5301,29.62,karimi\n"
    records = load("corrections", again).records
    assert (records.inserted, records.updated) == (0, 1)
    assert query("SELECT who FROM gazetteer.correction ORDER BY made_at DESC") == [
        ("karimi",),
        ("رضایی",),
    ]
    years = query("SELECT extract(year FROM made_at)::int > 2020 FROM gazetteer.correction")
    assert sorted(years) == [(False,), (True,)]


def test_an_import_of_addresses_leaves_it_alone(load: Load, query: Query) -> None:
    load("corrections", PERSIAN)
    before = query("SELECT * FROM gazetteer.correction ORDER BY id")
    load("addresses", "postal_code,lon,lat,street\n7134611111,52.6,29.7,زند\n")
    assert query("SELECT * FROM gazetteer.correction ORDER BY id") == before


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",,52.5,29.6,r", None, "neither an address nor a postal code"),
        ("«…»,,52.5,29.6,r", None, "neither an address nor a postal code"),
        ("سلام,,52.5,29.6,r", None, "«address» says no address"),
        ("پلاک ۵,,52.5,29.6,r", None, "«address» says no address"),
        ("استان فارس، شهر شیراز,,52.5,29.6,r", None, "«address» says no address"),
        ("زند ۵,,,,r", "lon, lat", "a correction needs a point"),
        ("زند ۵,,52.5,,r", "lon, lat", "«lat» is empty"),
        ("زند ۵,,29.6,52.5,r", "lon, lat", "coordinates.swapped"),
        ("زند ۵,,0,0,r", "lon, lat", "coordinates.zero"),
        ("زند ۵,123,52.5,29.6,r", "postal_code", "3 digits"),
        ("زند ۵,,52.5,29.6,", "who", "who is missing"),
    ],
)
def test_what_corrects_nothing_is_rejected_with_the_reason(
    load: Load, query: Query, row: str, column: str | None, reason: str
) -> None:
    header = "address,postal_code,lon,lat,who\n"
    summary = load("corrections", f"{header}{row}\nارم ۶,,52.5,29.6,r\n")
    assert (summary.rejected, summary.records.inserted) == (1, 1)
    ((where, why),) = query('SELECT "column", reason FROM meta.reject ORDER BY id DESC LIMIT 1')
    assert where == column
    assert reason in why


def test_two_points_for_one_address_in_one_file(load: Load, query: Query) -> None:
    rows = "address,lon,lat,who\nخ زند پ ۵,52.5,29.6,r\nخیابان زند پلاک 5,52.6,29.6,r\n"
    assert load("corrections", rows).rejected == 1
    (told,) = query(
        'SELECT line, "column", value, reason FROM meta.reject ORDER BY id DESC LIMIT 1'
    )
    assert told == (3, None, None, "line 2, which is in, corrects the same address otherwise")


def test_who_vouches_must_be_told(load: Load) -> None:
    with pytest.raises(InvalidFile, match="no column for who"):
        load("corrections", "address,lon,lat\nزند ۵,52.5,29.6\n")
    told = load("corrections", "address,lon,lat\nزند ۵,52.5,29.6\n", constants={"who": "رضایی"})
    assert told.records.inserted == 1


def test_the_rule_for_postal_codes_that_is_set_tells_what_a_text_says(
    load: Load, query: Query
) -> None:
    text = "address,lon,lat,who\n0000012345,52.53,29.62,رضایی\n"
    assert load("corrections", text).rejected == 1
    summary = load("corrections", text, postal_code_pattern=r"0{5}\d{5}")
    assert (summary.rejected, summary.records.inserted) == (0, 1)
    assert query("SELECT address_key FROM gazetteer.correction") == [("0000012345",)]
