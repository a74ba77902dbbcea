from __future__ import annotations

import pytest
import shapely

from geoservice.catalog.layer import GeometryType
from geoservice.errors import InvalidValue
from geoservice.publish.formats.wkb import fitted, flat

RING = "((0 0, 1 0, 1 1, 0 0))"


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize(
    ("declared", "given", "made"),
    [
        ("Point", "POINT (1 2)", "POINT (1 2)"),
        ("MultiPoint", "POINT (1 2)", "MULTIPOINT ((1 2))"),
        ("MultiLineString", "LINESTRING (0 0, 1 1)", "MULTILINESTRING ((0 0, 1 1))"),
        ("MultiPolygon", f"POLYGON {RING}", f"MULTIPOLYGON ({RING})"),
        ("MultiPolygon", f"MULTIPOLYGON ({RING})", f"MULTIPOLYGON ({RING})"),
        ("MultiPoint", "POINT Z (1 2 3)", "MULTIPOINT Z ((1 2 3))"),
        ("Polygon", f"MULTIPOLYGON ({RING})", f"POLYGON {RING}"),
        ("Polygon", "MULTIPOLYGON EMPTY", "POLYGON EMPTY"),
        ("MultiPolygon", "POLYGON EMPTY", "MULTIPOLYGON EMPTY"),
        ("MultiLineString", "GEOMETRYCOLLECTION EMPTY", "MULTILINESTRING EMPTY"),
        ("Point", "GEOMETRYCOLLECTION EMPTY", "POINT EMPTY"),
        ("Point", "POLYGON Z EMPTY", "POINT Z EMPTY"),
        ("Geometry", "GEOMETRYCOLLECTION (POINT (1 2))", "GEOMETRYCOLLECTION (POINT (1 2))"),
    ],
)
def test_a_geometry_as_declared(
    declared: GeometryType, given: str, made: str, big_endian: bool
) -> None:
    wkb = shapely.to_wkb(shapely.from_wkt(given), byte_order=int(not big_endian), flavor="iso")
    (fit, none) = fitted([wkb, None], declared)
    assert isinstance(fit, bytes)
    assert shapely.to_wkt(shapely.from_wkb(fit)) == shapely.to_wkt(shapely.from_wkt(made))
    assert none is None


@pytest.mark.parametrize(
    ("declared", "given"),
    [
        ("Point", f"POLYGON {RING}"),
        ("Polygon", f"MULTIPOLYGON ({RING}, {RING})"),
        ("MultiPolygon", "GEOMETRYCOLLECTION (POINT (1 2))"),
    ],
)
def test_one_that_cannot_be_as_declared_is_an_error(declared: GeometryType, given: str) -> None:
    with pytest.raises(InvalidValue, match=f"the layer declares {declared}"):
        fitted([shapely.from_wkt(given).wkb], declared)


def test_flat_shapes_stay_as_they_are_and_high_ones_lose_their_heights() -> None:
    plain = [shapely.to_wkb(shapely.Point(1, 2)), None]
    assert flat(plain) is plain
    high = [shapely.to_wkb(shapely.from_wkt("LINESTRING Z(1 2 3, 4 5 6)"), flavor="iso"), *plain]
    assert flat(high) == [shapely.to_wkb(shapely.from_wkt("LINESTRING(1 2, 4 5)")), *plain]
