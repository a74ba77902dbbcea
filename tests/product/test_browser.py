"""Pages as a browser shows them: nothing complains, nothing is fetched, nothing sticks out."""

from __future__ import annotations

import base64
import json
import os
import re
import zlib
from pathlib import Path

import httpx
import pytest

from tests.product import chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"desk": (1200, 900), "phone": (390, 844)}
PAGES = (
    "/",
    "/api",
    "/conformance",
    "/collections",
    "/collections/county",
    "/collections/county/schema",
    "/collections/county/queryables",
    "/collections/county/sortables",
    "/collections/county/items",
    "/collections/place/items",
    "/collections/project/items",
    "/collections/county/items/{first}",
)
WITH_MAP = ("/collections/county", "/collections/county/items", "/collections/place/items")


@pytest.fixture(scope="module")
def first(service: str) -> str:
    """The id of a county."""
    page = httpx.get(f"{service}/collections/county/items?limit=1").json()
    return str(page["features"][0]["id"])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_by_itself(
    tab: chromium.Tab, service: str, first: str, path: str, size: str
) -> None:
    url = service + path.format(first=first)
    tab.open(f"{url}?f=html", *SIZES[size])
    assert tab.complaints == []
    assert {a for a in tab.addresses if not a.startswith("data:")} == {f"{url}?f=html"}
    assert tab.value("document.documentElement.dir") == "rtl"
    assert tab.value("document.documentElement.lang") == "fa"
    assert tab.value("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", WITH_MAP)
def test_maps_show_something(
    tab: chromium.Tab, service: str, tmp_path: Path, path: str, dark: bool
) -> None:
    tab.open(f"{service}{path}?f=html", *SIZES["desk"], dark=dark)
    tab.value("document.querySelector('.view').scrollIntoView()")
    pictures = Path(os.environ.get("GEOSERVICE_TEST_PICTURES", tmp_path))
    name = path.strip("/").replace("/", "-") + ("-dark" if dark else "")
    drawn = tab.picture(pictures / f"browser-{name}.png")
    tab.value("document.querySelectorAll('.shapes *').forEach((each) => each.remove())")
    assert len(zlib.compress(drawn)) > 1.2 * len(zlib.compress(tab.picture(tmp_path / "empty.png")))
    box = "JSON.stringify(document.querySelector('.shapes').getBoundingClientRect())"
    assert json.loads(tab.value(box))["height"] > 200


def test_the_map_is_moved_by_its_buttons_keys_and_pointer(tab: chromium.Tab, service: str) -> None:
    tab.open(f"{service}/collections/county/items?f=html", *SIZES["desk"])
    view_box = "document.querySelector('.shapes').getAttribute('viewBox')"
    whole = [float(part) for part in tab.value(view_box).split()]
    tab.value("document.querySelector('[data-zoom=in]').click()")
    nearer = [float(part) for part in tab.value(view_box).split()]
    assert nearer[2:] == [whole[2] / 2, whole[3] / 2]
    tab.value("document.querySelector('[data-zoom=all]').click()")
    assert [float(part) for part in tab.value(view_box).split()] == whole
    tab.value("document.querySelector('.view').focus()")
    for kind in ("keyDown", "keyUp"):
        tab.call("Input.dispatchKeyEvent", type=kind, key="ArrowRight", code="ArrowRight")
    assert float(tab.value(view_box).split()[0]) > whole[0]
    at = {"x": 500, "y": 450, "button": "left", "clickCount": 1}
    before = tab.value(view_box)
    tab.call("Input.dispatchMouseEvent", type="mousePressed", **at)
    tab.call("Input.dispatchMouseEvent", type="mouseMoved", **(at | {"x": 600}))
    tab.call("Input.dispatchMouseEvent", type="mouseReleased", **(at | {"x": 600}))
    assert float(tab.value(view_box).split()[0]) < float(before.split()[0])
    assert tab.value("location.pathname") == "/collections/county/items"
    assert tab.complaints == []


def test_rows_light_their_shapes(tab: chromium.Tab, service: str) -> None:
    tab.open(f"{service}/collections/county/items?f=html", *SIZES["desk"])
    tab.value("document.querySelector('tr[data-n=\"3\"] a').focus()")
    lit = "[...document.querySelectorAll('.shape.lit')].map((each) => each.dataset.n).join()"
    assert tab.value(lit) == "3"


@pytest.mark.parametrize("layer", ["balance_county", "project", "place"])
def test_a_wide_table_fits_a_printed_page(tab: chromium.Tab, service: str, layer: str) -> None:
    # What A4 has room for on its long side, within the margins: 277 mm.
    tab.open(f"{service}/collections/{layer}/items?f=html&limit=5", 1047, 700)
    tab.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert tab.value("document.querySelector('.items').getBoundingClientRect().width") <= 1047
        beyond = (
            "[...document.querySelectorAll('.items th, .items td')]"
            ".filter(cell => cell.scrollWidth > cell.clientWidth + 1).length"
        )
        assert tab.value(beyond) == 0
        # And so its pages are laid: the longest side across.
        pdf = tab.call("Page.printToPDF", preferCSSPageSize=True)
        pages = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", base64.b64decode(pdf["data"]))
        assert any(float(width) > float(height) for width, height in pages)
    finally:
        tab.call("Emulation.setEmulatedMedia", media="")
