"""A write by SQL is seen by the next request of each worker; and what that costs a commit."""

from __future__ import annotations

import time

import psycopg

from benchmarks.figures import median, shown, table, verdict
from benchmarks.served import ours
from benchmarks.tiles.asking import Line
from benchmarks.tiles.bench import TileBench
from benchmarks.tiles.peers import OURS, path_of
from benchmarks.tiles.worker import lines_of_workers
from geoservice.database.engine import Connection, connect, statement
from geoservice.database.tracking import track
from geoservice.publish.grid import Tile, tile_at

_WRITES, _WORKERS, _ZOOMS = 200, 2, (6, 10, 14)
_COMMITS, _MOST_MS = 300, 20.0
# A point that shows at the lowest of the zooms, so that its title is in each of the tiles.
_SHOWN = """
SELECT s.id, ST_X(s.geom), ST_Y(s.geom), s.title_en FROM public.point s
JOIN tile.point r ON r."#id" = s.id WHERE r."#zoom" <= %s ORDER BY s.id LIMIT 1
"""
_TITLE = "UPDATE public.point SET title_en = %s WHERE id = %s"
_COPY = """
DROP TABLE IF EXISTS public.{0};
CREATE TABLE public.{0} (LIKE public.point INCLUDING ALL);
INSERT INTO public.{0} SELECT * FROM public.point ORDER BY id LIMIT 100000;
ANALYZE public.{0}
"""


def visible(bench: TileBench) -> str:
    """Writes by another session; after each commit every worker is asked for the tile once."""
    misses = dict.fromkeys(_ZOOMS, 0)
    took: dict[int, list[float]] = {zoom: [] for zoom in _ZOOMS}
    with (
        ours(bench.url, bench.layers, workers=_WORKERS) as server,
        psycopg.connect(bench.url, autocommit=True) as writer,
    ):
        row = writer.execute(_SHOWN, [min(_ZOOMS)]).fetchone()
        if row is None:
            raise SystemExit("no point shows at that zoom")
        number, lon, lat, was = row
        title = "seen by nobody yet."  # unlike any other point's
        lines = lines_of_workers(server, _WORKERS)
        writer.execute(_TITLE, [title, number])
        try:
            for turn in range(_WRITES):
                zoom = _ZOOMS[turn % len(_ZOOMS)]
                mark = f"seen {turn} of {_WRITES}."
                tile = tile_at(lon, lat, zoom)
                _seen(lines, tile, title.encode())  # so that what is kept is what was before
                writer.execute(_TITLE, [mark, number])
                before, title = title, mark
                for said in _asked(lines, tile):
                    took[zoom].append(said[1])
                    misses[zoom] += mark.encode() not in said[0] or before.encode() in said[0]
        finally:
            writer.execute(_TITLE, [was, number])
            for line in lines:
                line.close()
    rows = [
        (
            str(zoom),
            str(len(took[zoom])),
            f"{misses[zoom]}, {verdict(misses[zoom] == 0)} (none)",
            shown(took[zoom]),
        )
        for zoom in _ZOOMS
    ]
    head = (
        f"{_WRITES} writes by SQL, {_WORKERS} workers asked after each; zoom",
        "answers",
        "without the write",
        "ms of that answer",
    )
    return table(head, rows)


def _asked(lines: list[Line], tile: Tile) -> list[tuple[bytes, float]]:
    told = [line.got(path_of(OURS, "point", tile)) for line in lines]
    return [(said.body, said.ms) for said in told]


def _seen(lines: list[Line], tile: Tile, title: bytes) -> None:
    for body, _ in _asked(lines, tile):
        if title not in body:
            raise SystemExit(f"{tile} does not hold the point that is written")


def commit(bench: TileBench) -> str:
    """The same one-row UPDATE of two tables of the same rows; one of them is tracked."""
    with connect(bench.url) as connection:
        for name in ("point_untracked", "point_tracked"):
            connection.execute(statement(_COPY).format(statement(name)))
        track(connection, ["public.point_tracked"])
    try:
        took = _commits(bench.url)
    finally:
        with connect(bench.url) as connection:
            connection.execute("DROP TABLE public.point_untracked, public.point_tracked")
    without, tracked = took["point_untracked"], took["point_tracked"]
    added = median(tracked) - median(without)
    said = f"{added:.2f} ms more, {verdict(added <= _MOST_MS)} (≤ {_MOST_MS:g} ms)"
    return table(
        (f"one-row UPDATE by SQL, {_COMMITS} commits each", "ms", "with triggers"),
        [
            ("no triggers", shown(without, 2), ""),
            ("version and touched area", shown(tracked, 2), said),
        ],
    )


def _commits(url: str) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {"point_untracked": [], "point_tracked": []}
    with psycopg.connect(url, autocommit=True, prepare_threshold=1) as connection:
        for turn in range(_COMMITS + 10):
            for name, times in took.items():
                ms = _commit(connection, name, turn)
                if turn >= 10:  # before, statements are prepared
                    times.append(ms)
    return took


def _commit(connection: Connection, name: str, turn: int) -> float:
    started = time.perf_counter()
    connection.execute(
        statement("UPDATE public.{} SET households = %s WHERE id = %s").format(statement(name)),
        [turn, 1 + turn * 97 % 90_000],
    )
    return (time.perf_counter() - started) * 1000
