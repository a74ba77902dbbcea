"""The geocoder's page as a browser shows it: in both languages, with keys alone, on a phone.

Pictures are kept in GEOSERVICE_TEST_PICTURES, to be looked at.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest

from tests.conftest import Serve
from tests.product import chromium
from tests.product.driving import DESK, PHONE, click, click_place, press, show, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUERY = "شیراز، خیابان گردو، پلاک ۵"
CITY = {"fa": "شیراز", "en": "Shiraz"}
FOUND = "document.querySelectorAll('#results li .place').length"
CHOSEN = "document.querySelector('.place[aria-pressed=true] .name')?.textContent"


def write(tab: chromium.Tab, text: str) -> None:
    """Type into the box, as a person would."""
    tab.value("document.getElementById('query').focus()")
    tab.call("Input.insertText", text=text)


def source(tab: chromium.Tab, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        tab.value(f"JSON.stringify(page.map.getStyle().sources[{name!r}].data)")
    )
    return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_search_is_answered_on_the_map_and_in_words(
    tab: chromium.Tab,
    service: str,
    pictures: Path,
    size: tuple[int, int],
    language: str,
    dark: bool,
) -> None:
    show(tab, f"{service}/geocode?lang={language}#q={quote(QUERY)}", size, dark=dark)
    until(tab, f"{FOUND} > 0")
    assert tab.value("document.documentElement.dir") == ("rtl" if language == "fa" else "ltr")
    assert CITY[language] in tab.value(CHOSEN)
    # Each name of the label for itself: a Persian street does not turn the English ones.
    assert tab.value("document.querySelector('#results .name').querySelectorAll('bdi').length") > 1
    fields = "page.map.getStyle().layers.map((each) => each.layout?.['text-field'])"
    in_persian = "number-format" in tab.value(f"JSON.stringify({fields})")
    assert in_persian is (language == "fa")
    assert tab.value("document.querySelector('#results .sure').textContent").strip()
    ring = source(tab, "circle")["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert len(ring) > 60
    (lon, lat) = source(tab, "place")["geometry"]["coordinates"]
    assert min(x for x, _ in ring) < lon < max(x for x, _ in ring)
    assert min(y for _, y in ring) < lat < max(y for _, y in ring)
    until(tab, "!page.map.isMoving() && page.map.areTilesLoaded()")
    assert tab.value(f"page.map.getBounds().contains([{lon}, {lat}])")
    assert tab.value("document.documentElement.scrollWidth <= innerWidth")
    tab.picture(pictures / f"geocode-{language}-{size[0]}-{'dark' if dark else 'light'}.png")
    assert tab.complaints == []
    ours = urlsplit(service).netloc
    assert [a for a in tab.addresses if urlsplit(a).netloc not in (ours, "")] == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [(f"q={quote(QUERY)}", f"q={quote(QUERY)}"), ("at=29.6088,52.5302", "at=29.608800")],
)
def test_a_link_asks_in_its_query_too(
    tab: chromium.Tab, service: str, asked: str, told: str
) -> None:
    show(tab, f"{service}/geocode?lang=en&{asked}")
    until(tab, f"{FOUND} > 0")
    assert CITY["en"] in tab.value("document.getElementById('results').textContent")
    assert tab.value("location.search") == "?lang=en"
    fragment = unquote(tab.value("location.hash").replace("+", " "))
    assert fragment.startswith(f"#{unquote(told)}")
    assert tab.value("document.getElementById('other').hash === location.hash")


def test_faults_are_told_in_words(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/geocode?lang=en#q={quote('شیراز، خیابان ناکجاآباد بیستم')}")
    until(tab, f"{FOUND} > 0")
    faults = tab.value("document.querySelector('#results .faults').textContent")
    assert "street" in faults


def test_what_is_no_address_finds_nothing_and_says_so(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/geocode?lang=en#q={quote('سلام')}")
    until(tab, "!document.getElementById('results').hidden")
    assert tab.value(FOUND) == 0
    assert tab.value("document.getElementById('said').textContent") == "Nothing found."
    assert source(tab, "place")["features"] == []


def test_suggestions_come_while_typing_and_are_chosen_with_keys(
    tab: chromium.Tab, service: str, pictures: Path
) -> None:
    show(tab, f"{service}/geocode")
    write(tab, "شیرا")
    until(tab, "document.querySelectorAll('#found [role=option]').length > 0")
    assert tab.value("document.getElementById('query').getAttribute('aria-expanded')") == "true"
    tab.picture(pictures / "geocode-suggestions.png")
    press(tab, "ArrowDown")
    active = tab.value("document.getElementById('query').getAttribute('aria-activedescendant')")
    assert tab.value(f"document.getElementById('{active}').getAttribute('aria-selected')") == "true"
    press(tab, "Enter")
    until(tab, f"{FOUND} === 1")
    assert "شیراز" in tab.value(CHOSEN)
    assert "شیراز" in tab.value("document.getElementById('query').value")
    assert tab.value("document.getElementById('found').hidden")
    assert tab.complaints == []


def test_nothing_lies_over_the_suggestions_on_a_phone(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/geocode", PHONE)
    write(tab, "شیرا")
    until(tab, "document.querySelectorAll('#found [role=option]').length > 3")
    covered = tab.value(
        "[...document.querySelectorAll('#found [role=option]')].filter((option) => {"
        "  const { left, right, top, height } = option.getBoundingClientRect();"
        "  return [left + 5, right - 5].some((x) =>"
        "    !option.contains(document.elementFromPoint(x, top + height / 2)));"
        "}).length"
    )
    assert covered == 0


def test_enter_searches_for_what_was_typed(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/geocode")
    write(tab, QUERY)
    press(tab, "Enter")
    until(tab, f"{FOUND} > 0")
    assert "گردو" in tab.value("decodeURIComponent(location.hash)")
    press(tab, "Escape")
    assert tab.value("document.getElementById('found').hidden")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_click_on_the_map_says_what_is_there(
    tab: chromium.Tab, service: str, pictures: Path, size: tuple[int, int]
) -> None:
    show(tab, f"{service}/geocode", size)
    tab.value("void page.map.jumpTo({center: [52.5302, 29.6088], zoom: 14})")
    until(tab, "page.map.areTilesLoaded()")
    click_place(tab, 52.5302, 29.6088)
    until(tab, f"{FOUND} > 1")
    shown = tab.value("document.getElementById('results').textContent")
    assert "شیراز" in shown
    assert tab.value("location.hash").startswith("#at=29.60")
    until(tab, "!page.map.isMoving()")
    tab.picture(pictures / f"geocode-reverse-{size[0]}.png")
    second = (
        "(({left, top, width, height}) => [left + width / 2, top + height / 2])"
        "(document.querySelectorAll('.place')[1].getBoundingClientRect())"
    )
    click(tab, *tab.value(second))
    until(tab, "document.querySelectorAll('.place')[1].getAttribute('aria-pressed') === 'true'")


def test_outside_the_country_it_says_so(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/geocode?lang=en#at=10,20")
    until(tab, "!document.getElementById('results').hidden")
    assert "outside the country" in tab.value("document.getElementById('results').textContent")


def test_the_map_is_asked_with_keys_alone(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/geocode")
    tab.value("void page.map.jumpTo({center: [51.4, 35.7], zoom: 12})")
    tab.value("page.map.getCanvas().focus()")
    press(tab, "Enter")
    until(tab, f"{FOUND} > 0")
    assert tab.value("location.hash").startswith("#at=35.7")


def test_trouble_is_told(tab: chromium.Tab, service: str, serve: Serve) -> None:
    show(tab, f"{service}/geocode?lang=en")
    write(tab, "x" * 1001)  # more than the box takes from a person
    tab.value(
        "document.getElementById('query').value = 'x'.repeat(1001);"
        "document.getElementById('ask').requestSubmit()"
    )
    until(tab, "!document.getElementById('trouble').hidden")
    assert "1,000" in tab.value("document.getElementById('trouble').textContent")


@pytest.mark.parametrize("typed", ["29.6093, 52.5308", "52.5308 29.6093", "(۲۹٫۶۰۹۳، ۵۲٫۵۳۰۸)"])
def test_coordinates_in_the_box_mean_that_place(
    tab: chromium.Tab, service: str, typed: str
) -> None:
    show(tab, f"{service}/geocode#q={quote(typed)}", DESK)
    until(tab, f"{FOUND} > 0")
    assert unquote(urlsplit(tab.value("location.href")).fragment) == "at=29.609300,52.530800"


def test_what_is_no_point_is_told(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/geocode?at=abc", DESK)
    until(tab, "document.getElementById('said').textContent.includes('at=29')")
