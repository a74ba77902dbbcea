"""The content of a request: held against media type and size, and read."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence

from geoservice.errors import ContentTooLarge, InvalidParameter, UnsupportedContent
from geoservice.http.asked import Asked
from geoservice.http.methods import Receive

_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s;\"]+)")


def check_media_type(asked: Asked, accepted: Sequence[str]) -> None:
    """Pass if the content is UTF-8 of one of the `accepted` types, unpacked.

    InvalidParameter if it says of no type to be, UnsupportedContent if it is of another.
    """
    _, charset = media_type(asked, accepted)
    if charset not in (None, "utf-8", "utf8", "us-ascii"):
        raise UnsupportedContent(f"JSON is read as UTF-8, not as {charset}", accepted)


def media_type(asked: Asked, accepted: Sequence[str]) -> tuple[str, str | None]:
    """The type of the content, which is one of the `accepted`, and the charset that it names.

    Raises as `check_media_type` does.
    """
    named, _, beside = asked.headers.get("content-type", "").lower().partition(";")
    named = named.strip()
    if not named:
        raise InvalidParameter(
            "Content-Type",
            "",
            f"what was sent has no Content-Type; it can be: {', '.join(accepted)}",
            accepted,
        )
    coding = asked.headers.get("content-encoding", "identity").strip().lower()
    if named not in accepted or coding != "identity":
        kind = named if coding == "identity" else f"{named}, packed in {coding}"
        raise UnsupportedContent(
            f"«{kind}» is not taken here: send {' or '.join(accepted)}, not compressed", accepted
        )
    charset = _CHARSET.search(beside)
    return named, charset[1] if charset else None


async def read_body(asked: Asked, receive: Receive, most: int, what: str) -> bytes:
    """The content; ContentTooLarge as soon as it has over `most` bytes, and the rest is not read.

    `what` it is, for the message.
    """
    return b"".join([piece async for piece in body_pieces(asked, receive, most, what)])


async def body_pieces(
    asked: Asked, receive: Receive, most: int, what: str
) -> AsyncGenerator[bytes, None]:
    """The same piece by piece, as it comes."""
    length = asked.headers.get("content-length", "")
    size = int(length) if length.isdecimal() and len(length) < 20 else 0
    if size > most:
        raise ContentTooLarge(f"{what} may have up to {most} bytes")
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        piece = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(piece)
        if size > most:
            raise ContentTooLarge(f"{what} may have up to {most} bytes")
        yield piece
