"""One client beside psql: 50 boxes in turn, 1000 points of each, the answers read whole.

psql runs the statement prepared, in one session, and prints every feature to /dev/null; its own
start is measured apart and taken off. The HTTP client asks on one kept-alive connection.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from benchmarks.features.figures import Bench, median, shown, table, verdict
from benchmarks.features.load import Client
from benchmarks.features.served import OURS

_MOST = 1.3
# The fastest of those tried: one row a feature, JSON of the attributes by the server. Numbers are
# printed as they are stored.
_PAGE = """
PREPARE page(float8, float8, float8, float8) AS
SELECT '{"type":"Feature","id":' || r.id || ',"geometry":' || ST_AsGeoJSON(r.geom, 7, 0)
       || ',"properties":' || (SELECT row_to_json(a) FROM (
            SELECT r.id, r.title_fa, r.title_en, r.kind, r.county_code, r.status, r.households,
                   r.score, r.budget, r.opened, r.updated, r.active) a)::text || '}'
FROM (SELECT * FROM public.point s
      WHERE ST_Intersects(s.geom, ST_MakeEnvelope($1, $2, $3, $4, 4326))
      ORDER BY s.id LIMIT 1000) r;
"""


def beside_psql(bench: Bench) -> str:
    """Milliseconds of one page by both."""
    script, nothing = bench.directory / "page.sql", bench.directory / "nothing.sql"
    script.write_text(_PAGE + "".join(f"EXECUTE page({box});\n" for box in bench.boxes), "utf-8")
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
