from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("kind", "most"), [("csv", 190), ("xlsx", 190), ("fgb", 220), ("gpkg", 220), ("parquet", 320)]
)
def test_memory_does_not_grow_with_the_file(kind: str, most: int) -> None:
    """`most` MiB of the service itself: less than it takes with all the rows at once."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.publish.formats.memory", kind],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    own, child = map(int, done.stdout.split())
    assert 0 < own < most
    assert 0 <= child < 280
