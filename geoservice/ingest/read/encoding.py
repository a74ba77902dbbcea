"""Which encoding a text file is in: UTF-8 with or without BOM, UTF-16 with BOM, Windows-1256."""

from __future__ import annotations

import codecs
from pathlib import Path

from geoservice.errors import InvalidFile

_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(path: Path) -> str:
    """The encoding of a text file, from its BOM or from all of its bytes.

    Raises InvalidFile where the text is neither UTF-8 nor Windows-1256, or is UTF-8 that was
    damaged, with the line of the first bad byte.
    """
    with path.open("rb") as file:
        start = file.read(4)
    for bom, name in _BOMS:
        if start.startswith(bom):
            return name
    bad = _first_bad_utf8(path)
    if bad is None:
        return "utf-8"
    offset, line = bad
    sample = _around(path, offset)
    if _looks_arabic(sample, "cp1256") and not _looks_arabic(sample, "utf-8"):
        return "cp1256"
    raise InvalidFile(
        f"line {line} (byte {offset}) is neither UTF-8 nor Windows-1256; "
        "save the file as UTF-8, or name its encoding with --encoding"
    )


def _first_bad_utf8(path: Path) -> tuple[int, int] | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen = lines = 0
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = block[: max(0, error.start - pending)]
                return seen - pending + error.start, lines + good.count(b"\n") + 1
            if not block:
                return None
            seen += len(block)
            lines += block.count(b"\n")


def _around(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, offset - _BLOCK))
        return file.read(2 * _BLOCK)


def _looks_arabic(sample: bytes, encoding: str) -> bool:
    """Whether most characters beyond ASCII are letters of the Arabic script."""
    beyond = [character for character in sample.decode(encoding, "replace") if character > "\x7f"]
    arabic = sum("\u0600" <= character <= "\u06ff" for character in beyond)
    return bool(beyond) and arabic >= 0.6 * len(beyond)
