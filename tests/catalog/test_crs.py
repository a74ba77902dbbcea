from __future__ import annotations

import pytest

from geoservice.catalog.crs import COMMON, CRS84, epsg


def test_the_common_ones_are_named_once_with_crs84_first() -> None:
    uris = [crs.uri for crs in COMMON]
    assert uris[0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    assert uris[1] == "http://www.opengis.net/def/crs/EPSG/0/4326"
    assert len(uris) == len(set(uris))
    assert {crs.srid for crs in COMMON} == {4326, 3857, 32638, 32639, 32640, 32641}


@pytest.mark.parametrize(
    ("code", "north_first", "digits"),
    [(4326, True, 7), (3857, False, 2), (32639, False, 2), (31467, True, 2), (2154, False, 2)],
)
def test_axes_are_those_of_the_registry(code: int, north_first: bool, digits: int) -> None:
    assert (epsg(code).north_first, epsg(code).digits) == (north_first, digits)


def test_crs84_is_longitude_first() -> None:
    assert (CRS84.srid, CRS84.north_first, CRS84.digits) == (4326, False, 7)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (999999, "EPSG:999999 is not a known CRS"),
        (-1, "not a known CRS"),
        (4979, "axes north, east, up"),
        (3031, "axes north, north"),
        (4807, "in grad"),
    ],
)
def test_what_cannot_be_served_is_refused(code: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        epsg(code)
