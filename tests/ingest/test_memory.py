"""A file is read row by row: what it takes does not grow with the file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MEASURE = """
import re, resource, sys
from pathlib import Path
from geoservice.ingest.clean import cleaners
from geoservice.ingest.kind import kind_named, recognise
from geoservice.ingest.read.open import open_table
from geoservice.ingest.rejects import Rejects
from geoservice.ingest.rows import RowCleaner
from geoservice.ingest.stage import Stage

class Nowhere:
    def write_row(self, row): pass

def peak():
    # In KiB. Linux counts the parent's pages in a child's ru_maxrss, but not in VmHWM.
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

kind = kind_named("addresses")
table = open_table(sys.argv[1])
columns = recognise(kind, table.columns, {}, {})
cleaner = RowCleaner(kind, columns, {}, cleaners(), None)
with Rejects() as rejects:
    read = Stage(cleaner, [*columns.fields], rejects).fill(Nowhere(), table, None)
    print(read, rejects.rejected, peak())
"""


def measured(path: Path, rows: int) -> tuple[int, int, int]:
    """Write so many addresses, every second of them bad: (read, rejected, peak RSS in KiB)."""
    street = "خیابان شهید بهشتی، کوچه نسترن"
    with path.open("w", encoding="utf-8") as file:
        file.write("PostCode,Province,TownShip,LocalityName,Street,HouseNumber,lon,lat\n")
        for n in range(rows):
            bad = "x" * (n % 2)
            file.write(f"{1_311_100_000 + n}{bad},تهران,تهران,تهران,{street},{n},51.4,35.7\n")
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, path], capture_output=True, check=True, text=True
    )
    read, rejected, peak = map(int, done.stdout.split())
    return read, rejected, peak


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    few_read, _, few = measured(tmp_path / "few.csv", 20_000)
    many_read, rejected, many = measured(tmp_path / "many.csv", 200_000)
    assert (few_read, many_read) == (20_000, 200_000)
    assert rejected >= 100_000
    assert many < 400 * 1024
    assert many < few + 40 * 1024, "at most the spool of rejects and noise"
