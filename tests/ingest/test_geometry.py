from __future__ import annotations

import math
import re

import pytest
import shapely

from geoservice.errors import InvalidFile, InvalidParameter, InvalidValue
from geoservice.ingest.geometry import from_geometry, point, projection, refuse_unknown_crs

BOWTIE = "POLYGON((51 35, 52 36, 52 35, 51 36, 51 35))"
SQUARE = "POLYGON((51 35, 52 35, 52 36, 51 36, 51 35))"


def lon_lat(text: str) -> tuple[float, float]:
    found = re.fullmatch(r"SRID=4326;POINT\((\S+) (\S+)\)", text)
    assert found
    return float(found[1]), float(found[2])


@pytest.mark.parametrize("name", [None, "EPSG:4326", "OGC:CRS84", "+proj=longlat +datum=WGS84"])
def test_degrees_need_no_projection(name: str | None) -> None:
    assert projection(None, name) is None
    assert projection(name, None) is None


def test_metres_of_a_zone_become_degrees() -> None:
    """The central meridian of zone 39 is 51° E.

    Northing on it: 0.9996 times the arc of the meridian (Snyder, Map Projections, 1987, 3-21).
    """
    a, e2, latitude = 6378137.0, 0.00669437999014, math.radians(35.7)
    arc = a * (
        (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256) * latitude
        - (3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * math.sin(2 * latitude)
        + (15 * e2**2 / 256 + 45 * e2**3 / 1024) * math.sin(4 * latitude)
        - (35 * e2**3 / 3072) * math.sin(6 * latitude)
    )
    placed = point("500000", str(0.9996 * arc), projection(None, "EPSG:32639"))
    assert lon_lat(placed.text) == pytest.approx((51.0, 35.7), abs=1e-7)
    assert placed.remark is None


def test_the_option_wins_over_the_file() -> None:
    assert projection("EPSG:32639", "EPSG:4326") is None


@pytest.mark.parametrize(("declared", "given"), [("nonsense", None), (None, "EPSG:99999")])
def test_an_unknown_crs_is_refused(declared: str | None, given: str | None) -> None:
    with pytest.raises(InvalidParameter, match="is not a known CRS; EPSG:32639"):
        projection(declared, given)


@pytest.mark.parametrize(
    ("lon", "lat", "remark"),
    [
        ("51.4", "35.7", None),
        ("۵۱٫۴", "۳۵٫۷", None),
        (0, 0, "coordinates.zero"),
        (35.7, 51.4, "coordinates.swapped"),
        (2.35, 48.86, "coordinates.outside"),
    ],
)
def test_points_that_cannot_be_true_are_named(
    lon: str | float, lat: str | float, remark: str | None
) -> None:
    placed = point(lon, lat, None)
    assert (placed.remark or "").partition(":")[0] == (remark or "")
    assert bool(placed.remark_fa) is bool(remark)


@pytest.mark.parametrize(
    ("lon", "lat", "reason"),
    [
        ("539000", "3950000", "539000, 3.95e\\+06 are not degrees.*--crs"),
        ("شرق", "35", "'شرق' is not a number"),
        ("51", None, "nothing given"),
        (float("inf"), 35, "not a finite number"),
    ],
)
def test_cells_that_make_no_point(lon: str | float, lat: object, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        point(lon, lat, None)


def test_a_polygon_becomes_a_multipolygon_in_4326() -> None:
    placed = from_geometry(SQUARE, "polygon", None)
    whole = shapely.from_wkb(placed.text)
    assert (whole.geom_type, shapely.get_srid(whole), whole.area) == ("MultiPolygon", 4326, 1.0)
    assert placed.remark is None


def test_heights_are_left_out() -> None:
    flat = shapely.from_wkb(
        from_geometry(SQUARE.replace(" 35", " 35 9").replace(" 36", " 36 9"), "polygon", None).text
    )
    assert not flat.has_z
    assert from_geometry("POINT Z (51 35 1200)", "point", None).text == "SRID=4326;POINT(51.0 35.0)"


def test_rings_are_wound_as_geojson_has_them() -> None:
    clockwise = (
        "POLYGON((51 35, 51 36, 52 36, 52 35, 51 35), (51.2 35.2, 51.4 35.2, 51.4 35.4, 51.2 35.2))"
    )
    for wkt in (clockwise, shapely.reverse(shapely.from_wkt(clockwise)).wkt):
        (part,) = shapely.get_parts(shapely.from_wkb(from_geometry(wkt, "polygon", None).text))
        assert [ring.is_ccw for ring in shapely.get_rings(part)] == [True, False]


def test_a_broken_polygon_is_repaired_and_reported() -> None:
    placed = from_geometry(BOWTIE, "polygon", None)
    assert placed.remark is not None
    assert placed.remark.startswith("the polygon was repaired: Self-intersection")
    assert placed.remark_fa == "چندضلعی ترمیم شد"
    repaired = shapely.from_wkb(placed.text)
    assert repaired.is_valid
    assert repaired.area == pytest.approx(0.5)


def test_polygons_inside_a_collection_are_kept() -> None:
    collection = f"GEOMETRYCOLLECTION({SQUARE}, LINESTRING(0 0, 1 1))"
    assert shapely.from_wkb(from_geometry(collection, "polygon", None).text).area == 1.0


def test_polygons_are_projected() -> None:
    square = (
        "POLYGON((500000 3950000, 501000 3950000, 501000 3951000, 500000 3951000, 500000 3950000))"
    )
    placed = from_geometry(square, "polygon", projection("EPSG:32639", None))
    west, south, east, north = shapely.from_wkb(placed.text).bounds
    assert west == pytest.approx(51.0, abs=1e-9)
    assert (round(east - west, 3), round(north - south, 3)) == (0.011, 0.009)
    assert 35 < south < 36


def test_a_polygon_with_its_axes_swapped_is_named() -> None:
    placed = from_geometry("POLYGON((35 51, 36 51, 36 52, 35 52, 35 51))", "polygon", None)
    assert placed.remark is not None
    assert "coordinates.swapped" in placed.remark


@pytest.mark.parametrize(
    ("wkt", "wanted", "reason"),
    [
        ("POLYGON((51 35", "polygon", "the geometry cannot be read"),
        ("nonsense", "point", "the geometry cannot be read"),
        ("POLYGON EMPTY", "polygon", "the geometry is empty"),
        ("LINESTRING(51 35, 52 36)", "polygon", "encloses nothing"),
        ("LINESTRING(51 35, 52 36)", "point", "it is a LineString, not a point"),
        ("MULTIPOINT((51 35), (52 36))", "point", "it is a MultiPoint, not a point"),
        ("POLYGON((5e5 4e6, 6e5 4e6, 6e5 5e6, 5e5 4e6))", "polygon", "not degrees.*--crs"),
    ],
)
def test_geometries_that_cannot_go_in(wkt: str, wanted: object, reason: str) -> None:
    assert wanted in {"point", "polygon"}
    with pytest.raises(InvalidValue, match=reason):
        from_geometry(wkt, "point" if wanted == "point" else "polygon", None)


def test_bytes_that_are_no_geometry() -> None:
    with pytest.raises(InvalidValue, match="cannot be read"):
        from_geometry(b"\x01\x02\x03", "point", None)


def test_one_point_of_a_multipoint_is_a_point() -> None:
    wkb = shapely.to_wkb(shapely.MultiPoint([(51, 35)]))
    assert from_geometry(wkb, "point", None).text == "SRID=4326;POINT(51.0 35.0)"


def test_a_file_without_crs_must_be_told_it() -> None:
    with pytest.raises(InvalidFile, match=r"x\.shp does not say in which CRS.*--crs"):
        refuse_unknown_crs("x.shp", declared=None, given=None)
    refuse_unknown_crs("x.shp", declared=None, given="EPSG:4326")
    refuse_unknown_crs("x.shp", declared="EPSG:4326", given=None)
