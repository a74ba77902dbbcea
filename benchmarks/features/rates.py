"""Requests per second of 8 clients: a page of points in a box, and all counties with full shape."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figures import Bench, median, shown, table, verdict
from benchmarks.load import Client, rate
from benchmarks.served import OURS, Server

_CLIENTS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """Queries over a table, each answered with so many features; how often ours is to be faster."""

    table: str
    queries: Sequence[str]
    features: int
    target: float
    seconds: int


def items(bench: Bench) -> str:
    """limit=1000 in the same 50 boxes for all."""
    queries = [f"limit=1000&bbox={box}" for box in bench.boxes]
    return _rates(bench, "1000 points in a box", Asked("point", queries, 1000, 10, bench.seconds))


def projects(bench: Bench) -> str:
    """1000 projects in a box: ours by a query with joins, theirs from a table of its rows."""
    asked = Asked("project", ["limit=1000&bbox=50,34,53,37"], 1000, 10, bench.seconds)
    return _rates(bench, "1000 projects in a box", asked)


def counties(bench: Bench) -> str:
    """All 429 in one answer; for longer, since a peer gives less than one a second."""
    asked = Asked("county429", ["limit=500"], 429, 3, 5 * bench.seconds)
    return _rates(bench, "429 counties, full geometry", asked)


def _rates(bench: Bench, what: str, asked: Asked) -> str:
    rates: dict[str, list[float]] = {name: [] for name in bench.servers}
    size = {name: _size(server, asked) for name, server in bench.servers.items()}
    for _ in range(bench.rounds):
        for name, server in bench.servers.items():
            paths = [server.items(asked.table, query) for query in asked.queries]
            rates[name].append(rate(server.base, paths, clients=_CLIENTS, seconds=asked.seconds))
    rows = []
    for name, figures in rates.items():
        said = "" if name == OURS else _said(median(rates[OURS]), median(figures), asked.target)
        rows.append((name, shown(figures), f"{size[name]:,}", said))
    return table((f"{what}, {_CLIENTS} clients", "requests/s", "bytes", "ours is"), rows)


def _said(ours: float, theirs: float, target: float) -> str:
    if not theirs:
        return f"{verdict(True)}: not one answer in that time"
    return f"{ours / theirs:.1f}×, {verdict(ours >= target * theirs)} (≥ {target:g}×)"


def _size(server: Server, asked: Asked) -> int:
    """Bytes of one answer, having held that it has the features that were asked for."""
    body = Client(server.base).get(server.items(asked.table, asked.queries[0]))
    found = len(json.loads(body)["features"])
    if found != asked.features:
        raise SystemExit(f"{server.name}: {found} features of {asked.table}, not {asked.features}")
    return len(body)
