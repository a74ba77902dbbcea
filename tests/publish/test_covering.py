from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geoservice.model import Bounds
from geoservice.publish.covering import covering

UTM_39 = 32639
PART = st.floats(0, 1)


@given(st.floats(-1e6, 1.5e6), st.floats(2.7e6, 4.3e6), st.floats(0, 1e6), PART, PART)
def test_every_point_of_the_box_lies_in_its_covering(
    west: float, south: float, side: float, x: float, y: float
) -> None:
    box = Bounds(west, south, west + side, south + side / 3)
    covered = covering(box, UTM_39, 4326)
    assert covered is not None
    to_degrees = Transformer.from_crs(UTM_39, 4326, always_xy=True)
    assert covered.contain(*to_degrees.transform(west + x * side, south + y * side / 3))


def test_it_is_little_larger_than_the_box() -> None:
    covered = covering(Bounds(500_000, 3_200_000, 600_000, 3_300_000), UTM_39, 4326)
    assert covered is not None
    assert (covered.west, covered.south) == pytest.approx((51, 28.9), abs=0.05)
    assert (covered.east, covered.north) == pytest.approx((52.05, 29.85), abs=0.05)


def test_in_its_own_crs_it_is_the_box() -> None:
    box = Bounds(1, 2, 3, 4)
    assert covering(box, 4326, 4326) is box


@pytest.mark.parametrize(
    ("box", "srid", "target"),
    [
        (Bounds(-180, -90, 180, 90), 4326, UTM_39),
        (Bounds(-179, -89, 179, 89), 4326, UTM_39),
        (Bounds(-20037508, -20037508, 20037508, 20037508), 3857, 4326),
        (Bounds(-20037508, -20037508, 20037508, 20037508), 3857, UTM_39),
        (Bounds(-19e6, -19e6, 19e6, 19e6), 3857, UTM_39),
        (Bounds(19e6, 0, 21e6, 1e6), 3857, 4326),
        (Bounds(-1e9, -1e9, 1e9, 1e9), UTM_39, 4326),
        (Bounds(0, 9.9e6, 1e6, 10.1e6), UTM_39, 4326),
    ],
)
def test_what_no_box_would_hold(box: Bounds, srid: int, target: int) -> None:
    assert covering(box, srid, target) is None
