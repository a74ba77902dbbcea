"""GET, HEAD and OPTIONS for every resource, and leave for web pages elsewhere to read them.

Pure ASGI: a middleware of Starlette's BaseHTTPMiddleware kind would cost more than a small tile.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from geoservice.http.answer import Answer, Send
from geoservice.http.asked import Scope
from geoservice.http.errors import problem

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_ALLOW = "GET, HEAD, OPTIONS"
_CORS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Content-Crs, ETag, Link"),
)
_PREFLIGHT = {
    "allow": _ALLOW,
    "access-control-allow-methods": _ALLOW,
    "access-control-allow-headers": "*",
    "access-control-max-age": "86400",
}


def with_methods(app: App) -> App:
    """`app`, which answers GET, as one that answers the three methods and 405 to others."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        method = scope["method"]

        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_CORS]
            elif method == "HEAD":
                message["body"] = b""
            await send(message)

        if method == "OPTIONS":
            await Answer(200, _PREFLIGHT).send(sent)
        elif method in ("GET", "HEAD"):
            scope["method"] = "GET"
            await app(scope, receive, sent)
        else:
            refused = problem(
                HTTPStatus.METHOD_NOT_ALLOWED, f"{method} is not possible here; {_ALLOW} are"
            )
            refused.headers["allow"] = _ALLOW
            await refused.send(sent)

    return answered
