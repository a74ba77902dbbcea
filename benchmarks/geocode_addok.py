"""The addok side of `geocode_bulk`: run by the Python of a virtual environment that has addok.

    VENV/bin/python benchmarks/geocode_addok.py QUESTIONS ANSWERS PROCESSES

QUESTIONS has a text a line; ANSWERS gets a JSON object a line: lon, lat and label, or null. Printed
are the seconds that asking took, and the seconds of processor time in it. Redis and the
configuration are told by the environment, as addok wants it.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any


def main(questions: str, answers: str, processes: int) -> None:
    """Ask them all."""
    texts = Path(questions).read_text(encoding="utf-8").splitlines()
    with multiprocessing.get_context("spawn").Pool(processes, _begin) as pool:
        pool.map(_ask, texts[:processes], chunksize=1)  # so that all have begun
        started = time.perf_counter()
        found = pool.map(_ask, texts, chunksize=50)
        took = time.perf_counter() - started
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each, _ in found)
    Path(answers).write_text(lines, encoding="utf-8")
    print(took, sum(busy for _, busy in found))


def _begin() -> None:
    import_module("addok.config").config.load()


def _ask(text: str) -> tuple[dict[str, Any] | None, float]:
    """The answer, and the processor time that it took."""
    search = import_module("addok.core").search
    started = time.process_time()
    try:
        results = search(text, limit=1, autocomplete=False)
    except import_module("addok.helpers.text").EntityTooLarge:
        results = []
    busy = time.process_time() - started
    if not results:
        return None, busy
    (best,) = results[:1]
    label = "، ".join(str(getattr(best, part)) for part in ("name", "city", "context"))
    return {"lon": float(best.lon), "lat": float(best.lat), "label": label}, busy


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
