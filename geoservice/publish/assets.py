"""The files that maps load: glyphs and sprites of styles, and what the map page is made of.

All are read once. The map page's lie at addresses that bear a hash of their contents, so browsers
keep them without asking again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geoservice.errors import InvalidParameter, NotFound
from geoservice.publish.links import GLYPHS, JSON_TYPE, PNG

_WEB = Path(__file__).resolve().parents[1] / "web"
_OF_THE_PAGE = (
    *("vendor/*.mjs", "vendor/*.css", "fonts/*.ttf"),
    *("mappage/*.js", "mappage/*.css", "geocodepage/*.js", "geocodepage/*.css"),
)
_RANGE = 256
_LAST = 0x10FFFF
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": JSON_TYPE,
    ".mjs": "text/javascript; charset=utf-8",
    ".pbf": GLYPHS,
    ".png": PNG,
    ".ttf": "font/ttf",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file: its bytes, a hash of them, and their media type."""

    body: bytes
    digest: str
    media_type: str


@cache
def _files() -> Mapping[str, Asset]:
    """The files of the map page by their names."""
    paths = [path for pattern in _OF_THE_PAGE for path in sorted(_WEB.glob(pattern))]
    return {path.name: _read(path) for path in paths}


@cache
def edition() -> str:
    """A hash of all files of the map page."""
    digest = hashlib.blake2b(digest_size=8)
    for name, asset in _files().items():
        digest.update(f"{name} {asset.digest} ".encode())
    return digest.hexdigest()


def page_file(of_edition: str, name: str) -> Asset:
    """A file of the map page; NotFound in another edition than this one's."""
    found = _files().get(name)
    if found is None or of_edition != edition():
        raise NotFound(f"there is no file «{name}» in the edition «{of_edition}» of the map page")
    return found


@cache
def _glyphs() -> Mapping[str, Mapping[int, Path]]:
    """Every font's ranges, by their first characters."""
    fonts = sorted((_WEB / "glyphs").iterdir())
    return {
        font.name: {int(path.stem.partition("-")[0]): path for path in font.glob("*.pbf")}
        for font in fonts
        if font.is_dir()
    }


def fonts() -> tuple[str, ...]:
    """The names of the fonts that there are glyphs of."""
    return tuple(_glyphs())


def glyphs(font_stack: str, characters: str) -> Asset:
    """256 characters of the first font of the stack (names with commas) that there is.

    `characters` is `0-255`, `256-511` and so on, in decimal digits. InvalidParameter if it is
    nothing such; NotFound names the fonts, or the ranges, that there are.
    """
    first = _first(characters)
    names = [name.strip() for name in font_stack.split(",")]
    font = next((_glyphs()[name] for name in names if name in _glyphs()), None)
    if font is None:
        raise NotFound(f"there are no glyphs of «{font_stack}»; there are of: {', '.join(fonts())}")
    if first not in font:
        known = ", ".join(f"{each}-{each + _RANGE - 1}" for each in sorted(font))
        raise NotFound(f"«{font_stack}» has no characters {characters}; it has: {known}")
    return _read(font[first])


def _first(characters: str) -> int:
    low, _, high = characters.partition("-")
    if low.isascii() and low.isdecimal() and len(low) <= len(str(_LAST)):
        first = int(low)
        exactly = (str(first), str(first + _RANGE - 1))
        if first % _RANGE == 0 and first <= _LAST and (low, high) == exactly:
            return first
    raise InvalidParameter(
        "range",
        characters,
        f"«{characters}» is no range of 256 characters: 0-255, 256-511, 512-767 and so on are",
    )


@cache
def _sprites() -> Mapping[str, Path]:
    return {path.name: path for path in sorted((_WEB / "sprites").iterdir())}


def sprites() -> tuple[str, ...]:
    """The names of the sprite's files."""
    return tuple(_sprites())


def sprite(name: str) -> Asset:
    """A file of the sprite; NotFound names those that there are."""
    if name not in _sprites():
        raise NotFound(f"there is no «{name}»; there are: {', '.join(sprites())}")
    return _read(_sprites()[name])


@cache
def _read(path: Path) -> Asset:
    body = path.read_bytes()
    return Asset(body, hashlib.blake2b(body, digest_size=12).hexdigest(), _TYPES[path.suffix])
