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

_UTF32 = "it is in UTF-32; save it as UTF-8"
_NO_TEXT = (
    (codecs.BOM_UTF32_LE, _UTF32),
    (codecs.BOM_UTF32_BE, _UTF32),
    (b"PK\x03\x04", "it is a workbook or another ZIP archive; a workbook's name ends in .xlsx"),
    (b"\xd0\xcf\x11\xe0", "it is a file of the old Excel; save it as .xlsx or CSV"),
)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


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


def refuse_no_text(path: Path) -> None:
    """InvalidFile for a workbook under another name, and for UTF-32, which nobody writes."""
    with path.open("rb") as file:
        first = file.read(8)
    for begin, what in _NO_TEXT:
        if first.startswith(begin):
            raise InvalidFile(what)


def refuse_unmarked_utf16(path: Path) -> None:
    """InvalidFile where line ends have a NUL beside them, which is UTF-16 in all but its mark.

    Or no text at all, where not even that can be read.
    """
    with path.open("rb") as file:
        first = file.read(_BLOCK)
    if first.startswith(_UTF16) or not (b"\x00\n" in first or b"\n\x00" in first):
        return
    if not any(_is_text(first, encoding) for encoding in ("utf-16-le", "utf-16-be")):
        raise InvalidFile("it is no text: it has bytes in it that no table of text has")
    raise InvalidFile(
        "it seems to be UTF-16 without a byte order mark; save it as UTF-8, or name its encoding",
        "encoding",
    )


def _is_text(sample: bytes, encoding: str) -> bool:
    """Whether most of it is in Latin or Arabic letters: bytes at random are so of no script."""
    text = sample.decode(encoding, "replace")
    plain = sum(c in "\t\r\n" or " " <= c < "\u0800" or "\u2000" <= c < "\u2070" for c in text)
    return plain >= 0.9 * len(text)


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
