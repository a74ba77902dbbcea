"""Rules as a MapLibre style (version 8) over our own vector tiles. Pure.

One style layer for each class, with a filter: QGIS drops `step`, `case`, `match` and `interpolate`
over attributes. Filters are comparisons and `has`, which every client knows.
"""

from __future__ import annotations

from urllib.parse import urlencode

from geoservice.catalog.layer import Layer
from geoservice.catalog.ramps import colours
from geoservice.catalog.style import Label, Zooms
from geoservice.catalog.tiling import POINT_COUNT, sum_name
from geoservice.model import JSON, Language, said
from geoservice.publish.styles.rule import (
    Among,
    Beside,
    Between,
    Condition,
    Missing,
    Portrayal,
    Rule,
)

FONT = "Vazirmatn Regular"
_ALL_ZOOMS = Zooms()


def maplibre(
    drawn: Portrayal, base: str, language: Language, shown: dict[str, str] | None = None
) -> JSON:
    """The style document, all its addresses absolute; `shown` are parameters of its tiles."""
    layer = drawn.layer
    tiles = f"{base}/tiles/{layer.id}.json"
    cluster = drawn.style.cluster
    wide = {} if cluster is None else {"cell-size": str(cluster.cell)}
    sources = {layer.id: _source(tiles, {**(shown or {}), **wide})}
    if drawn.style.label is not None and drawn.shape == "polygon":
        points = {**(shown or {}), "label-points": "true", **_properties(layer, drawn.style.label)}
        sources[_label_source(drawn)] = _source(tiles, points)
    return {
        "version": 8,
        "name": said(drawn.style.title, language),
        "metadata": {
            "geoservice:style": drawn.style.id,
            "geoservice:layer": layer.id,
            "geoservice:language": language,
        },
        "sources": sources,
        "sprite": f"{base}/sprites/sprite",
        "glyphs": f"{base}/fonts/{{fontstack}}/{{range}}.pbf",
        "layers": [*_symbols(drawn, language), *_texts(drawn, language)],
    }


def _source(tiles: str, parameters: dict[str, str]) -> JSON:
    query = urlencode(parameters, safe=",")
    return {"type": "vector", "url": f"{tiles}?{query}" if query else tiles}


def _label_source(drawn: Portrayal) -> str:
    """The source that labels are of: where areas are labelled, each as one point."""
    return f"{drawn.layer.id}-labels" if drawn.shape == "polygon" else drawn.layer.id


def _properties(layer: Layer, label: Label) -> dict[str, str]:
    """What labels need in either language, and what tells whose they are."""
    names = (layer.feature_id, label.attribute.fa, label.attribute.en, label.priority)
    carried = dict.fromkeys(
        name
        for name in names
        if name is not None and name in layer.attributes and layer.attributes[name].in_tiles()
    )
    return {"properties": ",".join(carried)} if carried else {}


def _symbols(drawn: Portrayal, language: Language) -> list[JSON]:
    if drawn.style.heat is not None:
        return _heat(drawn, language)
    rules = list(drawn.rules)
    if drawn.style.proportional is not None:
        rules.reverse()  # so that the small lie on the large
    make = {"point": _circle, "line": _line, "polygon": _fill}[drawn.shape]
    layers = [_layer(drawn, rule, make(rule), language) for rule in rules]
    if drawn.shape == "polygon":
        layers += _outlines(drawn, language)
    return layers


def _layer(drawn: Portrayal, rule: Rule, painted: JSON, language: Language) -> JSON:
    described: JSON = {
        "id": f"{drawn.style.id}-{rule.id}",
        **painted,
        "metadata": {"geoservice:rule": rule.id, "geoservice:title": said(rule.title, language)},
        "source": drawn.layer.id,
        "source-layer": drawn.layer.id,
        **_zooms(rule.zoom),
    }
    if rule.condition is not None:
        described["filter"] = expression(rule.condition)
    return described


def _zooms(zoom: Zooms) -> JSON:
    found: JSON = {}
    if zoom.min > _ALL_ZOOMS.min:
        found["minzoom"] = zoom.min
    if zoom.max < _ALL_ZOOMS.max:
        found["maxzoom"] = zoom.max
    return found


def _circle(rule: Rule) -> JSON:
    look = rule.look
    paint = {
        "circle-color": look.colour,
        "circle-opacity": look.opacity,
        "circle-radius": look.size / 2,
    }
    if look.outline_width:
        paint |= {
            "circle-stroke-color": look.outline,
            "circle-stroke-width": look.outline_width,
            "circle-stroke-opacity": look.opacity,
        }
    return {"type": "circle", "paint": paint}


def _line(rule: Rule) -> JSON:
    look = rule.look
    paint = {
        "line-color": look.colour,
        "line-opacity": look.opacity,
        "line-width": look.size,
    }
    layout = {"line-cap": "round", "line-join": "round"}
    return {"type": "line", "layout": layout, "paint": paint}


def _fill(rule: Rule) -> JSON:
    look = rule.look
    # Without it neighbours of one colour are parted by a line of another shade: both are
    # antialiased at their shared edge.
    paint = {"fill-color": look.colour, "fill-opacity": look.opacity, "fill-antialias": False}
    return {"type": "fill", "paint": paint}


def _outlines(drawn: Portrayal, language: Language) -> list[JSON]:
    """The edges of polygons: over all classes at once, or class by class where zooms differ."""
    outline = drawn.style.symbol.outline
    if not outline.width:
        return []
    painted: JSON = {
        "type": "line",
        "layout": {"line-join": "round"},
        "paint": {"line-color": outline.colour, "line-width": outline.width},
    }
    if len({rule.zoom for rule in drawn.rules}) > 1 or not _all_are_drawn(drawn):
        edged = [_layer(drawn, rule, painted, language) for rule in drawn.rules]
        return [{**each, "id": f"{each['id']}-outline"} for each in edged]
    first = drawn.rules[0]
    whole = Rule("outline", drawn.layer.title, None, first.look, first.zoom)
    return [_layer(drawn, whole, painted, language)]


def _all_are_drawn(drawn: Portrayal) -> bool:
    """Whether every feature meets one of the rules, as far as that is plain."""
    conditions = [rule.condition for rule in drawn.rules]
    if None in conditions:
        return True
    kinds = {type(condition) for condition in conditions}
    return Missing in kinds and (Beside in kinds or Between in kinds)


def _heat(drawn: Portrayal, language: Language) -> list[JSON]:
    """Heat over faint points. QGIS drops heat and keeps the points."""
    heat = drawn.style.heat
    if heat is None:
        return []
    (rule,) = drawn.rules
    points = _layer(drawn, rule, _circle(rule), language)
    points["id"] = f"{drawn.style.id}-points"
    paint: JSON = {
        "heatmap-radius": heat.radius,
        # As one goes nearer the points part, so each has to count for more.
        "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 4, 0.15, 10, 1],
        "heatmap-opacity": 0.85,
        "heatmap-color": heat_colours(heat.ramp),
    }
    paint["heatmap-weight"] = _weight(drawn, heat.weight)
    return [points, _layer(drawn, rule, {"type": "heatmap", "paint": paint}, language)]


def _weight(drawn: Portrayal, attribute: str | None) -> list[object]:
    """What a point of a tile counts for: with it those that it stands for."""
    if attribute is None:
        return ["coalesce", ["get", POINT_COUNT], 1]
    summed = [["get", sum_name(attribute)]] if attribute in drawn.layer.tiles.sums else []
    weight = ["max", ["coalesce", *summed, ["get", attribute], 0], 0]
    return weight if drawn.per_point == 1 else ["/", weight, drawn.per_point]


def heat_colours(ramp: str) -> list[object]:
    """Density to colour: nothing at all where there is nothing."""
    table = colours(ramp, 7)
    red, green, blue = (int(table[0][n : n + 2], 16) for n in (1, 3, 5))
    nothing = f"rgba({red},{green},{blue},0)"  # of the first colour: black would show as grey
    stops: list[object] = ["interpolate", ["linear"], ["heatmap-density"], 0, nothing]
    for n, colour in enumerate(table, 1):
        stops += [round(n / len(table), 3), colour]
    return stops


def _texts(drawn: Portrayal, language: Language) -> list[JSON]:
    label, cluster = drawn.style.label, drawn.style.cluster
    layers: list[JSON] = []
    if cluster is not None:
        counts = Label.model_validate(
            {"attribute": {"fa": cluster.count, "en": cluster.count}, "size": 11}
        )
        counted = _text(drawn, counts, language, "counts")
        counted["filter"] = [">", cluster.count, 1]
        counted["layout"]["text-field"] = ["to-string", ["get", cluster.count]]
        for beside in ("text-anchor", "text-offset"):  # it stands within the circle
            counted["layout"].pop(beside, None)
        layers.append(counted)
    if label is not None:
        layers += _labels(drawn, label, language)
    return layers


def _labels(drawn: Portrayal, label: Label, language: Language) -> list[JSON]:
    """The texts of a label; what has none in the language is called as in the other one.

    In a layer of its own: QGIS drops labels whose text an expression chooses.
    """
    own = _text(drawn, label, language, "label")
    names = (label.attribute.fa, label.attribute.en)
    if names[0] == names[1]:
        return [own]
    name, other = names if language == "fa" else names[::-1]
    instead = _text(drawn, label, language, "label-instead")
    instead["filter"] = ["all", ["!has", name], ["has", other]]
    instead["layout"]["text-field"] = ["get", other]
    return [instead, own]


def _text(drawn: Portrayal, label: Label, language: Language, name: str) -> JSON:
    attribute = label.attribute.fa if language == "fa" else label.attribute.en
    layout: JSON = {
        "text-field": ["get", attribute],
        "text-font": [FONT],
        "text-size": label.size,
        "text-max-width": 8,
    }
    if drawn.shape == "line":
        layout["symbol-placement"] = "line"
    if drawn.shape == "point":
        away = max((rule.look.size for rule in drawn.rules), default=0) / 2 / label.size
        layout |= {"text-anchor": "top", "text-offset": [0, round(min(away, 0.5) + 0.2, 2)]}
    if label.priority is not None:
        layout["symbol-sort-key"] = ["*", -1, ["coalesce", ["get", label.priority], 0]]
    paint: JSON = {"text-color": label.colour}
    if label.halo.width:
        paint |= {"text-halo-color": label.halo.colour, "text-halo-width": label.halo.width}
    return {
        "id": f"{drawn.style.id}-{name}",
        "type": "symbol",
        "source": _label_source(drawn),
        "source-layer": drawn.layer.id,
        **_zooms(label.zoom.within(drawn.style.zoom)),
        "layout": layout,
        "paint": paint,
    }


def expression(condition: Condition) -> list[object]:
    """The condition as a filter. A feature of a tile lacks the attributes that are null."""
    match condition:
        case Among(attribute, (value,)):
            return ["==", attribute, value]
        case Among(attribute, values):
            return ["in", attribute, *values]
        case Beside(attribute, values):
            return ["all", ["has", attribute], ["!in", attribute, *values]]
        case Missing(attribute):
            return ["!has", attribute]
        case Between(attribute, low, high):
            tests: list[object] = []
            if low is not None:
                tests.append([">", attribute, low])
            if high is not None:
                tests.append(["<=", attribute, high])
            return ["all", ["has", attribute], *tests]
