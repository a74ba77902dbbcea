"""Distances against brute force on the ellipsoid, and who is in which coverage."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from geoservice.indicators.places import read_places
from geoservice.indicators.scope import read_scope
from geoservice.model import Level
from tests.indicators.conftest import TODAY, Country

WGS84 = Geod(ellps="WGS84")


@pytest.mark.parametrize(
    ("low", "high"),
    [((44.0, 25.0), (63.0, 39.5)), ((51.0, 35.4), (51.1, 35.5))],
    ids=["projects everywhere", "projects in one city, far from most places"],
)
def test_the_nearest_project_is_that_of_brute_force(
    country: Country, low: tuple[float, float], high: tuple[float, float]
) -> None:
    random = np.random.default_rng(7)
    places = random.uniform((44.0, 25.0), (63.0, 39.5), (150, 2))
    projects = random.uniform(low, high, (60, 2))
    # Pairs that degrees and a sphere rank wrongly: 1° of longitude is shorter than of latitude,
    # and an arc along a meridian differs from one along a parallel by the flattening.
    lon, lat = 51.0, 39.0
    east = WGS84.fwd(lon, lat, 90, 20_000)[:2]
    north = WGS84.fwd(lon, lat, 0, 19_980)[:2]
    places = np.vstack([places, [(lon, lat)]])
    projects = np.vstack([projects, [east, north, (lon + 0.21, lat)]])
    country.set()
    country.region("0101", "01")
    for i, (x, y) in enumerate(places.tolist()):
        country.place(f"v{i:03}", (x, y), 1)
    for i, (x, y) in enumerate(projects.tolist()):
        country.project(f"p{i:03}", at=(x, y))
    scope = read_scope(
        country.connection, region_set=None, level=Level.COUNTY, year=1404, variable="budget",
        today=TODAY,
    )  # fmt: skip

    found = read_places(country.connection, scope, [f"p{i:03}" for i in range(len(projects))])

    n, m = len(places), len(projects)
    pairs = np.repeat(places, m, axis=0), np.tile(projects, (n, 1))
    metres = WGS84.inv(*pairs[0].T, *pairs[1].T)[2].reshape(n, m)
    assert [place.distance_km for place in found] == pytest.approx(
        (metres.min(axis=1) / 1000).tolist(), abs=1e-6
    )
    assert found[-1].distance_km == pytest.approx(
        min(19.98, WGS84.inv(lon, lat, lon + 0.21, lat)[2] / 1000), abs=1e-6
    )


def test_people_are_counted_by_the_region_that_holds_their_place(country: Country) -> None:
    _two_counties(country)
    country.project("p", "0101", at=(50.5, 35.5))
    country.place("at", (50.5, 35.5), 600)
    country.place("near", (50.58, 35.5), 300)  # about 7 km
    country.place("far", (51.5, 35.5), 100)  # about 90 km, in the other county
    country.place("edge", (51.0, 35.5), 1000)  # about 45 km, between the two: the first has it

    country.compute()

    assert country.figures("coverage_5km") == {"0101": 600 / 1900, "0102": 0}
    assert country.figures("coverage_10km") == {"0101": 900 / 1900, "0102": 0}
    assert country.figures("coverage_30km", "country") == {"IR": 900 / 2000}
    km = WGS84.inv(50.5, 35.5, 51.5, 35.5)[2] / 1000
    assert country.figures("mean_distance_km")["0102"] == pytest.approx(km)


def test_only_projects_that_are_under_way_and_finely_placed_reach_people(
    country: Country,
) -> None:
    _two_counties(country)
    country.place("v", (50.5, 35.5), 10)
    country.project("coarse", "0101", at=(50.5, 35.5), match_level="county")
    country.project("cancelled", "0101", at=(50.5, 35.5), status="cancelled")
    country.project("unplaced", at=None)

    country.compute()

    assert country.figures("coverage_5km") == {"0101": None, "0102": None}
    assert "no project" in str(country.reason("coverage_5km", "county", "0101"))
    assert "no place" in str(country.reason("coverage_5km", "county", "0102"))
    excluded = country.excluded("project")
    assert "coverage_5km" in excluded["coarse"]["too_coarse"]
    assert "mean_distance_km" in excluded["unplaced"]["not_placed"]
    assert "cancelled" not in excluded

    country.project("fine", "0101", at=(50.5, 35.5), match_level="locality")
    country.compute()
    assert country.figures("coverage_5km") == {"0101": 1, "0102": None}


def test_places_that_cannot_take_part_are_reported(country: Country) -> None:
    _two_counties(country)
    country.project("p", "0101", at=(50.5, 35.5))
    country.place("known", (50.5, 35.5), 10)
    country.place("uncounted", (50.5, 35.5), None)
    country.place("unlocated", None, 10)
    country.place("unknown", None, None)
    country.place("outside", (59.5, 35.5), 30)
    country.place("empty", (59.5, 35.5), 0)

    run = country.compute()

    assert {id_: set(reasons) for id_, reasons in country.excluded("place").items()} == {
        "uncounted": {"missing_population"},
        "unlocated": {"no_point"},
        "outside": {"outside_regions"},
    }
    assert country.figures("coverage_5km", "country") == {"IR": 10 / 40}
    assert country.figures("coverage_5km")["0101"] == 1
    told = {note.en for note in run.notes}
    assert "places of unknown population, left out of coverage: 1" in told
    assert "places of which neither people nor coordinates are known, only counted here: 1" in told


def test_regions_without_shapes_are_null_while_the_country_is_not(country: Country) -> None:
    country.set()
    country.region("0101", "01")
    country.place("v", (50.5, 35.5), 10)
    country.project("p", "0101", at=(50.5, 35.5))

    country.compute()

    assert country.figures("coverage_5km", "country") == {"IR": 1}
    assert country.figures("coverage_5km") == {"0101": None}
    assert "polygon" in str(country.reason("coverage_5km", "county", "0101"))


def test_schematic_shapes_are_told(country: Country) -> None:
    _two_counties(country)
    country.connection.execute("UPDATE source.region SET schematic = true")

    run = country.compute()

    assert any("schematic" in note.en for note in run.notes)


def _two_counties(country: Country) -> None:
    country.set()
    country.region("0101", "01", box=(50, 35, 51, 36))
    country.region("0102", "01", box=(51, 35, 52, 36))
