"""Which rows of a layer a request asks for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from geoservice.catalog.layer import Layer
from geoservice.model import Bounds
from geoservice.publish.cql2.parse import Filter

Value = str | int | Decimal | bool | datetime.date | datetime.datetime


@dataclass(frozen=True, slots=True)
class Days:
    """An interval of days, ends included; None is open."""

    first: datetime.date | None = None
    last: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What rows must meet.

    `boxes`: geometry, in the CRS of `boxes_srid`, intersects one of them, if there are any (x
    before y; two where the request's box crosses the antimeridian). `days`: the dates of a row meet
    them. `equal`: value of each attribute, dimensions among them; a dimension that is absent takes
    its default, unless the `filter` (CQL2) names it.
    """

    boxes: tuple[Bounds, ...] = ()
    days: Days | None = None
    equal: Mapping[str, Value] = field(default_factory=dict)
    boxes_srid: int = 4326
    filter: Filter | None = None

    @property
    def names(self) -> frozenset[str]:
        """The attributes that it speaks of."""
        return frozenset(self.equal) | (self.filter.properties if self.filter else frozenset())

    def leaves_open(self, layer: Layer) -> tuple[str, ...]:
        """The layer's dimensions of which the rows may have several values: the filter chooses."""
        named = self.filter.properties if self.filter else frozenset[str]()
        return tuple(n for n in layer.dimensions if n in named and n not in self.equal)
