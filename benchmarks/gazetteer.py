"""Building the gazetteer from nothing, and bringing it up to a change of some addresses.

    python -m benchmarks.gazetteer [--rows 2000000] [--changed 10000]

In a cluster of its own, with the synthetic addresses and places of the sample. Of the changed
addresses four in ten have another point and plaque, three another street, three are gone.
"""

from __future__ import annotations

import csv
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.machine import machine, scratch_server
from benchmarks.memory import peak_of
from geoservice.cli.demo import FILES
from geoservice.database.engine import Connection, connect, identifier, statement
from geoservice.ingest.gazetteer import build_gazetteer
from geoservice.ingest.ingest import ingest
from geoservice.settings import Settings
from geoservice.synthetic.write import write_sample

_AREAS = ("regions", "population", "places")

_LOAD = """
INSERT INTO source.address (postal_code, province, county, locality_type, locality, neighbourhood,
    street, alley, plaque, floor, unit, building, text, accuracy, synthetic, geom)
SELECT postal_code, province, county, locality_type, locality, nullif(neighbourhood, ''), street,
    nullif(alley, ''), plaque, nullif(floor, ''), nullif(unit, ''), nullif(building, ''), text,
    accuracy, synthetic::boolean, ST_SetSRID(ST_Point(lon::float8, lat::float8), 4326)
FROM copied
"""

_CHOOSE = """
CREATE TEMP TABLE chosen AS
    SELECT postal_code, row_number() OVER () %% 10 AS fate FROM (
        SELECT postal_code FROM source.address ORDER BY hashtext(postal_code) LIMIT %s) few
"""
_CHANGES = (
    "UPDATE source.address a SET plaque = '999', geom = ST_Translate(geom, 0.0005, 0) "
    "FROM chosen c WHERE c.postal_code = a.postal_code AND fate < 4",
    "UPDATE source.address a SET street = street || ' نو' "
    "FROM chosen c WHERE c.postal_code = a.postal_code AND fate BETWEEN 4 AND 6",
    "DELETE FROM source.address a USING chosen c WHERE c.postal_code = a.postal_code AND fate > 6",
)


def main(
    rows: Annotated[int, typer.Option(help="how many addresses")] = 2_000_000,
    changed: Annotated[int, typer.Option(help="how many of them change")] = 10_000,
) -> None:
    """Print the rate of a build, the seconds of a change, and the peak memory of both."""
    settings = Settings()
    with scratch_server(settings) as url:
        with tempfile.TemporaryDirectory() as name:
            _fill(url, settings, Path(name), rows)
        with connect(url) as connection:
            whole = _build(connection)
            entries = connection.execute("SELECT count(*) FROM gazetteer.entry").fetchone()
            connection.execute(_CHOOSE, [changed])
            for change in _CHANGES:
                connection.execute(change.encode())
            connection.commit()
            delta = _build(connection)
            again = _build(connection)
    print(machine())
    made = f"{rows:,} addresses, {entries[0] if entries else 0:,} entries"
    print(f"| {made} | addresses/s | seconds | of processor | peak memory, ours | PostgreSQL's |")
    print("|---|---|---|---|---|---|")
    print(f"| build from nothing | {rows / whole.seconds:,.0f} | {whole} |")
    print(f"| {changed:,} addresses changed | | {delta} |")
    print(f"| nothing changed | | {again} |")


@dataclass(frozen=True, slots=True)
class _Cost:
    """Seconds by the clock and of the processor, and MiB of this process and of PostgreSQL's that
    serves it, with its share of the common buffers. Its parallel workers are left out.
    """

    seconds: float
    processor: float
    ours: float
    server: float

    def __str__(self) -> str:
        return (
            f"{self.seconds:.2f} | {self.processor:.2f} | {self.ours:,.0f} MiB | "
            f"{self.server:,.0f} MiB"
        )


def _fill(url: str, settings: Settings, directory: Path, rows: int) -> None:
    facts = settings.sample_dir / "facts"
    write_sample(directory, facts=facts, addresses=rows, projects=0)
    with connect(url) as connection:
        for kind, name, options in FILES:
            if kind in _AREAS:
                ingest(connection, kind, str(directory / name), options)
        with (directory / "addresses.csv").open(encoding="utf-8", newline="") as source:
            columns = next(csv.reader(source))
        fields = statement(", ").join(
            statement("{} text").format(identifier(column)) for column in columns
        )
        connection.execute(statement("CREATE TEMP TABLE copied ({})").format(fields))
        with (
            (directory / "addresses.csv").open("rb") as source,
            connection.cursor().copy("COPY copied FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while block := source.read(1 << 20):
                copy.write(block)
        connection.execute(_LOAD)
        connection.execute("DROP TABLE copied")
        connection.execute("ANALYZE source.address")


def _build(connection: Connection) -> _Cost:
    server = connection.info.backend_pid
    with peak_of(os.getpid()) as ours, peak_of(server) as theirs:
        used, started = time.thread_time() + _processor(server), time.perf_counter()
        build_gazetteer(connection)
        connection.commit()
        seconds = time.perf_counter() - started
        processor = time.thread_time() + _processor(server) - used
    return _Cost(seconds, processor, ours.mebibytes, theirs.mebibytes)


def _processor(pid: int) -> float:
    """Seconds of the processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    typer.run(main)
