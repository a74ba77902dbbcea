"""Rules as SLD 1.1 (OGC 05-078r4) with Symbology Encoding 1.1 (05-077r4). Pure.

Heat and clusters are not in the standard: there the points themselves are drawn.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from geoservice.catalog.style import Label, Style, Zooms
from geoservice.model import Language, said
from geoservice.publish.styles.rule import (
    Among,
    Beside,
    Between,
    Condition,
    Look,
    Missing,
    Portrayal,
    Rule,
    Shape,
)
from geoservice.publish.styles.scale import denominator

_SLD = "http://www.opengis.net/sld"
_SE = "http://www.opengis.net/se"
_OGC = "http://www.opengis.net/ogc"
_FONT = "Vazirmatn"
for _prefix, _uri in (("sld", _SLD), ("se", _SE), ("ogc", _OGC)):
    register_namespace(_prefix, _uri)


def sld(drawn: Portrayal, language: Language) -> bytes:
    """The whole document: one named layer with one style."""
    style = drawn.style
    root = Element(f"{{{_SLD}}}StyledLayerDescriptor", {"version": "1.1.0"})
    layer = SubElement(root, f"{{{_SLD}}}NamedLayer")
    _se(layer, "Name", drawn.layer.id)
    user = SubElement(layer, f"{{{_SLD}}}UserStyle")
    _se(user, "Name", style.id)
    _se(_se(user, "Description"), "Title", said(style.title, language))
    features = _se(user, "FeatureTypeStyle")
    rules = drawn.rules[:1] if style.cluster is not None else drawn.rules
    for rule in rules:
        condition = None if style.cluster is not None else rule.condition
        _symbolized(features, rule, condition, drawn.shape, language)
    if style.label is not None:
        _labelled(features, style, style.label, drawn.shape, language)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _se(parent: Element, name: str, text: str | None = None) -> Element:
    made = SubElement(parent, f"{{{_SE}}}{name}")
    made.text = text
    return made


def _svg(parent: Element, name: str, text: str) -> None:
    _se(parent, "SvgParameter", text).set("name", name)


def _symbolized(
    features: Element, rule: Rule, condition: Condition | None, shape: Shape, language: Language
) -> None:
    made = _se(features, "Rule")
    _se(made, "Name", rule.id)
    _se(_se(made, "Description"), "Title", said(rule.title, language))
    if condition is not None:
        made.append(_filter(condition))
    _scales(made, rule.zoom)
    {"point": _point, "line": _line, "polygon": _polygon}[shape](made, rule.look)


def _scales(rule: Element, zoom: Zooms) -> None:
    if zoom.max < Zooms().max:
        _se(rule, "MinScaleDenominator", f"{denominator(zoom.max):.0f}")
    if zoom.min > Zooms().min:
        _se(rule, "MaxScaleDenominator", f"{denominator(zoom.min):.0f}")


def _point(rule: Element, look: Look) -> None:
    graphic = _se(_se(rule, "PointSymbolizer"), "Graphic")
    mark = _se(graphic, "Mark")
    _se(mark, "WellKnownName", "circle")
    _fill(mark, look.colour)
    _stroke(mark, look.outline, look.outline_width)
    _se(graphic, "Opacity", f"{look.opacity:g}")
    _se(graphic, "Size", f"{look.size:g}")


def _line(rule: Element, look: Look) -> None:
    stroke = _stroke(_se(rule, "LineSymbolizer"), look.colour, look.size)
    if stroke is not None:
        _svg(stroke, "stroke-opacity", f"{look.opacity:g}")
        _svg(stroke, "stroke-linecap", "round")


def _polygon(rule: Element, look: Look) -> None:
    symbolizer = _se(rule, "PolygonSymbolizer")
    fill = _fill(symbolizer, look.colour)
    _svg(fill, "fill-opacity", f"{look.opacity:g}")
    _stroke(symbolizer, look.outline, look.outline_width)


def _fill(parent: Element, colour: str) -> Element:
    fill = _se(parent, "Fill")
    _svg(fill, "fill", colour)
    return fill


def _stroke(parent: Element, colour: str, width: float) -> Element | None:
    if not width:
        return None
    stroke = _se(parent, "Stroke")
    _svg(stroke, "stroke", colour)
    _svg(stroke, "stroke-width", f"{width:g}")
    return stroke


def _labelled(
    features: Element, style: Style, label: Label, shape: Shape, language: Language
) -> None:
    made = _se(features, "Rule")
    _se(made, "Name", "label")
    _scales(made, label.zoom.within(style.zoom))
    text = _se(made, "TextSymbolizer")
    attribute = label.attribute.fa if language == "fa" else label.attribute.en
    _property(_se(text, "Label"), attribute)
    font = _se(text, "Font")
    _svg(font, "font-family", _FONT)
    _svg(font, "font-size", f"{label.size:g}")
    placement = _se(text, "LabelPlacement")
    if shape == "line":
        _se(placement, "LinePlacement")
    else:
        anchor = _se(_se(placement, "PointPlacement"), "AnchorPoint")
        _se(anchor, "AnchorPointX", "0.5")
        _se(anchor, "AnchorPointY", "1.2" if shape == "point" else "0.5")
    if label.halo.width:
        halo = _se(text, "Halo")
        _se(halo, "Radius", f"{label.halo.width:g}")
        _fill(halo, label.halo.colour)
    _fill(text, label.colour)


def _filter(condition: Condition) -> Element:
    made = Element(f"{{{_OGC}}}Filter")
    _test(made, condition)
    return made


def _test(parent: Element, condition: Condition) -> None:
    name = condition.attribute
    match condition:
        case Among(_, values):
            parent = parent if len(values) == 1 else _ogc(parent, "Or")
            for value in values:
                _compared(parent, "PropertyIsEqualTo", name, value)
        case Beside(_, values):
            both = _ogc(parent, "And")
            _property(_ogc(_ogc(both, "Not"), "PropertyIsNull"), name)
            for value in values:
                _compared(both, "PropertyIsNotEqualTo", name, value)
        case Missing():
            _property(_ogc(parent, "PropertyIsNull"), name)
        case Between(_, None, None):
            _property(_ogc(_ogc(parent, "Not"), "PropertyIsNull"), name)
        case Between(_, low, high):
            parent = parent if low is None or high is None else _ogc(parent, "And")
            if low is not None:
                _compared(parent, "PropertyIsGreaterThan", name, low)
            if high is not None:
                _compared(parent, "PropertyIsLessThanOrEqualTo", name, high)


def _compared(parent: Element, operator: str, name: str, value: object) -> None:
    made = _ogc(parent, operator)
    _property(made, name)
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    _ogc(made, "Literal").text = text.lower() if isinstance(value, bool) else text


def _property(parent: Element, name: str) -> None:
    _ogc(parent, "PropertyName").text = name


def _ogc(parent: Element, name: str) -> Element:
    return SubElement(parent, f"{{{_OGC}}}{name}")
