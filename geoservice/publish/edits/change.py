"""A checked change of one feature, and on what condition it is made. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geoservice.catalog.crs import Crs
from geoservice.catalog.layer import Layer
from geoservice.errors import InvalidContent, PreconditionFailed
from geoservice.publish.edits.content import Content
from geoservice.publish.edits.geometry import wkb
from geoservice.publish.edits.values import checked, shown
from geoservice.publish.selection import Value

# What is no segment of a path, or vanishes when a client makes the path normal.
_NO_NAMES = ("", ".", "..")


@dataclass(frozen=True, slots=True)
class Change:
    """`values` by attribute, None for none; `defaults`: the attributes that go to their column's
    default; `fixed`: what has to be as it is.

    `geometry`: WKB with x before y in the CRS of `srid`, or None for none; set if `sets_geometry`.
    """

    values: Mapping[str, Value | None]
    defaults: tuple[str, ...]
    fixed: Mapping[str, Any]
    geometry: bytes | None
    sets_geometry: bool
    srid: int


@dataclass(frozen=True, slots=True)
class Condition:
    """What If-Match and If-None-Match ask of a row: its hash is among them, or is not.

    `None` asks nothing; "*" among them stands for any row.
    """

    match: frozenset[str] | None = None
    none_match: frozenset[str] | None = None

    def check(self, row_hash: str) -> None:
        """PreconditionFailed unless the row of that hash meets it."""
        both = {row_hash, "*"}
        if self.match is not None and not both & self.match:
            raise PreconditionFailed(
                "If-Match names another state: the feature has been changed; read it again"
            )
        if self.none_match is not None and both & self.none_match:
            raise PreconditionFailed("If-None-Match names the state that the feature is in")


def creation(layer: Layer, content: Content, crs: Crs) -> Change:
    """A new feature; InvalidContent lists all that is wrong.

    `null` is the same as absent: QGIS says it of all that nobody has filled in.
    """
    given = {
        name: value
        for name, value in content.attributes.items()
        if value is not None or name not in layer.attributes
    }
    filled = Content(given, content.geometry, content.has_geometry)
    change, faults = _change(layer, filled, crs, partial=False)
    faults += [f"properties.{name}: is read only" for name in change.fixed]
    if content.attributes.get(layer.feature_id) in _NO_NAMES:
        faults.append(f"properties.{layer.feature_id}: no path can name a feature of this id")
    return _faultless(change, faults)


def replacement(layer: Layer, feature_id: Value, content: Content, crs: Crs) -> Change:
    """All of a feature anew, but for its id."""
    faults = _other_id(layer, feature_id, content, null_is_absent=True)
    attributes = {**content.attributes, layer.feature_id: _json(feature_id)}
    whole = Content(attributes, content.geometry, content.has_geometry)
    change, more = _change(layer, whole, crs, partial=False)
    return _faultless(change, faults + more)


def update(layer: Layer, feature_id: Value, content: Content, crs: Crs) -> Change:
    """Some of a feature anew, but for its id."""
    faults = _other_id(layer, feature_id, content, null_is_absent=False)
    attributes = {n: v for n, v in content.attributes.items() if n != layer.feature_id}
    part = Content(attributes, content.geometry, content.has_geometry)
    change, more = _change(layer, part, crs, partial=True)
    return _faultless(change, faults + more)


def _change(layer: Layer, content: Content, crs: Crs, *, partial: bool) -> tuple[Change, list[str]]:
    attributes = checked(layer, content.attributes, partial=partial)
    geometry, faults = wkb(layer, content.geometry, crs)
    change = Change(
        attributes.values,
        attributes.defaults,
        attributes.fixed,
        geometry,
        content.has_geometry,
        crs.srid,
    )
    return change, [*attributes.faults, *faults]


def _faultless(change: Change, faults: list[str]) -> Change:
    if faults:
        raise InvalidContent(faults)
    return change


def _other_id(
    layer: Layer, feature_id: Value, content: Content, *, null_is_absent: bool
) -> list[str]:
    name = layer.feature_id
    given = content.attributes.get(name)
    if name not in content.attributes or (given is None and null_is_absent):
        return []
    if given == _json(feature_id) and not isinstance(given, bool):
        return []
    return [f"properties.{name}: is {shown(given)}, but the id of a feature cannot be changed"]


def _json(feature_id: Value) -> str | int:
    return feature_id if isinstance(feature_id, int) else str(feature_id)
