"""`geoservice ingest` as it is typed: options, what is printed, exit statuses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from geoservice.cli.app import app
from geoservice.errors import InvalidFile, InvalidParameter

Query = Callable[..., list[tuple[Any, ...]]]
Run = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str, empty: None) -> Path:
    """The directory in which the command runs, on the module's database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    return tmp_path


@pytest.fixture
def run(here: Path) -> Run:
    """Run the command in this process; its own errors come out as they are."""

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(app, ["ingest", *arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_counts_are_told_in_both_languages(run: Run, here: Path) -> None:
    file = write(here / "دستگاه‌ها [۱].csv", "id,name,shape\n1,راه,x\n2,نیرو,y\n")
    result = run("agencies", file)
    assert result.exit_code == 0
    assert (
        f"{file}: 2 rows read, 2 in (records: 2 new, 0 changed, 0 as before), 0 rejected, 0 remarks"
    ) in result.stdout
    assert "۲ سطر خوانده شد، ۲ پذیرفته، ۰ رد شد" in result.stdout
    assert "columns not used: shape" in result.stdout
    assert "2 as before" in run("agencies", file).stdout


def test_rejects_end_in_status_three_and_name_the_report(run: Run, here: Path) -> None:
    bad = write(here / "bad.csv", "id,name\n1,\n2,نیرو\n")
    good = write(here / "good.csv", "id,name\n3,راه\n")
    result = run("agencies", bad, good)
    assert result.exit_code == 3
    assert "2 rows read, 1 in" in result.stdout
    assert f"rejected rows and reasons: {bad}.rejects.csv" in result.stdout
    assert f"{good}: 1 rows read, 1 in" in result.stdout, "the next file is loaded all the same"


def test_a_refused_file_leaves_those_before_it(run: Run, here: Path, query: Query) -> None:
    good = write(here / "good.csv", "id,name\n3,راه\n")
    with pytest.raises(InvalidFile, match=r"absent\.csv: there is no such file"):
        run("agencies", good, str(here / "absent.csv"))
    assert query("SELECT id FROM source.agency") == [("3",)]


def test_a_region_set_and_its_population(run: Run, here: Path, query: Query) -> None:
    regions = write(here / "regions.csv", "کد,نام\n1,گیلان\n۲,مازندران\n")
    run(
        *("regions", regions, "--region-set", "1395", "--level", "استان", "--current"),
        *("--title-fa", "سرشماری", "--title-en", "Census", "--source", "SCI"),
        *("--valid-from", "۱۳۹۵/۰۱/۰۱", "--valid-to", "2017-03-20"),
    )
    assert query(
        "SELECT id, title_fa, title_en, valid_from::text, valid_to::text, source, is_current "
        "FROM source.region_set"
    ) == [("1395", "سرشماری", "Census", "2016-03-20", "2017-03-20", "SCI", True)]
    people = write(here / "people.csv", "کد,جمعیت\n1,5\n2,6\n")
    run("population", people, "--level", "province", "--year", "۱۳۹۵", "--source", "SCI")
    assert query("SELECT code, year, value, source FROM source.population ORDER BY code") == [
        ("01", 1395, 5, "SCI"),
        ("02", 1395, 6, "SCI"),
    ]


def test_columns_are_mapped_by_a_file_and_by_options(run: Run, here: Path, query: Query) -> None:
    data = write(here / "data.csv", "row;what;a=b;cost\n1;راه;x;5\n")
    mapping = write(
        here / "columns.toml", '[columns]\nrow = "id"\nwhat = "title_en"\ncost = "budget"\n'
    )
    options = ["--map", "what=title_fa", "--map", "a=b=address", "--set", "sector=a=b"]
    assert run("projects", data, "--mapping", mapping, *options).exit_code == 0
    assert query("SELECT id, title_fa, budget::int, address, sector FROM source.project") == [
        ("1", "راه", 5, "x", "a=b")
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--map", "a"], "--map a: NAME=VALUE is expected"),
        (["--set", "=a"], "--set =a: NAME=VALUE is expected"),
        (["--map", "b=name"], "the file has no column «b»"),
        (["--set", "budget=5"], "agencies have no field «budget»"),
        (["--year", "1395"], "agencies have no field «year»"),
        (["--crs", "EPSG:4326", "--valid-from", "1402/12/30"], "Esfand of 1402 has 29 days"),
    ],
)
def test_a_wrong_option_is_told(run: Run, here: Path, arguments: list[str], message: str) -> None:
    file = write(here / "a.csv", "id,name\n1,راه\n")
    with pytest.raises(InvalidParameter, match=message):
        run("agencies", file, "--region-set", "x", *arguments)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read: .*No such file"),
        ("columns = 5", r"a \[columns\] table"),
        ("[columns]\na = 5", r"a \[columns\] table"),
        ("[columns", "cannot be read"),
    ],
)
def test_a_wrong_mapping_file_is_told(run: Run, here: Path, text: str | None, message: str) -> None:
    file = write(here / "a.csv", "id,name\n1,راه\n")
    mapping = here / "columns.toml"
    if text is not None:
        mapping.write_text(text)
    with pytest.raises(InvalidFile, match=f"columns.toml: .*{message}"):
        run("agencies", file, "--mapping", str(mapping))


def test_a_layer_and_an_encoding_can_be_named(run: Run, here: Path, query: Query) -> None:
    file = here / "a.csv"
    file.write_text("id,name\n1,وزارت نيرو\n", encoding="cp1256")
    run("agencies", str(file), "--encoding", "windows-1256")
    assert query("SELECT name_fa FROM source.agency") == [("وزارت نيرو",)]


def test_the_process_ends_with_the_status_that_scripts_rely_on(
    here: Path, database_url: str
) -> None:
    write(here / "bad.csv", "id,name\n1,\n")

    def status(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "geoservice.cli", "ingest", *arguments],
            capture_output=True,
            check=False,
            cwd=here,
            env=os.environ | {"DATABASE_URL": database_url},
            text=True,
        )
        return done.returncode, " ".join(done.stderr.split())

    assert status("agencies", "bad.csv") == (3, "")
    code, said = status("agencies", "absent.csv")
    assert code == 1
    assert said == "geoservice: absent.csv: there is no such file"
    code, said = status("roads", "bad.csv")
    assert code == 1
    assert "«roads» is not a kind of file" in said
    assert status("agencies")[0] == 2


@pytest.mark.usefixtures("regions")
def test_corrections_in_another_province_come_back_with_the_reason(
    run: Run, here: Path, query: Query, report: Callable[[Path], list[dict[str, str]]]
) -> None:
    addresses = (
        "postal_code,province,county,locality,street,plaque,lon,lat\n"
        "1436947501,تهران,تهران,تهران,گردو,1,51.5,35.5\n"
        "1436947502,تهران,تهران,تهران,گردو,3,51.501,35.5\n"
    )
    run("addresses", write(here / "addresses.csv", addresses))
    given = (
        "address,postal_code,lon,lat,who\n"
        "تهران، خیابان گردو، پلاک 3.0,,51.502,35.501,ر\n"
        "تهران، خیابان گردو، پلاک ۱,,52.5,29.5,ر\n"
        ",1436947502,52.5,29.5,ر\n"
        f"{'تهران، خیابان گردو، ' * 60},,51.5,35.5,ر\n"
        "سلام دنیای ما,,51.5,35.5,ر\n"
        "تهران، خیابان گردو، پلاک ۵,,44.3,33.3,ر\n"
        "تهران، خ گردو، پ ۵,,51.503,35.501,ر\n"
    )
    result = run("corrections", write(here / "in.csv", given))
    assert result.exit_code == 3
    assert "7 rows read, 2 in" in result.stdout
    told = report(here / "in.csv.rejects.csv")
    assert [row["line"] for row in told] == ["3", "4", "5", "6", "7"]
    for row in told[:2]:
        assert (
            "the point lies in the province فارس, the address in the province تهران"
            in row["reason"]
        )
        assert row["reason_fa"] == "نقطه در استان فارس است و نشانی در استان تهران"
        assert row["value"] == "POINT(52.5 29.5)"
    assert "over 1,000 characters" in told[2]["reason"]
    assert "«address» says no address" in told[3]["reason"]
    assert told[3]["reason_fa"].startswith("نشانی خیابان، کوچه یا محله")
    assert told[4]["reason"] == "coordinates.outside: 44.3, 33.3 lies in no region of the country"
    assert told[4]["reason_fa"] == "نقطه در هیچ ناحیه‌ای از کشور نیست"
    pointless = write(here / "none.csv", "address,who\nتهران، خیابان گردو، پلاک 3,ر\n")
    assert run("corrections", pointless).exit_code == 3
    (row,) = report(here / "none.csv.rejects.csv")
    assert row["reason"] == "a correction needs a point"
    kept = query("SELECT text, place IS NOT NULL FROM gazetteer.correction ORDER BY id")
    assert kept == [("تهران، خیابان گردو، پلاک 3.0", True), ("تهران، خ گردو، پ ۵", True)]
    assert query("SELECT place FROM gazetteer.correction ORDER BY id")[0][0].endswith("##3#")
