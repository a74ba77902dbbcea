"""Rules as a legend: SVG, and PNG made of it. Pure.

The Persian one runs from right to left: symbols stand at the right of their texts.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from math import ceil

import resvg_py

from geoservice.catalog.ramps import colours
from geoservice.model import Language, said
from geoservice.publish.styles.rule import Look, Portrayal, Shape

FONT_FAMILY = "Vazirmatn"
_SVG = "http://www.w3.org/2000/svg"
_SIZE = 13.0  # of the texts, in pixels
_TITLE = 14.0
_PAD = 12.0
_GAP = 10.0  # between symbol and text
_ROW = 24.0
_PATCH = (26.0, 16.0)
_INK = "#222222"
_FAINT = "#555555"
_EDGE = "#a0a0a0"  # in place of white, which would not part a pale class from the paper
# Of a letter, in parts of the font's size: on average, with a little to spare.
_WIDTHS = {"fa": 0.48, "en": 0.52}
# Text of the other direction within would otherwise be put in the order of its surroundings.
_RIGHT_TO_LEFT, _END = "\u202b", "\u202c"


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: a symbol, or none, and a text of a size and a colour."""

    text: str
    height: float
    look: Look | None = None
    ramp: tuple[str, ...] = ()
    size: float = _SIZE
    ink: str = _INK


def legend_svg(drawn: Portrayal, language: Language) -> bytes:
    """The legend on white, as small as it can be."""
    rows = _rows(drawn, language)
    symbol = max(_PATCH[0], *(row.look.size + 2 for row in rows if row.look), 0.0)
    if drawn.shape != "point":
        symbol = _PATCH[0]
    width = ceil(max(_extent(row, language, symbol) for row in rows) + 2 * _PAD)
    height = ceil(sum(row.height for row in rows) + 2 * _PAD)
    root = ET.Element(
        "svg",
        {
            "xmlns": _SVG,
            "width": str(width),
            "height": str(height),
            "viewBox": f"0 0 {width} {height}",
            "font-family": f"{FONT_FAMILY}, 'Noto Sans Arabic', Tahoma, sans-serif",
            "direction": "ltr",  # in a page from right to left, too: an end is at the right
            "role": "img",
            "xml:lang": language,
        },
    )
    ET.SubElement(root, "title").text = said(drawn.style.title, language)
    ET.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    top = _PAD
    for row in rows:
        _draw(root, row, drawn.shape, language, (width, top, symbol))
        top += row.height
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def legend_png(svg: bytes, zoom: int = 2) -> bytes:
    """The SVG as PNG with the font that the package carries, `zoom` pixels for one of it."""
    return resvg_py.svg_to_bytes(
        svg_string=svg.decode(),
        zoom=zoom,
        skip_system_fonts=True,
        font_files=[_font()],
        font_family=FONT_FAMILY,
        sans_serif_family=FONT_FAMILY,
    )


@cache
def _font() -> str:
    with as_file(files("geoservice") / "web" / "fonts" / "Vazirmatn-Regular.ttf") as path:
        return str(path)


def _rows(drawn: Portrayal, language: Language) -> list[_Row]:
    title = said(drawn.style.title, language)
    if drawn.style.heat is None and [said(each.title, language) for each in drawn.rules] == [title]:
        return [_Row(title, _ROW, drawn.rules[0].look)]  # once is enough
    rows = [_Row(title, 26, size=_TITLE)]
    heading = drawn.heading
    if heading is not None and said(heading, language) != title:
        rows.append(_Row(said(heading, language), 24, size=12, ink=_FAINT))
    heat = drawn.style.heat
    if heat is not None:
        few = "کم تا زیاد" if language == "fa" else "few to many"
        rows.append(_Row(few, _ROW, ramp=colours(heat.ramp, 7)))
        return rows
    for rule in drawn.rules:
        height = max(_ROW, rule.look.size + 6) if drawn.shape == "point" else _ROW
        row = _Row(said(rule.title, language), height, rule.look)
        if row not in rows:
            rows.append(row)
    return rows


def _extent(row: _Row, language: Language, symbol: float) -> float:
    text = len(row.text) * row.size * _WIDTHS[language]
    if row.ramp:
        return text + _GAP + _PATCH[0] * 3
    return text + (symbol + _GAP if row.look else 0)


def _draw(
    root: ET.Element,
    row: _Row,
    shape: Shape,
    language: Language,
    place: tuple[float, float, float],
) -> None:
    width, top, symbol = place
    middle = top + row.height / 2
    if row.ramp:
        symbol = _PATCH[0] * 3
    right_to_left = language == "fa"
    indent = symbol + _GAP if row.look or row.ramp else 0
    left = width - _PAD - symbol if right_to_left else _PAD
    if row.ramp:
        _ramp(root, row.ramp[::-1] if right_to_left else row.ramp, left, middle)
    elif row.look is not None:
        _symbol(root, row.look, shape, left + symbol / 2, middle)
    text = ET.SubElement(
        root,
        "text",
        {
            "x": f"{width - _PAD - indent:g}" if right_to_left else f"{_PAD + indent:g}",
            "y": f"{middle + row.size * 0.36:g}",
            "font-size": f"{row.size:g}",
            "fill": row.ink,
            "text-anchor": "end" if right_to_left else "start",
        },
    )
    text.text = f"{_RIGHT_TO_LEFT}{row.text}{_END}" if right_to_left else row.text


def _symbol(root: ET.Element, look: Look, shape: Shape, x: float, y: float) -> None:
    painted = {"fill": look.colour, "fill-opacity": f"{look.opacity:g}"}
    edged = {"stroke": look.outline, "stroke-width": f"{look.outline_width:g}"}
    if shape == "point":
        ET.SubElement(
            root,
            "circle",
            {"cx": f"{x:g}", "cy": f"{y:g}", "r": f"{look.size / 2:g}", **painted, **edged},
        )
    elif shape == "line":
        ET.SubElement(
            root,
            "line",
            {
                "x1": f"{x - _PATCH[0] / 2:g}",
                "x2": f"{x + _PATCH[0] / 2:g}",
                "y1": f"{y:g}",
                "y2": f"{y:g}",
                "stroke": look.colour,
                "stroke-width": f"{look.size:g}",
                "stroke-opacity": f"{look.opacity:g}",
            },
        )
    else:
        ET.SubElement(
            root,
            "rect",
            {
                "x": f"{x - _PATCH[0] / 2:g}",
                "y": f"{y - _PATCH[1] / 2:g}",
                "width": f"{_PATCH[0]:g}",
                "height": f"{_PATCH[1]:g}",
                **painted,
                **(
                    edged if look.outline != "#ffffff" else {"stroke": _EDGE, "stroke-width": "0.5"}
                ),
            },
        )


def _ramp(root: ET.Element, ramp: tuple[str, ...], left: float, middle: float) -> None:
    step = _PATCH[0] * 3 / len(ramp)
    for n, colour in enumerate(ramp):
        ET.SubElement(
            root,
            "rect",
            {
                "x": f"{left + n * step:g}",
                "y": f"{middle - _PATCH[1] / 2:g}",
                "width": f"{step:g}",
                "height": f"{_PATCH[1]:g}",
                "fill": colour,
            },
        )
