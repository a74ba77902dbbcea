"""Who may edit: whoever shows the key, in a header or, since some clients lose those, in the query.

From the query it is taken out at the very front, so that it is a parameter of every resource and
nothing behind can write it into a link, a tag or a message.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_plus

from geoservice.errors import Forbidden, Unauthenticated
from geoservice.http.answer import Send
from geoservice.http.asked import Scope
from geoservice.http.methods import App, Receive

_SHOWN = "geoservice.key"


def without_key(app: App) -> App:
    """`app`, from which the query's parameter `key` is kept, for `authorise` to find."""

    async def hidden(scope: Scope, receive: Receive, send: Send) -> None:
        query: bytes = scope.get("query_string", b"")
        if b"key" in query or b"%" in query:
            parts = [(part, *_pair(part)) for part in query.split(b"&")]
            scope = {
                **scope,
                "query_string": b"&".join(part for part, name, _ in parts if name != "key"),
                _SHOWN: [value for _, name, value in parts if name == "key"],
            }
        await app(scope, receive, send)

    return hidden


def authorise(scope: Scope, headers: Mapping[str, str], key: str) -> None:
    """Unauthenticated if no key is shown, Forbidden if it is not `key`."""
    shown = [*_in_headers(headers), *scope.get(_SHOWN, ())]
    if not shown:
        raise Unauthenticated(
            "editing needs the key: as «Authorization: Bearer …», as «X-API-Key», as the password "
            "of Basic, or as the parameter «key»"
        )
    # Each is compared, and each in the same time, so that nothing tells how near one came.
    right = [hmac.compare_digest(text.encode("utf-8", "replace"), key.encode()) for text in shown]
    if not any(right):
        raise Forbidden("the key that was shown is not the one that opens editing")


def _in_headers(headers: Mapping[str, str]) -> Iterator[str]:
    scheme, _, credentials = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        yield credentials.strip()
    elif scheme.lower() == "basic":
        try:
            _, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            password = ""
        yield password
    if "x-api-key" in headers:
        yield headers["x-api-key"].strip()


def _pair(part: bytes) -> tuple[str, str]:
    name, _, value = part.decode("latin-1").partition("=")
    return unquote_plus(name), unquote_plus(value)
