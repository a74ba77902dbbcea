"""The worked example of the reference, and exact oracles that share no code with the measures."""

from __future__ import annotations

import pytest

from geoservice.indicators.measures.inputs import Regions

CODES = ("r1", "r2", "r3", "r4", "r5", "r6")
Y = (120, 80, 60, 200, 40, 100)
P = (10, 10, 15, 20, 5, 40)
GROUPS = ("0", "0", "0", "1", "1", "1")


@pytest.fixture
def worked_example() -> Regions:
    return Regions.align(
        dict(zip(CODES, Y, strict=True)),
        dict(zip(CODES, P, strict=True)),
        dict(zip(CODES, GROUPS, strict=True)),
    )
