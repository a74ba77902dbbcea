"""The glyphs of the map's labels: ranges of signed distances (PBF), of the fonts in geoservice/web.

    python -m assets.glyphs

A glyph is a bitmap 24 pixels to the em with a margin of 3; 192 is its edge, and a pixel's distance
from it counts 32 (values are cut at 0 and 255). Maps draw letters of any size and halo from that.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

WEB = Path(__file__).resolve().parents[1] / "geoservice" / "web"
FONTS = {
    "Vazirmatn Regular": WEB / "fonts" / "Vazirmatn-Regular.ttf",
    "Vazirmatn Bold": WEB / "fonts" / "Vazirmatn-Bold.ttf",
}
EM = 24
_MARGIN = 3
_RADIUS = 8  # pixels from the edge to where a value ends, were there no cut
_CUT = 0.25
_RANGE = 256
_STEPS = np.linspace(0, 1, 9)[1:, None]  # of a curve as straight pieces
_PRESENTATION_FORMS = (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFF00))


class _Rings(BasePen):  # type: ignore[misc]
    """Outlines as closed rings of points, in pixels: `scale` of the font's units across and up."""

    def __init__(self, glyphs: object, scale: tuple[float, float]) -> None:
        super().__init__(glyphs)
        self.rings: list[list[tuple[float, float]]] = []
        self.scale = np.array(scale)

    def _add(self, points: np.ndarray) -> None:
        self.rings[-1] += [(x, y) for x, y in points * self.scale]

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.rings.append([])
        self._add(np.array([pt]))

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self._add(np.array([pt]))

    def _qCurveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float]) -> None:
        start, by, end = np.array(self._getCurrentPoint()), np.array(pt1), np.array(pt2)
        t = _STEPS
        self._add((1 - t) ** 2 * start + 2 * (1 - t) * t * by + t**2 * end)


def ranges(path: Path, name: str) -> Iterator[tuple[int, bytes]]:
    """The ranges of 256 characters of which the font has any: their first characters and PBFs."""
    font = TTFont(path)
    by_range: defaultdict[int, list[bytes]] = defaultdict(list)
    for code, glyph in sorted(_characters(font).items()):
        by_range[code // _RANGE].append(_glyph(font, code, glyph))
    for number, glyphs in sorted(by_range.items()):
        first = number * _RANGE
        stack = _text(1, name) + _text(2, f"{first}-{first + _RANGE - 1}")
        stack += b"".join(_bytes(3, glyph) for glyph in glyphs)
        yield first, _bytes(1, stack)


def _characters(font: TTFont) -> dict[int, str]:
    """Every character with its glyph. Text is joined by asking for presentation forms; where the
    font lacks that of a letter by itself, which looks as the letter does, it is the letter's.
    """
    found: dict[int, str] = dict(font.getBestCmap())
    for code in _PRESENTATION_FORMS:
        kind, _, letters = unicodedata.decomposition(chr(code)).partition(" ")
        if code not in found and kind == "<isolated>" and " " not in letters:
            letter = found.get(int(letters, 16))
            if letter is not None:
                found[code] = letter
    return found


def _glyph(font: TTFont, code: int, glyph: str) -> bytes:
    scale = EM / font["head"].unitsPerEm
    glyphs = font.getGlyphSet()
    width = glyphs[glyph].width * scale
    pixels = round(width)
    # An advance is whole pixels. Letters that join are drawn as wide as that, so that they meet.
    fit = pixels / width if pixels and _joins(code) else 1
    pen = _Rings(glyphs, (scale * fit, scale))
    glyphs[glyph].draw(pen)
    shape = _shape(pen.rings)
    advance = _number(7, pixels)
    if shape.is_empty:
        return _number(1, code) + b"".join(_number(each, 0) for each in (3, 4, 5, 6)) + advance
    left, bottom = (math.floor(edge) for edge in shape.bounds[:2])
    right, top = (math.ceil(edge) for edge in shape.bounds[2:])
    x = np.arange(left - _MARGIN, right + _MARGIN) + 0.5
    y = np.arange(top + _MARGIN, bottom - _MARGIN, -1) - 0.5
    points = shapely.points(*np.meshgrid(x, y))
    away = shapely.distance(points, shape.boundary)
    inside = shapely.contains_properly(shape, points)
    value = 1 - (np.where(inside, -away, away) / _RADIUS + _CUT)
    bitmap = np.clip(np.round(255 * value), 0, 255).astype(np.uint8).tobytes()
    below_top = top - round(font["hhea"].ascent * scale)
    return (
        _number(1, code)
        + _bytes(2, bitmap)
        + _number(3, right - left)
        + _number(4, top - bottom)
        + _number(5, _zigzag(left))
        + _number(6, _zigzag(below_top))
        + advance
    )


def _joins(code: int) -> bool:
    forms = ("<initial>", "<medial>", "<final>")
    return unicodedata.decomposition(chr(code)).startswith(forms)


def _shape(rings: list[list[tuple[float, float]]]) -> shapely.Geometry:
    """What is inside: TrueType's outlines run clockwise, its holes the other way."""
    outlines: list[shapely.Geometry] = []
    holes: list[shapely.Geometry] = []
    for ring in rings:
        if len(ring) > 2:
            polygon = shapely.Polygon(ring)
            kind = holes if polygon.exterior.is_ccw else outlines
            kind.append(shapely.make_valid(polygon))
    return shapely.difference(shapely.union_all(outlines), shapely.union_all(holes))


def _zigzag(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*found, number))


def _number(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _bytes(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode())


if __name__ == "__main__":
    for name, path in FONTS.items():
        directory = WEB / "glyphs" / name
        directory.mkdir(parents=True, exist_ok=True)
        for old in directory.glob("*.pbf"):
            old.unlink()
        for first, data in ranges(path, name):
            (directory / f"{first}-{first + _RANGE - 1}.pbf").write_bytes(data)
