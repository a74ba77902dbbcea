from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import httpx
import pytest

from geoservice.database.engine import connect
from geoservice.settings import Settings

pytestmark = pytest.mark.anyio

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
PAGES = (
    ("/", "application/json"),
    ("/api", "application/vnd.oai.openapi+json;version=3.0"),
    ("/conformance", "application/json"),
    ("/collections", "application/json"),
    ("/collections/place", "application/json"),
    ("/collections/place/schema", "application/schema+json"),
    ("/collections/place/queryables", "application/schema+json"),
    ("/collections/place/sortables", "application/schema+json"),
    ("/collections/place/items", "application/geo+json"),
    ("/collections/project/items/p%2F1", "application/geo+json"),
)


class _Page(HTMLParser):
    """The addresses of a page, and the formats that it is linked to in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.formats: dict[str, str] = {}
        self.html: dict[str, str | None] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.html = given
        self.addresses += [given[name] or "" for name in ("href", "src") if name in given]
        if tag == "a" and given.get("rel") == "alternate":
            self.formats[given["type"] or ""] = given["href"] or ""


@pytest.mark.parametrize(("path", "other"), PAGES)
async def test_browsers_get_pages_and_others_do_not(
    client: httpx.AsyncClient, path: str, other: str
) -> None:
    page = await client.get(path, headers={"accept": BROWSER})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert _Page(page.text).html == {"lang": "fa", "dir": "rtl"}
    assert page.text == (await client.get(f"{path}?f=html")).text
    for accept in ("*/*", "text/html;q=0.1, " + other):
        answer = await client.get(path, headers={"accept": accept})
        assert answer.headers["content-type"] == other
    tag = page.headers["etag"]
    again = await client.get(path, headers={"accept": BROWSER, "if-none-match": tag})
    assert again.status_code == 304
    assert tag != (await client.get(path)).headers["etag"]


@pytest.mark.parametrize(("path", "other"), PAGES)
async def test_a_page_leads_to_its_other_formats(
    client: httpx.AsyncClient, path: str, other: str
) -> None:
    formats = _Page((await client.get(f"{path}?f=html")).text).formats
    assert other in formats
    for media_type, href in formats.items():
        answer = await client.get(href)
        assert answer.headers["content-type"].partition(";")[0] == media_type.partition(";")[0]
    document = (await client.get(path)).json()
    if "links" in document:
        assert "text/html" in {k["type"] for k in document["links"] if k["rel"] == "alternate"}


async def test_every_address_on_every_page_resolves_and_none_is_elsewhere(
    client: httpx.AsyncClient,
) -> None:
    waiting = ["http://geo.test/?f=html"]
    seen: set[str] = set()
    while waiting and len(seen) < 2000:
        address = waiting.pop()
        if address in seen or address.startswith(("#", "data:")):
            continue
        seen.add(address)
        assert address.startswith("http://geo.test/"), address
        answer = await client.get(address, headers={"accept": BROWSER})
        assert answer.status_code == 200, address
        if answer.headers["content-type"].startswith("text/html"):
            waiting += _Page(answer.text).addresses
            loaded = re.sub(r"http://geo\.test\S*|http:%2F%2Fwww\.w3\.org", "", answer.text)
            assert "url(" not in loaded
            assert "@import" not in loaded
    assert len(seen) > 100
    assert not waiting


async def test_pages_of_features_are_paged(client: httpx.AsyncClient) -> None:
    url, rows, pages = "http://geo.test/collections/place/items?f=html&limit=10", [], 0
    while url:
        page = (await client.get(url)).text
        rows += re.findall(r'<tr id="r\d+".*?<bdi dir="ltr">(v\d+)</bdi>', page, re.DOTALL)
        assert "۲۵" in page
        assert ("صفحهٔ نخست" in page) is (pages > 0)
        following = re.search(r'<link rel="next" href="([^"]+)"', page)
        url = unescape(following[1]) if following else ""
        pages += 1
    assert pages == 3
    assert sorted(rows) == sorted(f"v{n}" for n in range(1, 26))


async def test_pages_heed_filters_attributes_and_geometry(client: httpx.AsyncClient) -> None:
    url = "/collections/place/items?f=html"
    page = (await client.get(f"{url}&kind=city&properties=name_fa")).text
    assert "آبادی 1<" in page
    assert page.count("<tr id=") == 1
    assert "شکل‌ها خواسته نشده‌اند" in (await client.get(f"{url}&skipGeometry=true")).text
    assert "هیچ عارضه‌ای چنین نیست" in (await client.get(f"{url}&bbox=1,1,2,2")).text


async def test_a_page_draws_degrees_whatever_is_asked_for(client: httpx.AsyncClient) -> None:
    mercator = {"crs": "http://www.opengis.net/def/crs/EPSG/0/3857", "f": "html"}
    plain = await client.get("/collections/county/items?f=html")
    asked = await client.get("/collections/county/items", params=mercator)
    assert asked.headers["content-crs"] == plain.headers["content-crs"]
    shapes = re.compile(r'<path class="area" d="[^"]+"')
    assert shapes.findall(asked.text) == shapes.findall(plain.text)


async def test_a_page_is_new_when_the_provinces_behind_it_are(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    url = "/collections/place/items?f=html&limit=2"
    tag = (await client.get(url)).headers["etag"]
    assert settings.database_url is not None
    with connect(settings.database_url) as connection:
        connection.execute("UPDATE source.region SET geom = ST_Translate(geom, 0.5, 0)")
    again = await client.get(url, headers={"if-none-match": tag})
    assert again.status_code == 200
    assert again.headers["etag"] != tag


async def test_why_a_feature_has_no_shape(client: httpx.AsyncClient) -> None:
    page = (await client.get("/collections/project/items/p3?f=html")).text
    for text in ("این عارضه شکل ندارد", "نشانی ندارد", "it has no address", "—"):
        assert text in page


async def test_what_is_not_there_stays_a_problem(client: httpx.AsyncClient) -> None:
    for path in ("/collections/place/items/none", "/collections/nothing", "/collections/x/schema"):
        answer = await client.get(path, headers={"accept": BROWSER})
        assert answer.status_code == 404
