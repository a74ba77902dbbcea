"""Each area has one label on the map, over the sample and over the real provinces and counties.

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


@pytest.mark.parametrize("zoom", [5.4, 7, 8])
@pytest.mark.parametrize(("language", "size", "dark"), [("fa", DESK, False), ("en", PHONE, True)])
def test_each_area_of_the_sample_is_labelled_once(
    tab: chromium.Tab,
    service: str,
    pictures: Path,
    zoom: float,
    language: str,
    size: tuple[int, int],
    dark: bool,
) -> None:
    view = f"{zoom}/32/53.5"
    show(tab, f"{service}/map?lang={language}#layers=county,province&view={view}", size, dark=dark)
    labels = _labels(tab)
    assert len(labels) > 1
    assert _repeated(labels) == []
    tab.picture(pictures / f"labels-sample-{zoom}-{language}-{size[0]}.png")
    assert tab.complaints == []


# Where names repeated: the strait with its islands, and where tiles meet.
PLACES = {"country": (5, 32.4, 53.7), "gulf": (6.6, 27.2, 55.5), "tehran": (8, 35.7, 51.4)}


@pytest.mark.parametrize(("size", "dark"), [(DESK, False), (PHONE, True)], ids=["desk", "phone"])
def test_each_real_area_is_labelled_once(
    tab: chromium.Tab, real: str, pictures: Path, size: tuple[int, int], dark: bool
) -> None:
    """They have names in Persian only."""
    seen: set[str] = set()
    for place, (zoom, lat, lon) in PLACES.items():
        for layers in ("province", "balance_county", "county,province"):
            show(tab, f"{real}/map#layers={layers}&view={zoom}/{lat}/{lon}", size, dark=dark)
            labels = _labels(tab)
            assert _repeated(labels) == []
            seen |= {name for _, name in labels}
            tab.picture(pictures / f"labels-{place}-{layers}-{size[0]}.png")
            assert tab.complaints == []
    assert {"هرمزگان", "تهران"} <= seen
