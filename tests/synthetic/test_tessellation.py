import json
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.errors import InvalidFile
from geoservice.synthetic.facts import Facts
from geoservice.synthetic.tessellation import GRID, tessellate

ROUNDED_AREA = 1e-4  # share of a province that rounding to the grid may move


@pytest.fixture(scope="module")
def committed(sample: Path) -> list[dict[str, object]]:
    text = (sample / "counties.geojson").read_text(encoding="utf-8")
    features: list[dict[str, object]] = json.loads(text)["features"]
    return features


@pytest.fixture(scope="module")
def shapes(committed: list[dict[str, object]]) -> list[BaseGeometry]:
    return [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in committed]


def test_committed_counties_are_a_coverage(shapes: list[BaseGeometry]) -> None:
    assert len(shapes) == 429
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    assert {shape.geom_type for shape in shapes} <= {"Polygon", "MultiPolygon"}
    assert shapely.coverage_is_valid(shapes)  # no overlap, no unmatched edge
    whole = shapely.union_all(shapes)
    assert whole.area == pytest.approx(sum(shape.area for shape in shapes), rel=1e-9)


def test_coordinates_have_four_decimals(shapes: list[BaseGeometry], sample: Path) -> None:
    coordinates = shapely.get_coordinates(shapes)
    assert (abs(coordinates - coordinates.round(4)) < 1e-9).all()
    assert (sample / "counties.geojson").stat().st_size < 1_000_000


def test_counties_tile_their_provinces(facts: Facts, cells: dict[str, BaseGeometry]) -> None:
    for province in facts.provinces:
        inside = [cells[c.code] for c in facts.counties if c.province_code == province.code]
        difference = shapely.union_all(inside).symmetric_difference(province.shape)
        assert difference.area < ROUNDED_AREA * province.shape.area, province.name_en


def test_each_seat_lies_in_its_cell(facts: Facts, cells: dict[str, BaseGeometry]) -> None:
    for county in facts.counties:
        assert cells[county.code].distance(shapely.Point(county.lon, county.lat)) <= GRID


def test_every_county_says_that_it_is_schematic(committed: list[dict[str, object]]) -> None:
    for feature in committed:
        properties = feature["properties"]
        assert isinstance(properties, dict)
        assert properties["schematic"] is True
        assert properties["note_fa"].startswith("شماتیک")
        assert properties["note_en"].startswith("schematic")


def test_two_seats_in_one_point_are_refused(facts: Facts) -> None:
    first, second = facts.counties[:2]
    twin = replace(second, lon=first.lon, lat=first.lat)
    with pytest.raises(InvalidFile, match="gets no cell"):
        tessellate(facts.provinces, [first, twin, *facts.counties[2:]])
