"""What the balance layers show of a run: the amount with its unit, whatever was distributed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from geoservice.catalog.load import load_catalog
from geoservice.model import Level
from tests.indicators.conftest import Country

CATALOG = load_catalog(Path(__file__).resolve().parents[2] / "layers")


def rows(country: Country, layer: str, variable: str) -> dict[str, tuple[Any, ...]]:
    """Amount, its unit, budget and the reasons by code."""
    query = f"""
        SELECT code, amount, amount_unit, budget, reason_en
        FROM ({CATALOG.layer(layer).source.sql}) layer WHERE variable = %s
        """  # noqa: S608
    return {row[0]: row[1:] for row in country.connection.execute(query.encode(), [variable])}


def test_a_statistic_has_its_amount_and_unit(worked: Country) -> None:
    worked.region("0107", "01", people=5)
    worked.compute("y")

    found = rows(worked, "balance_county", "y")

    assert found["0001"] == (120, "IRR", None, None)
    amount, unit, budget, reason = found["0107"]
    assert (amount, unit, budget) == (None, "IRR", None)
    assert "Amount distributed: its value is unknown" in reason


@pytest.mark.parametrize("variable", ["budget", "spent"])
@pytest.mark.parametrize("level", [Level.COUNTY, Level.PROVINCE])
def test_projects_have_theirs_in_their_currency(
    country: Country, variable: str, level: Level
) -> None:
    country.set()
    country.region("01", people=10, level=level)
    country.project("p", "01", level=level, budget=8, spent=4, currency="USD")
    country.compute(variable, level=level)

    found = rows(country, f"balance_{level}", variable)

    expected = {"budget": (8, "USD", 8), "spent": (4, "USD", None)}
    assert found["01"][:3] == expected[variable]
