"""A tile that nobody asked for before: p50 and p95 over the tiles of each zoom, one client.

Nothing is kept: ours and Martin's caches are off. A tile is asked of every server, and of
PostgreSQL by our own statement, one after the other, in an order that turns from tile to tile; of
its times the median of the rounds counts. At low zooms the peers, who take seconds, are asked
in the first round alone.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from benchmarks.figures import median, table, verdict
from benchmarks.served import ours
from benchmarks.tiles.asking import Line
from benchmarks.tiles.bench import TileBench
from benchmarks.tiles.chosen import tiles
from benchmarks.tiles.own_sql import SQL, OwnSql
from benchmarks.tiles.peers import MARTIN, OURS, TIPG, martin, path_of, uncapped_tipg
from geoservice.publish.grid import Tile

ZOOMS = range(4, 15)
_TILES, _WARM_UP = 30, 12
_MOST_OF_SQL, _MOST_OF_MARTIN, _LOW, _FASTER = 1.15, 1.1, 8, 5.0
# Nothing is kept in memory, and there is no directory to keep it in.
NO_CACHE = {"GEOSERVICE_TILE_MEMORY_MB": "0"}

_Ask = Callable[[Tile], tuple[float, int]]
_HEAD = (
    "ours p50, ms (rounds)",
    "ours p95",
    "its SQL p50 / p95",
    "Martin p50 / p95",
    "tipg p50 / p95",
    "kB: ours / Martin / tipg",
    "ours is, of its SQL",
    "of Martin",
    "of tipg",
)


def points(bench: TileBench) -> str:
    """A million points."""
    return _cold(bench, "point")


def counties(bench: TileBench) -> str:
    """429 counties."""
    return _cold(bench, "county429")


def _cold(bench: TileBench, name: str) -> str:
    with ExitStack() as stack:
        asks = _asks(stack, bench, name)
        rows = []
        for zoom in ZOOMS:
            rows.append((str(zoom), *_row(bench, zoom, asks)))
            print(f"{name}, zoom {zoom}: {' | '.join(rows[-1])}", file=sys.stderr, flush=True)
    return table((f"cold tile of {name}, zoom", *_HEAD), rows)


def _asks(stack: ExitStack, bench: TileBench, name: str) -> dict[str, _Ask]:
    """How each is asked for a tile: milliseconds and bytes."""
    servers = [stack.enter_context(ours(bench.url, bench.layers, more=NO_CACHE))]
    if bench.martin:
        servers.append(stack.enter_context(martin(bench.martin, bench.url, bench.directory)))
    if bench.tipg:
        servers.append(stack.enter_context(uncapped_tipg(bench.tipg, bench.url, bench.directory)))
    own = OwnSql(bench, name)
    stack.callback(own.close)

    def over_http(server: str, line: Line) -> _Ask:
        def ask(tile: Tile) -> tuple[float, int]:
            said = line.got(path_of(server, name, tile))
            return said.ms, len(said.body)

        return ask

    asks: dict[str, _Ask] = {s.name: over_http(s.name, Line(s.base)) for s in servers}
    return {**asks, SQL: own.ask}


def _row(bench: TileBench, zoom: int, asks: dict[str, _Ask]) -> Sequence[str]:
    for tile in tiles(bench.url, zoom, _WARM_UP, after=500_000):  # statements are prepared by them
        for name, ask in asks.items():
            if name in (OURS, SQL) or zoom > _LOW:
                ask(tile)
    chosen = tiles(bench.url, zoom, _TILES)
    took: dict[str, list[list[float]]] = {name: [] for name in asks}
    size: dict[str, list[int]] = {name: [] for name in asks}
    names = list(asks)
    for round_ in range(bench.rounds):
        for name in names:
            if not (round_ and zoom <= _LOW and name in (MARTIN, TIPG)):
                took[name].append([])
        for number, tile in enumerate(chosen):
            turn = (round_ + number) % len(names)
            for name in names[turn:] + names[:turn]:
                if round_ and zoom <= _LOW and name in (MARTIN, TIPG):
                    continue
                ms, count = asks[name](tile)
                took[name][-1].append(ms)
                size[name].append(count)
    each = {n: [median(times) for times in zip(*took[n], strict=True)] for n in names}
    least, most = (f([median(times) for times in took[OURS]]) for f in (min, max))
    return (
        f"{median(each[OURS]):.1f} ({least:.1f}-{most:.1f}), {len(chosen)} tiles",
        f"{_p95(each[OURS]):.1f}",
        *(_both(each.get(name)) for name in (SQL, MARTIN, TIPG)),
        " / ".join(f"{median(size[n]) / 1000:,.1f}" if n in size else "-" for n in _SIZED),
        _slower(each[OURS], each[SQL], _MOST_OF_SQL),
        _peer(each[OURS], each.get(MARTIN), zoom, _MOST_OF_MARTIN),
        _peer(each[OURS], each.get(TIPG), zoom, None),
    )


_SIZED = (OURS, MARTIN, TIPG)


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if values[1:] else values[0]


def _both(times: Sequence[float] | None) -> str:
    return "not asked" if times is None else f"{median(times):,.1f} / {_p95(times):,.1f}"


def _slower(mine: Sequence[float], other: Sequence[float], most: float) -> str:
    at_50, at_95 = median(mine) / median(other), _p95(mine) / _p95(other)
    holds = at_50 <= most and at_95 <= most
    return f"{at_50:.2f}× / {at_95:.2f}×, {verdict(holds)} (≤ {most:g}×)"


def _peer(
    mine: Sequence[float], other: Sequence[float] | None, zoom: int, most: float | None
) -> str:
    """At low zooms it is to be many times faster, elsewhere not much slower."""
    if other is None:
        return ""
    if zoom > _LOW:
        if most is not None:
            return _slower(mine, other, most)
        return f"{median(mine) / median(other):.2f}× / {_p95(mine) / _p95(other):.2f}×"
    at_50, at_95 = median(other) / median(mine), _p95(other) / _p95(mine)
    holds = at_50 >= _FASTER and at_95 >= _FASTER
    return f"{at_50:.1f}× / {at_95:.1f}× faster, {verdict(holds)} (≥ {_FASTER:g}×)"
