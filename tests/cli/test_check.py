"""`geoservice check` holds layers against the database, and styles against their layers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from geoservice.database.engine import connect
from tests.shared_ids import SHARED, SHARED_ROWS

STYLE = 'title = { fa = "آبادی‌ها", en = "Settlements" }\n[graduated]\nbreaks = [100]\n'


def _check(url: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "geoservice.cli", "check"],
        env=os.environ | {"DATABASE_URL": url, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_what_is_shipped_agrees(database_url: str) -> None:
    done = _check(database_url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "styles with their layers" in done.stdout


def test_a_style_of_a_column_that_is_not_there(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "place.toml").write_text(STYLE + 'attribute = "gone"', encoding="utf-8")
    (tmp_path / "county.toml").write_text("[single]", encoding="utf-8")
    done = _check(database_url, GEOSERVICE_STYLES_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "place.toml: graduated.attribute: «place» has no attribute «gone»" in done.stdout
    assert "county.toml: title: it is missing" in done.stdout


def test_a_class_that_is_never_drawn(database_url: str, tmp_path: Path) -> None:
    text = (
        'title = { fa = "آبادی‌ها", en = "Settlements" }\nzoom = { max = 7 }\n[categorised]\n'
        'attribute = "kind"\nclasses = [{ values = ["city"] }, '
        '{ values = ["village"], zoom = { min = 8 } }]'
    )
    (tmp_path / "place.toml").write_text(text, encoding="utf-8")
    done = _check(database_url, GEOSERVICE_STYLES_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "place.toml: " in done.stdout
    assert "categorised.classes.1.zoom: it is drawn at none of the zooms 8-24" in done.stdout


def test_a_directory_that_was_named_and_is_not_there(database_url: str, tmp_path: Path) -> None:
    done = _check(database_url, GEOSERVICE_STYLES_DIR=str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "nowhere" in done.stdout + done.stderr


def test_ids_that_nothing_holds_to_be_unique(database_url: str, tmp_path: Path) -> None:
    for directory in ("layers", "styles"):
        (tmp_path / directory).mkdir()
    (tmp_path / "layers" / "shared.toml").write_text(SHARED, encoding="utf-8")
    with connect(database_url) as connection:
        connection.execute(SHARED_ROWS)
    given = {f"GEOSERVICE_{n.upper()}_DIR": str(tmp_path / n) for n in ("layers", "styles")}
    done = _check(database_url, **given)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "shared: feature_id: no unique index of source.shared holds «id»" in done.stdout
    assert "CREATE UNIQUE INDEX ON source.shared (id)" in done.stdout
