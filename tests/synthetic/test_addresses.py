import math
from collections import defaultdict
from itertools import groupby, islice

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.geocode.parse import parse
from geoservice.persian.letters import normalise
from geoservice.persian.postal_code import parse_postal_code, zone
from geoservice.synthetic.addresses import COLUMNS, addresses, street_addresses
from geoservice.synthetic.localities import METRES_PER_DEGREE, Locality
from geoservice.synthetic.postal_zones import (
    STREET_ADDRESSES,
    ZONE_ADDRESSES,
    PostalZone,
    postal_code,
    postal_zones,
)

COUNT = 20_000
Row = dict[str, object]


@pytest.fixture(scope="module")
def zones(found: list[Locality]) -> list[PostalZone]:
    return postal_zones(found, COUNT)


@pytest.fixture(scope="module")
def rows(zones: list[PostalZone]) -> list[Row]:
    return list(addresses(zones, 1404))


def test_every_address_is_marked_and_whole(rows: list[Row]) -> None:
    assert len(rows) == COUNT
    for row in rows:
        assert tuple(row) == COLUMNS
        assert row["synthetic"] == "true"
        assert all(row[column] for column in ("province", "county", "locality", "street", "plaque"))


def test_postal_codes_are_unique_and_keep_the_rule(rows: list[Row]) -> None:
    codes = [str(row["postal_code"]) for row in rows]
    assert len(set(codes)) == COUNT
    assert all(parse_postal_code(code) == code for code in codes)


@pytest.mark.parametrize("count", [COUNT, 10_000_000])
def test_zones_hold_all_addresses_and_have_one_owner_each(
    found: list[Locality], count: int
) -> None:
    zones = postal_zones(found, count)
    assert sum(each.addresses for each in zones) == count
    assert len({each.code for each in zones}) == len(zones)
    for each in zones:
        assert 0 < each.addresses <= ZONE_ADDRESSES
        assert len(each.code) == 5
        assert len(set(each.code)) > 1


def test_codes_within_a_full_zone_are_well_formed_in_every_zone(found: list[Locality]) -> None:
    full = max(postal_zones(found, 10_000_000), key=lambda each: each.addresses)
    codes = [postal_code(full, position) for position in range(ZONE_ADDRESSES)]
    assert codes == sorted(set(codes))
    assert all(parse_postal_code(code) == code and zone(code) == full.code for code in codes)


def test_addresses_follow_the_people(found: list[Locality], zones: list[PostalZone]) -> None:
    of_locality: dict[str, int] = defaultdict(int)
    for each in zones:
        of_locality[each.locality.settlement.id] += each.addresses
    people = sum(locality.people for locality in found)
    for locality in found:
        fair = COUNT * locality.people / people
        assert abs(of_locality[locality.settlement.id] - fair) < 1


def test_addresses_lie_by_their_settlement(zones: list[PostalZone]) -> None:
    for each in zones:
        locality = each.locality
        for row in addresses([each], 1404):
            north = (float(str(row["lat"])) - locality.settlement.lat) * METRES_PER_DEGREE
            east = (float(str(row["lon"])) - locality.settlement.lon) * METRES_PER_DEGREE
            east *= math.cos(math.radians(locality.settlement.lat))
            assert math.hypot(east, north) < locality.radius + 1_600


def test_localities_lie_in_their_county_and_province(
    found: list[Locality], cells: dict[str, BaseGeometry]
) -> None:
    for locality in found:
        point = shapely.Point(locality.settlement.lon, locality.settlement.lat)
        assert locality.county.province_code == locality.province.code
        # Off the coast, the nearest one; nothing is farther out than a third of a degree.
        assert cells[locality.county.code].distance(point) < 1 / 3
        assert locality.province.shape.distance(point) < 1 / 3


def test_plaques_along_a_street_can_be_interpolated(rows: list[Row]) -> None:
    """A house between two others of its side stands where their plaques say, within 2 m."""

    def street(row: Row) -> tuple[object, ...]:
        return row["province"], row["county"], row["locality"], row["neighbourhood"], row["street"]

    checked = 0
    accurate = (row for row in rows if row["accuracy"] == "accurate" and not row["alley"])
    for _, group in groupby(accurate, key=street):
        houses = list(group)
        plaques = [int(str(row["plaque"])) for row in houses]
        assert plaques == sorted(plaques)
        for side in (0, 1):
            points = {
                int(str(row["plaque"])): (float(str(row["lon"])), float(str(row["lat"])))
                for row in houses
                if int(str(row["plaque"])) % 2 == side
            }
            numbers = sorted(points)
            for low, middle, high in zip(numbers, numbers[1:], numbers[2:], strict=False):
                share = (middle - low) / (high - low)
                for axis in (0, 1):
                    start, end = points[low][axis], points[high][axis]
                    guess = start + (end - start) * share
                    assert abs(guess - points[middle][axis]) * METRES_PER_DEGREE < 2
                checked += 1
    assert checked > 1000


def test_streets_of_a_settlement_have_names_of_their_own(found: list[Locality]) -> None:
    tehran = max(found, key=lambda locality: locality.people)
    names = []
    for each in postal_zones([tehran], 200_000):
        for number in range(each.streets):
            names.append(next(street_addresses(each, number, 1404))["street"])
    assert len(set(names)) == len(names)


def test_the_text_says_what_the_columns_say(rows: list[Row]) -> None:
    wrong = defaultdict(list)
    for row in rows[::7]:
        parsed = parse(str(row["text"]))
        for column in ("province", "street", "alley", "plaque", "unit"):
            told = normalise(getattr(parsed, column) or "")
            if told != normalise(str(row[column])):
                wrong[column].append((row["text"], told))
        assert str(row["locality"]) in str(row["text"])
    assert not wrong


def test_same_seed_same_rows_and_another_seed_others(
    zones: list[PostalZone], rows: list[Row]
) -> None:
    assert list(islice(addresses(zones, 1404), 500)) == rows[:500]
    assert list(islice(addresses(zones, 7), 500)) != rows[:500]


def test_a_street_can_be_made_without_the_others(zones: list[PostalZone]) -> None:
    each = max(zones, key=lambda one: one.addresses)
    whole = list(addresses([each], 1404))
    part = list(street_addresses(each, 1, 1404))
    assert part == whole[STREET_ADDRESSES : STREET_ADDRESSES + len(part)]
