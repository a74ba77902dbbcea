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


def detect_encoding(path: Path, *, start: int = 0) -> str:
    """The encoding of a text file, from its BOM or from all of its bytes from `start` on.

    Raises InvalidFile where the text is neither UTF-8 nor Windows-1256, or is UTF-8 that was
    damaged, with the line of the first bad byte.
    """
    with path.open("rb") as file:
        file.seek(start)
        first = file.read(4)
    for bom, name in _BOMS:
        if first.startswith(bom):
            return name
    bad = _first_bad_utf8(path, start)
    if bad is None:
        return "utf-8"
    offset, line = bad
    sample = _around(path, offset, start)
    if _looks_arabic(sample, "cp1256") and not _looks_arabic(sample, "utf-8"):
        return "cp1256"
    raise InvalidFile(
        f"line {line} (byte {offset}) is neither UTF-8 nor Windows-1256; "
        "save the file as UTF-8, or name its encoding",
        "encoding",
    )


def refuse_wrong_encoding(path: Path, encoding: str) -> None:
    """InvalidFile for a name that is no encoding, or where the bytes plainly say another.

    Windows-1256 gives every byte a letter, so UTF-8 read as it would go in, garbled.
    """
    try:
        "".encode(encoding)
    except LookupError:
        raise InvalidFile(
            f"«{encoding}» is not an encoding; utf-8 or windows-1256 is expected", "encoding"
        ) from None
    with path.open("rb") as file:
        sample = file.read(_BLOCK)
    name = codecs.lookup(encoding).name
    if name == "utf-8" and (bad := _first_bad_utf8(path, 0)):
        raise InvalidFile(
            f"line {bad[1]} (byte {bad[0]}) is not UTF-8; name no encoding", "encoding"
        )
    if name.startswith("utf"):
        return
    if sample.startswith(tuple(bom for bom, _ in _BOMS)) or _looks_arabic(sample, "utf-8"):
        raise InvalidFile(f"it is not {encoding} but UTF-8; name no encoding", "encoding")


def _first_bad_utf8(path: Path, start: int) -> tuple[int, int] | None:
    """Offset and line of the first byte that is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen, lines = start, 0
    with path.open("rb") as file:
        file.seek(start)
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


def _around(path: Path, offset: int, start: int) -> bytes:
    with path.open("rb") as file:
        file.seek(max(start, offset - _BLOCK))
        return file.read(2 * _BLOCK)


def _looks_arabic(sample: bytes, encoding: str) -> bool:
    """Whether most characters beyond ASCII are letters of the Arabic script."""
    beyond = [character for character in sample.decode(encoding, "replace") if character > "\x7f"]
    arabic = sum("\u0600" <= character <= "\u06ff" for character in beyond)
    return bool(beyond) and arabic >= 0.6 * len(beyond)
