"""Answers with what is kept; for a request that was seen before, in as few steps as Python allows.

Such a request is known again by its raw bytes, before anything of it is parsed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from geoservice.catalog.load import Catalog
from geoservice.database.engine import Pool, acquire
from geoservice.http.answer import STALE, STALE_HEADERS, Answer, Send, content, fresh_headers
from geoservice.http.asked import Asked, Scope, tag_in
from geoservice.http.coding import accepted
from geoservice.http.fresh import History
from geoservice.http.kept import Entry, Kept, Wanted
from geoservice.http.methods import CORS

# So many requests are known again, of so many bytes at the most: what nobody heeds can be in them.
_KNOWN, _LONGEST = 50_000, 500

# RFC 9211; to say how an answer came about costs nothing and makes caching testable.
_HIT = "geoservice; hit"
_IN_FILE = "geoservice; hit; detail=file"
_MADE = "geoservice; fwd=miss; stored"
_JOINED = "geoservice; fwd=miss; collapsed"
_UNKEPT = "geoservice; fwd=bypass"

_Raw = tuple[str, bytes]
Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Known:
    catalog: Catalog
    key: str
    history: History


@dataclass(frozen=True, slots=True)
class _Ready:
    """An entry in one coding, as ASGI messages."""

    etag: bytes
    start: Message
    body: Message
    unchanged: Message
    stale: Message


_NOTHING: Message = {"type": "http.response.body", "body": b""}


class Warm:
    """What one worker keeps, and the requests that it has answered with it."""

    def __init__(self, kept: Kept, catalog: Callable[[], Catalog]) -> None:
        self.kept = kept
        self._catalog = catalog
        self._known: dict[_Raw, _Known] = {}

    async def answered(self, scope: Scope, send: Send) -> bool:
        """Answer a GET that is known and whose tile is kept and right; False if it is not."""
        coding = held = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                coding = value
            elif name == b"if-none-match":
                held = value
            elif name in (b"tile-version", b"if-match"):
                return False
        known = self._known.get((scope["path"], scope["query_string"]))
        if known is None or known.catalog is not self._catalog() or known.key not in self.kept:
            return False
        fresh = await self.kept.fresh.check(known.history)
        entry = self.kept.get(known.key, known.history, fresh)
        if entry is None:
            return False
        ready: _Ready | None = entry.heads.get(entry.coding(accepted(coding.decode("latin-1"))))
        if ready is None:
            return False
        if held and fresh and _has(held, ready.etag):
            await send(ready.unchanged)
            await send(_NOTHING)
        else:
            await send(ready.start if fresh else ready.stale)
            await send(ready.body)
        return True

    async def answer(self, asked: Asked, catalog: Catalog, pool: Pool, wanted: Wanted) -> Answer:
        """The answer to any request: with what is kept and right, or with what is made for it.

        `catalog` is the one that `wanted` was made of. Where the database does not say what is
        right, what is kept is sent and marked; what is not kept is the database's error.
        """
        history = self.kept.fresh.history(wanted.sources)
        entry = await self.kept.ahead(pool, wanted, history)
        how = _MADE
        if entry is None:
            entry, how = await self._right(pool, wanted, history)
        if entry is None:
            async with acquire(pool) as connection:
                made = await wanted.make(connection, None)
            answer = await content(asked, made.body, wanted.media_type, None)
            answer.headers["cache-status"] = how
            return answer
        answer = await self._answer(asked, entry, how)
        if entry.mark is not None and how != STALE:
            self._know(asked, catalog, entry)
        return answer

    async def _right(
        self, pool: Pool, wanted: Wanted, history: History
    ) -> tuple[Entry | None, str]:
        """What is kept or is made now, and how it came about; None if nothing may be kept."""
        kept = self.kept
        fresh = await kept.fresh.check(history)
        if entry := kept.get(wanted.key, history, fresh):
            return entry, _HIT if fresh else STALE
        if entry := await kept.find_file(wanted, history, fresh):
            return entry, _IN_FILE if fresh else STALE
        if not fresh or history.mark is None:
            return None, _UNKEPT
        entry, joined = await kept.made(pool, wanted, history)
        return entry, _JOINED if joined else _MADE

    async def _answer(self, asked: Asked, entry: Entry, how: str) -> Answer:
        coding = entry.coding(asked.coding)
        body = await entry.body(coding)
        self.kept.weigh(entry)
        etag = tag_in(coding, entry.wanted.media_type, entry.digest)
        headers = _headers(etag) | {"cache-status": how}
        if how == STALE:
            headers["cache-control"] = "no-store"
        elif entry.mark is None:  # while it was made, it became impossible to say what is right
            headers = _headers(None) | {"cache-status": _UNKEPT}
        elif asked.has(etag):
            return Answer(304, headers)
        headers["content-type"] = entry.wanted.media_type
        if coding is not None:
            headers["content-encoding"] = coding
        return Answer(200, headers, body)

    def _know(self, asked: Asked, catalog: Catalog, entry: Entry) -> None:
        coding = entry.coding(asked.coding)
        if coding not in entry.heads and coding in entry.bodies:
            entry.heads[coding] = _ready(entry, coding)
        raw = (asked.path, asked.query)
        if len(raw[0]) + len(raw[1]) > _LONGEST:
            return
        if raw not in self._known and len(self._known) >= _KNOWN:
            del self._known[next(iter(self._known))]
        self._known[raw] = _Known(catalog, entry.wanted.key, entry.history)


def _ready(entry: Entry, coding: str | None) -> _Ready:
    etag = tag_in(coding, entry.wanted.media_type, entry.digest)
    body = entry.bodies[coding]
    said = _headers(etag)
    hit = said | {"cache-status": _HIT}
    whole = {
        "content-type": entry.wanted.media_type,
        "content-length": str(len(body)),
        **({} if coding is None else {"content-encoding": coding}),
    }
    stale = said | STALE_HEADERS
    return _Ready(
        etag.encode(),
        _start(200, hit | whole),
        {"type": "http.response.body", "body": body},
        _start(304, hit),
        _start(200, stale | whole),
    )


def _headers(etag: str | None) -> dict[str, str]:
    """Those of what comes in one format, whatever Accept says."""
    return fresh_headers(etag) | {"vary": "Accept-Encoding"}


def _start(status: int, headers: dict[str, str]) -> Message:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": [*raw, *CORS]}


def _has(held: bytes, etag: bytes) -> bool:
    return (
        held == etag
        or held.strip() == b"*"
        or any(tag.strip().removeprefix(b"W/") == etag for tag in held.split(b","))
    )
