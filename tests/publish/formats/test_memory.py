from __future__ import annotations

import subprocess
import sys

import pytest

from geoservice.publish.formats.format import FORMATS


@pytest.mark.parametrize("kind", FORMATS)
def test_memory_does_not_grow_with_the_file(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.publish.formats.memory", kind],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    own, child = map(int, done.stdout.split())
    assert 0 < own < 260
    assert 0 <= child < 280
