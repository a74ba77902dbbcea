from __future__ import annotations

import struct
import xml.etree.ElementTree as ET

import pytest

from geoservice.catalog.load import Catalog
from geoservice.model import Language
from geoservice.publish.styles.legend import legend_png, legend_svg
from tests.publish.styles.conftest import drawn

SVG = "{http://www.w3.org/2000/svg}"
DECLARED = {"attribute": "population", "breaks": [1000]}


def _texts(svg: bytes) -> list[str]:
    found = ET.fromstring(svg).iter(f"{SVG}text")  # noqa: S314  (our own)
    return [(each.text or "").strip("\u202b\u202c") for each in found]


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("fa", ["عنوان", "جمعیت (نفر)", "تا ۱٬۰۰۰", "بیش از ۱٬۰۰۰", "بدون داده"]),
        ("en", ["Title", "Population (persons)", "up to 1,000", "over 1,000", "No data"]),
    ],
)
def test_a_row_for_each_class(catalog: Catalog, language: Language, texts: list[str]) -> None:
    svg = legend_svg(drawn(catalog, "county", 1000, graduated=DECLARED), language)
    assert _texts(svg) == texts
    root = ET.fromstring(svg)  # noqa: S314
    patches = [each for each in root.iter(f"{SVG}rect") if each.get("x")]
    assert [each.get("fill") for each in patches] == ["#edf8b1", "#2c7fb8", "#d4d4d4"]
    middle = float(root.get("width", "0")) / 2
    at_the_right = {float(each.get("x", "0")) > middle for each in patches}
    assert at_the_right == {language == "fa"}


def test_points_have_the_size_they_have_on_the_map(catalog: Catalog) -> None:
    found = drawn(catalog, "place", 100, proportional={"attribute": "population"})
    root = ET.fromstring(legend_svg(found, "fa"))  # noqa: S314
    radii = [float(each.get("r", "0")) for each in root.iter(f"{SVG}circle")]
    assert radii == [2, 18]


def test_one_symbol_is_said_once(catalog: Catalog) -> None:
    title = {"fa": "شهرستان‌ها", "en": "Counties"}
    assert _texts(legend_svg(drawn(catalog, "county", single={}, title=title), "fa")) == [
        "شهرستان‌ها"
    ]


def test_heat_is_a_ramp(catalog: Catalog) -> None:
    assert _texts(legend_svg(drawn(catalog, "project", heat={}), "en")) == ["Title", "few to many"]
    weighed = drawn(catalog, "project", heat={"weight": "budget"})
    budget = catalog.layer("project").attributes["budget"].title.en
    assert _texts(legend_svg(weighed, "en")) == ["Title", budget, "few to many"]


def test_points_alone_are_one_row(catalog: Catalog) -> None:
    texts = _texts(legend_svg(drawn(catalog, "place", cluster={"breaks": [10]}), "fa"))
    assert texts == ["عنوان", "شهرها و آبادی‌ها", "تا ۱۰", "بیش از ۱۰"]


def test_the_picture_is_a_png_of_twice_the_size_with_ink_on_it(catalog: Catalog) -> None:
    svg = legend_svg(drawn(catalog, "county", single={}), "fa")
    picture = legend_png(svg)
    width, height = struct.unpack(">II", picture[16:24])
    root = ET.fromstring(svg)  # noqa: S314
    assert picture.startswith(b"\x89PNG")
    assert (str(width // 2), str(height // 2)) == (root.get("width"), root.get("height"))
    empty = legend_png(svg.replace("شهرستان‌ها".encode(), b"").replace("عنوان".encode(), b""))
    assert len(picture) > len(empty), "the Persian letters are drawn"
