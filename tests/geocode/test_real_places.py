"""Real names: cities, and villages under their rural districts with all their namesakes.

The files lie beside the checkout, are no part of it, and are read here only. Villages have no
points in them, so the county is the finest that can be right: their namesakes elsewhere are not.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from geoservice.database.engine import Connection, connect
from geoservice.database.steps import run
from geoservice.geocode.geocode import geocode
from geoservice.geocode.question import question_of
from geoservice.ingest.gazetteer import build_gazetteer
from geoservice.ingest.ingest import Options, ingest
from geoservice.ingest.region_sets import RegionSet
from geoservice.model import Match, MatchLevel, Title
from tests.geocode.suite import distance_m

OF_1400 = RegionSet("1400", Title("تقسیمات ۱۴۰۰", "Division of 2021"), current=True)
CITIES = "cities_1354_points.geojson"

# What is reached today.
REACHED = {"city": 0.99, "city, bare": 0.98, "village": 0.99, "village, bare": 0.95}

NAMESAKES = 20  # villages of one name from which on it is one of the hard ones


class Asked(NamedTuple):
    """A question, and the point or the county's code that is right."""

    text: str
    point: tuple[float, float] | None = None
    county: str | None = None


@pytest.fixture(scope="module")
def country(
    database_url: str, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    """Counties of 1400, the provinces that they make, and the cities that have a point."""
    scratch = tmp_path_factory.mktemp("real")  # reports are not to lie beside the originals
    for file in ("counties_1400_469.gpkg", CITIES):
        shutil.copy(shared_data / file, scratch)
    regions = str(scratch / "counties_1400_469.gpkg")
    with connect(database_url) as connection:
        counties = Options(region_set=OF_1400, layer="counties_1400")
        ingest(connection, "regions", regions, counties)
        ingest(connection, "places", str(scratch / CITIES), Options(region_set=OF_1400))
        build_gazetteer(connection)
        yield connection


def rate(
    connection: Connection, asked: Sequence[Asked], right: Callable[[Asked, Match], bool]
) -> float:
    """The share of questions whose best answer is right; failures are printed."""
    answers = run(connection, geocode([question_of(each.text) for each in asked]))
    count = 0
    for each, answer in zip(asked, answers, strict=True):
        best = answer.matches[0] if answer.matches else None
        if best and right(each, best):
            count += 1
        else:
            print(each, best and (best.match_level, best.confidence, best.label))
    return count / len(asked)


def is_at_the_city(asked: Asked, match: Match) -> bool:
    assert asked.point
    near = distance_m(asked.point, (match.lon, match.lat)) < 2_000
    return near and match.match_level is MatchLevel.LOCALITY


def is_in_the_county(asked: Asked, match: Match) -> bool:
    codes = {region.code for region in match.regions if region.level == "county"}
    return asked.county in codes


def cities(data: Path) -> Iterator[tuple[dict[str, str], tuple[float, float]]]:
    """Cities whose point lies in the county that their code says."""
    document = json.loads((data / CITIES).read_text(encoding="utf-8"))
    for feature in document["features"]:
        if feature["properties"]["coord_in_right_county"]:
            yield feature["properties"], feature["geometry"]["coordinates"]


def test_cities_are_found_in_their_counties(country: Connection, shared_data: Path) -> None:
    asked = [
        Asked(f"استان {p['province_fa']}، شهرستان {p['county_fa']}، شهر {p['name_fa']}", point)
        for p, point in cities(shared_data)
    ]
    assert len(asked) > 1_000
    reached = rate(country, asked, is_at_the_city)
    print(reached)
    assert reached >= REACHED["city"]


def test_cities_are_found_without_markers(country: Connection, shared_data: Path) -> None:
    asked = [
        Asked(f"{p['province_fa']} {p['county_fa']} {p['name_fa']}", point)
        for p, point in cities(shared_data)
    ]
    reached = rate(country, asked, is_at_the_city)
    print(reached)
    assert reached >= REACHED["city, bare"]


def villages(data: Path) -> list[dict[str, str]]:
    """Some villages that share their name with many, each with the names of all that it is in."""
    tables = {
        name: {row["id"]: row for row in _rows(data / "hierarchy" / f"{file}.csv")}
        for name, file in {
            "province": "ostan",
            "county": "shahrestan",
            "district": "bakhsh",
            "rural_district": "dehestan",
        }.items()
    }
    all_villages = list(_rows(data / "hierarchy" / "abadi_village_98100.csv"))
    names = Counter(village["name"] for village in all_villages)
    hard = [village for village in all_villages if names[village["name"]] >= NAMESAKES]
    return [
        {name: table[village[name]]["name"] for name, table in tables.items()}
        | {
            "village": village["name"],
            "code": tables["county"][village["county"]]["amar_code"].zfill(4),
        }
        for village in hard[:: max(1, len(hard) // 600)]
    ]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_a_village_is_never_taken_for_its_namesake(country: Connection, shared_data: Path) -> None:
    asked = [
        Asked(
            f"استان {v['province']}، شهرستان {v['county']}، بخش {v['district']}، "
            f"دهستان {v['rural_district']}، روستای {v['village']}",
            county=v["code"],
        )
        for v in villages(shared_data)
    ]
    assert len(asked) > 500
    reached = rate(country, asked, is_in_the_county)
    print(reached)
    assert reached >= REACHED["village"]


def test_nor_is_it_without_markers(country: Connection, shared_data: Path) -> None:
    asked = [
        Asked(
            f"{v['province']}، {v['county']}، {v['rural_district']}، {v['village']}",
            county=v["code"],
        )
        for v in villages(shared_data)
    ]
    reached = rate(country, asked, is_in_the_county)
    print(reached)
    assert reached >= REACHED["village, bare"]
