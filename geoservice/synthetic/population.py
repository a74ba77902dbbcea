"""Population of 1395 by county, and by province as the sum of its counties."""

from __future__ import annotations

from collections.abc import Iterator

from geoservice.model import Level
from geoservice.synthetic.facts import Facts

COLUMNS = ("level", "code", "year", "population", "male", "female")
CENSUS_YEAR = 1395


def population(facts: Facts) -> Iterator[dict[str, object]]:
    """Yield level, code, year (Solar Hijri), population, male, female: provinces, then counties."""
    for province in facts.provinces:
        inside = [c for c in facts.counties if c.province_code == province.code]
        yield {
            "level": Level.PROVINCE.value,
            "code": province.code,
            "year": CENSUS_YEAR,
            "population": sum(county.population for county in inside),
            "male": sum(county.male for county in inside),
            "female": sum(county.female for county in inside),
        }
    for county in facts.counties:
        yield {
            "level": Level.COUNTY.value,
            "code": county.code,
            "year": CENSUS_YEAR,
            "population": county.population,
            "male": county.male,
            "female": county.female,
        }
