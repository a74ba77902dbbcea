"""The map page as a browser shows it: with a keyboard, on a phone, in both languages.

Pictures are kept in GEOSERVICE_TEST_PICTURES, to be looked at.
"""

from __future__ import annotations

import datetime
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from geoservice.persian.calendar import jalali
from geoservice.persian.numbers import persian_digits
from tests.conftest import Serve
from tests.product import chromium
from tests.product.driving import DESK, PHONE, click_place, press, show, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PANEL = "document.getElementById('feature')"
TABS = 60  # more than there are stops


def labels(tab: chromium.Tab, attribute: str) -> set[str]:
    drawn = (
        "JSON.stringify(page.map.queryRenderedFeatures().filter(({layer}) =>"
        f" layer.type === 'symbol').map(({{properties}}) => properties.{attribute}))"
    )
    return set(json.loads(tab.value(drawn)))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_shows_a_map_and_complains_of_nothing(
    tab: chromium.Tab,
    service: str,
    pictures: Path,
    size: tuple[int, int],
    language: str,
    dark: bool,
    record_property: Any,
) -> None:
    show(tab, f"{service}/map?lang={language}", size, dark=dark)
    assert tab.complaints == []
    ours = urlsplit(service).netloc
    elsewhere = [a for a in tab.addresses if urlsplit(a).netloc not in (ours, "")]
    assert elsewhere == []
    assert tab.value("document.documentElement.scrollWidth <= innerWidth")
    first = tab.value("performance.getEntriesByName('first map')[0].startTime")
    record_property("first map, ms", first)
    print(f"first map after {first:.0f} ms ({language}, {size[0]} wide)")
    name = f"map-{language}-{size[0]}-{'dark' if dark else 'light'}.png"
    drawn = tab.picture(pictures / name)
    tab.value("page.map.getCanvas().style.visibility = 'hidden'")
    assert len(zlib.compress(drawn)) > 1.3 * len(zlib.compress(tab.picture(pictures / "empty.png")))


def test_nothing_is_asked_for_twice(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/map")
    asked = Counter(tab.addresses)
    again = {a for a, times in asked.items() if times > 1 and not urlsplit(a).path.endswith(".pbf")}
    assert {urlsplit(a).query[:3] for a in again} <= {
        "f=m",  # a style,
        "f=s",  # and its legend
    }


@pytest.mark.usefixtures("tab")  # skipped where there is no browser
def test_nothing_waits_for_the_map_to_be_made(service: str, tmp_path: Path) -> None:
    """In a browser that has nothing yet; in another MapLibre GL is there before any answer is."""
    script = (
        "JSON.stringify(performance.getEntriesByType('resource')"
        ".map(({name, startTime}) => [new URL(name).pathname, startTime]))"
    )
    late: list[list[str]] = []
    for attempt in range(3):  # where the machine is busy any order may come about
        with chromium.tab(tmp_path / f"fresh-{attempt}") as fresh:
            show(fresh, f"{service}/map")
            began = dict(reversed(json.loads(fresh.value(script))))
            made = fresh.value("performance.getEntriesByName('map made')[0].startTime")
        glyphs = [path for path in began if path.startswith("/fonts/")]
        assert len(glyphs) == 3
        wanted = ("/styles/province", "/tiles/province.json", "/collections", *glyphs)
        late.append([path for path in wanted if began[path] >= made])
        if not late[-1]:
            return
    raise AssertionError(f"asked for only once the map was there: {late}")


def test_labels_are_joined_and_run_from_right_to_left(
    tab: chromium.Tab, service: str, pictures: Path
) -> None:
    show(tab, f"{service}/map#layers=county&view=7.5/35.6/51.4")
    ranges = {a.rsplit("/", 1)[1] for a in tab.addresses if "/fonts/" in a and a.endswith(".pbf")}
    # Joined letters are presentation forms: of Arabic letters in B, of those of Persian in A.
    assert {"64256-64511.pbf", "65024-65279.pbf"} <= ranges
    for address in tab.addresses:
        if "/fonts/" in address:
            assert httpx.get(address).status_code == 200
    assert {"ورامین", "دماوند"} <= labels(tab, "name_fa")
    tab.picture(pictures / "map-labels.png")
    assert tab.complaints == []


# What the map draws of a word, and what the browser's own text engine makes of another, as inked
# pixels from the upper left corner of each; gives how much of both is common to them.
OVERLAP = """
(async (word, drawn) => {
  const map = page.map, size = 24, wide = 400, high = 100;
  const cornered = (at) => {
    const left = Math.min(...at.map(([x]) => x)), top = Math.min(...at.map(([, y]) => y));
    return at.map(([x, y]) => [x - left, y - top]);
  };
  const pen = new OffscreenCanvas(wide, high).getContext("2d");
  await document.fonts.load(`${size}px Vazirmatn`);
  Object.assign(pen, { font: `${size}px Vazirmatn`, direction: "rtl", textAlign: "center" });
  pen.fillText(drawn, wide / 2, 60);
  const alpha = pen.getImageData(0, 0, wide, high).data.filter((_, n) => n % 4 === 3);
  const written = [];
  alpha.forEach((a, n) => { if (a > 127) written.push([n % wide, Math.floor(n / wide)]); });

  const geometry = { type: "Point", coordinates: map.getCenter().toArray() };
  const data = { type: "Feature", properties: {}, geometry };
  map.addSource("word", { type: "geojson", data });
  map.addLayer({
    id: "word", type: "symbol", source: "word", paint: { "text-color": "#ff00ff" },
    layout: { "text-field": word, "text-size": size, "text-font": ["Vazirmatn Regular"] },
  });
  await map.once("idle");
  const gl = map.getCanvas().getContext("webgl2");
  const w = gl.drawingBufferWidth, h = gl.drawingBufferHeight, pixels = new Uint8Array(w * h * 4);
  await new Promise((done) => {
    map.once("render", () => {
      gl.readPixels(0, 0, w, h, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      done();
    });
    map.triggerRepaint();
  });
  map.removeLayer("word");
  map.removeSource("word");
  const mapped = [];
  for (let n = 0; n < w * h; n++) {
    // Without anything below it a pixel is the colour times how much it is inked.
    if (pixels[4 * n + 3] > 127) mapped.push([n % w, h - Math.floor(n / w)]);
  }
  const theirs = cornered(written), ours = cornered(mapped);
  let share = 0;
  for (let dx = -3; dx <= 3; dx++) for (let dy = -3; dy <= 3; dy++) {
    const there = new Set(ours.map(([x, y]) => `${x + dx} ${y + dy}`));
    const both = theirs.filter(([x, y]) => there.has(`${x} ${y}`)).length;
    share = Math.max(share, both / (ours.length + theirs.length - both));
  }
  return share;
})
"""
# Where there is nothing but sea.
NOWHERE = "#layers=&view=6.00/40.0000/20.0000"


@pytest.mark.parametrize("word", ["مسکن", "چهارباغ", "گلپایگان", "لاهیجان", "ژیان"])
def test_words_look_as_the_browser_writes_them(tab: chromium.Tab, service: str, word: str) -> None:
    """And neither as letters that are not joined, nor as the word from left to right."""
    if tab.value("globalThis.page?.map ? location.hash : ''") != NOWHERE:
        show(tab, f"{service}/map{NOWHERE}")

    def overlap(drawn: str) -> float:
        return float(tab.value(f"({OVERLAP})({json.dumps(word)}, {json.dumps(drawn)})"))

    right, unjoined, turned = overlap(word), overlap("\u200c".join(word)), overlap(word[::-1])
    print(f"{word}: {right:.2f}; not joined {unjoined:.2f}, turned {turned:.2f}")
    assert right > 0.6
    assert right > 1.5 * max(unjoined, turned)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_scale_s_text_has_room_on_its_bar(
    tab: chromium.Tab, service: str, pictures: Path, language: str
) -> None:
    show(tab, f"{service}/map?lang={language}{NOWHERE}")
    measured = """
      (() => {
        const bar = document.querySelector('.scale'), text = bar.firstChild, found = {};
        for (let zoom = page.map.getMinZoom(); zoom <= 18; zoom += 0.05) {
          page.map.jumpTo({ zoom });
          const room = (bar.clientWidth - text.getBoundingClientRect().width) / 2;
          found[text.textContent] = Math.min(room, found[text.textContent] ?? Infinity);
        }
        page.map.jumpTo({ zoom: 6 });
        return JSON.stringify(found);
      })()
    """
    rooms = json.loads(tab.value(measured))
    texts = ["۱۰۰ کیلومتر", "۵۰ کیلومتر"] if language == "fa" else ["100 km", "50 km"]
    assert set(texts) < set(rooms)
    assert min(rooms.values()) >= 6, rooms
    assert float(tab.value("document.querySelector('.scale').offsetWidth")) <= 180
    tab.picture(pictures / f"map-scale-{language}.png")


def test_labels_are_english_where_the_page_is(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/map?lang=en#layers=county&view=7.5/35.6/51.4")
    assert "Damavand" in labels(tab, "name_en")
    assert {a.rsplit("/", 1)[1] for a in tab.addresses if a.endswith(".pbf")} >= {"0-255.pbf"}


def test_a_click_shows_attributes_with_titles_and_units(
    tab: chromium.Tab, service: str, pictures: Path
) -> None:
    show(tab, f"{service}/map#layers=county&view=7/30.3/57.05")
    click_place(tab, 57.05, 30.3)
    until(tab, f"!{PANEL}.hidden")
    text = tab.value(f"{PANEL}.innerText")
    feature = tab.value(f"{PANEL}.querySelector('h2').textContent")
    county = httpx.get(f"{service}/collections/county/items?name_fa={quote(feature)}").json()
    properties = county["features"][0]["properties"]
    persian = f"{properties['population']:,}".translate(str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬"))
    assert f"{persian} نفر" in text
    assert "جمعیت" in text
    assert "کیلومتر مربع" in text
    href = tab.value(f"{PANEL}.querySelector('.ways a').href")
    assert urlsplit(href).path == f"/collections/county/items/{properties['code']}"
    assert feature in httpx.get(href).text
    tab.picture(pictures / "map-feature.png")
    press(tab, "Escape")
    assert tab.value(f"{PANEL}.hidden")
    assert "feature=" not in tab.value("location.hash")


def test_counts_of_clusters_have_the_digits_of_the_language(
    tab: chromium.Tab, sample_url: str, serve: Serve, tmp_path: Path, pictures: Path
) -> None:
    (tmp_path / "project.toml").write_text(
        'title = { fa = "خوشه‌ها", en = "Clusters" }\n[cluster]\n', encoding="utf-8"
    )
    drawn = "page.map.getLayoutProperty('project/project-counts', 'text-field')"
    with serve(sample_url, GEOSERVICE_STYLES_DIR=str(tmp_path)) as service:
        for language in ("fa", "en"):
            show(tab, f"{service}/map?lang={language}#layers=project&view=5.2/32.5/53")
            _, _, told = json.loads(tab.value(f"JSON.stringify({drawn})"))
            assert told == {"locale": language}
            tab.picture(pictures / f"map-clusters-{language}.png")
            assert tab.complaints == []


def test_the_first_map_shows_what_is_on(tab: chromium.Tab, service: str) -> None:
    """And not all that any layer holds, such as one point far away."""
    boxes = {
        each["id"]: each["extent"]["spatial"]["bbox"][0]
        for each in httpx.get(f"{service}/collections").json()["collections"]
    }
    show(tab, f"{service}/map#layers=project")
    seen = json.loads(tab.value("JSON.stringify(page.map.getBounds().toArray())"))
    west, south, east, north = boxes["project"]
    assert seen[0][0] <= west < east <= seen[1][0]
    assert seen[0][1] <= south < north <= seen[1][1]


def test_each_source_of_data_runs_in_its_own_direction(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/map")
    parts = "[...document.querySelectorAll('#attribution bdi')].map((each) => each.textContent)"
    texts = json.loads(tab.value(f"JSON.stringify({parts})"))
    assert len(texts) > 1
    assert not any(" · " in text for text in texts)


def test_a_point_that_stands_for_others_says_so(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/map#layers=project&view=4/32.5/53.5")
    many = (
        "page.map.queryRenderedFeatures({layers: page.layers.drawnIds()})"
        ".find(({properties}) => properties.point_count > 1)"
    )
    where = tab.value(f"{many}.geometry.coordinates")
    click_place(tab, *where)
    until(tab, f"!{PANEL}.hidden")
    assert "به‌جای" in tab.value(f"{PANEL}.querySelector('.note').textContent")
    assert tab.complaints == []


def test_dates_are_jalali_in_persian_and_gregorian_in_english(
    tab: chromium.Tab, service: str
) -> None:
    query = "?limit=1&filter=planned_start%20IS%20NOT%20NULL"
    project = httpx.get(f"{service}/collections/project/items{query}").json()["features"][0]
    day = project["properties"]["planned_start"]
    shown = persian_digits(jalali(datetime.date.fromisoformat(day)))
    address = f"#layers=project&feature=project/{quote(str(project['id']), safe='')}"
    show(tab, f"{service}/map{address}")
    until(tab, f"!{PANEL}.hidden")
    assert shown in tab.value(f"{PANEL}.innerText")
    show(tab, f"{service}/map?lang=en{address}")
    until(tab, f"!{PANEL}.hidden")
    assert day.replace("-", "/") in tab.value(f"{PANEL}.innerText")


def test_search_takes_arabic_letters_for_persian_ones(
    tab: chromium.Tab, service: str, pictures: Path
) -> None:
    show(tab, f"{service}/map#layers=")
    tab.value("document.getElementById('query').focus()")
    tab.call("Input.insertText", text="كرمان")
    until(tab, "document.querySelectorAll('#found [role=option]').length > 0")
    found = json.loads(
        tab.value(
            "JSON.stringify([...document.querySelectorAll('#found [role=option]')]"
            ".map((each) => each.innerText))"
        )
    )
    assert found.count("کرمان") >= 2
    tab.picture(pictures / "map-search.png")
    groups = tab.value("document.querySelectorAll('#found [role=group]').length")
    assert groups >= 3
    before = tab.value("page.map.getZoom()")
    press(tab, "ArrowDown")
    active = tab.value("document.getElementById('query').getAttribute('aria-activedescendant')")
    assert tab.value(f"document.getElementById('{active}').getAttribute('aria-selected')") == "true"
    press(tab, "Enter")
    until(tab, f"!{PANEL}.hidden")
    assert tab.value(f"{PANEL}.querySelector('h2').textContent") == "کرمان"
    until(tab, "!page.map.isMoving()")
    assert tab.value("page.map.getZoom()") > before
    # Its layer is on now, and the address has all of it.
    assert tab.value("page.layers.on().length") == 1
    assert "feature=" in tab.value("location.hash")
    assert tab.complaints == []


def test_a_search_without_results_says_so(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/map")
    tab.value("document.getElementById('query').focus()")
    tab.call("Input.insertText", text="100%_ '\\ zzz")
    until(tab, "document.getElementById('said').textContent.includes('یافت نشد')")
    assert tab.value("document.getElementById('found').hidden")
    assert tab.complaints == []


def test_a_shared_address_restores_what_was_seen(tab: chromium.Tab, service: str) -> None:
    shared = "#layers=place,county:county_population&view=8.25/35.7000/51.4000&feature=county/2301"
    show(tab, f"{service}/map?lang=en{shared}")
    until(tab, f"!{PANEL}.hidden")
    assert tab.value("location.hash") == shared
    assert tab.value("page.map.getZoom()") == pytest.approx(8.25)
    assert tab.value("page.map.getCenter().lat") == pytest.approx(35.7)
    on = "[...document.querySelectorAll('.layers li.on')].map((each) => each.dataset.layer)"
    assert json.loads(tab.value(f"JSON.stringify({on})")) == ["place", "county"]
    assert (
        tab.value("document.querySelector('[data-layer=county] select').value")
        == "county_population"
    )
    assert (
        tab.value("page.map.getSource('chosen').serialize().data.geometry.type") == "MultiPolygon"
    )
    # The other language shows the same.
    assert tab.value("document.getElementById('other').href") == f"{service}/map?lang=fa{shared}"


@pytest.mark.parametrize("language", ["fa", "en"])
def test_an_address_shared_from_a_desk_shows_the_same_on_a_phone(
    tab: chromium.Tab, service: str, pictures: Path, language: str
) -> None:
    """The panel lies beside a feature on a desk and below it on a phone."""
    around = (
        "((points) => [0, 1].map((n) => (Math.min(...points.map((p) => p[n])) +"
        " Math.max(...points.map((p) => p[n]))) / 2))"
        "(page.map.getSource('chosen').serialize().data.geometry.coordinates.flat(2))"
    )
    shown = "(({x, y}) => [x, y])(page.map.project(" + around + "))"

    def off() -> tuple[float, float]:
        """From the middle of what is free to the feature, in pixels."""
        until(tab, f"!{PANEL}.hidden && !page.map.isMoving()")
        x, y = tab.value(shown)
        box = json.loads(
            tab.value(
                "JSON.stringify([page.map.getCanvas(), document.getElementById('feature')]"
                ".map((each) => each.getBoundingClientRect()))"
            )
        )
        view, panel = box
        left, right = view["left"], view["right"]
        if panel["width"] < view["width"]:  # beside
            left, right = (panel["right"], right) if language == "fa" else (left, panel["left"])
            return x + view["left"] - (left + right) / 2, y - view["height"] / 2
        return x - view["width"] / 2, y + view["top"] - (view["top"] + panel["top"]) / 2

    show(tab, f"{service}/map?lang={language}#layers=county&feature=county/2301")
    assert max(map(abs, off())) < 40
    shared = tab.value("location.hash")
    assert "view=" in shared
    show(tab, f"{service}/map?lang={language}{shared}", PHONE)
    tab.picture(pictures / f"map-shared-{language}.png")
    assert max(map(abs, off())) < 40
    assert tab.value("location.hash") == shared
    assert tab.complaints == []


@pytest.mark.parametrize(
    "fragment",
    [
        "layers=nothing,place:nothing&view=99/a/b&feature=nothing/1",
        "layers=%E0%A4%A&view=5/95/400",
        "&&=&layers=:,::&feature=/",
    ],
)
def test_an_address_that_says_nonsense_shows_a_map(
    tab: chromium.Tab, service: str, fragment: str
) -> None:
    show(tab, f"{service}/map#{fragment}")
    assert tab.complaints == []
    assert tab.value("page.map.getZoom()") > 3
    assert tab.value(f"{PANEL}.hidden")


def test_a_feature_that_is_gone_is_told(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/map#layers=county&feature=county/nothing")
    assert "nothing" in tab.value("document.getElementById('trouble').textContent")
    assert tab.value(f"{PANEL}.hidden")


def test_layers_are_turned_on_and_off_with_their_legends(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/map#layers=")
    tab.value("document.getElementById('layer-project').click()")
    tab.value("document.getElementById('layer-balance_province').click()")
    until(tab, "document.querySelectorAll('.legend svg').length === 2")
    for layer in ("project", "balance_province"):
        until(tab, f"page.layers.drawnIds().some((id) => id.startsWith('{layer}/'))")
    until(tab, "page.map.areTilesLoaded()")
    order = json.loads(tab.value("JSON.stringify(page.map.getStyle().layers.map(({id}) => id))"))
    # Areas lie below points, and texts over both.
    kinds = json.loads(
        tab.value("JSON.stringify(page.map.getStyle().layers.map(({type}) => type))")
    )
    fills = [
        n
        for n, name in enumerate(order)
        if name.startswith("balance_province/") and kinds[n] == "fill"
    ]
    circles = [
        n for n, name in enumerate(order) if name.startswith("project/") and kinds[n] == "circle"
    ]
    texts = [n for n, kind in enumerate(kinds) if kind == "symbol"]
    assert fills
    assert circles
    assert max(fills) < min(circles) <= max(circles) < min(texts)
    assert "OpenStreetMap" in tab.value("document.getElementById('attribution').textContent")
    tab.value("document.getElementById('layer-project').click()")
    tab.value("document.getElementById('layer-balance_province').click()")
    assert json.loads(tab.value("JSON.stringify(page.layers.drawnIds())")) == []
    assert tab.value("document.getElementById('attribution').textContent") == ""
    assert tab.complaints == []


def test_everything_is_reached_by_tab_and_the_map_by_keys(
    tab: chromium.Tab, service: str, pictures: Path
) -> None:
    show(tab, f"{service}/map#layers=county&view=7/30.3/57.05")
    reached = []
    for _ in range(TABS):
        press(tab, "Tab")
        reached.append(tab.value("document.activeElement.id || document.activeElement.className"))
        if "maplibregl-canvas" in reached[-1]:
            break
    assert reached[0] == "skip"
    assert [each for each in reached if each in ("theme", "other", "query", "layer-county")] == [
        "theme",
        "other",
        "query",
        "layer-county",
    ]
    assert "maplibregl-canvas" in reached[-1]
    centre = tab.value("page.map.getCenter().lng")
    press(tab, "ArrowRight")
    until(tab, f"page.map.getCenter().lng > {centre} && !page.map.isMoving()")
    tab.picture(pictures / "map-keyboard.png")
    assert tab.value("getComputedStyle(document.querySelector('.crosshair')).display") == "block"
    press(tab, "Enter")
    until(tab, f"!{PANEL}.hidden")
    assert tab.value("document.activeElement.id") == "feature"
    press(tab, "Escape")
    assert "maplibregl-canvas" in tab.value("document.activeElement.className")


def test_on_a_phone_layers_open_and_close(tab: chromium.Tab, service: str, pictures: Path) -> None:
    show(tab, f"{service}/map", PHONE)
    shown = "document.getElementById('layers').offsetHeight > 100"
    assert not tab.value(shown)
    tab.value("document.getElementById('opener').click()")
    assert tab.value(shown)
    assert tab.value("document.getElementById('opener').getAttribute('aria-expanded')") == "true"
    tab.picture(pictures / "map-phone-layers.png")
    press(tab, "Escape")
    assert not tab.value(shown)
    click_place(tab, 57.05, 30.3)
    until(tab, f"!{PANEL}.hidden")
    assert tab.value(f"{PANEL}.getBoundingClientRect().width") == PHONE[0]
    # What was clicked is not hidden by what is told of it.
    hidden = (
        "page.map.project([57.05, 30.3]).y + page.map.getCanvas().getBoundingClientRect().top"
        f" > {PANEL}.getBoundingClientRect().top - 40"
    )
    until(tab, f"!({hidden})")
    tab.picture(pictures / "map-phone-feature.png")
    assert tab.value("document.documentElement.scrollWidth <= innerWidth")


def test_the_button_turns_dark_and_is_remembered(tab: chromium.Tab, service: str) -> None:
    show(tab, f"{service}/map#layers=")
    paper = "getComputedStyle(document.body).backgroundColor"
    land = "JSON.stringify(page.map.getPaintProperty('backdrop', 'fill-color'))"
    light = tab.value(paper), tab.value(land)
    tab.value("document.getElementById('theme').click()")
    dark = tab.value(paper), tab.value(land)
    assert light[0] != dark[0]
    assert light[1] != dark[1]
    show(tab, f"{service}/map#layers=")
    assert (tab.value(paper), tab.value(land)) == dark
    tab.value("localStorage.clear()")


def test_layers_without_styles_are_drawn_plainly(
    tab: chromium.Tab, sample_url: str, serve: Serve, tmp_path: Path
) -> None:
    with serve(sample_url, GEOSERVICE_STYLES_DIR=str(tmp_path)) as service:
        show(tab, f"{service}/map#layers=project,county&view=7/35.6/51.4")
        drawn = "page.map.queryRenderedFeatures({layers: page.layers.drawnIds()})"
        kinds = f"JSON.stringify([...new Set({drawn}.map(({{layer}}) => layer.type))].sort())"
        assert json.loads(tab.value(kinds)) == ["circle", "fill", "line"]
        assert tab.complaints == []


def test_behind_a_proxy_it_stays_within_its_prefix(
    tab: chromium.Tab, sample_url: str, serve: Serve
) -> None:
    """The public address has another port and a prefix; the page asks for nothing outside it."""
    with (
        proxied("/geo/") as (public, behind),
        serve(sample_url, GEOSERVICE_BASE_URL=public) as service,
    ):
        behind.append(service)
        show(tab, f"{public}/map#layers=county&feature=county/2301")
        until(tab, f"!{PANEL}.hidden")
        assert tab.complaints == []
        assert len(tab.addresses) > 20
        asked = [a for a in tab.addresses if not a.startswith(("data:", "about:"))]
        assert all(each.startswith(f"{public}/") for each in asked)


@contextmanager
def proxied(prefix: str) -> Iterator[tuple[str, list[str]]]:
    """A proxy that passes on what lies below a prefix; its address, and where to put the target."""
    behind: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path.startswith(prefix):
                self.send_error(404)
                return
            answer = httpx.get(
                f"{behind[0]}/{self.path.removeprefix(prefix)}",
                headers={"accept": self.headers.get("accept", "*/*")},
                timeout=60,
            )
            self.send_response(answer.status_code)
            for name in ("content-type", "cache-control", "etag"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            with suppress(BrokenPipeError):  # the browser has gone on
                self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{prefix.rstrip('/')}", behind
        finally:
            server.shutdown()
            thread.join(20)
