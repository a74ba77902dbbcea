"""OGC API Features Part 1, conformance class HTML, over every collection."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import httpx

Collections = dict[str, dict[str, Any]]
# Elements that have no end tag.
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Page(HTMLParser):
    """What is open while a page is read, and the text that it shows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.shown: list[str] = []
        self.hrefs: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.hrefs += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hrefs += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


def _resources(api: httpx.Client, collections: Collections) -> Iterator[tuple[str, list[str]]]:
    """Every resource of the class, with what its page has to show."""
    yield "/", [one["title"] for one in collections.values()]
    yield "/collections", [one["title"] for one in collections.values()]
    yield "/conformance", api.get("/conformance").json()["conformsTo"]
    yield "/api", list(api.get("/api").json()["paths"])
    for name, one in collections.items():
        here = f"/collections/{name}"
        yield here, [one["title"], one["storageCrs"]]
        titles = _titles(api.get(f"{here}/schema").json()["properties"])
        features = api.get(f"{here}/items?limit=3").json()["features"]
        yield f"{here}/items", [str(feature["id"]) for feature in features]
        for feature in features:
            properties = feature["properties"].items()
            texts = [titles.get((n, v), v) for n, v in properties if isinstance(v, str)]
            yield f"{here}/items/{feature['id']}", texts


def _titles(schema: dict[str, Any]) -> dict[tuple[str, str], str]:
    """What the page shows for the codes of each attribute."""
    return {
        (name, each["const"]): each["title"]
        for name, described in schema.items()
        for each in described.get("oneOf", ())
    }


def test_definition(definition: dict[str, Any], collections: Collections) -> None:
    """/conf/html/definition"""
    paths = ["/", "/api", "/conformance", "/collections"]
    for name in collections:
        here = f"/collections/{name}"
        paths += [here, f"{here}/items", f"{here}/items/{{featureId}}"]
    for path in paths:
        assert "text/html" in definition["paths"][path]["get"]["responses"]["200"]["content"], path


def test_content(api: httpx.Client, collections: Collections) -> None:
    """/conf/html/content"""
    for path, wanted in _resources(api, collections):
        answer = api.get(path, headers={"accept": "text/html"})
        assert answer.status_code == 200, path
        assert answer.headers["content-type"].partition(";")[0] == "text/html"
        page = _Page(answer.text)
        assert page.open == [], path
        shown = "".join(page.shown)
        for text in wanted:
            assert text in shown, (path, text)
        assert any("f=" in href for href in page.hrefs), "it leads to its other formats"
