"""100 clients at once, from a cold start: each zooms in over a place and pans about it.

A client asks as a map does: of every view the tiles that it has not got yet, on six connections,
then it looks for a moment. The service has just been started and keeps nothing yet.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from benchmarks.figures import table, verdict
from benchmarks.memory import peak_of
from benchmarks.served import ours
from benchmarks.tiles.asking import headers_of
from benchmarks.tiles.bench import TileBench
from benchmarks.tiles.chosen import places
from benchmarks.tiles.peers import OURS, path_of
from geoservice.database.engine import connect
from geoservice.publish.grid import Tile, tile_at

_CLIENTS, _CONNECTIONS, _WORKERS = 100, 6, 2
_ZOOMS, _PANS = range(5, 14), 8
_COLUMNS, _ROWS = 3, 2  # of 512 pixels: a screen of some 1,400 by 900
_LOOK_S, _WITHIN_S = 1.0, 5.0
_MOST_RATIO, _TIMEOUT_S = 10.0, 60.0
_TABLES = ("point", "county429")


@dataclass(slots=True)
class _Told:
    """What all clients together were told."""

    ms: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)


def views(lon: float, lat: float, seed: int) -> list[list[Tile]]:
    """The tiles of each view: one a zoom on the way in, then steps of half a screen."""
    chance = random.Random(seed)  # noqa: S311  (paths are to be the same in each run)
    middles = [tile_at(lon, lat, zoom) for zoom in _ZOOMS]
    for _ in range(_PANS):
        last, (right, down) = middles[-1], chance.choice([(1, 0), (-1, 0), (0, 1), (0, -1)])
        middles.append(Tile(last.z, last.x + right, last.y + down))
    return [
        [
            Tile(m.z, m.x + right, m.y + down)
            for right in range(-(_COLUMNS // 2), _COLUMNS - _COLUMNS // 2)
            for down in range(_ROWS)
        ]
        for m in middles
    ]


def replay(bench: TileBench) -> str:
    """Errors, times and memory; each round starts the service anew."""
    rows = []
    for round_ in range(bench.rounds):
        routes = [
            views(lon, lat, seed)
            for seed, (lon, lat) in enumerate(places(bench.url, _CLIENTS, after=1000 * round_))
        ]
        with (
            ours(bench.url, bench.layers, workers=_WORKERS) as server,
            peak_of(server.pid, every_s=1.0) as peak,
        ):
            started = time.perf_counter()
            told = asyncio.run(_all(server.base, routes))
            took = time.perf_counter() - started
            least = _connections(bench.url)
        rows.append(_shown(round_ + 1, told, took, peak.mebibytes, least))
    head = (
        f"{_CLIENTS} clients zoom and pan, round",
        "requests",
        "errors",
        "requests/s",
        "p50, ms",
        "p99, ms",
        "p99 is, of p50",
        "MiB, both workers",
        "connections to PostgreSQL",
    )
    return table(head, rows)


def _shown(round_: int, told: _Told, took: float, peak: float, used: int) -> tuple[str, ...]:
    errors = sum(count for status, count in told.statuses.items() if status != "200")
    kinds = ", ".join(f"{n} × {s}" for s, n in told.statuses.items() if s != "200")
    p50, p99 = statistics.median(told.ms), statistics.quantiles(told.ms, n=100)[98]
    ratio = p99 / p50
    return (
        str(round_),
        f"{len(told.ms):,}",
        f"{errors}{f' ({kinds})' if kinds else ''}, {verdict(errors == 0)} (none)",
        f"{len(told.ms) / took:,.0f}",
        f"{p50:.1f}",
        f"{p99:.1f}",
        f"{ratio:.1f}×, {verdict(ratio <= _MOST_RATIO)} (≤ {_MOST_RATIO:g}×)",
        f"{peak:.0f}",
        str(used),
    )


def _connections(url: str) -> int:
    with connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'geoservice http'"
        ).fetchone()
    return int(row[0]) if row else 0


async def _all(base: str, routes: Sequence[list[list[Tile]]]) -> _Told:
    told = _Told()
    await asyncio.gather(
        *(_client(base, route, told, _WITHIN_S * n / len(routes)) for n, route in enumerate(routes))
    )
    return told


async def _client(base: str, route: list[list[Tile]], told: _Told, after: float) -> None:
    await asyncio.sleep(after)
    got: set[str] = set()
    where = urlsplit(base)
    lines = [await asyncio.open_connection(where.hostname, where.port) for _ in range(_CONNECTIONS)]
    try:
        for view in route:
            paths = [path_of(OURS, table, tile) for tile in view for table in _TABLES]
            wanted = [path for path in paths if path not in got]
            got.update(wanted)
            await asyncio.gather(*(_line(*line, wanted, told) for line in lines))
            await asyncio.sleep(_LOOK_S)
    finally:
        for _, writer in lines:
            writer.close()


async def _line(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wanted: list[str], told: _Told
) -> None:
    """Ask for one after the other for as long as any is left."""
    while wanted:
        path = wanted.pop(0)
        started = time.perf_counter()
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                status = await _answer(reader, writer, path)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            status = type(error).__name__
        told.ms.append((time.perf_counter() - started) * 1000)
        told.statuses[status] += 1


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> str:
    asked = f"GET {path} HTTP/1.1\r\nHost: map\r\nAccept-Encoding: gzip, br, zstd\r\n\r\n"
    writer.write(asked.encode())
    status, headers = headers_of((await reader.readuntil(b"\r\n\r\n"))[:-4])
    await reader.readexactly(int(headers.get("content-length", "0")))
    return str(status)
