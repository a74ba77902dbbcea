"""A style as its TOML file declares it: one drawing of one layer; unknown keys are errors.

Every client's form of it (MapLibre, QML, SLD, legend) is derived in `publish/styles`.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from geoservice.catalog.declared import Declared
from geoservice.catalog.ramps import most_classes
from geoservice.catalog.style_values import (
    Breaks,
    Colour,
    Opacity,
    Pixels,
    Ramp,
    Value,
    ZoomLevel,
)
from geoservice.catalog.tiling import POINT_COUNT, CellSize
from geoservice.model import Title

# Of mapclassify; those that need no more than values and perhaps a number of classes.
Method = Literal[
    "Quantiles",
    "EqualInterval",
    "FisherJenks",
    "NaturalBreaks",
    "JenksCaspall",
    "MaximumBreaks",
    "PrettyBreaks",
    "Percentiles",
    "StdMean",
    "HeadTailBreaks",
    "BoxPlot",
]
METHODS_OF_OWN_NUMBER = ("Percentiles", "StdMean", "HeadTailBreaks", "BoxPlot")


class Zooms(Declared):
    """The zooms of a web map (512 pixels a tile) between which something is drawn."""

    min: ZoomLevel = 0
    max: ZoomLevel = 24

    @model_validator(mode="after")
    def _ordered(self) -> Zooms:
        if self.min >= self.max:
            raise ValueError(f"min {self.min:g} is not below max {self.max:g}")
        return self

    def within(self, other: Zooms) -> Zooms:
        """Those that are in both; ValueError where there are none."""
        low, high = max(self.min, other.min), min(self.max, other.max)
        if low >= high:
            raise ValueError(
                f"it is drawn at none of the zooms {self.min:g}-{self.max:g}, "
                f"since the style is for {other.min:g}-{other.max:g}; "
                "zooms that overlap these would be right"
            )
        return Zooms(min=low, max=high)


class Outline(Declared):
    """The line around a point or a polygon; `width` in pixels."""

    colour: Colour = "#ffffff"
    width: Pixels = 0.6


class Symbol(Declared):
    """How a feature looks: `size` is a point's diameter or a line's width in pixels."""

    colour: Colour = "#2b6ca3"
    opacity: Opacity = 1
    size: Pixels = 6
    outline: Outline = Outline()


class NoData(Declared):
    """The class of features without a value."""

    colour: Colour = "#d4d4d4"
    title: Title = Title("بدون داده", "No data")


class Other(Declared):
    """The class of values that are in no other class."""

    colour: Colour = "#9a9a9a"
    title: Title = Title("سایر", "Other")


class Shown(Declared):
    """How a legend writes numbers: divided by `divide`, with so many `digits`, and a unit."""

    divide: float = Field(default=1, gt=0, allow_inf_nan=False)
    digits: int | None = Field(default=None, ge=0, le=10, description="as few as tell apart")
    unit: Title | None = Field(default=None, description="the attribute's own without it")


class Class(Declared):
    """The features that have one of these values."""

    values: tuple[Value, ...] = Field(min_length=1)
    title: Title | None = Field(default=None, description="that of the attribute's code without it")
    colour: Colour | None = Field(default=None, description="the ramp's without it")
    size: Pixels | None = None
    zoom: Zooms | None = None


class Categorised(Declared):
    """A class for each value, or for each code of the attribute where no `classes` are named."""

    attribute: str
    ramp: Ramp = "OkabeIto"
    classes: tuple[Class, ...] = ()
    other: Other | None = Field(default=None, description="a class for all other values")
    no_data: NoData | None = None


class Graduated(Declared):
    """Classes of a number: between fixed `breaks`, or `k` of them by a `method` of mapclassify.

    A value that equals a break belongs to the class below it.
    """

    attribute: str
    breaks: Breaks | None = None
    method: Method | None = None
    k: int = Field(default=5, ge=2, le=9)
    ramp: Ramp = "YlGnBu"
    reverse: bool = False
    shown: Shown = Shown()
    no_data: NoData | None = NoData()

    @model_validator(mode="after")
    def _classes(self) -> Graduated:
        if (self.breaks is None) == (self.method is None):
            raise ValueError("give either `breaks` or `method`")
        if "k" in self.model_fields_set and self.method in METHODS_OF_OWN_NUMBER:
            raise ValueError(f"{self.method} makes a number of classes of its own: leave out `k`")
        if "k" in self.model_fields_set and self.breaks is not None:
            raise ValueError("`k` is for a `method`; breaks say themselves how many classes")
        classes = self.k if self.breaks is None else len(self.breaks) + 1
        if classes > most_classes(self.ramp):
            raise ValueError(
                f"«{self.ramp}» has {most_classes(self.ramp)} colours at most, not {classes}"
            )
        return self


class Proportional(Declared):
    """Points whose area grows with a number, in `steps` of equal difference in diameter.

    `most` is the number that gets `max_size` (pixels); without it the greatest that there is.
    """

    attribute: str
    most: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    min_size: Pixels = 4
    max_size: Pixels = 36
    steps: int = Field(default=6, ge=2, le=12)
    shown: Shown = Shown()

    @model_validator(mode="after")
    def _ordered(self) -> Proportional:
        if self.min_size >= self.max_size:
            raise ValueError(f"min_size {self.min_size:g} is not below max_size {self.max_size:g}")
        return self


class Heat(Declared):
    """Density of points; `radius` in pixels, `weight` an attribute that counts instead of 1.

    `per_point` is how much of it counts as one point; without it the mean of all, so that heat is
    as strong as without a weight.
    """

    radius: Pixels = 20
    weight: str | None = None
    per_point: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    ramp: Ramp = "YlOrRd"

    @model_validator(mode="after")
    def _weighed(self) -> Heat:
        if self.per_point is not None and self.weight is None:
            raise ValueError("`per_point` is for a `weight`")
        return self


class Cluster(Declared):
    """Points that stand for many: those whose `count` is above 1 grow with it and say it.

    `cell`: of so many pixels' square one shows, so that their circles have room.
    """

    count: str = Field(default=POINT_COUNT, description="what tiles carry the number as")
    cell: CellSize = 64
    breaks: Breaks = (10, 100, 1000)
    ramp: Ramp = "YlGnBu"


class Single(Declared):
    """One symbol for all."""


class Texts(Declared):
    """The attribute with the text, for each language."""

    fa: str
    en: str


class Halo(Declared):
    """The ring around letters; `width` in pixels."""

    colour: Colour = "#ffffff"
    width: Pixels = 1.4


class Label(Declared):
    """The texts at features; of two that overlap the one with the greater `priority` stays."""

    attribute: Texts
    size: Pixels = 12
    colour: Colour = "#222222"
    halo: Halo = Halo()
    zoom: Zooms = Zooms()
    priority: str | None = Field(default=None, description="an attribute with a number")


KINDS = ("single", "categorised", "graduated", "proportional", "heat", "cluster")


class Style(Declared):
    """One style; `id` is the file's stem, and its layer's id unless it names another `layer`."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Title
    description: Title | None = None
    layer: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*)?$")
    symbol: Symbol = Symbol()
    zoom: Zooms = Zooms()
    label: Label | None = None
    single: Single | None = None
    categorised: Categorised | None = None
    graduated: Graduated | None = None
    proportional: Proportional | None = None
    heat: Heat | None = None
    cluster: Cluster | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Style:
        given = [name for name in KINDS if getattr(self, name) is not None]
        if len(given) != 1:
            found = f"it has {' and '.join(given)}" if given else "it has none"
            raise ValueError(f"give one of [{'], ['.join(KINDS)}]; {found}")
        return self

    @model_validator(mode="after")
    def _all_shows(self) -> Style:
        classes = self.categorised.classes if self.categorised is not None else ()
        zooms = {f"categorised.classes.{n}.zoom": each.zoom for n, each in enumerate(classes)}
        zooms["label.zoom"] = self.label.zoom if self.label is not None else None
        for key, zoom in zooms.items():
            try:
                (zoom or self.zoom).within(self.zoom)
            except ValueError as error:
                raise ValueError(f"{key}: {error}") from None
        return self

    @property
    def layer_id(self) -> str:
        """The layer that it draws."""
        return self.layer or self.id

    @cached_property
    def digest(self) -> str:
        """A hash of the whole declaration: what is made from it changes when it does."""
        return hashlib.blake2b(self.model_dump_json().encode(), digest_size=12).hexdigest()
