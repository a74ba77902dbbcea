from __future__ import annotations

from typing import Any

import pytest

from geoservice.errors import InvalidParameter, PreconditionFailed
from geoservice.http.asked import Asked, one_of


def _asked(headers: dict[str, str], query: bytes = b"", base_url: str | None = None) -> Asked:
    scope: dict[str, Any] = {
        "path": "/collections",
        "query_string": query,
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    return Asked.of(scope, base_url)


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({"host": "geo.example:8443"}, "http://geo.example:8443"),
        ({"host": "[::1]:80"}, "http://[::1]:80"),
        ({"host": "in", "x-forwarded-host": "out", "x-forwarded-proto": "https"}, "https://out"),
        ({"host": "in", "x-forwarded-proto": "https, http"}, "https://in"),
        ({"host": "in", "x-forwarded-proto": "javascript"}, "http://in"),
        ({"host": 'in"><script>'}, "http://127.0.0.1:8000"),
        ({}, "http://127.0.0.1:8000"),
    ],
)
def test_the_base_of_links(headers: dict[str, str], base: str) -> None:
    assert _asked(headers).base == base
    assert _asked(headers, base_url="https://fixed/").base == "https://fixed"
    assert _asked(headers).url == f"{base}/collections"


def test_parameters_are_decoded_and_checked() -> None:
    asked = _asked({}, "name=کرمان&b=%D8%A8+x&c=".encode())
    assert asked.parameters(("name", "b", "c")) == {"name": "کرمان", "b": "ب x", "c": ""}
    with pytest.raises(InvalidParameter, match="no parameter «c»") as caught:
        asked.parameters(("name", "b"))
    assert caught.value.allowed == ("b", "name")


def test_equal_requests_have_one_url() -> None:
    asked = _asked({"host": "h"})
    assert asked.with_query({"b": "2", "a": "ب"}) == asked.with_query({"a": "ب", "b": "2"})
    assert asked.with_query({}) == "http://h/collections"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("", False)],
)
def test_if_none_match(sent: str, expected: bool) -> None:
    assert _asked({"if-none-match": sent}).has('"a"') is expected


@pytest.mark.parametrize("etag", ['"a"', None])
@pytest.mark.parametrize(
    ("sent", "met"),
    [("*", True), ('"b", "a"', True), ('"b"', False), ('W/"a"', False), ("", False)],
)
def test_if_match(sent: str, etag: str | None, *, met: bool) -> None:
    asked = _asked({"if-match": sent, "if-none-match": '"c"'})
    if met and (etag is not None or sent == "*"):
        assert asked.has(etag) is False
    else:
        with pytest.raises(PreconditionFailed, match="ETag is"):
            asked.has(etag)


def test_a_tag_stands_for_its_parts_and_the_coding() -> None:
    plain, packed = _asked({}), _asked({"accept-encoding": "gzip"})
    assert plain.etag("a", 1) == plain.etag("a", 1)
    assert plain.etag("a", 1) != plain.etag("a", 2)
    assert plain.etag("a1") != plain.etag("a", "1")
    assert plain.etag("a") != packed.etag("a")


def test_one_of_names_what_is_allowed() -> None:
    with pytest.raises(InvalidParameter, match="it can be: json, csv") as caught:
        one_of("f", "xml", ("json", "csv"))
    assert caught.value.allowed == ("json", "csv")


OFFERS = {"json": "application/geo+json", "html": "text/html", "csv": "text/csv; charset=utf-8"}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "json"),
        ("", "json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("application/json, text/html;q=0.9", "json"),
        ("*/*, text/html;q=0.1", "json"),
        ("text/html;q=0.1, */*", "json"),
        ("text/*", "html"),
        ("text/*;q=0.5, text/csv", "csv"),
        ("text/html;q=0", "json"),
        ("application/pdf", "json"),
        ("application/geo+json;q=2, text/html", "json"),
        ("TEXT/HTML", "html"),
    ],
)
def test_accept_decides_by_its_most_particular_part(accept: str, expected: str) -> None:
    assert _asked({"accept": accept}).preferred(OFFERS) == expected


def test_an_empty_f_is_no_format() -> None:
    with pytest.raises(InvalidParameter, match="«f» cannot be «»"):
        _asked({}, b"f=").preferred(OFFERS)
