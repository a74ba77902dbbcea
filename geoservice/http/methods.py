"""The methods of every resource, and leave for web pages elsewhere to use them.

Pure ASGI: a middleware of Starlette's BaseHTTPMiddleware kind would cost more than a small tile.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from geoservice.errors import NotFound
from geoservice.http.answer import Answer, Send
from geoservice.http.asked import Scope
from geoservice.http.errors import problem, problem_of

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

CORS = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Accept-Ranges, Content-Crs, Content-Range, ETag, Link, Location",
    ),
)
# The star stands for all of them but Authorization, which has to be named.
_CORS_HEADERS = (
    "*, Authorization, Content-Crs, Content-Type, If-Match, If-None-Match, Range, X-API-Key"
)


@dataclass(frozen=True, slots=True)
class Methods:
    """What a resource can be asked: methods, and the media types that POST and PATCH take."""

    allow: tuple[str, ...] = ("GET", "HEAD", "OPTIONS")
    accept_post: tuple[str, ...] = ()
    accept_patch: tuple[str, ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        """The same as headers."""
        said = {
            "allow": self.allow,
            "accept-post": self.accept_post,
            "accept-patch": self.accept_patch,
        }
        return {name: ", ".join(values) for name, values in said.items() if values}


READING = Methods()


def with_methods(app: App, methods_of: Callable[[str], Methods] = lambda path: READING) -> App:
    """`app`, which answers GET and what `methods_of` a path allows besides, as one that answers
    HEAD and OPTIONS too, and 405 to other methods; 404 where `methods_of` raises NotFound.
    """

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        method = scope["method"]

        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *CORS]
            await send(message)

        if method == "GET":
            await app(scope, receive, sent)
            return
        if method == "HEAD":
            await _head(app, scope, receive, sent)
            return
        try:
            methods = methods_of(scope["path"])
        except NotFound as error:
            # A browser that may not ask would not get to see that there is nothing.
            asks = any(name == b"access-control-request-method" for name, _ in scope["headers"])
            preflight = method == "OPTIONS" and asks
            await (_preflight(READING) if preflight else problem_of(error)).send(sent)
            return
        if method == "OPTIONS":
            await _preflight(methods).send(sent)
        elif method in methods.allow:
            await app(scope, receive, sent)
        else:
            await refusal(method, methods).send(sent)

    return answered


class _Enough(Exception):
    """The head of a long answer is there."""


async def _head(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """What GET answers, without its body: of a long one no more is made than tells its head."""

    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            return
        await send({"type": "http.response.body", "body": b""})
        if message.get("more_body"):
            raise _Enough

    with suppress(_Enough):
        await app({**scope, "method": "GET"}, receive, sent)


def _preflight(methods: Methods) -> Answer:
    cors = {
        "access-control-allow-methods": ", ".join(methods.allow),
        "access-control-allow-headers": _CORS_HEADERS,
        "access-control-max-age": "86400",
    }
    return Answer(200, methods.headers | cors)


def refusal(method: str, methods: Methods) -> Answer:
    """405 to a method that a resource has not, with those that it has."""
    refused = problem(
        HTTPStatus.METHOD_NOT_ALLOWED,
        f"{method} is not possible here; {', '.join(methods.allow)} are",
    )
    refused.headers.update(methods.headers)
    return refused
