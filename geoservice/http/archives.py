"""/archives: PMTiles files, read by ranges."""

from __future__ import annotations

import os
import re
import stat
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from geoservice.errors import NotFound
from geoservice.http.answer import Answer, document, not_modified
from geoservice.http.asked import Asked, one_of
from geoservice.http.context import Context
from geoservice.http.errors import problem
from geoservice.publish.links import PMTILES

# No slash and no dot at the beginning: the name of a file of the directory, and no other.
_NAME = re.compile(r"[\w-][\w.-]*\.pmtiles")


def router(context: Context) -> APIRouter:
    """The resources."""
    routes = APIRouter()

    @routes.get("/archives")
    async def archives(request: Request) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        one_of("f", asked.parameters(("f",)).get("f", "json"), ("json",))
        found = [
            {
                "name": path.name,
                "href": f"{asked.base}/archives/{path.name}",
                "type": PMTILES,
                "size": size,
            }
            for path, size in _listed(context.archives_dir)
        ]
        return (await document(asked, {"archives": found})).response()

    @routes.get("/archives/{name}")
    async def archive(request: Request, name: str) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        asked.parameters(())
        path, status = _file(context.archives_dir, name)
        etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"'
        if asked.has(etag):
            return not_modified(etag).response()
        headers = {"etag": etag, "cache-control": "no-cache, must-revalidate"}
        return _File(path, headers=headers, media_type=PMTILES, stat_result=status)

    return routes


class _File(FileResponse):
    """A file, by ranges; a range that cannot be had is refused with a problem document."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it over ASGI."""
        refused: Answer | None = None
        # A range in units that nobody knows is none (RFC 9110, 14.2).
        known = [(n, v) for n, v in scope["headers"] if n != b"range" or v.startswith(b"bytes=")]

        async def sent(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] >= 400:
                refused = self._refusal(HTTPStatus(message["status"]), scope)
            if refused is None:
                await send(message)

        await super().__call__({**scope, "headers": known}, receive, sent)
        if refused is not None:
            await refused.send(send)

    def _refusal(self, status: HTTPStatus, scope: Scope) -> Answer:
        size = self.stat_result.st_size if self.stat_result else 0
        given = dict(scope["headers"]).get(b"range", b"").decode("latin-1")[:100]
        expected = f"the archive has {size:,} bytes: give such as bytes=0-{max(size - 1, 0)}"
        answer = problem(status, f"«Range» is «{given}»; {expected}", parameter="Range")
        answer.headers["content-range"] = f"bytes */{size}"
        return answer


def _listed(directory: Path | None) -> list[tuple[Path, int]]:
    if directory is None or not directory.is_dir():
        return []
    found = sorted(path for path in directory.iterdir() if _NAME.fullmatch(path.name))
    return [(path, path.stat().st_size) for path in found if path.is_file()]


def _file(directory: Path | None, name: str) -> tuple[Path, os.stat_result]:
    if directory is not None and _NAME.fullmatch(name):
        path = directory / name
        try:
            status = path.stat()
        except OSError:
            pass
        else:
            if stat.S_ISREG(status.st_mode):
                return path, status
    raise NotFound(f"there is no archive «{name}»; /archives lists those that there are")
