"""Rate and memory of loading addresses, beside PostgreSQL's own COPY of the same file.

    python -m benchmarks.ingest_addresses [--rows 1000000]

The peer, `COPY` into an unlogged table of text columns, reads nothing, checks nothing and places
nothing: it is the floor of what loading the file can cost.
"""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.machine import machine, scratch_server
from geoservice.database.engine import connect, identifier, statement
from geoservice.ingest.ingest import ingest
from geoservice.settings import Settings
from geoservice.synthetic.write import write_sample


def main(rows: Annotated[int, typer.Option(help="how many addresses")] = 1_000_000) -> None:
    """Print rows per second and peak memory of both."""
    settings = Settings()
    with tempfile.TemporaryDirectory() as name, scratch_server(settings) as url:
        directory = Path(name)
        write_sample(directory, facts=settings.sample_dir / "facts", addresses=rows, projects=0)
        file = directory / "addresses.csv"
        copied = _copy(url, file)
        loaded, memory = _loaded_by_a_process_of_its_own(url, file)
        again, _ = _loaded_by_a_process_of_its_own(url, file)
    print(machine())
    print(f"| {rows:,} addresses, {file.name} | rows/s | seconds | peak memory |")
    print("|---|---|---|---|")
    print(f"| COPY, nothing checked | {rows / copied:,.0f} | {copied:.1f} | |")
    print(f"| geoservice ingest | {rows / loaded:,.0f} | {loaded:.1f} | {memory:,.0f} MiB |")
    print(f"| the same again, nothing changes | {rows / again:,.0f} | {again:.1f} | |")


def _copy(url: str, file: Path) -> float:
    with file.open(encoding="utf-8", newline="") as source:
        columns = next(csv.reader(source))
    with connect(url) as connection:
        fields = statement(", ").join(
            statement("{} text").format(identifier(column)) for column in columns
        )
        connection.execute(statement("CREATE UNLOGGED TABLE copied ({})").format(fields))
        started = time.perf_counter()
        with (
            file.open("rb") as source,
            connection.cursor().copy("COPY copied FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while block := source.read(1 << 20):
                copy.write(block)
        connection.commit()
        took = time.perf_counter() - started
        connection.execute("DROP TABLE copied")
    return took


def _loaded_by_a_process_of_its_own(url: str, file: Path) -> tuple[float, float]:
    """Seconds and peak MiB, from a child so that the memory is the import's alone."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.ingest_addresses", "load", url, str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, mebibytes = map(float, done.stdout.split())
    return seconds, mebibytes


def _load(url: str, file: str) -> None:
    started = time.perf_counter()
    with connect(url) as connection:
        summary = ingest(connection, "addresses", file)
    took = time.perf_counter() - started
    if summary.rejected:
        raise SystemExit(f"{summary.rejected} rows were rejected, which the benchmark is not about")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(took, peak)


if __name__ == "__main__":
    if sys.argv[1:2] == ["load"]:
        _load(*sys.argv[2:])
    else:
        typer.run(main)
