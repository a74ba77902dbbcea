"""What is answered: status, headers and body, packed and tagged."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from geoservice.http.asked import Asked
from geoservice.http.coding import packed, packing, worth
from geoservice.model import JSON
from geoservice.publish.links import HTML, JSON_TYPE

_LOG = logging.getLogger(__name__)

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# What `Cache-Status` says of what was right before the database went away, and all that is said.
STALE = "geoservice; hit; detail=stale"
STALE_HEADERS = {"cache-control": "no-store", "cache-status": STALE}

# How long a client may take nothing of an answer before it is given up, and with it the connection
# to the database that the rest would come from: less than others wait for that (`pool_wait_s`).
_PATIENCE_S = 20.0
_SHORT = 2 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response; or its head and the `stream` that gives the body piece by piece."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    stream: AsyncGenerator[bytes, None] | None = None

    async def send(self, send: Send) -> None:
        """Send it over ASGI.

        The head of a stream goes with its first piece: what fails before is still told as an error.
        """
        if self.stream is None:
            length = {} if self.status == 204 else {"content-length": str(len(self.body))}
            await send(self._start(length))
            await send({"type": "http.response.body", "body": self.body})
            return
        begun = False
        async with aclosing(self.stream) as pieces:
            async for piece in pieces:
                if not begun:
                    await send(self._start({}))
                    begun = True
                try:
                    async with asyncio.timeout(_PATIENCE_S):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                except TimeoutError:
                    _LOG.info("a client took nothing of its answer for %g s: it ends", _PATIENCE_S)
                    return  # and is cut off without its end, so that nobody takes it for whole
        if not begun:
            await send(self._start({}))
        await send({"type": "http.response.body", "body": b""})

    def _start(self, more: dict[str, str]) -> MutableMapping[str, Any]:
        headers = {**self.headers, **more}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        return {"type": "http.response.start", "status": self.status, "headers": raw}

    def response(self) -> Response:
        """The same for FastAPI."""
        return Response(self.body, self.status, self.headers)


def not_modified(etag: str | None) -> Answer:
    """304: what the client holds is what it would get."""
    return Answer(304, fresh_headers(etag))


async def content(asked: Asked, body: bytes, media_type: str, etag: str | None) -> Answer:
    """200 with the body, packed if the client takes it so and there is enough of it."""
    headers = {"content-type": media_type, **fresh_headers(etag)}
    if asked.coding is not None and worth(len(body)):
        headers["content-encoding"] = asked.coding
        body = await packed(asked.coding, body)
    return Answer(200, headers, body)


async def streamed(
    asked: Asked,
    pieces: AsyncGenerator[bytes, None],
    media_type: str,
    etag: str | None,
    *,
    packable: bool = True,
) -> Answer:
    """200 with the pieces as they come, packed if the client takes it so and they are `packable`.

    A short answer is read whole before it is sent, so that whatever the pieces hold (a connection,
    a file) is free again when a slow client takes its time.
    """
    read: list[bytes] = []
    length = 0
    async for piece in pieces:
        read.append(piece)
        length += len(piece)
        if length > _SHORT:
            break
    else:
        whole = b"".join(read)
        if packable:
            return await content(asked, whole, media_type, etag)
        return Answer(200, {"content-type": media_type, **fresh_headers(etag)}, whole)
    headers = {"content-type": media_type, **fresh_headers(etag)}
    stream = _resumed(b"".join(read), pieces)
    if asked.coding is not None and packable:
        headers["content-encoding"] = asked.coding
        stream = packing(asked.coding, stream)
    return Answer(200, headers, stream=stream)


async def _resumed(head: bytes, pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(pieces):
        yield head
        async for piece in pieces:
            yield piece


async def document(asked: Asked, value: JSON, media_type: str = JSON_TYPE) -> Answer:
    """A JSON document, tagged by its bytes."""
    body = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    return await tagged(asked, body, media_type)


async def unkept(asked: Asked, value: JSON, media_type: str = JSON_TYPE) -> Answer:
    """A JSON document that no cache may keep."""
    body = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    return await content(asked, body, media_type, None)


def stale(answer: Answer) -> Answer:
    """The answer marked as of before the database went away, and not to be kept."""
    return replace(answer, headers=answer.headers | STALE_HEADERS)


async def page(asked: Asked, html: bytes) -> Answer:
    """A page for people, UTF-8, tagged by its bytes."""
    return await tagged(asked, html, f"{HTML}; charset=utf-8")


async def tagged(asked: Asked, body: bytes, media_type: str) -> Answer:
    """The body, tagged by its bytes."""
    etag = asked.etag(media_type, hashlib.blake2b(body).digest())
    return not_modified(etag) if asked.has(etag) else await content(asked, body, media_type, etag)


def fresh_headers(etag: str | None) -> dict[str, str]:
    """What caches may do: keep it and ask before each use, or without an `etag` nothing."""
    if etag is None:  # made from what may change unseen
        return {"cache-control": "no-store", "vary": "Accept, Accept-Encoding"}
    # Keep it, but ask before using it, so that an edit is seen by the next request. To most clients
    # no-cache says that; QGIS, which prefers its cache to the network, heeds must-revalidate alone.
    return {
        "etag": etag,
        "cache-control": "no-cache, must-revalidate",
        "vary": "Accept, Accept-Encoding",
    }
