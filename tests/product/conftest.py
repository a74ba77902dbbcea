"""A browser's tab, and where pictures of pages go."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import chromium


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Tab]:
    if chromium.installed() is None:
        pytest.skip("no Chromium is installed (Debian: chromium)")
    with chromium.tab(tmp_path_factory.mktemp("browser")) as tab:
        yield tab


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return Path(os.environ.get("GEOSERVICE_TEST_PICTURES", tmp_path))
