from __future__ import annotations

import csv
import io

import httpx
import pytest

pytestmark = pytest.mark.anyio


async def test_the_catalogue_has_definitions(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/indicators")).json()["indicators"]
    by_id = {indicator["id"]: indicator for indicator in listed}
    assert by_id["spending_per_head"]["definition"] == {
        "fa": "بودجه بر جمعیت",
        "en": "budget by population",
    }
    assert by_id["spending_per_head"]["formula"] == "Y / P"
    link = by_id["spending_per_head"]["links"][0]["href"]
    assert (await client.get(link)).status_code == 200


async def test_a_figure_is_never_alone(client: httpx.AsyncClient) -> None:
    figure = (await client.get("/indicators/spending_per_head?level=county")).json()
    assert figure["year"] == 1400
    assert figure["unit"] == "IRR/person"
    assert figure["definition"]["en"] == "budget by population"
    assert figure["period"]["start"] == "2021-03-21"
    assert figure["period"]["end_jalali"] == "1400/12/29"
    assert figure["period"]["label"]["fa"] == "سال ۱۴۰۰"
    assert figure["population_year"] == 1395
    assert [note["en"] for note in figure["notes"]] == ["note", "on spending"]
    assert figure["region_set"]["id"] == "1395"
    assert figure["region_set"]["valid_from_jalali"] == "1395/01/01"
    assert figure["computed_at"]
    assert figure["excluded"] == [
        {
            "subject": "region",
            "subject_id": "0102",
            "reason_code": "missing_population",
            "reason": {"fa": "جمعیت آن نامعلوم است", "en": "its population is unknown"},
        }
    ]
    assert [(v["region_level"], v["code"]) for v in figure["values"]] == [
        ("country", "IR"),
        ("county", "0101"),
        ("county", "0102"),
        ("county", "0201"),
    ]
    country, bam, ravar, _ = figure["values"]
    assert (country["name_fa"], country["name_en"]) == ("ایران", "Iran")
    assert (bam["name_fa"], bam["value"]) == ("بم", 0.1 + 0.2)
    assert (ravar["value"], ravar["reason_en"]) == (None, "its population is unknown")


async def test_links_lead_to_the_same_figure(client: httpx.AsyncClient) -> None:
    figure = (await client.get("/indicators/gini")).json()
    for link in figure["links"]:
        response = await client.get(link["href"])
        assert response.status_code == 200
        assert response.headers["content-type"] == link["type"]
    again = (await client.get(figure["links"][0]["href"])).json()
    assert again["values"] == figure["values"]


async def test_year_region_set_and_variable_choose_the_run(client: httpx.AsyncClient) -> None:
    path = "/indicators/gini"
    assert (await client.get(f"{path}?year=۱۳۹۹&region_set=1395")).json()["year"] == 1399
    assert (await client.get(f"{path}?variable=roads")).status_code == 404


async def test_csv_opens_in_excel(client: httpx.AsyncClient) -> None:
    response = await client.get("/indicators/spending_per_head?f=csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "spending_per_head_county_1400.csv" in response.headers["content-disposition"]
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 4
    assert rows[1]["name_fa"] == "بم"
    assert float(rows[1]["value"]) == 0.1 + 0.2
    assert rows[2]["value"] == ""
    assert rows[1]["period_start"] == "2021-03-21"


async def test_a_figure_in_csv_is_not_alone_either(client: httpx.AsyncClient) -> None:
    response = await client.get("/indicators/spending_per_head?f=csv")
    told = {
        "indicator": "spending_per_head",
        "title_fa": "سرانه",
        "title_en": "Spending per head",
        "definition_fa": "بودجه بر جمعیت",
        "definition_en": "budget by population",
        "formula": "Y / P",
        "source": "",
        "region_set": "1395",
        "variable": "budget",
        "period_start": "2021-03-21",
        "period_end": "2022-03-20",
        "period_label_fa": "سال ۱۴۰۰",
        "period_label_en": "Solar Hijri year 1400",
        "population_year": "1395",
        "excluded": "1",
        "notes_fa": "یادداشت؛ دربارهٔ سرانه",
        "notes_en": "note; on spending",
    }
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    for row in rows:
        assert {name: row[name] for name in told} == told


async def test_geojson_has_a_feature_for_each_of_the_finest_regions(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/indicators/spending_per_head?f=geojson")
    assert response.headers["content-type"] == "application/geo+json"
    collection = response.json()
    assert collection["type"] == "FeatureCollection"
    assert collection["definition"]["fa"] == "بودجه بر جمعیت"
    shapes = {f["id"]: f["geometry"] and f["geometry"]["type"] for f in collection["features"]}
    assert shapes == {"0101": "MultiPolygon", "0102": None, "0201": "MultiPolygon"}
    assert [(row["code"], row["value"]) for row in collection["coarser"]] == [("IR", 3.5)]
    bam, *_ = (f["properties"] for f in collection["features"])
    assert (bam["region_level"], bam["value"]) == ("county", 0.1 + 0.2)
    accepted = await client.get(
        "/indicators/spending_per_head", headers={"accept": "application/geo+json"}
    )
    assert accepted.headers["content-type"] == "application/geo+json"


async def test_an_unknown_indicator_names_those_there_are(client: httpx.AsyncClient) -> None:
    response = await client.get("/indicators/happiness")
    assert response.status_code == 404
    assert "gini, spending_per_head" in response.json()["detail"]


@pytest.mark.parametrize("query", ["year=1300", "level=province", "region_set=1400"])
async def test_a_figure_that_was_not_computed_says_which_were_and_how(
    client: httpx.AsyncClient, query: str
) -> None:
    response = await client.get(f"/indicators/gini?{query}")
    assert response.status_code == 404
    detail = response.json()["detail"]
    assert "region_set=1395 level=county year=1400 variable=budget" in detail
    name, value = query.split("=")
    assert "geoservice compute" in detail
    assert f"--{name.replace('_', '-')} {value}" in detail


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("level=galaxy", "level"),
        ("level=village", "level"),
        ("year=now", "year"),
        ("year=0", "year"),
        (f"year={10**40}", "year"),
        ("f=xlsx", "f"),
        ("colour=red", "colour"),
        ("region_set=%00", "region_set"),
    ],
)
async def test_bad_parameters(client: httpx.AsyncClient, query: str, parameter: str) -> None:
    response = await client.get(f"/indicators/gini?{query}")
    assert response.status_code == 400
    assert response.json()["parameter"] == parameter


async def test_the_catalogue_takes_json_only(client: httpx.AsyncClient) -> None:
    assert (await client.get("/indicators?f=csv")).json()["parameter"] == "f"
