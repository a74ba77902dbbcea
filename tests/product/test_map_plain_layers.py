"""The map page over layers without styles: their legends, and what their tiles leave out."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import mapbox_vector_tile
import pytest

from geoservice.persian.numbers import persian_digits
from geoservice.publish.grid import tile_at
from tests.conftest import Serve
from tests.product import chromium
from tests.product.driving import show, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAYER = """
title = {{ fa = "{fa}", en = "{en}" }}
feature_id = "id"
geometry = {{ type = "{type}" }}
zoom = {{ min = 3, max = 14 }}
[source]
reads = ["source.place"]
sql = '''
SELECT n AS id, repeat(md5(n::text), 3) AS text, ST_SetSRID({geom}, 4326) AS geom
FROM generate_series(0, 11999) n WHERE {where}
'''
[attributes.id]
title = {{ fa = "شناسه", en = "Id" }}
type = "integer"
[attributes.text]
title = {{ fa = "متن", en = "Text" }}
type = "string"
"""
AT = "ST_Point(51.37 + n % 113 * 0.0007, 35.65 + n / 113 * 0.0006)"
LAYERS = {
    "field": LAYER.format(
        fa="زمین‌ها",
        en="Fields",
        type="Polygon",
        where="true",
        geom=f"ST_Expand({AT}, CASE WHEN n % 10 = 0 THEN 0.0005 ELSE 0.00002 END)",
    ),
    "road": LAYER.format(
        fa="جاده‌ها",
        en="Roads",
        type="LineString",
        where="n % 1000 = 0",
        geom=f"ST_MakeLine({AT}, ST_Point(51.4, 35.7))",
    ),
    "well": LAYER.format(fa="چاه‌ها", en="Wells", type="Point", where="n % 500 = 0", geom=AT),
}
TITLES = {name: tomllib.loads(text)["title"] for name, text in LAYERS.items()}
SYMBOLS = {"field": "rect", "road": "line", "well": "circle"}


@pytest.fixture(scope="module")
def plain(sample_url: str, serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service of three layers, one of each shape, and no style."""
    home = tmp_path_factory.mktemp("plain")
    for directory in ("layers", "styles"):
        (home / directory).mkdir()
    for name, text in LAYERS.items():
        (home / "layers" / f"{name}.toml").write_text(text, encoding="utf-8")
    given = {f"GEOSERVICE_{n.upper()}_DIR": str(home / n) for n in ("layers", "styles")}
    with serve(sample_url, **given) as base:
        yield base


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_layer_without_a_style_has_the_symbol_it_is_drawn_with_for_its_legend(
    tab: chromium.Tab, plain: str, pictures: Path, language: str
) -> None:
    show(tab, f"{plain}/map?lang={language}#layers=well,road,field&view=13.5/35.7/51.4")
    for layer, symbol in SYMBOLS.items():
        legend = f"document.querySelector('[data-layer={layer}] .legend')"
        assert tab.value(f"{legend}.querySelector('svg').firstChild.localName") == symbol
        assert tab.value(f"{legend}.textContent") == TITLES[layer][language]
        colours = json.loads(
            tab.value(
                "JSON.stringify(['circle-color', 'line-color', 'fill-color'].flatMap((name) =>"
                " page.map.getStyle().layers.filter(({id}) => id.startsWith("
                f"'{layer}/')).map(({{paint}}) => paint[name]).filter(Boolean)))"
            )
        )
        shown = f"{legend}.querySelector('svg').firstChild"
        painted = tab.value(f"{shown}.getAttribute('fill') ?? {shown}.getAttribute('stroke')")
        assert set(colours) == {painted}
    tab.picture(pictures / f"map-plain-{language}.png")
    assert tab.complaints == []


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fa", "در این مقیاس حدود {} عارضهٔ کوچک رسم نمی‌شود."),
        ("en", "About {} small features are not drawn at this scale."),
    ],
)
def test_it_says_how_many_shapes_are_left_out_as_long_as_some_are(
    tab: chromium.Tab, plain: str, pictures: Path, language: str, told: str
) -> None:
    show(tab, f"{plain}/map?lang={language}#layers=well,road,field&view=12/35.68/51.41")
    west, south, east, north = tab.value("page.map.getBounds().toArray().flat()")
    first, last = tile_at(west, north, 12), tile_at(east, south, 12)
    counted = sum(
        _left_out(f"{plain}/tiles/field/12/{x}/{y}.mvt")
        for x in range(first.x, last.x + 1)
        for y in range(first.y, last.y + 1)
    )
    assert counted > 100
    number = f"{counted:,}"
    if language == "fa":
        number = persian_digits(number).replace(",", "٬")
    note = "document.querySelector('[data-layer=field] .omitted')"
    assert tab.value(f"{note}.textContent") == told.format(number)
    assert not tab.value(f"{note}.hidden")
    for layer in ("well", "road"):
        assert tab.value(f"document.querySelector('[data-layer={layer}] .omitted').hidden")
    tab.picture(pictures / f"map-omitted-{language}.png")
    tab.value("void page.map.jumpTo({ zoom: 15 })")
    until(tab, f"{note}.hidden")
    tab.value("void page.map.jumpTo({ zoom: 12 })")
    until(tab, f"!{note}.hidden")
    assert tab.value(f"{note}.textContent") == told.format(number)
    assert tab.complaints == []


def _left_out(address: str) -> int:
    """What the tile says of itself."""
    body = httpx.get(address).content
    tile = mapbox_vector_tile.decode(body) if body else {}
    left_out = tile.get("field_omitted", {"features": []})["features"]
    return sum(each["properties"]["omitted"] for each in left_out)
