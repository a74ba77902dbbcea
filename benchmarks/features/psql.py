"""One client beside psql: 50 boxes in turn, 1000 points of each, the answers read whole.

psql runs the very statement that the service runs, prepared, in one session, so that it prints the
same JSON, to /dev/null; its own start is measured apart and taken off. The HTTP client asks on one
kept-alive connection.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from benchmarks.figures import Bench, median, shown, table, verdict
from benchmarks.load import Client
from benchmarks.served import OURS
from geoservice.catalog.load import load_catalog
from geoservice.model import Bounds
from geoservice.publish.order import Paging
from geoservice.publish.presentation import PLAIN
from geoservice.publish.query import BETWEEN, page_query
from geoservice.publish.selection import Selection
from geoservice.publish.sql import literal

_MOST = 1.3


def _script(bench: Bench) -> str:
    """The statement of the service for a box, and an execution of it for each."""
    point = load_catalog(bench.directory / "layers").layer("point")
    executed: list[str] = []
    prepared = ""
    for box in bench.boxes:
        selection = Selection((Bounds(*map(float, box.split(","))),))
        query = page_query(point, selection, PLAIN, Paging(limit=1000))
        # As text, where the service takes bytes: psql would print them as hexadecimal digits.
        text = query.text.replace("SELECT convert_to(", "SELECT (", 1).replace(", 'UTF8')", ")", 1)
        text = text.replace(literal(BETWEEN), "','", 1)
        for number, name in enumerate(query.params, 1):
            text = text.replace(f"%({name})s", f"${number}")
        prepared = f"PREPARE page AS {text};\n".replace("%%", "%")
        executed.append(f"EXECUTE page({', '.join(map(str, query.params.values()))});\n")
    return prepared + "".join(executed)


def beside_psql(bench: Bench) -> str:
    """Milliseconds of one page by both."""
    script, nothing = bench.directory / "page.sql", bench.directory / "nothing.sql"
    script.write_text(_script(bench), "utf-8")
    nothing.write_text("SELECT 1;\n", "utf-8")
    server = bench.servers[OURS]
    paths = [server.items("point", f"limit=1000&bbox={box}") for box in bench.boxes]
    client = Client(server.base)
    client.timed(paths)
    ours, psql = [], []
    for _ in range(bench.rounds):
        ours.append(sum(client.timed(paths)) / len(paths))
        spent = _psql(bench.url, script) - _psql(bench.url, nothing)
        psql.append(spent * 1000 / len(bench.boxes))
    times = median(ours) / median(psql)
    said = f"{times:.2f}×, {verdict(times <= _MOST)} (≤ {_MOST}×)"
    return table(
        ("1000 points in a box, 1 client", "ms", "ours is"),
        [(OURS, shown(ours), said), ("psql", shown(psql), "")],
    )


def _psql(url: str, script: Path) -> float:
    """Seconds of one session that runs the script, the settings those of our own connections."""
    started = time.perf_counter()
    subprocess.run(
        ["psql", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-f", str(script), url],
        stdout=subprocess.DEVNULL,
        env=os.environ | {"PGOPTIONS": "-c jit=off -c max_parallel_workers_per_gather=0"},
        check=True,
        timeout=120,
    )
    return time.perf_counter() - started
