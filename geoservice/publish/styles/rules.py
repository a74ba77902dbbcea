"""Style × layer × class breaks → rules. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from geoservice.catalog.layer import Layer
from geoservice.catalog.ramps import colours
from geoservice.catalog.style import (
    Categorised,
    Class,
    Cluster,
    Graduated,
    Proportional,
    Shown,
    Style,
)
from geoservice.catalog.style_values import Value
from geoservice.model import Title, yes_or_no
from geoservice.persian.numbers import persian_digits
from geoservice.publish.styles.ranges import range_titles
from geoservice.publish.styles.rule import (
    Among,
    Beside,
    Between,
    Look,
    Missing,
    Portrayal,
    Rule,
    shape_of,
)
from geoservice.publish.styles.sizes import diameters
from geoservice.publish.units import unit_of


def portrayal(style: Style, layer: Layer, edges: Sequence[float] = ()) -> Portrayal:
    """The style's rules; `edges` part the classes of a graduated or proportional one, or are the
    one number that counts as a point of heat.
    """
    shape, heading, per_point = shape_of(layer), None, 1.0
    if style.categorised is not None:
        rules = _categorised(style, style.categorised, layer)
        heading = layer.attributes[style.categorised.attribute].title
    elif style.graduated is not None:
        rules = _graduated(style, style.graduated, edges)
        heading = _measured(layer, style.graduated.attribute, style.graduated.shown)
    elif style.proportional is not None:
        rules = _proportional(style, style.proportional, edges)
        heading = _measured(layer, style.proportional.attribute, style.proportional.shown)
    elif style.cluster is not None:
        rules = _cluster(style, style.cluster, layer)
    else:
        rules = [Rule("all", layer.title, None, look(style), style.zoom)]
    if style.heat is not None and style.heat.weight is not None:
        heading = layer.attributes[style.heat.weight].title
        per_point = edges[0] if edges else per_point
    return Portrayal(style, layer, shape, tuple(rules), heading, per_point)


def look(style: Style, colour: str | None = None, size: float | None = None) -> Look:
    """The style's symbol with another colour or size."""
    symbol = style.symbol
    return Look(
        colour or symbol.colour,
        symbol.opacity,
        symbol.size if size is None else size,
        symbol.outline.colour,
        symbol.outline.width,
    )


def _categorised(style: Style, kind: Categorised, layer: Layer) -> list[Rule]:
    attribute = layer.attributes[kind.attribute]
    classes = kind.classes or tuple(Class(values=(code,)) for code in attribute.codes)
    uncoloured = sum(each.colour is None for each in classes)
    ramp = iter(colours(kind.ramp, uncoloured) if uncoloured else ())
    rules = [
        Rule(
            str(n),
            each.title or _named(each, attribute.code_titles),
            Among(kind.attribute, each.values),
            look(style, each.colour or next(ramp), each.size),
            style.zoom if each.zoom is None else each.zoom.within(style.zoom),
        )
        for n, each in enumerate(classes)
    ]
    if kind.other is not None:
        named = tuple(value for each in classes for value in each.values)
        condition = Beside(kind.attribute, named)
        other = look(style, kind.other.colour)
        rules.append(Rule("other", kind.other.title, condition, other, style.zoom))
    if kind.no_data is not None:
        missing, nothing = Missing(kind.attribute), look(style, kind.no_data.colour)
        rules.append(Rule("no_data", kind.no_data.title, missing, nothing, style.zoom))
    return rules


def _graduated(style: Style, kind: Graduated, edges: Sequence[float]) -> list[Rule]:
    ramp = colours(kind.ramp, len(edges) + 1, reverse=kind.reverse)
    titles = range_titles(edges, kind.shown)
    bounds = [None, *edges, None]
    rules = [
        Rule(
            str(n),
            title,
            Between(kind.attribute, bounds[n], bounds[n + 1]),
            look(style, colour),
            style.zoom,
        )
        for n, (title, colour) in enumerate(zip(titles, ramp, strict=True))
    ]
    if kind.no_data is not None:
        missing, nothing = Missing(kind.attribute), look(style, kind.no_data.colour)
        rules.append(Rule("no_data", kind.no_data.title, missing, nothing, style.zoom))
    return rules


def _proportional(style: Style, kind: Proportional, edges: Sequence[float]) -> list[Rule]:
    """What is nothing, or less, has no area: it is not drawn."""
    titles = range_titles(edges, kind.shown)
    bounds = [0.0, *edges, None]
    return [
        Rule(
            str(n),
            title,
            Between(kind.attribute, bounds[n], bounds[n + 1]),
            look(style, size=size),
            style.zoom,
        )
        for n, (title, size) in enumerate(zip(titles, diameters(kind, len(titles)), strict=True))
    ]


def _cluster(style: Style, kind: Cluster, layer: Layer) -> list[Rule]:
    """Points alone first; then those that stand for many, larger and in the ramp's colours."""
    edges = kind.breaks
    titles = range_titles(edges, Shown())
    ramp = colours(kind.ramp, len(edges) + 2)[1:]  # the first is too pale for so small a mark
    bounds = [1.0, *edges, None]
    alone = Rule("alone", layer.title, Missing(kind.count), look(style), style.zoom)
    one = Rule("one", layer.title, Between(kind.count, None, 1), look(style), style.zoom)
    return [
        alone,
        one,
        *(
            Rule(
                str(n),
                title,
                Between(kind.count, bounds[n], bounds[n + 1]),
                look(style, colour, 16 + 8 * n),
                style.zoom,
            )
            for n, (title, colour) in enumerate(zip(titles, ramp, strict=True))
        ),
    ]


def _measured(layer: Layer, name: str, shown: Shown) -> Title:
    """The attribute's title with its unit."""
    attribute = layer.attributes[name]
    unit = shown.unit or unit_of(attribute)
    if not unit.fa:
        return attribute.title
    return Title(f"{attribute.title.fa} ({unit.fa})", f"{attribute.title.en} ({unit.en})")


def _named(each: Class, titles: dict[str | int, Title]) -> Title:
    """The titles of the codes; a value without one stands for itself, a boolean for yes or no."""
    codes = {} if isinstance(each.values[0], bool) else titles  # True is not the code 1
    found = [codes.get(value) or _itself(value) for value in each.values]
    return Title("، ".join(title.fa for title in found), ", ".join(title.en for title in found))


def _itself(value: Value) -> Title:
    if isinstance(value, bool):
        return yes_or_no(value)
    return Title(persian_digits(str(value)) if isinstance(value, int) else str(value), str(value))
