"""Names that a statistic may not bear."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geoservice.indicators.scope import BUILT_IN
from geoservice.ingest.ingest import Summary

Load = Callable[..., Summary]
Query = Callable[..., list[tuple[Any, ...]]]
Report = Callable[[Path | None], list[dict[str, str]]]


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_statistic_of_a_built_in_name_is_rejected_and_told_why(
    load: Load, query: Query, regions: str, report: Report, name: str
) -> None:
    text = f"code,variable,unit,year,value\n23,{name},IRR,1400,1\n23,gdp,IRR,1400,2\n"

    summary = load("statistics", text)

    assert (summary.rows_in, summary.rejected) == (1, 1)
    (rejected,) = report(summary.rejects_report)
    assert (rejected["line"], rejected["value"]) == ("2", name)
    assert f"«{name}» is built in" in rejected["reason"]
    assert query("SELECT id FROM source.variable") == [("gdp",)]
    assert query("SELECT variable, value FROM source.statistic") == [("gdp", 2.0)]
