"""/archives: PMTiles files, read by ranges."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.responses import FileResponse

from geoservice.errors import NotFound
from geoservice.http.answer import document, not_modified
from geoservice.http.asked import Asked, one_of
from geoservice.http.context import Context
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
        return FileResponse(path, headers=headers, media_type=PMTILES, stat_result=status)

    return routes


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
