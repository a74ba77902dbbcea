"""What a writer pays for versions and touched areas: a one-row commit, and COPY of many points.

    python -m benchmarks.write_cost [--rows 1000000] [--commits 400] [--rounds 3]

The same table three times: without any trigger of ours, with the version's alone, and with both.
The CPU time of COPY is that of its connection to the server.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.machine import machine, scratch_server
from geoservice.database.engine import Connection, connect, identifier, statement
from geoservice.database.tracking import track
from geoservice.settings import Settings

_TABLES = {"no trigger": "untracked", "versions": "versioned", "and areas": "tracked"}
_MADE = """
CREATE TABLE public.{} (id int PRIMARY KEY, name text, a float8, geom geometry(Point, 4326));
CREATE INDEX ON public.{} USING gist (geom)
"""
_AREAS = ("touch_inserted", "touch_updated", "touch_deleted", "touch_truncated")
_WRITES = (
    "INSERT INTO public.{} VALUES (%(n)s, 'x', 1, ST_SetSRID(ST_MakePoint(50, 30), 4326))",
    "UPDATE public.{} SET a = a + 1 WHERE id = %(n)s",
    "DELETE FROM public.{} WHERE id = %(n)s - 9",
)


def main(
    rows: Annotated[int, typer.Option(help="of each COPY")] = 1_000_000,
    commits: Annotated[int, typer.Option(help="of one row")] = 400,
    rounds: Annotated[int, typer.Option(help="of COPY")] = 3,
) -> None:
    """Print medians."""
    with scratch_server(Settings()) as url:
        for label, table in _TABLES.items():
            _make(url, label, table)
        one = _one_row(url, commits)
        many = _copies(url, rows, rounds)
    print(machine())
    print(f"| median | commit of one row | COPY of {rows:,} points, wall | its CPU time |")
    print("|---|---|---|---|")
    for label in _TABLES:
        wall, cpu = (statistics.median(each) for each in zip(*many[label], strict=True))
        print(f"| {label} | {1000 * one[label]:.2f} ms | {wall:.1f} s | {cpu:.1f} s |")


def _make(url: str, label: str, table: str) -> None:
    with connect(url) as connection:
        name = identifier(table)
        connection.execute(statement(_MADE).format(name, name))
        if label != "no trigger":
            track(connection, [f"public.{table}"])
        if label == "versions":
            for trigger in _AREAS:
                dropped = statement("DROP TRIGGER {} ON public.{}")
                connection.execute(dropped.format(identifier(trigger), name))


def _one_row(url: str, commits: int) -> dict[str, float]:
    """Seconds of a transaction of one statement, the three kinds of them in turn."""
    took: dict[str, list[float]] = {label: [] for label in _TABLES}
    with connect(url) as connection:
        for number in range(commits):
            for label, table in _TABLES.items():
                for write in _WRITES:
                    made = statement(write).format(identifier(table))
                    started = time.perf_counter()
                    connection.execute(made, {"n": number})
                    connection.commit()
                    took[label].append(time.perf_counter() - started)
    return {label: statistics.median(each) for label, each in took.items()}


def _copies(url: str, rows: int, rounds: int) -> dict[str, list[tuple[float, float]]]:
    chance = random.Random(1)  # noqa: S311
    points = ((44 + chance.random() * 18, 25 + chance.random() * 14) for _ in range(rows))
    lines = (
        f"{n}\tname {n}\t1\tSRID=4326;POINT({x:.5f} {y:.5f})" for n, (x, y) in enumerate(points)
    )
    content = ("\n".join(lines) + "\n").encode()
    took: dict[str, list[tuple[float, float]]] = {label: [] for label in _TABLES}
    with connect(url) as connection:
        for _ in range(rounds):
            for label, table in _TABLES.items():
                connection.execute(statement("TRUNCATE public.{}").format(identifier(table)))
                connection.commit()
                took[label].append(_copy(connection, table, content))
    return took


def _copy(connection: Connection, table: str, content: bytes) -> tuple[float, float]:
    """Seconds, and of them the server's own."""
    before, started = _cpu_s(connection), time.perf_counter()
    copying = statement("COPY public.{} FROM STDIN").format(identifier(table))
    with connection.cursor().copy(copying) as copy:
        copy.write(content)
    connection.commit()
    return time.perf_counter() - started, _cpu_s(connection) - before


def _cpu_s(connection: Connection) -> float:
    stat = Path(f"/proc/{connection.info.backend_pid}/stat").read_text()
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    typer.run(main)
