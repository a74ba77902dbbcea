"""A browser's tab, and where pictures of pages go."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import chromium

COMMANDS = (
    "ingest regions counties_1395_census2016_429.gpkg --region-set census_1395 --level county "
    "--current",
    "ingest population population_2016_by_county.csv --year 1395",
    "ingest regions counties_1400_469.gpkg --layer counties_1400 --region-set counties_1400 "
    "--level county",
    "compute --year 1395",
    "compute --year 1395 --level province",
)
FILES = (
    "counties_1395_census2016_429.gpkg",
    "counties_1400_469.gpkg",
    "census/population_2016_by_county.csv",
)


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Tab]:
    if chromium.installed() is None:
        pytest.skip("no Chromium is installed (Debian: chromium)")
    with chromium.tab(tmp_path_factory.mktemp("browser")) as tab:
        yield tab


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return Path(os.environ.get("GEOSERVICE_TEST_PICTURES", tmp_path))


@pytest.fixture(scope="module")
def real_url(database_url: str, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The module's database with the real data loaded and measured by the commands."""
    directory = tmp_path_factory.mktemp("real")
    for file in FILES:
        shutil.copy(shared_data / file, directory)
    for command in COMMANDS:
        subprocess.run(
            [sys.executable, "-m", "geoservice.cli", *command.split()],
            cwd=directory,
            env=os.environ | {"DATABASE_URL": database_url},
            check=True,
            capture_output=True,
        )
    return database_url
