"""Each area has one label on the map, over the real provinces and counties where they are.

Pictures are kept in GEOSERVICE_TEST_PICTURES, to be looked at.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Serve
from tests.product import chromium
from tests.product.driving import DESK, PHONE, show, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRAWN = """
JSON.stringify(page.map.queryRenderedFeatures().filter(({layer}) => layer.type === "symbol")
  .map(({properties}) => [properties.code, properties.name_fa]))
"""


@pytest.fixture(scope="module")
def real(real_url: str, serve: Serve) -> Iterator[str]:
    with serve(real_url) as base:
        yield base


def _labels(tab: chromium.Tab) -> list[tuple[str, str]]:
    """Code and name of what is written on the map, by whichever of its layers."""
    until(tab, "page.map.areTilesLoaded()")
    return [(code, name) for code, name in json.loads(tab.value(DRAWN))]


def _repeated(labels: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [each for each, times in Counter(labels).items() if times > 1]


@pytest.mark.parametrize("zoom", [4, 5.4, 6.5, 7, 8])
def test_each_area_of_the_sample_is_labelled_once(
    tab: chromium.Tab, service: str, zoom: float
) -> None:
    show(tab, f"{service}/map#layers=county,province&view={zoom}/32/53.5")
    labels = _labels(tab)
    assert len(labels) > 2
    assert _repeated(labels) == []


# Where names repeated: the strait with its islands, where tiles of many zooms meet.
PLACES = {"country": (5, 32.4, 53.7), "gulf": (6.6, 27.2, 55.5), "tehran": (8, 35.7, 51.4)}


@pytest.mark.parametrize(
    ("size", "language", "dark"),
    [(DESK, "fa", False), (DESK, "en", True), (PHONE, "fa", True), (PHONE, "en", False)],
)
def test_each_real_area_is_labelled_once(
    tab: chromium.Tab, real: str, pictures: Path, size: tuple[int, int], language: str, dark: bool
) -> None:
    seen: set[str] = set()
    for place, (zoom, lat, lon) in PLACES.items():
        for layers in ("province", "balance_county", "county,province"):
            hashed = f"#layers={layers}&view={zoom}/{lat}/{lon}"
            show(tab, f"{real}/map?lang={language}{hashed}", size, dark=dark)
            labels = _labels(tab)
            assert _repeated(labels) == []
            seen |= {name for _, name in labels}
            name = f"labels-{place}-{layers}-{language}-{size[0]}-{'dark' if dark else 'light'}"
            tab.picture(pictures / f"{name}.png")
            assert tab.complaints == []
    assert {"هرمزگان", "تهران"} <= seen
