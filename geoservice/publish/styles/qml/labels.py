"""Labels as QGIS declares them."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from geoservice.catalog.style import Label, Zooms
from geoservice.model import Language
from geoservice.publish.styles.qml.expression import column
from geoservice.publish.styles.qml.symbol import mm, rgba
from geoservice.publish.styles.rule import Shape
from geoservice.publish.styles.scale import denominator

FAMILIES = ("Vazirmatn", "Noto Sans Arabic", "Tahoma")
_POINTS_PER_PIXEL = 72 / 96
# Over the middle of an area, along a line, below a point or else around it.
_PLACEMENTS: dict[Shape, dict[str, str]] = {
    "polygon": {"placement": "1", "centroidInside": "1", "centroidWhole": "1"},
    "line": {"placement": "3", "placementFlags": "10"},
    "point": {"placement": "6", "predefinedPositionOrder": "B,T,R,L,BR,BL,TR,TL", "dist": "1"},
}


def labels(parent: Element, label: Label, shape: Shape, language: Language) -> None:
    """The labelling below `parent`."""
    settings = SubElement(
        SubElement(parent, "labeling", {"type": "simple"}), "settings", {"calloutType": "simple"}
    )
    names = dict.fromkeys((label.attribute.fa, label.attribute.en))
    own, *other = names if language == "fa" else reversed(names)
    text = SubElement(
        settings,
        "text-style",
        {
            # What has no name in the language is called as in the other one.
            "fieldName": f"coalesce({column(own)}, {column(other[0])})" if other else own,
            "isExpression": "1" if other else "0",
            "fontFamily": FAMILIES[0],
            "fontSize": f"{label.size * _POINTS_PER_PIXEL:g}",
            "fontSizeUnit": "Point",
            "textColor": rgba(label.colour),
            "textOpacity": "1",
            "fontWeight": "50",
        },
    )
    families = SubElement(text, "families")
    for name in FAMILIES:
        SubElement(families, "family", {"name": name})
    SubElement(
        text,
        "text-buffer",
        {
            "bufferDraw": "1" if label.halo.width else "0",
            "bufferSizeUnits": "MM",
            "bufferSize": mm(label.halo.width),
            "bufferColor": rgba(label.halo.colour),
            "bufferOpacity": "1",
            "bufferNoFill": "1",
            "bufferJoinStyle": "128",
        },
    )
    SubElement(settings, "text-format", {"autoWrapLength": "0", "multilineAlign": "3"})
    placement = {"distUnits": "MM", "priority": "5", **_PLACEMENTS[shape]}
    SubElement(settings, "placement", placement)
    SubElement(settings, "rendering", _rendering(label.zoom))
    if label.priority is not None:
        _priority(settings, label.priority)


def _rendering(zoom: Zooms) -> dict[str, str]:
    return {
        "drawLabels": "1",
        "obstacle": "1",
        "displayAll": "0",
        "scaleVisibility": "0" if zoom == Zooms() else "1",
        # The names are those of the scale bar: the least scale has the greatest denominator.
        "scaleMax": f"{denominator(zoom.min):.0f}",
        "scaleMin": f"{denominator(zoom.max):.0f}",
    }


def _priority(settings: Element, attribute: str) -> None:
    """QGIS has priorities of 0 to 10: that of a million is 6."""
    properties = SubElement(settings, "dd_properties")
    top = SubElement(properties, "Option", {"type": "Map"})
    SubElement(top, "Option", {"type": "QString", "name": "name", "value": ""})
    held = SubElement(top, "Option", {"type": "Map", "name": "properties"})
    priority = SubElement(held, "Option", {"type": "Map", "name": "Priority"})
    worth = f"clamp(0, log10(max(coalesce({column(attribute)}, 0), 0) + 1), 10)"
    SubElement(priority, "Option", {"type": "bool", "name": "active", "value": "true"})
    SubElement(priority, "Option", {"type": "QString", "name": "expression", "value": worth})
    SubElement(priority, "Option", {"type": "int", "name": "type", "value": "3"})
    SubElement(top, "Option", {"type": "QString", "name": "type", "value": "collection"})
