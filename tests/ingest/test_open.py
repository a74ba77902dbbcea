from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import geopandas
import pyarrow
import pytest
import shapely
from openpyxl import Workbook
from pyarrow import parquet

from geoservice.errors import InvalidFile
from geoservice.ingest.read.fetch import local
from geoservice.ingest.read.open import is_remote, open_table
from geoservice.ingest.read.rows import Row

MAP = geopandas.GeoDataFrame({"نام": ["رشت"]}, geometry=[shapely.Point(49.5, 37.25)], crs=4326)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A directory and the address under which it is served.

    By another process: GDAL keeps the interpreter to itself while it waits for an answer.
    """
    directory = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    with subprocess.Popen(
        command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        port = re.search(r"port (\d+)", server.stdout.readline())
        assert port is not None
        yield directory, f"http://127.0.0.1:{port[1]}"
        server.terminate()


def fetched(location: str) -> list[Row]:
    with local(location) as path:
        return list(open_table(path).rows())


@pytest.mark.parametrize("name", ["داده‌های ۱۴۰۳ (2).csv", "DATA.CSV", "a b.tsv", "c.txt"])
def test_text_by_its_suffix_under_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("code\tname\n01\ta\n")
    assert list(open_table(str(path)).rows()) == [Row(2, {"code": "01", "name": "a"})]


@pytest.mark.parametrize("name", ["نقشه شهرها.gpkg", "a b.fgb", "نقشه.geojson", "شهر.shp"])
def test_maps_under_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "جای فایل‌ها" / name
    path.parent.mkdir()
    MAP.to_file(path, engine="pyogrio")
    (row,) = open_table(str(path)).rows()
    assert row.cells == {"نام": "رشت"}


def test_a_geoparquet_file(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    MAP.to_parquet(path)
    assert open_table(str(path)).has_geometry


def test_a_shapefile_inside_an_archive(tmp_path: Path) -> None:
    MAP.to_file(tmp_path / "شهر.shp", engine="pyogrio")
    archive = tmp_path / "نقشه.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for part in tmp_path.glob("شهر.*"):
            target.write(part, part.name)
    for location in (f"/vsizip/{archive}/شهر.shp", str(archive)):
        (row,) = open_table(location).rows()
        assert row.cells == {"نام": "رشت"}


def test_a_table_inside_an_archive_is_refused() -> None:
    """GDAL would read it, and drop the cells beyond its header."""
    with pytest.raises(InvalidFile, match="inside an archive is not read; unpack it first"):
        open_table("/vsizip/a.zip/a.csv")


def test_a_table_behind_a_url_is_read_like_a_local_one(site: tuple[Path, str]) -> None:
    directory, url = site
    (directory / "a.csv").write_text("code;نام\n1;رشت\n2;a;b\n", encoding="cp1256")
    first, second = fetched(f"{url}/a.csv?version=3")
    assert first == Row(2, {"code": "1", "نام": "رشت"})
    assert second.fault is not None


def test_a_workbook_and_a_parquet_file_behind_a_url(site: tuple[Path, str]) -> None:
    directory, url = site
    book = Workbook()
    book.active.append(["code"])
    book.active.append(["۰۱"])
    book.save(directory / "a.xlsx")
    parquet.write_table(pyarrow.table({"code": ["۰۱"]}), directory / "a.parquet")
    assert fetched(f"{url}/a.xlsx") == [Row(2, {"code": "۰۱"})]
    assert fetched(f"{url}/a.parquet") == [Row(1, {"code": "۰۱"})]


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.fgb", "a.shp"])
def test_a_map_behind_a_url(site: tuple[Path, str], name: str) -> None:
    directory, url = site
    MAP.to_file(directory / name, engine="pyogrio")
    (row,) = fetched(f"{url}/{name}")
    assert row.cells == {"نام": "رشت"}


@pytest.mark.parametrize("name", ["none.csv", "none.geojson", "none.shp"])
def test_what_is_not_there_is_told(site: tuple[Path, str], name: str) -> None:
    with pytest.raises(InvalidFile, match="404"):
        fetched(f"{site[1]}/{name}")


@pytest.mark.parametrize("name", ["a.csv", "a.shp"])
def test_a_server_that_does_not_answer_is_told(name: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets the port
        with pytest.raises(InvalidFile, match=r"refused|connect to"):
            fetched(f"http://127.0.0.1:{closed.getsockname()[1]}/{name}")


def test_the_fetched_copy_does_not_stay(site: tuple[Path, str]) -> None:
    directory, url = site
    (directory / "b.csv").write_text("code\n1\n")
    with local(f"{url}/b.csv") as path:
        assert Path(path).exists()
    assert not Path(path).parent.exists()


@pytest.mark.parametrize(
    ("location", "remote"),
    [("http://h/a.csv", True), ("/vsizip/a.zip/a.shp", True), ("a.csv", False), ("/x/http", False)],
)
def test_is_remote(location: str, remote: bool) -> None:
    assert is_remote(location) is remote


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "empty.csv").touch()
    (tmp_path / "directory.csv").mkdir()
    for name, message in {
        "absent.csv": "there is no such file",
        "a\x00b.csv": "there is no such file",
        "n" * 300 + ".csv": "it cannot be read: File name too long",
        "old.xls": "save it as .xlsx",
        "empty.csv": "it is empty",
        "directory.csv": "it is a directory; name a file in it",
        ".": "it is a directory",
    }.items():
        with pytest.raises(InvalidFile, match=message):
            open_table(str(tmp_path / name))


def test_a_file_geodatabase_is_a_directory_that_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.gdb"
    MAP.to_file(path, driver="OpenFileGDB", engine="pyogrio")
    assert path.is_dir()
    (row,) = open_table(str(path)).rows()
    assert row.cells == {"نام": "رشت"}
    shutil.rmtree(path)
