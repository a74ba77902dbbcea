from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from geoservice.http import answer as answering
from geoservice.http.answer import Answer, content, document, tagged
from geoservice.http.asked import Asked

pytestmark = pytest.mark.anyio


def _asked(**headers: str) -> Asked:
    return Asked("/", b"", headers, "http://geo.test")


@pytest.mark.parametrize("size", [0, 10, 5_000, 500_000])
async def test_bodies_are_packed_where_it_is_worth_it(size: int) -> None:
    body = b"x" * size
    asked = _asked(**{"accept-encoding": "gzip"})
    answer = await content(asked, body, "text/plain", '"t"')
    if size > 1024:
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(answer.body) == body
    else:
        assert "content-encoding" not in answer.headers
        assert answer.body == body


async def test_a_document_is_tagged_by_its_bytes() -> None:
    first = await document(_asked(), {"نام": "کرمان"})
    assert json.loads(first.body) == {"نام": "کرمان"}
    assert "کرمان".encode() in first.body
    held = _asked(**{"if-none-match": first.headers["etag"]})
    assert (await document(held, {"نام": "کرمان"})).status == 304
    assert (await document(held, {"نام": "یزد"})).status == 200
    assert (await tagged(held, first.body, "text/plain")).status == 200


async def test_nan_never_leaves_as_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        await document(_asked(), {"x": float("nan")})


async def test_who_takes_nothing_is_given_up_without_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answering, "_PATIENCE_S", 0.05)
    sent: list[Any] = []
    ended = False

    async def pieces() -> AsyncGenerator[bytes, None]:
        nonlocal ended
        try:
            for _ in range(9):
                yield b"x"
        finally:
            ended = True

    async def send(message: Any) -> None:
        sent.append(message)
        if len(sent) > 3:
            await asyncio.sleep(60)

    await Answer(200, {}, stream=pieces()).send(send)
    assert ended
    assert [message.get("more_body") for message in sent] == [None, True, True, True]


async def test_it_is_sent_whole() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await (await content(_asked(), b"abc", "text/plain", '"t"')).send(send)
    start, body = sent
    assert start["status"] == 200
    assert (b"content-length", b"3") in start["headers"]
    assert body["body"] == b"abc"
