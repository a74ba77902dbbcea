from __future__ import annotations

import csv
import io
import json

import pytest

from geoservice.database.engine import AsyncConnection, connect
from geoservice.errors import NotFound
from geoservice.publish.indicators import (
    FigureRequest,
    definitions,
    figure_csv,
    figure_geojson,
    read_figure,
)

pytestmark = pytest.mark.anyio

SPENDING = FigureRequest("spending_per_head", "county", "budget")


async def test_definitions_in_order(reading: AsyncConnection) -> None:
    assert [d["id"] for d in await definitions(reading)] == ["gini", "spending_per_head"]


async def test_the_latest_year_in_which_the_indicator_has_values(
    reading: AsyncConnection, rows: str
) -> None:
    assert (await read_figure(reading, SPENDING)).head["year"] == 1400
    with connect(rows) as connection:
        connection.execute(
            "INSERT INTO indicator.run"
            " (region_set, level, year, variable, period_start, period_end)"
            " VALUES ('1395', 'county', 1402, 'budget', '2023-03-21', '2024-03-19')"
        )
    assert (await read_figure(reading, SPENDING)).head["year"] == 1400


async def test_full_double_precision_in_every_format(reading: AsyncConnection) -> None:
    figure = await read_figure(reading, SPENDING)
    exact = 0.1 + 0.2
    assert next(v["value"] for v in figure.values if v["code"] == "0101") == exact
    rows = list(csv.DictReader(io.StringIO(figure_csv(figure).decode("utf-8-sig"))))
    assert next(float(r["value"]) for r in rows if r["code"] == "0101") == exact
    features = json.loads(await figure_geojson(reading, figure))["features"]
    assert next(f["properties"]["value"] for f in features if f["id"] == "0101") == exact


async def test_a_country_and_provinces_beside_counties(reading: AsyncConnection) -> None:
    figure = await read_figure(reading, FigureRequest("gini", "county", "budget", 1400, "1395"))
    assert [(v["region_level"], v["code"], v["value"]) for v in figure.values] == [
        ("country", "IR", 0.25),
        ("province", "01", 0),
    ]
    collection = json.loads(await figure_geojson(reading, figure))
    (province,) = collection["features"]
    assert (province["id"], province["properties"]["value"]) == ("01", 0)
    assert province["geometry"]["coordinates"][0][0][0] == [50, 30]
    assert [(row["code"], row["value"]) for row in collection["coarser"]] == [("IR", 0.25)]


async def test_notes_on_other_indicators_are_not_shown(reading: AsyncConnection) -> None:
    notes = {
        indicator: (
            await read_figure(reading, FigureRequest(indicator, "county", "budget", 1400))
        ).head["notes"]
        for indicator in ("gini", "spending_per_head")
    }
    of_all = {"fa": "یادداشت", "en": "note"}
    assert notes == {
        "gini": [of_all],
        "spending_per_head": [of_all, {"fa": "دربارهٔ سرانه", "en": "on spending"}],
    }


@pytest.mark.parametrize(
    "request_",
    [
        FigureRequest("gini'; --", "county", "budget"),
        FigureRequest("gini", "county", "nothing"),
        FigureRequest("gini", "county", "budget", 1),
        FigureRequest("gini", "county", "budget", None, "1400"),
    ],
)
async def test_what_is_not_there(reading: AsyncConnection, request_: FigureRequest) -> None:
    with pytest.raises(NotFound):
        await read_figure(reading, request_)
