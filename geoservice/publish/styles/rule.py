"""What every output is made from: rules, each a condition, a symbol and a title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from geoservice.catalog.attribute import Code
from geoservice.catalog.layer import GEOMETRY_DIMENSIONS, Layer
from geoservice.catalog.style import Style, Zooms
from geoservice.model import Title

Shape = Literal["point", "line", "polygon"]

_SHAPES: tuple[Shape, ...] = ("point", "line", "polygon")


@dataclass(frozen=True, slots=True)
class Among:
    """The attribute has one of the values."""

    attribute: str
    values: tuple[Code | bool, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """The attribute has a value, and it is none of these."""

    attribute: str
    values: tuple[Code | bool, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """The attribute is a number above `low` and up to `high`; None is no bound."""

    attribute: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Missing:
    """The attribute has no value."""

    attribute: str


Condition = Among | Beside | Between | Missing


@dataclass(frozen=True, slots=True)
class Look:
    """A symbol: colours `#rrggbb`, sizes in pixels; `size` is a diameter or a line's width."""

    colour: str
    opacity: float
    size: float
    outline: str
    outline_width: float


@dataclass(frozen=True, slots=True)
class Rule:
    """The features that meet the condition (None: all) look so, at these zooms.

    `id` is unique in the style and names the rule in every output.
    """

    id: str
    title: Title
    condition: Condition | None
    look: Look
    zoom: Zooms


@dataclass(frozen=True, slots=True)
class Portrayal:
    """A style over its layer, with its rules in the order of the legend.

    `heading` says what the numbers in the titles are, or what heat is of; None where there is
    nothing to say. `per_point`: how much of its weight counts as one point of heat.
    """

    style: Style
    layer: Layer
    shape: Shape
    rules: Sequence[Rule]
    heading: Title | None = None
    per_point: float = 1


def shape_of(layer: Layer) -> Shape:
    """What the layer's features are drawn as."""
    return _SHAPES[GEOMETRY_DIMENSIONS[layer.geometry.type]]
