"""How styles and their layers disagree, by their declarations alone."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from geoservice.catalog.attribute import Attribute, FromZoom
from geoservice.catalog.layer import GEOMETRY_DIMENSIONS, Layer
from geoservice.catalog.ramps import most_classes
from geoservice.catalog.style import Categorised, Style

_NUMBERS = ("integer", "number")
_PLAIN = ("string", "integer", "boolean")


def style_faults(style: Style, layer: Layer) -> list[str]:
    """Every way in which the style cannot draw the layer, with file and key; empty if it can."""
    found = [*_geometry(style, layer), *_attributes(style, layer), *_zooms(style, layer)]
    return [f"{style.id}.toml: {fault}" for fault in found]


def _geometry(style: Style, layer: Layer) -> Iterator[str]:
    if layer.geometry.type not in GEOMETRY_DIMENSIONS:
        yield (
            f"layer: «{layer.id}» holds any geometry; only points, lines or polygons can be "
            "styled: let its `geometry.type` say which"
        )
        return
    of_points = {"proportional": style.proportional, "heat": style.heat, "cluster": style.cluster}
    for key, value in of_points.items():
        if value is not None and GEOMETRY_DIMENSIONS[layer.geometry.type] != 0:
            yield f"{key}: is for points, and «{layer.id}» is of {layer.geometry.type}"


def _attributes(style: Style, layer: Layer) -> Iterator[str]:
    for key, name, types in _used(style):
        attribute = layer.attributes.get(name)
        if attribute is None:
            yield (
                f"{key}: «{layer.id}» has no attribute «{name}»; it has: "
                f"{', '.join(layer.attributes)}"
            )
        elif attribute.type not in types:
            yield (f"{key}: «{name}» is {attribute.type}; {' or '.join(types)} would be right")
        elif not attribute.tiles:
            yield (
                f"{key}: «{name}» is not in tiles, so a web map could not draw it: take "
                f"`tiles = false` away from it in {layer.id}.toml"
            )
        elif (first := _first_zoom(attribute)) > floor(begins := _begins(style, layer, key)):
            yield (
                f"{key}: tiles carry «{name}» from zoom {first} on, and it is drawn from "
                f"{begins:g} on"
            )
        elif key == "categorised.attribute" and style.categorised is not None:
            yield from _values(style.categorised, layer)


def _first_zoom(attribute: Attribute) -> int:
    return attribute.tiles.min if isinstance(attribute.tiles, FromZoom) else 0


def _begins(style: Style, layer: Layer, key: str) -> float:
    """The zoom from which on what the key names is drawn: not before there are tiles."""
    own = style.label.zoom.min if style.label is not None and key.startswith("label.") else 0
    return max(style.zoom.min, own, layer.zoom.min)


def _used(style: Style) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The key, the attribute that it names, and the types that it can have."""
    if style.categorised is not None:
        yield "categorised.attribute", style.categorised.attribute, _PLAIN
    if style.graduated is not None:
        yield "graduated.attribute", style.graduated.attribute, _NUMBERS
    if style.proportional is not None:
        yield "proportional.attribute", style.proportional.attribute, _NUMBERS
    if style.heat is not None and style.heat.weight is not None:
        yield "heat.weight", style.heat.weight, _NUMBERS
    if style.label is not None:
        yield "label.attribute.fa", style.label.attribute.fa, (*_PLAIN, "number")
        yield "label.attribute.en", style.label.attribute.en, (*_PLAIN, "number")
        if style.label.priority is not None:
            yield "label.priority", style.label.priority, _NUMBERS


def _values(categorised: Categorised, layer: Layer) -> Iterator[str]:
    attribute = layer.attributes[categorised.attribute]
    if not categorised.classes and not attribute.codes:
        yield (
            f"categorised: «{categorised.attribute}» has no closed list of codes (`enum`), so "
            "name the `classes`"
        )
    kind = {"string": str, "integer": int, "boolean": bool}[attribute.type]
    seen: set[object] = set()
    for n, each in enumerate(categorised.classes):
        for value in each.values:
            place = f"categorised.classes.{n}.values"
            if type(value) is not kind:
                yield f"{place}: «{value}» is no {attribute.type}, as «{categorised.attribute}» is"
            elif attribute.codes and value not in attribute.codes:
                codes = ", ".join(map(str, attribute.codes))
                yield f"{place}: «{value}» is not among the codes: {codes}"
            elif value in seen:
                yield f"{place}: «{value}» is in two classes"
            seen.add(value)
    needed = len(categorised.classes or attribute.codes)
    coloured = [each.colour for each in categorised.classes if each.colour is not None]
    if len(coloured) < needed and needed > most_classes(categorised.ramp):
        yield (
            f"categorised.ramp: «{categorised.ramp}» has {most_classes(categorised.ramp)} colours, "
            f"and there are {needed} classes: give some a `colour`, or put values together"
        )


def _zooms(style: Style, layer: Layer) -> Iterator[str]:
    """QGIS draws nothing of what begins below the last zoom that has tiles."""
    begins = {"zoom.min": style.zoom.min}
    if style.label is not None:
        begins["label.zoom.min"] = style.label.zoom.min
    classes = style.categorised.classes if style.categorised is not None else ()
    for n, each in enumerate(classes):
        if each.zoom is not None:
            begins[f"categorised.classes.{n}.zoom.min"] = each.zoom.min
    for key, zoom in begins.items():
        if zoom > layer.zoom.max:
            yield (
                f"{key}: {zoom:g} lies above the last zoom that «{layer.id}» has tiles of, "
                f"{layer.zoom.max}"
            )
