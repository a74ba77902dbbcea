from __future__ import annotations

import re

import numpy as np
import pytest
import shapely

from geoservice.publish.drawing import HEIGHT, MOST_BYTES, WIDTH, Shape, drawing


def _paths(content: str) -> list[tuple[str, str]]:
    return re.findall(r'<path class="(\w+)" d="([^"]+)"/>', content)


def test_a_box_fills_the_picture_but_for_its_margin() -> None:
    picture = drawing([Shape(shapely.box(50, 30, 52, 31), "box")])
    assert picture is not None
    ((kind, path),) = _paths(picture.content)
    assert kind == "area"
    numbers = [int(n) for n in re.findall(r"-?\d+", path)]
    corners = np.cumsum(np.array(numbers).reshape(-1, 2), axis=0)
    assert corners[:, 0].min() == pytest.approx(0.07 * WIDTH, abs=2)
    assert corners[:, 0].max() == pytest.approx(0.93 * WIDTH, abs=2)
    assert (corners[:, 1].min() + corners[:, 1].max()) / 2 == pytest.approx(HEIGHT / 2, abs=2)


@pytest.mark.parametrize(
    ("wkt", "kind"),
    [
        ("POINT (51 32)", "point"),
        ("MULTIPOINT (51 32, 52 32)", "point"),
        ("LINESTRING (51 32, 52 33)", "line"),
        ("POLYGON ((51 32, 52 32, 52 33, 51 32))", "area"),
        ("POINT Z (51 32 9)", "point"),
        ("GEOMETRYCOLLECTION (GEOMETRYCOLLECTION (POINT (51 32)))", "point"),
        ("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", "area"),
        ("LINESTRING (-180 -90, 180 90)", "line"),
    ],
)
def test_kinds(wkt: str, kind: str) -> None:
    picture = drawing([Shape(shapely.from_wkt(wkt), "it")])
    assert picture is not None
    assert {found for found, _ in _paths(picture.content)} == {kind}
    assert "nan" not in picture.content


@pytest.mark.parametrize("geometry", [None, shapely.Point(), shapely.Point(float("inf"), 1)])
def test_nothing_to_draw(geometry: shapely.Geometry | None) -> None:
    assert drawing([Shape(geometry, "nowhere")]) is None
    both = drawing([Shape(geometry, "nowhere"), Shape(shapely.Point(51, 32), "here")])
    assert both is not None
    assert (both.drawn, both.without, both.left_out) == (1, 1, 0)


def test_what_is_too_small_to_see_is_a_dot() -> None:
    tiny = shapely.Point(50, 30).buffer(0.001)
    picture = drawing([Shape(tiny, "tiny"), Shape(shapely.Point(60, 36), "far")])
    assert picture is not None
    assert [kind for kind, _ in _paths(picture.content)] == ["point", "point"]


def test_much_is_made_general_and_too_much_is_left_out() -> None:
    random = np.random.default_rng(1)
    shapes = [
        Shape(shapely.Point(*random.uniform((44, 25), (63, 40))).buffer(0.5, quad_segs=500), "c")
        for _ in range(1000)
    ]
    picture = drawing(shapes)
    assert picture is not None
    assert sum(len(path) for _, path in _paths(picture.content)) <= MOST_BYTES
    few = drawing(shapes, most_bytes=2000)
    assert few is not None
    assert 0 < few.drawn < 1000
    assert few.drawn + few.left_out == 1000


def test_titles_and_addresses_are_text() -> None:
    hostile = '"><script>alert(1)</script>'
    picture = drawing([Shape(shapely.Point(51, 32), hostile, f"/x?{hostile}", 7)])
    assert picture is not None
    assert "<script" not in picture.content
    assert 'data-n="7"' in picture.content
    assert "&lt;script&gt;" in picture.content


def test_the_bar_is_a_round_length_of_the_ground() -> None:
    picture = drawing([Shape(shapely.box(44, 25, 63, 40), "country")])
    assert picture is not None
    assert str(picture.bar.metres).rstrip("0") in ("1", "2", "5")
    assert picture.bar.units <= WIDTH / 4


def test_the_backdrop_lies_under_the_shapes() -> None:
    outlines = [shapely.box(44, 25, 63, 40), shapely.Polygon()]
    picture = drawing([Shape(shapely.Point(51, 32), "here")], outlines)
    assert picture is not None
    assert picture.content.index('class="backdrop"') < picture.content.index('class="shape"')
