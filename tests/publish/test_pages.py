from __future__ import annotations

import datetime
from html.parser import HTMLParser

import pytest
import shapely

from geoservice.catalog.attribute import Attribute
from geoservice.catalog.crs import CRS84
from geoservice.catalog.load import Catalog
from geoservice.publish.formats.table import Table
from geoservice.publish.pages.documents import schema_page
from geoservice.publish.pages.features import Facts, feature_page, items_page
from geoservice.publish.pages.text import cell, english, isolated, number
from geoservice.publish.schema import schema
from tests.publish.conftest import layer_of

HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "</title></style></script><b>",
    "&lt;i&gt;&amp;",
)
LAYER = layer_of("SELECT 1", id="string", name="string", n="integer", day="date")
_VOID = {"meta", "link", "br", "img"}


class _Balance(HTMLParser):
    """Fails where a tag closes what is not open; collects tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _read(page: bytes) -> _Balance:
    read = _Balance()
    read.feed(page.decode())
    assert read.open == []
    return read


def _many(*rows: tuple[object, ...]) -> bytes:
    table = Table(LAYER, ("id", "name", "n", "day"), CRS84, True)
    return items_page(table, rows, Facts(base="http://geo.test", links=()))


def _one(*row: object) -> bytes:
    table = Table(LAYER, ("id", "name", "n", "day"), CRS84, True)
    return feature_page(table, row, Facts(base="http://geo.test", links=()))


POINT = shapely.to_wkb(shapely.Point(51, 32))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_not_run(text: str) -> None:
    for page in (_many((text, text, 1, None, POINT, text)), _one(text, text, 1, None, POINT)):
        read = _read(page)
        assert not any(name.startswith("on") for _, given in read.tags for name in given)
        assert [tag for tag, _ in read.tags].count("script") == 1
        assert not {"img", "b", "i"} & {tag for tag, _ in read.tags}
        assert b"default-src 'none'" in page.replace(b"&#39;", b"'")


def test_controls_that_turn_the_text_around_are_named() -> None:
    page = _one("x", "abc\u202etxt\u2066", 1, None, None).decode()
    assert "\u202e" not in page
    assert "abc[U+202E]txt[U+2066]" in page


def test_every_cell_is_written_in_persian_with_the_other_beside() -> None:
    page = _one("v1", "بم", 1234567, datetime.date(2021, 3, 21), None).decode()
    for text in ("۱٬۲۳۴٬۵۶۷", "1,234,567", "۱۴۰۰/۰۱/۰۱", "2021-03-21", "این عارضه شکل ندارد"):
        assert text in page


def test_the_keys_behind_a_row_are_not_its_geometry() -> None:
    page = _many(("v1", "بم", None, None, POINT, "v1"))
    assert b'class="shape"' in page
    assert "—" in page.decode()


def test_a_page_without_rows_or_shapes_says_so() -> None:
    assert "هیچ عارضه‌ای چنین نیست" in _many().decode()
    assert "هیچ‌یک از عارضه‌های این صفحه شکل ندارد" in _many(("v", "x", 1, None, None)).decode()


def test_an_id_is_escaped_in_its_address() -> None:
    read = _read(_many(("p/1?x#y", "x", 1, None, POINT)))
    addresses = {given["href"] for tag, given in read.tags if tag == "a" and "href" in given}
    assert "http://geo.test/collections/made/items/p%2F1%3Fx%23y" in addresses


@pytest.mark.parametrize(
    ("value", "fa", "en"),
    [
        (0, "۰", "0"),
        (-1200, "\u200e−۱٬۲۰۰", "-1,200"),
        (1234.5, "۱٬۲۳۴٫۵", "1,234.5"),
        (0.1 + 0.2, "۰٫۳", "0.3"),
        (1e-9, None, "1e-09"),
    ],
)
def test_numbers(value: float, fa: str | None, en: str) -> None:
    assert number(value).en == en
    assert fa is None or number(value).fa == fa


def test_years_have_no_thousands_and_codes_run_left_to_right() -> None:
    assert "۱۳۹۹" in cell("year", LAYER.attributes["n"], 1399)
    assert isolated("SYN-1") == '<bdi dir="ltr">SYN-1</bdi>'
    assert isolated("بم <") == "<bdi>بم &lt;</bdi>"


def test_codes_are_shown_by_their_titles() -> None:
    declared = {"low": {"fa": "کم", "en": "Low <"}}
    attribute = Attribute.model_validate(
        {"title": {"fa": "x", "en": "x"}, "type": "string", "enum": declared}
    )
    assert cell("a", attribute, "low") == '<span title="Low &lt; (low)">کم</span>'
    assert english("a", attribute, "low") == "Low <"
    assert cell("a", attribute, "other") == '<bdi dir="ltr">other</bdi>'
    assert english("a", attribute, "other") == ""


def test_the_schema_shows_codes_and_their_titles(catalog: Catalog) -> None:
    layer = catalog.layer("project")
    page = schema_page(schema(layer, "http://geo.test"), layer, "http://geo.test", []).decode()
    assert "شناسایی" in page
    assert "Identification" in page
    assert ">identification<" in page
