"""QGIS reading 10,566 points of a box through its OGC API Features provider.

Not named qgis: the script beside it is run with this directory before QGIS's own package.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

import psycopg

from benchmarks.features.remembered import remembered
from benchmarks.figures import Bench, shown, table, verdict
from benchmarks.served import OURS, TIPG

_SYSTEM_PYTHON = "/usr/bin/python3"  # the one that Debian's QGIS is for
_WANTED, _MOST_S, _TIMEOUT_S = 10_566, 2.5, 180


def qgis(bench: Bench) -> str:
    """Seconds of opening the layer and reading, without QGIS's own start, of a process each; QGIS
    keeps nothing from the run before. The last row is QGIS alone: our answers, out of memory.
    """
    box, inside = _box(bench.url)
    rows = []
    rounds = range(min(bench.rounds, 3))
    for name in (OURS, TIPG):
        if name not in bench.servers:
            continue
        took = [_read(bench, name, bench.servers[name].base, box, inside) for _ in rounds]
        said = f"{verdict(sorted(took)[len(took) // 2] <= _MOST_S)} (≤ {_MOST_S} s)"
        rows.append((name, shown(took), said if name == OURS else ""))
    with remembered(bench.servers[OURS].base) as base:
        _read(bench, OURS, base, box, inside)  # the answers come into memory
        took = [_read(bench, OURS, base, box, inside) for _ in rounds]
        rows.append((f"{OURS}'s answers out of memory", shown(took), "what QGIS takes by itself"))
    return table((f"QGIS reads {inside:,} points in a box", "s", ""), rows)


def _box(url: str) -> tuple[str, int]:
    """A square about the middle of the points that holds so many, and how many it does hold."""
    with psycopg.connect(url) as connection:
        middle = connection.execute(
            "SELECT ST_X(g), ST_Y(g) "
            "FROM (SELECT geom AS g FROM public.point ORDER BY id LIMIT 1) p"
        ).fetchone()
        x, y = middle or (0.0, 0.0)
        reach = connection.execute(
            "SELECT max(d) FROM (SELECT greatest(abs(ST_X(geom) - %s), abs(ST_Y(geom) - %s)) AS d "
            "FROM public.point ORDER BY d LIMIT %s) p",
            [x, y, _WANTED],
        ).fetchone()
        half = (reach[0] if reach else 0.0) + 1e-9
        corners = (x - half, y - half, x + half, y + half)
        found = connection.execute(
            "SELECT count(*) FROM public.point "
            "WHERE ST_Intersects(geom, ST_MakeEnvelope(%s, %s, %s, %s, 4326))",
            corners,
        ).fetchone()
    return ",".join(map(repr, corners)), int(found[0]) if found else 0


def _read(bench: Bench, name: str, base: str, box: str, inside: int) -> float:
    """Seconds; says so if not all features came."""
    profile = tempfile.mkdtemp(prefix="qgis-", dir=bench.directory)
    collection = "public.point" if name == TIPG else "point"
    script = Path(__file__).with_name("read_in_qgis.py")
    said = subprocess.run(
        [_SYSTEM_PYTHON, str(script), base, collection, box],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": profile},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=_TIMEOUT_S,
        check=True,
    ).stdout
    report = json.loads(said.splitlines()[-1])
    if report["read"] != inside:
        print(f"{name}: QGIS read {report['read']:,} of the {inside:,} points in the box")
    return float(report["seconds"])
