from pathlib import Path

import pytest
from shapely.geometry.base import BaseGeometry

from geoservice.synthetic.facts import Facts, read_facts
from geoservice.synthetic.localities import Locality, localities
from geoservice.synthetic.tessellation import tessellate

SAMPLE = Path(__file__).parents[2] / "sample"


@pytest.fixture(scope="package")
def sample() -> Path:
    return SAMPLE


@pytest.fixture(scope="package")
def facts() -> Facts:
    return read_facts(SAMPLE / "facts")


@pytest.fixture(scope="package")
def cells(facts: Facts) -> dict[str, BaseGeometry]:
    return tessellate(facts.provinces, facts.counties)


@pytest.fixture(scope="package")
def found(facts: Facts, cells: dict[str, BaseGeometry]) -> list[Locality]:
    return localities(facts, cells)
