"""Looks as symbols of QGIS."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from geoservice.publish.styles.rule import Look, Shape

_TYPES: dict[Shape, str] = {"point": "marker", "line": "line", "polygon": "fill"}
# A pixel of a screen with 96 to the inch, so that paper shows what the screen does.
MM_PER_PIXEL = 25.4 / 96


def symbol(parent: Element, name: str, shape: Shape, look: Look) -> Element:
    """The symbol below `parent`. Areas are translucent and their edges are not, as in web maps."""
    alpha = 1.0 if shape == "polygon" else look.opacity
    made = SubElement(
        parent,
        "symbol",
        {
            "type": _TYPES[shape],
            "name": name,
            "alpha": f"{alpha:g}",
            "clip_to_extent": "1",
            "force_rhr": "0",
        },
    )
    drawn = {"point": _marker, "line": _line, "polygon": _fill}[shape](look)
    kind = {"point": "SimpleMarker", "line": "SimpleLine", "polygon": "SimpleFill"}[shape]
    layer(made, kind, drawn)
    return made


def layer(parent: Element, kind: str, values: dict[str, str]) -> Element:
    """One layer of a symbol."""
    made = SubElement(parent, "layer", {"class": kind, "enabled": "1", "pass": "0", "locked": "0"})
    options(made, values)
    return made


def options(parent: Element, values: dict[str, str]) -> None:
    """A map of texts."""
    top = SubElement(parent, "Option", {"type": "Map"})
    for name, value in values.items():
        SubElement(top, "Option", {"type": "QString", "name": name, "value": value})


def rgba(colour: str, opacity: float = 1) -> str:
    """`#rrggbb` as QGIS writes it.

    >>> rgba("#ff8000", 0.5)
    '255,128,0,128'
    """
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"{red},{green},{blue},{round(opacity * 255)}"


def mm(pixels: float) -> str:
    """Pixels in millimetres."""
    return f"{pixels * MM_PER_PIXEL:.3f}"


def _marker(look: Look) -> dict[str, str]:
    """QGIS draws an outline half on the mark, web maps around it."""
    return {
        "name": "circle",
        "color": rgba(look.colour),
        "size": mm(look.size + look.outline_width),
        "size_unit": "MM",
        "scale_method": "diameter",
        **_outline(look),
    }


def _line(look: Look) -> dict[str, str]:
    return {
        "line_color": rgba(look.colour),
        "line_style": "solid",
        "line_width": mm(look.size),
        "line_width_unit": "MM",
        "capstyle": "round",
        "joinstyle": "round",
    }


def _fill(look: Look) -> dict[str, str]:
    return {"color": rgba(look.colour, look.opacity), "style": "solid", **_outline(look)}


def _outline(look: Look) -> dict[str, str]:
    return {
        "outline_color": rgba(look.outline),
        "outline_style": "solid" if look.outline_width else "no",
        "outline_width": mm(look.outline_width),
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }
