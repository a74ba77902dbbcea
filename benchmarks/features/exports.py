"""All points as FlatGeobuf, GeoPackage and GeoParquet, beside ogr2ogr from the same table.

ours: `curl -o /dev/null`, uncompressed. ogr2ogr writes a file, which is removed; GDAL of Debian 12
has no Parquet driver, so GeoParquet stands beside its FlatGeobuf, its fastest.
"""

from __future__ import annotations

import subprocess
import time

import psycopg

from benchmarks.figures import Bench, median, shown, table, verdict
from benchmarks.memory import peak_of
from benchmarks.served import OURS

_FORMATS = {"fgb": "FlatGeobuf", "gpkg": "GPKG", "parquet": "FlatGeobuf"}
_MOST_TIMES, _MOST_MIB, _TIMEOUT_S = 1.5, 500, 300


def exports(bench: Bench) -> str:
    """Seconds of each format, the peak memory of our processes, and whether all rows came."""
    with psycopg.connect(bench.url) as connection:
        found = connection.execute("SELECT count(*) FROM public.point").fetchone()
    count = found[0] if found else 0
    rows = []
    for name, driver in _FORMATS.items():
        took, theirs, peaks, sizes = [], [], [], []
        for _ in range(min(bench.rounds, 3)):
            if (one := _ours(bench, name, count)) is None:
                break
            seconds, memory, size = one
            took.append(seconds)
            peaks.append(memory)
            sizes.append(size)
            theirs.append(_ogr2ogr(bench, driver))
        if not took:
            rows.append((name, "not served", "", driver, "", "", ""))
            continue
        times = median(took) / median(theirs)
        holds = times <= _MOST_TIMES and max(peaks) <= _MOST_MIB
        said = f"{times:.2f}×, {verdict(holds)} (≤ {_MOST_TIMES}×, ≤ {_MOST_MIB} MiB)"
        peak, megabytes = f"{max(peaks):,.0f}", f"{median(sizes) / 1e6:,.0f}"
        rows.append((name, shown(took), peak, driver, shown(theirs), megabytes, said))
    head = (f"{count:,} points", "s", "peak MiB", "ogr2ogr to", "s", "MB of ours", "ours is")
    return table(head, rows)


def _ours(bench: Bench, name: str, count: int) -> tuple[float, float, int] | None:
    """Seconds, peak MiB and bytes; None where the format, or so many rows, are not served."""
    server = bench.servers[OURS]
    url = f"{server.base}/collections/point/items?f={name}&limit={count}"
    got = "%{http_code} %{size_download}"
    with peak_of(server.pid) as peak:
        started = time.perf_counter()
        said = subprocess.run(
            ["curl", "-s", "-m", str(_TIMEOUT_S), "-o", "/dev/null", "-w", got, url],
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S + 10,
            check=False,
        )
        took = time.perf_counter() - started
    status, _, size = said.stdout.partition(" ")
    if said.returncode or status != "200":
        print(f"{url}: {status}, curl ended with {said.returncode}")
        return None
    return took, peak.mebibytes, int(size)


def _ogr2ogr(bench: Bench, driver: str) -> float:
    suffix = "gpkg" if driver == "GPKG" else "fgb"  # GDAL makes a directory of other names
    out = bench.directory / f"points.{suffix}"
    command = ["ogr2ogr", "-q", "-f", driver, str(out), f"PG:{bench.url}", "public.point"]
    started = time.perf_counter()
    subprocess.run([*command, "-nln", "point"], check=True, timeout=_TIMEOUT_S)
    took = time.perf_counter() - started
    out.unlink()
    return took
