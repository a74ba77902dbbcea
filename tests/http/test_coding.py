from __future__ import annotations

import gzip
import os
from collections.abc import AsyncGenerator, Callable

import brotli
import pytest
import zstandard

from geoservice.http.coding import CODINGS, accepted, packed, packing

pytestmark = pytest.mark.anyio

_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP;q=0.5, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("*", "zstd"),
        ("*;q=0.1, zstd;q=0", "br"),
        ("gzip;q=0", None),
        ("gzip; q=0.0, br", "br"),
        ("gzip;q=nonsense", None),
        ("identity;q=1, gzip;q=0.5", None),
    ],
)
def test_the_coding_that_the_client_likes_best(header: str, expected: str | None) -> None:
    assert accepted(header) == expected


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("body", [b"", b"x" * 10, os.urandom(200_000)])
async def test_what_is_packed_unpacks(coding: str, body: bytes) -> None:
    assert _UNPACK[coding](await packed(coding, body)) == body


@pytest.mark.parametrize("coding", CODINGS)
async def test_pieces_are_packed_as_they_come(coding: str) -> None:
    given = [os.urandom(90_000) for _ in range(5)]
    taken = 0

    async def pieces() -> AsyncGenerator[bytes, None]:
        nonlocal taken
        for piece in given:
            taken += 1
            yield piece

    stream = packing(coding, pieces())
    first = await anext(stream)
    assert taken < len(given)
    rest = b"".join([piece async for piece in stream])
    assert _UNPACK[coding](first + rest) == b"".join(given)
