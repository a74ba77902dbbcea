"""The content of a request: held against media type and size, and read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geoservice.errors import ContentTooLarge, InvalidParameter, UnsupportedContent
from geoservice.http.asked import Asked
from geoservice.http.methods import Receive

_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s;\"]+)")


def check_media_type(asked: Asked, accepted: Sequence[str]) -> None:
    """Pass if the content is UTF-8 of one of the `accepted` types, unpacked.

    InvalidParameter if it says of no type to be, UnsupportedContent if it is of another.
    """
    media_type, _, beside = asked.headers.get("content-type", "").lower().partition(";")
    media_type = media_type.strip()
    if not media_type:
        raise InvalidParameter(
            "Content-Type",
            "",
            f"what was sent has no Content-Type; it can be: {', '.join(accepted)}",
            accepted,
        )
    charset = _CHARSET.search(beside)
    if charset is not None and charset[1] not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedContent(f"JSON is read as UTF-8, not as {charset[1]}", accepted)
    coding = asked.headers.get("content-encoding", "identity").strip().lower()
    if media_type not in accepted or coding != "identity":
        kind = media_type if coding == "identity" else f"{media_type}, packed in {coding}"
        raise UnsupportedContent(
            f"«{kind}» is not taken here; these are, unpacked: {', '.join(accepted)}", accepted
        )


async def read_body(asked: Asked, receive: Receive, most: int, what: str) -> bytes:
    """The content; ContentTooLarge as soon as it has over `most` bytes, and the rest is not read.

    `what` it is, for the message.
    """
    length = asked.headers.get("content-length", "")
    size = int(length) if length.isdecimal() and len(length) < 20 else 0
    parts: list[bytes] = []
    more = True
    while more and size <= most:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
        size = max(size, sum(map(len, parts)))
    if size > most:
        raise ContentTooLarge(f"{what} may have up to {most} bytes")
    return b"".join(parts)
