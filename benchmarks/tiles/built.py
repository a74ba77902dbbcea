"""Seconds that the pyramids take to make: a million points, 429 counties, the projects."""

from __future__ import annotations

import asyncio
import time

from benchmarks.figures import shown, table
from benchmarks.tiles.bench import TileBench
from geoservice.catalog.load import load_catalog
from geoservice.database.engine import acquire, connect, open_pool
from geoservice.database.tracking import track
from geoservice.publish.pyramid.build import Built, build
from geoservice.publish.pyramid.prepare import prepare

_TIMEOUT_MS = 3_600_000


async def prepared(bench: TileBench) -> None:
    """Have a pyramid for each layer, whole: of those that are there and untouched, none is made."""
    layers = load_catalog(bench.layers).layers.values()
    with connect(bench.url) as connection:
        track(connection, sorted({name for layer in layers for name in layer.source.tables}))
    await prepare(bench.url, layers)


def pyramids(bench: TileBench) -> str:
    """Each made anew as often as there are rounds."""
    rows = []
    for name in load_catalog(bench.layers).layers:
        took, made = [], Built(0, 0)
        for _ in range(bench.rounds):
            seconds, made = asyncio.run(_timed(bench, name))
            took.append(seconds)
        rows.append((name, f"{made.rows:,}", str(made.deepest), shown(took)))
    return table(("pyramid of", "rows", "up to zoom", "s"), rows)


async def _timed(bench: TileBench, name: str) -> tuple[float, Built]:
    async with (
        open_pool(bench.url, max_size=1, writing=True, statement_timeout_ms=_TIMEOUT_MS) as pool,
        acquire(pool) as connection,
    ):
        started = time.perf_counter()
        made = await build(connection, bench.layer(name))
        took = time.perf_counter() - started
    if made is None:
        raise SystemExit(f"the pyramid of {name} cannot be made")
    return took, made
