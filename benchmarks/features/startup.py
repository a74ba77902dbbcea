"""Seconds from the start of the process to the first answer of /collections, with 50 layers."""

from __future__ import annotations

import time

from benchmarks.figures import Bench, median, shown, table, verdict
from benchmarks.layers import declare_many
from benchmarks.served import ours

_LAYERS, _MOST_S = 50, 2.0


def startup(bench: Bench) -> str:
    """The command as an operator runs it: migrations looked at, layers read, pool opened."""
    directory = bench.directory / "many" / "layers"
    declare_many(directory, _LAYERS)
    took = []
    for _ in range(bench.rounds):
        started = time.perf_counter()
        with ours(bench.url, directory):
            took.append(time.perf_counter() - started)
    said = f"{verdict(median(took) <= _MOST_S)} (≤ {_MOST_S:g} s)"
    head = (f"start with {_LAYERS} layers, to the first /collections", "s", "")
    return table(head, [("geoservice serve", shown(took, 2), said)])
