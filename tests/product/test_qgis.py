"""QGIS's own providers open the running service."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from geoservice.model import IRAN
from tests.product.in_qgis import in_qgis

SCRIPT = Path(__file__).with_name("open_in_qgis.py")
COLLECTIONS = (
    "address",
    "balance_county",
    "balance_province",
    "county",
    "place",
    "project",
    "province",
)
GEOMETRY = {
    "address": "Point",
    "balance_county": "MultiPolygon",
    "balance_province": "MultiPolygon",
    "county": "MultiPolygon",
    "place": "Point",
    "project": "Point",
    "province": "MultiPolygon",
}
COUNT = {"province": 31, "county": 429, "balance_county": 429, "balance_province": 31}

pytestmark = [pytest.mark.qgis, pytest.mark.slow]


@pytest.fixture(scope="module")
def report(service: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What QGIS found; the picture is kept where GEOSERVICE_TEST_PICTURES says, to look at."""
    directory = tmp_path_factory.mktemp("qgis")
    pictures = Path(os.environ.get("GEOSERVICE_TEST_PICTURES", directory))
    return in_qgis(
        SCRIPT, directory, service, str(pictures / "qgis-balance-county.png"), timeout=300
    )


def test_it_lists_every_collection(report: dict[str, Any]) -> None:
    assert set(report["collections"]) == set(COLLECTIONS)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_collection_opens_as_ogc_api_features(
    report: dict[str, Any], service: str, name: str
) -> None:
    found = report["collections"][name]
    assert found["valid"], found
    assert found["geometry"] == GEOMETRY[name]
    with urlopen(f"{service}/collections/{name}/items?limit=1", timeout=30) as answer:  # noqa: S310
        matched = json.load(answer)["numberMatched"]
    assert found["count"] == found["read"] == matched == COUNT.get(name, matched)
    assert matched > 0


@pytest.mark.parametrize("name", COLLECTIONS)
def test_its_coordinates_are_in_the_country_and_not_swapped(
    report: dict[str, Any], name: str
) -> None:
    found = report["collections"][name]
    assert found["crs"] in ("EPSG:4326", "OGC:CRS84")
    west, south, east, north = found["extent"]
    assert IRAN.west < west < east < IRAN.east
    assert IRAN.south < south < north < IRAN.north


def test_a_box_finds_the_county_that_lies_there(report: dict[str, Any], service: str) -> None:
    url = f"{service}/collections/county/items?bbox=57.05,30.25,57.1,30.3"
    with urlopen(url, timeout=30) as answer:  # noqa: S310
        names = sorted(f["properties"]["name_fa"] for f in json.load(answer)["features"])
    found = report["county_of_kerman"]
    assert found["names"] == names
    assert "کرمان" in names
    west, south, east, north = found["extent"]
    assert IRAN.west < west < 57.05
    assert 57.1 < east < IRAN.east
    assert IRAN.south < south < 30.25
    assert 30.3 < north < IRAN.north


@pytest.mark.parametrize("name", COLLECTIONS)
def test_its_fields_are_the_declared_attributes(
    report: dict[str, Any], service: str, name: str
) -> None:
    with urlopen(f"{service}/collections/{name}/schema", timeout=30) as answer:  # noqa: S310
        properties = json.load(answer)["properties"]
    declared = {
        key
        for key, value in properties.items()
        if "x-ogc-role" not in value or value["x-ogc-role"] != "primary-geometry"
    }
    assert declared <= set(report["collections"][name]["fields"]) | {"id"}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_persian_names_come_through(report: dict[str, Any], service: str, name: str) -> None:
    with urlopen(f"{service}/collections/{name}/items?limit=10000", timeout=30) as answer:  # noqa: S310
        features = json.load(answer)["features"]
    shown = next(
        key for key in ("name_fa", "title_fa", "province") if key in features[0]["properties"]
    )
    names = {feature["properties"][shown] for feature in features} - {None}
    assert set(report["collections"][name]["names"]) == names


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_tileset_draws_as_vector_tiles(report: dict[str, Any], name: str) -> None:
    found = report["tilesets"][name]
    assert found["valid"], found
    assert found["colours"] > 1, "the picture is blank"


def test_the_map_shows_the_classes_of_the_figure(report: dict[str, Any]) -> None:
    assert len(report["classes"]) == 3  # two fifths of the counties have no project under way
    assert min(report["classes"].values()) > 500
