"""Rules as the renderer of QGIS that says them most plainly."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from geoservice.catalog.ramps import colours
from geoservice.catalog.style import Heat, Zooms
from geoservice.model import Language, said
from geoservice.publish.styles.qml.expression import column, expression, literal, number
from geoservice.publish.styles.qml.symbol import layer, mm, options, rgba, symbol
from geoservice.publish.styles.rule import Among, Between, Portrayal, Rule
from geoservice.publish.styles.scale import denominator

_ENDLESS = 1e300
_BASE = {"forceraster": "0", "symbollevels": "0", "referencescale": "-1", "enableorderby": "0"}


def renderer(parent: Element, drawn: Portrayal, language: Language) -> None:
    """The renderer below `parent`.

    Single, categorised and graduated ones can be worked on in QGIS as such; what they cannot say
    (a class of several values, or without a value, zooms of a class) becomes rules.
    """
    style, rules = drawn.style, drawn.rules
    if style.heat is not None:
        _heat(parent, style.heat, drawn.per_point)
    elif style.cluster is not None:
        _cluster(parent, drawn)
    elif len(rules) == 1 and rules[0].condition is None:
        made = SubElement(parent, "renderer-v2", {"type": "singleSymbol", **_BASE})
        _symbols(made, drawn)
    elif _all(rules, Among, drawn) and all(len(_values(rule)) == 1 for rule in rules):
        _categorised(parent, drawn, language)
    elif style.graduated is not None and _all(rules, Between, drawn):
        _graduated(parent, drawn, language)
    else:
        _rules(parent, drawn, language)


def _all(rules: Sequence[Rule], kind: type, drawn: Portrayal) -> bool:
    """Whether all conditions are of the kind, at all the zooms of the style."""
    return all(isinstance(each.condition, kind) and each.zoom == drawn.style.zoom for each in rules)


def _values(rule: Rule) -> tuple[object, ...]:
    return rule.condition.values if isinstance(rule.condition, Among) else ()


def _symbols(made: Element, drawn: Portrayal) -> None:
    symbols = SubElement(made, "symbols")
    for n, rule in enumerate(drawn.rules):
        symbol(symbols, str(n), drawn.shape, rule.look)


def _attribute(rule: Rule) -> str:
    return rule.condition.attribute if rule.condition is not None else ""


def _categorised(parent: Element, drawn: Portrayal, language: Language) -> None:
    attribute = _attribute(drawn.rules[0])
    made = SubElement(
        parent, "renderer-v2", {"type": "categorizedSymbol", "attr": attribute, **_BASE}
    )
    categories = SubElement(made, "categories")
    for n, rule in enumerate(drawn.rules):
        (value,) = _values(rule)
        kind = {bool: "bool", int: "long"}.get(type(value), "string")
        text = literal(value) if isinstance(value, bool) else str(value)
        SubElement(
            categories,
            "category",
            {
                "value": text,
                "type": kind,
                "symbol": str(n),
                "label": said(rule.title, language),
                "render": "true",
            },
        )
    _symbols(made, drawn)


def _graduated(parent: Element, drawn: Portrayal, language: Language) -> None:
    """Of two ranges that share a bound QGIS takes the first, as we do."""
    attribute = _attribute(drawn.rules[0])
    made = SubElement(
        parent,
        "renderer-v2",
        {
            "type": "graduatedSymbol",
            "attr": attribute,
            **_BASE,
            "graduatedMethod": "GraduatedColor",
        },
    )
    ranges = SubElement(made, "ranges")
    for n, rule in enumerate(drawn.rules):
        if not isinstance(rule.condition, Between):
            continue
        low, high = rule.condition.low, rule.condition.high
        SubElement(
            ranges,
            "range",
            {
                "lower": number(-_ENDLESS if low is None else low),
                "upper": number(_ENDLESS if high is None else high),
                "symbol": str(n),
                "render": "true",
                "label": said(rule.title, language),
            },
        )
    _symbols(made, drawn)


def _rules(parent: Element, drawn: Portrayal, language: Language) -> None:
    proportional = drawn.style.proportional
    ordered = {"enableorderby": "1"} if proportional is not None else {}
    made = SubElement(parent, "renderer-v2", {"type": "RuleRenderer", **_BASE, **ordered})
    rules = SubElement(made, "rules", {"key": f"{drawn.style.id}"})
    for n, rule in enumerate(drawn.rules):
        said_of = {
            "key": f"{drawn.style.id}-{rule.id}",
            "symbol": str(n),
            "label": said(rule.title, language),
        }
        if rule.condition is not None:
            said_of["filter"] = expression(rule.condition)
        SubElement(rules, "rule", said_of | _scales(rule.zoom))
    _symbols(made, drawn)
    if proportional is not None:  # so that the small lie on the large
        orders = SubElement(made, "orderby")
        clause = SubElement(orders, "orderByClause", {"asc": "0", "nullsFirst": "0"})
        clause.text = column(proportional.attribute)


def _scales(zoom: Zooms) -> dict[str, str]:
    found = {}
    if zoom.min > Zooms().min:
        found["scalemaxdenom"] = f"{denominator(zoom.min):.0f}"
    if zoom.max < Zooms().max:
        found["scalemindenom"] = f"{denominator(zoom.max):.0f}"
    return found


def _heat(parent: Element, heat: Heat, per_point: float) -> None:
    """QGIS takes the greatest density in view for the end of the ramp."""
    weight = ""
    if heat.weight is not None:  # without a value a point would count as one
        weight = f"max(coalesce({column(heat.weight)}, 0), 0) / {number(per_point)}"
    made = SubElement(
        parent,
        "renderer-v2",
        {
            "type": "heatmapRenderer",
            **_BASE,
            "max_value": "0",
            "quality": "1",
            "radius": mm(heat.radius),
            "radius_unit": "0",
            "weight_expression": weight,
        },
    )
    shades = colours(heat.ramp, 7)
    ramp = SubElement(made, "colorramp", {"type": "gradient", "name": "[source]"})
    stops = [f"{(n + 1) / 7:.3f};{rgba(shade)}" for n, shade in enumerate(shades[:-1])]
    options(
        ramp,
        {
            "color1": rgba(shades[0], 0),
            "color2": rgba(shades[-1]),
            "discrete": "0",
            "rampType": "gradient",
            "stops": ":".join(stops),
        },
    )


def _cluster(parent: Element, drawn: Portrayal) -> None:
    """QGIS has the points themselves, so it puts them together itself."""
    made = SubElement(
        parent,
        "renderer-v2",
        {"type": "pointCluster", **_BASE, "tolerance": "10", "toleranceUnit": "MM"},
    )
    alone = SubElement(made, "renderer-v2", {"type": "singleSymbol", **_BASE})
    symbol(SubElement(alone, "symbols"), "0", drawn.shape, drawn.rules[0].look)
    many = symbol(made, "centerSymbol", drawn.shape, drawn.rules[-1].look)
    number_of = layer(
        many,
        "FontMarker",
        {"chr": "0", "color": rgba("#ffffff"), "font": "Vazirmatn", "size": mm(12)},
    )
    properties = SubElement(number_of, "data_defined_properties")
    top = SubElement(properties, "Option", {"type": "Map"})
    SubElement(top, "Option", {"type": "QString", "name": "name", "value": ""})
    char = SubElement(
        SubElement(top, "Option", {"type": "Map", "name": "properties"}),
        "Option",
        {"type": "Map", "name": "char"},
    )
    SubElement(char, "Option", {"type": "bool", "name": "active", "value": "true"})
    told = {"type": "QString", "name": "expression", "value": "@cluster_size"}
    SubElement(char, "Option", told)
    SubElement(char, "Option", {"type": "int", "name": "type", "value": "3"})
    SubElement(top, "Option", {"type": "QString", "name": "type", "value": "collection"})
