"""`geoservice geocode FILE -o OUT`: every row back in its place, whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pyogrio
import pytest
from shapely import Point

from geoservice.cli import geocode_file as command
from geoservice.cli.geocode_file import Order, geocode_file
from geoservice.errors import GeoserviceError, InvalidFile, InvalidParameter
from geoservice.publish.rowfiles.parts import Parts

ROOT = Path(__file__).resolve().parents[2]
FIRST = 13  # data rows of a part in these tests


@pytest.fixture(scope="module")
def addresses() -> list[dict[str, str]]:
    with (ROOT / "sample" / "addresses.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_ROWS", FIRST)
    monkeypatch.setattr(command, "_CODES", FIRST)


def write(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def codes(path: Path, addresses: list[dict[str, str]], count: int) -> Path:
    many = addresses * (count // len(addresses) + 1)
    rows = [[n, row["postal_code"]] for n, row in enumerate(many[:count])]
    return write(path, [["id", "postal_code"], *rows])


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def answered(url: str, file: Path, output: Path, **options: Any) -> list[dict[str, str]]:
    geocode_file(url, Order(str(file), output, {}, workers=1, **options))
    return read(output)


def test_rows_come_back_in_order_with_columns_added(
    sample_url: str, addresses: list[dict[str, str]], tmp_path: Path
) -> None:
    rows = [[str(n), row["text"], row["postal_code"]] for n, row in enumerate(addresses[:40])]
    file = write(tmp_path / "in.csv", [["id", "address", "postal code"], *rows])
    found = answered(sample_url, file, tmp_path / "out.csv")
    assert [[row["id"], row["address"], row["postal code"]] for row in found] == rows
    for row, address in zip(found, addresses, strict=False):
        assert float(row["lon"]) == pytest.approx(float(address["lon"]))
        assert float(row["lat"]) == pytest.approx(float(address["lat"]))
        assert row["match_level"] in ("unit", "plaque", "postal_code")
        assert 0.9 < float(row["confidence"]) <= 1
        assert float(row["uncertainty_m"]) > 0
        assert row["label"]
        assert row["postal_code"] == row["postal code"]
        assert not row["error"]
    assert not list(tmp_path.glob(".*"))


def test_persian_columns_get_persian_ones(
    sample_url: str, addresses: list[dict[str, str]], tmp_path: Path
) -> None:
    row = addresses[0]
    file = write(
        tmp_path / "in.csv",
        [
            ["ردیف", "استان", "نام شهر", "خيابان"],
            [1, row["province"], row["locality"], row["street"]],
        ],
    )
    (found,) = answered(sample_url, file, tmp_path / "out.csv")
    assert found["سطح تطبیق"] == "street"
    assert found["طول جغرافیایی"]
    assert "lon" not in found


def test_rows_without_a_place_say_why_in_the_language_of_the_file(
    sample_url: str, tmp_path: Path
) -> None:
    rows = ["سلام", "۹۹۹۹۹", "9999999991", "تهران"]
    for name, error, faults in (("نشانی", "خطا", "ایرادها"), ("address", "error", "faults")):
        file = write(tmp_path / "in.csv", [[name], *([row] for row in rows)])
        found = answered(sample_url, file, tmp_path / f"{error}.csv")
        told = [row[error] for row in found]
        assert [bool(each) for each in told] == [True, True, True, False]
        assert all(each.isascii() is (name == "address") for each in told[:3])
        unread, zone, code, _ = (row[faults] for row in found)
        assert (unread, zone) == ("address.unread:1", "zone.not_matched:0")
        assert code.startswith("postal_code.not_found:0.03")


def test_what_is_wrong_with_a_postal_code_is_told(
    sample_url: str, addresses: list[dict[str, str]], tmp_path: Path
) -> None:
    code = addresses[0]["postal_code"]
    file = write(tmp_path / "in.csv", [["کد پستی"], ["4.62E+09"], [f"'{code}"], ["123456789"]])
    lost, read_, short = answered(sample_url, file, tmp_path / "out.csv")
    assert lost["خطا"].startswith("کد پستی درست نیست: «۴.۶۲E+۰۹» رقم‌هایی را از دست داده است")
    assert read_["کد پستی یافت‌شده"] == code
    assert "«۱۲۳۴۵۶۷۸۹» ۹ رقم دارد" in short["خطا"]


def test_columns_that_nobody_reads_stay_as_they_are(sample_url: str, tmp_path: Path) -> None:
    file = write(tmp_path / "in.csv", [["note", "", "address", "note", ""], [1, 2, "تهران", 3, 4]])
    for ending in ("csv", "xlsx", "ndjson", "geojson", "gpkg"):
        geocode_file(sample_url, Order(str(file), tmp_path / f"out.{ending}", {}, workers=1))
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as written:
        header, row = csv.reader(written)
    assert header[:6] == ["note", "", "address", "note", "", "lon"]
    assert row[:5] == ["1", "2", "تهران", "3", "4"]
    book = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    header, row = book.iter_rows(max_col=5, values_only=True)
    assert [cell or "" for cell in header] == ["note", "", "address", "note", ""]
    assert row == ("1", "2", "تهران", "3", "4")
    given = {"note": "1", "column_2": "2", "address": "تهران", "note_2": "3", "column_5": "4"}
    line = json.loads((tmp_path / "out.ndjson").read_text())
    (feature,) = json.loads((tmp_path / "out.geojson").read_text())["features"]
    layer = pyogrio.read_dataframe(tmp_path / "out.gpkg").iloc[0].to_dict()
    for found in (line, feature["properties"], layer):
        assert list(found.items())[:5] == list(given.items())


@pytest.mark.parametrize("ending", ["gpkg", "xlsx"])
def test_a_null_character_cuts_nothing_off(sample_url: str, tmp_path: Path, ending: str) -> None:
    file = write(tmp_path / "in.csv", [["note", "address"], ["a\x00b", "تهران"]])
    output = tmp_path / f"out.{ending}"
    geocode_file(sample_url, Order(str(file), output, {}, workers=1))
    if ending == "gpkg":
        assert pyogrio.read_dataframe(output)["note"][0] == "a\ufffdb"
    else:
        assert openpyxl.load_workbook(output).worksheets[0]["A2"].value == "a\ufffdb"


def test_cells_that_a_workbook_cannot_hold_are_counted(sample_url: str, tmp_path: Path) -> None:
    rows = [["note", "address"], ["x" * 40_000, "تهران"], ["😀" * 16_384, "تهران"], ["y", "تهران"]]
    order = Order(str(write(tmp_path / "in.csv", rows)), tmp_path / "out.xlsx", {}, workers=1)
    assert geocode_file(sample_url, order).cut == 2
    assert geocode_file(sample_url, replace(order, output=tmp_path / "out.csv")).cut == 0


def test_a_taken_name_is_not_taken_twice(
    sample_url: str, addresses: list[dict[str, str]], tmp_path: Path
) -> None:
    code = addresses[0]["postal_code"]
    file = write(tmp_path / "in.csv", [["postal_code", "lon"], [code, "x"]])
    (found,) = answered(sample_url, file, tmp_path / "out.csv")
    assert found["lon"] == "x"
    assert float(found["lon_2"]) == pytest.approx(float(addresses[0]["lon"]))
    assert found["postal_code_2"] == code


def test_bad_rows_keep_their_place_and_say_why(
    sample_url: str, addresses: list[dict[str, str]], tmp_path: Path
) -> None:
    code = addresses[0]["postal_code"]
    file = tmp_path / "in.csv"
    file.write_text(
        f"id,address,code,postal_code\n1,,,{code}\n2,,,\n,,,\n3,a,b,c,d,e\n4,{'ا' * 5000},,\n"
        f'5,"broken,,\n6,,,123456\n7,,,{code}\n',
        encoding="utf-8",
    )
    found = answered(sample_url, file, tmp_path / "out.csv")
    assert [row["id"] for row in found] == ["1", "2", "", "3", "4", '5,"broken,,', "6", "7"]
    told = [row["error"] for row in found]
    assert not told[0]
    assert "neither an address nor a postal code" in told[1]
    assert "neither an address nor a postal code" in told[2]
    assert "line 5" in told[3]
    assert "d, e" in told[3]
    assert "5,000 characters" in told[4]
    assert "quote" in told[5]
    assert told[6] == (
        "the postal code is not a valid one: '123456' has 6 digits: ten are expected"
    )
    assert "postal_code.invalid" in found[6]["faults"]
    assert not told[7]
    assert found[7]["match_level"] == found[0]["match_level"] != ""


@pytest.mark.parametrize("ending", ["csv", "xlsx", "gpkg", "geojson", "ndjson"])
def test_every_format_holds_the_same(
    sample_url: str, addresses: list[dict[str, str]], tmp_path: Path, ending: str
) -> None:
    file = codes(tmp_path / "in.csv", addresses, 30)
    plain = answered(sample_url, file, tmp_path / "plain.csv")
    output = tmp_path / f"out.{ending}"
    geocode_file(sample_url, Order(str(file), output, {}, workers=1))
    got = _records(output)
    assert len(got) == 30
    for row, expected in zip(got, plain, strict=True):
        for name in ("id", "postal_code", "label", "match_level"):
            assert str(row[name]) == expected[name], name
        for name in ("lon", "lat", "confidence"):
            assert float(row[name]) == pytest.approx(float(expected[name]))
        if "geometry" in row:
            assert row["geometry"] == pytest.approx(
                [float(expected["lon"]), float(expected["lat"])]
            )


def _records(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        return list(read(path))
    if path.suffix == ".xlsx":
        names, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
        return [dict(zip(map(str, names), row, strict=True)) for row in rows]
    if path.suffix == ".ndjson":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    frame = pyogrio.read_dataframe(path)
    assert frame.crs.to_epsg() == 4326
    points = [[point.x, point.y] for point in frame.geometry]
    rows = frame.drop(columns="geometry").to_dict("records")
    return [{**row, "geometry": point} for row, point in zip(rows, points, strict=True)]


def test_a_row_without_a_place_has_no_geometry(sample_url: str, tmp_path: Path) -> None:
    file = write(tmp_path / "in.csv", [["نشانی"], ["سلام"]])
    for ending in ("gpkg", "geojson"):
        output = tmp_path / f"out.{ending}"
        geocode_file(sample_url, Order(str(file), output, {}, workers=1))
        frame = pyogrio.read_dataframe(output)
        assert list(frame.geometry) == [None]
        assert list(frame["نشانی"]) == ["سلام"]


def test_a_workbook_keeps_kinds_and_blanks_and_computes_nothing(
    sample_url: str, addresses: list[dict[str, str]], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "کد پستی", "note"])
    sheet.append([1, int(addresses[0]["postal_code"]), "=1+1"])
    sheet.append([None, None, None])
    sheet.append([2.5, addresses[1]["postal_code"], True])
    sheet["A5"] = 3
    sheet["B5"] = '="1" & "2"'
    book.save(tmp_path / "in.xlsx")
    output = tmp_path / "out.xlsx"
    done = geocode_file(sample_url, Order(str(tmp_path / "in.xlsx"), output, {}, workers=1))
    assert (done.rows, done.levels.total(), done.errors) == (4, 2, 2)
    _, *rows = openpyxl.load_workbook(output).worksheets[0].iter_rows(values_only=True)
    # A formula that no program has computed yet has no value to read.
    assert [row[0] for row in rows] == [1, None, 2.5, 3]
    assert rows[0][1] == int(addresses[0]["postal_code"])
    assert (rows[0][2], rows[2][2]) == (None, True)
    assert rows[0][3] == pytest.approx(float(addresses[0]["lon"]))


def test_a_formula_in_a_text_stays_a_text(sample_url: str, tmp_path: Path) -> None:
    file = write(tmp_path / "in.csv", [["نشانی"], ["=HYPERLINK(1)"]])
    geocode_file(sample_url, Order(str(file), tmp_path / "out.xlsx", {}, workers=1))
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert sheet["A2"].value == "=HYPERLINK(1)"
    assert sheet["A2"].data_type == "s"


def test_ndjson_in(sample_url: str, addresses: list[dict[str, str]], tmp_path: Path) -> None:
    file = tmp_path / "in.ndjson"
    code = addresses[0]["postal_code"]
    file.write_text(
        json.dumps({"ClientRowID": 1, "PostCode": code, "more": {"a": [1]}})
        + "\nno json\n[1]\n\n"
        + json.dumps({"ClientRowID": 2, "PostCode": int(code)}),
        encoding="utf-8",
    )
    output = tmp_path / "out.ndjson"
    geocode_file(sample_url, Order(str(file), output, {}, workers=1))
    first, second, third, last = _records(output)
    assert first["more"] == {"a": [1]}
    assert first["lon"] == last["lon"] == pytest.approx(float(addresses[0]["lon"]))
    assert "not JSON" in second["error"]
    assert "a JSON object is expected" in third["error"]
    assert (first["ClientRowID"], last["ClientRowID"]) == (1, 2)
    (tmp_path / "out.csv").unlink(missing_ok=True)
    rows = answered(sample_url, file, tmp_path / "out.csv")
    assert rows[0]["more"] == '{"a": [1]}'


def test_columns_can_be_named(
    sample_url: str, addresses: list[dict[str, str]], tmp_path: Path
) -> None:
    file = write(tmp_path / "in.csv", [["where"], [addresses[0]["postal_code"]]])
    with pytest.raises(InvalidFile, match="where"):
        geocode_file(sample_url, Order(str(file), tmp_path / "out.csv", {}))
    order = Order(str(file), tmp_path / "out.csv", {"where": "postal_code"})
    assert geocode_file(sample_url, order).levels.total() == 1


def test_the_same_again_is_the_same(
    sample_url: str, addresses: list[dict[str, str]], tmp_path: Path
) -> None:
    file = codes(tmp_path / "in.csv", addresses, 40)
    for ending in ("csv", "xlsx", "gpkg", "geojson"):
        output = tmp_path / f"out.{ending}"
        geocode_file(sample_url, Order(str(file), output, {}, workers=1))
        first = output.read_bytes()
        time.sleep(0.01)
        assert geocode_file(sample_url, Order(str(file), output, {}, workers=2)).found == 0
        assert output.read_bytes() == first, ending


ENDINGS = ["csv", "xlsx", "gpkg", "geojson", "ndjson"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_of_another_making_is_not_replaced_unasked(
    sample_url: str, tmp_path: Path, ending: str
) -> None:
    file = write(tmp_path / "in.csv", [["id", "", "نشانی"], ["1", "x", "تهران"]])
    output = tmp_path / f"out.{ending}"
    order = Order(str(file), output, {}, workers=1)
    output.touch()
    geocode_file(sample_url, order)  # nothing is lost with an empty file
    geocode_file(sample_url, order)  # nor with what the command wrote itself
    written = output.read_bytes()
    other = write(tmp_path / "other.csv", [["id", "نشانی"], ["2", "شیراز"]])
    with pytest.raises(InvalidParameter, match=r"is there already.*--overwrite"):
        geocode_file(sample_url, replace(order, file=str(other)))
    assert output.read_bytes() == written
    geocode_file(sample_url, replace(order, file=str(other), overwrite=True))
    foreign = tmp_path / f"foreign.{ending}"
    foreign.write_bytes(b"what somebody wrote\n")
    with pytest.raises(InvalidParameter, match="is there already"):
        geocode_file(sample_url, replace(order, output=foreign))
    assert foreign.read_bytes() == b"what somebody wrote\n"
    geocode_file(sample_url, replace(order, output=foreign, overwrite=True))
    assert foreign.read_bytes() == written
    assert not list(tmp_path.glob(".*"))


def test_a_workbook_with_another_sheet_is_not_replaced_unasked(
    sample_url: str, tmp_path: Path
) -> None:
    file = write(tmp_path / "in.csv", [["نشانی"], ["تهران"]])
    output = tmp_path / "out.xlsx"
    geocode_file(sample_url, Order(str(file), output, {}, workers=1))
    book = openpyxl.load_workbook(output)
    book.create_sheet("مال من")["A1"] = 1
    book.save(output)
    with pytest.raises(InvalidParameter, match="is there already"):
        geocode_file(sample_url, Order(str(file), output, {}, workers=1))


def test_other_layers_of_a_geopackage_stay(sample_url: str, tmp_path: Path) -> None:
    file = write(tmp_path / "in.csv", [["address"], ["تهران"]])
    output = tmp_path / "mine.gpkg"
    mine = geopandas.GeoDataFrame({"n": [1]}, geometry=[Point(51, 35)], crs=4326)
    mine.to_file(output, layer="mine")
    order = Order(str(file), output, {}, workers=1)
    with pytest.raises(InvalidParameter, match="its other layers stay"):
        geocode_file(sample_url, order)
    geocode_file(sample_url, replace(order, overwrite=True))
    write(file, [["address"], ["شیراز"], ["تهران"]])
    geocode_file(sample_url, order)
    assert sorted(name for name, _ in pyogrio.list_layers(output)) == ["geocoded", "mine"]
    assert list(pyogrio.read_dataframe(output, layer="mine")["n"]) == [1]
    found = pyogrio.read_dataframe(output, layer="geocoded")
    assert list(found["address"]) == ["شیراز", "تهران"]
    output.with_name("mine.gpkg-wal").write_bytes(b"not put there yet")
    with pytest.raises(InvalidFile, match="open for writing"):
        geocode_file(sample_url, order)


class _Broken(Exception):
    pass


def _break_after(monkeypatch: pytest.MonkeyPatch, parts: int) -> None:
    keep = Parts.keep
    left = iter(range(parts))

    def breaking(self: Parts, *arguments: Any) -> None:
        if next(left, None) is None:
            raise _Broken
        keep(self, *arguments)

    monkeypatch.setattr(Parts, "keep", breaking)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "gpkg", "geojson"])
def test_what_was_broken_off_is_gone_on_with(
    sample_url: str,
    addresses: list[dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
) -> None:
    file = codes(tmp_path / "in.csv", addresses, 70)
    whole, output = tmp_path / f"whole.{ending}", tmp_path / f"out.{ending}"
    geocode_file(sample_url, Order(str(file), whole, {}, workers=1))
    order = Order(str(file), output, {}, workers=1)
    with monkeypatch.context() as patch:
        _break_after(patch, 3)
        with pytest.raises(_Broken):
            geocode_file(sample_url, order)
    assert not output.exists()
    (tmp_path / f".out.{ending}.parts" / "making-1.part").write_bytes(b"half")
    done = geocode_file(sample_url, order)
    assert (done.rows, done.found) == (70, 3 * FIRST)
    assert output.read_bytes() == whole.read_bytes()
    assert not list(tmp_path.glob(".*"))


def test_parts_of_another_file_are_thrown_away(
    sample_url: str,
    addresses: list[dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    output = tmp_path / "out.csv"
    file = codes(tmp_path / "in.csv", addresses, 30)
    order = Order(str(file), output, {}, workers=1)
    with monkeypatch.context() as patch:
        _break_after(patch, 2)
        with pytest.raises(_Broken):
            geocode_file(sample_url, order)
    codes(file, addresses[::-1], 30)
    done = geocode_file(sample_url, order)
    assert done.found == 0
    assert read(output)[0]["postal_code"] == addresses[-1]["postal_code"]


def test_a_gazetteer_that_changes_meanwhile_makes_no_file(
    sample_url: str,
    addresses: list[dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = codes(tmp_path / "in.csv", addresses, 30)
    states = iter([1, 2])
    monkeypatch.setattr(command, "inputs_of", lambda *_: next(states))
    with pytest.raises(GeoserviceError, match="gazetteer changed"):
        geocode_file(sample_url, Order(str(file), tmp_path / "out.csv", {}, workers=1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv"]


def test_a_file_that_changes_meanwhile_makes_no_file(
    sample_url: str,
    addresses: list[dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = codes(tmp_path / "in.csv", addresses, 30)
    keep = Parts.keep

    def changing(self: Parts, *arguments: Any) -> None:
        keep(self, *arguments)
        codes(file, addresses, 31)

    monkeypatch.setattr(Parts, "keep", changing)
    with pytest.raises(GeoserviceError, match="the file changed"):
        geocode_file(sample_url, Order(str(file), tmp_path / "out.csv", {}, workers=1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"address\n", "no rows"),
        (b"a,b\n1,2\n", "no column of it asks for a place; it has: a, b"),
        (b"address,address\n1,2\n", "2 columns are called «address»"),
        ("نشانی\nخیابان ".encode() + b"\xff\xfe\xfa\n", "line 2"),
        ("نشانی\nتهران\n".encode("utf-16-be"), "UTF-16 without a byte order mark"),
        ("نشانی\nتهران\n".encode("utf-16-le"), "UTF-16 without a byte order mark"),
    ],
)
def test_files_that_cannot_be_asked(
    sample_url: str, tmp_path: Path, content: bytes, told: str
) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(content)
    with pytest.raises(InvalidFile, match=told) as caught:
        geocode_file(sample_url, Order(str(file), tmp_path / "out.csv", {}))
    assert "in.csv" in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv"]


def test_places_that_cannot_be_written_to(sample_url: str, tmp_path: Path) -> None:
    file = write(tmp_path / "in.csv", [["address"], ["تهران"]])
    with pytest.raises(InvalidParameter, match="is the file that is read"):
        geocode_file(sample_url, Order(str(file), file, {}))
    with pytest.raises(InvalidParameter, match=r"«.doc» is no ending .* \.csv, \.xlsx"):
        geocode_file(sample_url, Order(str(file), tmp_path / "out.doc", {}))
    with pytest.raises(InvalidFile, match="cannot be written"):
        geocode_file(sample_url, Order(str(file), tmp_path / "nowhere" / "out.csv", {}))
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InvalidFile, match="is a directory"):
        geocode_file(sample_url, Order(str(file), tmp_path / "folder.csv", {}))
    with pytest.raises(InvalidFile, match="no ending of a file that is read"):
        geocode_file(sample_url, Order(str(tmp_path / "in.doc"), tmp_path / "out.csv", {}))
    with pytest.raises(InvalidFile, match="no such file"):
        geocode_file(sample_url, Order(str(tmp_path / "no.csv"), tmp_path / "out.csv", {}))


def _run(url: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "geoservice.cli", "geocode", *arguments],
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        **options,
    )


@pytest.mark.slow
def test_a_killed_command_is_gone_on_with(
    sample_url: str, addresses: list[dict[str, str]], tmp_path: Path
) -> None:
    file = codes(tmp_path / "in.csv", addresses, 160_000)
    output, whole = tmp_path / "out.csv", tmp_path / "whole.csv"
    arguments = ["geocode", str(file), "-o", str(output)]
    with subprocess.Popen(
        [sys.executable, "-m", "geoservice.cli", *arguments],
        env=os.environ | {"DATABASE_URL": sample_url},
        start_new_session=True,
    ) as process:
        end = time.monotonic() + 120
        while time.monotonic() < end and not list(tmp_path.glob(".out.csv.parts/[0-9]*.part")):
            time.sleep(0.005)
        process.kill()
    assert not output.exists()
    _wait_until_alone(process.pid)
    resumed = _run(sample_url, str(file), "-o", str(output))
    assert resumed.returncode == 0, resumed.stderr
    assert "rows were there from before" in resumed.stdout
    _run(sample_url, str(file), "-o", str(whole))
    assert output.read_bytes() == whole.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv", "whole.csv"]


def _wait_until_alone(session: int) -> None:
    """Until no process of the session lives: workers end with who began them."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if session not in map(_session, Path("/proc").glob("[0-9]*")):
            return
        time.sleep(0.05)
    pytest.fail("processes of a killed command live on")


def _session(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[3])
    except OSError:
        return -1


def test_statuses_and_what_is_said(
    sample_url: str, addresses: list[dict[str, str]], tmp_path: Path
) -> None:
    file = write(tmp_path / "in.csv", [["id", "address"], ["1", addresses[0]["text"]], ["2", ""]])
    done = _run(sample_url, str(file), "-o", str(tmp_path / "out.csv"))
    assert done.returncode == 3
    assert "2 rows, 1 with a place" in done.stdout
    assert "1 without one, each with its reason" in done.stdout
    missing = _run(sample_url, str(file))
    assert missing.returncode == 2
    assert "-o OUT" in missing.stderr


def test_a_full_disk_leaves_what_was_there(
    sample_url: str, addresses: list[dict[str, str]], tmp_path: Path
) -> None:
    file = codes(tmp_path / "in.csv", addresses, 4_000)
    output = tmp_path / "out.csv"
    output.write_text("before")
    full = _run(
        sample_url,
        str(file),
        "--overwrite",
        "-o",
        str(output),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert full.returncode == 1
    assert "cannot be written" in full.stderr
    assert output.read_text() == "before"
