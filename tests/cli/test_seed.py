"""`geoservice tiles seed`, as a process: killed, without room, over a bad option."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geoservice.database.engine import connect

LAYER = """
title = { fa = "نقطه‌ها", en = "Spots" }
source = { table = "public.spot" }
feature_id = "id"
geometry = { type = "Point" }
[attributes.id]
title = { fa = "شناسه", en = "Id" }
type = "integer"
"""


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """One layer of 5,000 points all over the country."""
    with connect(database_url) as connection:
        connection.execute(
            "DROP TABLE IF EXISTS public.spot;"
            "CREATE TABLE public.spot (id int PRIMARY KEY, geom geometry(Point, 4326));"
            "INSERT INTO public.spot SELECT n, ST_Point(45 + n % 101 / 7.0, 26 + n % 97 / 8.0, "
            "4326) FROM generate_series(1, 5000) n; CREATE INDEX ON public.spot USING gist (geom)"
        )
    layers = tmp_path / "layers"
    layers.mkdir()
    (layers / "spot.toml").write_text(LAYER, encoding="utf-8")
    return os.environ | {"DATABASE_URL": database_url, "GEOSERVICE_LAYERS_DIR": str(layers)}


def _command(output: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "geoservice.cli", "tiles", "seed", "-o", str(output), *more]


def _run(environment: dict[str, str], output: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(output, *more),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _made(said: str) -> int:
    return int(said.rpartition(" ")[2].replace(",", ""))


def test_a_killed_run_is_gone_on_with(environment: dict[str, str], tmp_path: Path) -> None:
    output, work = tmp_path / "all.pmtiles", tmp_path / "all.pmtiles.work"
    with subprocess.Popen(_command(output), env=environment) as process:
        end = time.monotonic() + 60
        # It is large only once tiles are in it.
        while time.monotonic() < end and not (work.exists() and work.stat().st_size > 300_000):
            time.sleep(0.01)
        process.kill()
    assert work.exists()
    assert not output.exists()
    resumed = _run(environment, output)
    assert resumed.returncode == 0, resumed.stderr
    whole = _run(environment, tmp_path / "whole.pmtiles")
    assert 0 < _made(resumed.stdout) < _made(whole.stdout)
    assert not work.exists()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_stopped_run_says_so_and_is_gone_on_with(
    environment: dict[str, str], tmp_path: Path, sent: signal.Signals
) -> None:
    output, work = tmp_path / "all.pmtiles", tmp_path / "all.pmtiles.work"
    command = _command(output, "--max-zoom", "13")
    with subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        end = time.monotonic() + 60
        while time.monotonic() < end and not (work.exists() and work.stat().st_size > 300_000):
            time.sleep(0.01)
        process.send_signal(sent)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + sent
    assert out == ""
    (line,) = filter(str.strip, err.splitlines())
    assert line == (
        f"geoservice: {output}: stopped; what was made is kept in {work}: run the command again, "
        "and it goes on from there"
    )
    assert sorted(path.name for path in tmp_path.glob("all*")) == [work.name]
    resumed = _run(environment, output, "--max-zoom", "13")
    assert resumed.returncode == 0, resumed.stderr
    assert output.exists()
    assert not work.exists()


def test_a_full_disk_leaves_the_old_archive(environment: dict[str, str], tmp_path: Path) -> None:
    output = tmp_path / "all.pmtiles"
    assert _run(environment, output, "--max-zoom", "3").returncode == 0
    before = output.read_bytes()
    full = subprocess.run(
        _command(output),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)),
    )
    assert full.returncode == 1
    assert "cannot be written" in full.stderr
    assert output.read_bytes() == before
    again = _run(environment, output)
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("nowhere",), "nowhere"),
        (("--min-zoom", "5", "--max-zoom", "4"), "the first no deeper than the last"),
        (("--bounds", "50,30,40,35"), "WEST,SOUTH,EAST,NORTH"),
        (("--bounds", "a,b"), "WEST,SOUTH,EAST,NORTH"),
        (("spot", "spot"), "«spot» is named 2 times"),
    ],
)
def test_bad_options(
    environment: dict[str, str], tmp_path: Path, options: tuple[str, ...], told: str
) -> None:
    done = _run(environment, tmp_path / "all.pmtiles", *options)
    assert done.returncode == 1
    assert told in done.stderr
    assert not (tmp_path / "all.pmtiles").exists()


@pytest.mark.parametrize(
    ("output", "told"), [(".", "this is a directory"), ("nowhere/all.pmtiles", "make it first")]
)
def test_places_where_no_file_can_be(
    environment: dict[str, str], tmp_path: Path, output: str, told: str
) -> None:
    before = sorted(tmp_path.iterdir())
    done = _run(environment, tmp_path / output)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Errno" not in done.stderr
    assert sorted(tmp_path.iterdir()) == before
