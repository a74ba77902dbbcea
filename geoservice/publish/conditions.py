"""Layer × selection → the conditions of an SQL statement over the layer's rows, `s`. Pure."""

from __future__ import annotations

from geoservice.catalog.layer import DIMENSION_REFERENCE, Layer
from geoservice.model import Bounds
from geoservice.publish.covering import covering
from geoservice.publish.selection import Selection
from geoservice.publish.sql import TYPES, Params, declared, quoted


def conditions(layer: Layer, selection: Selection, params: Params) -> list[str]:
    """The conditions of the layer's dimensions and of the selection."""
    met: list[str] = []
    shown: dict[str, str] = {}
    for name, dimension in layer.dimensions.items():
        if name in selection.equal:
            shown[name] = params.add(selection.equal[name], TYPES[dimension.type])
        else:
            default = DIMENSION_REFERENCE.sub(lambda m: shown[m[1]], declared(dimension.default))
            shown[name] = f"({default})"
        met.append(f"s.{quoted(name)} = {shown[name]}")
    for name, value in selection.equal.items():
        if name not in layer.dimensions:
            sql_type = TYPES[layer.attributes[name].type]
            met.append(f"s.{quoted(name)} = {params.add(value, sql_type)}")
    if selection.boxes:
        boxes = [_meets(layer, box, selection.boxes_srid, params) for box in selection.boxes]
        met.append(f"({' OR '.join(boxes)})")
    if selection.days is not None and temporal(layer):
        first, last = days_of(layer)
        if selection.days.first is not None:
            met.append(f"{last} >= {params.add(selection.days.first, 'date')}")
        if selection.days.last is not None:
            met.append(f"{first} <= {params.add(selection.days.last, 'date')}")
        if selection.days.first is None and selection.days.last is None:
            met.append(f"{first} IS NOT NULL")
    return met


def near(layer: Layer, box: Bounds, srid: int, params: Params) -> str:
    """What the index finds of a box in the CRS of that SRID: all that meets it, and some more."""
    geometry = f"s.{quoted(layer.geometry.column)}"
    covered = covering(box, srid, layer.geometry.crs)
    if covered is None:
        return f"{geometry} IS NOT NULL"
    return f"{geometry} && {_envelope(covered, layer.geometry.crs, params)}"


def _meets(layer: Layer, box: Bounds, srid: int, params: Params) -> str:
    """By the index, in its single precision, and then exactly, in the CRS of the box."""
    geometry = f"s.{quoted(layer.geometry.column)}"
    if srid != layer.geometry.crs:
        geometry = f"ST_Transform({geometry}, {srid})"
    exact = f"ST_Intersects({geometry}, {_envelope(box, srid, params)})"
    return f"({near(layer, box, srid, params)} AND {exact})"


def _envelope(box: Bounds, srid: int, params: Params) -> str:
    corners = (box.west, box.south, box.east, box.north)
    numbers = ", ".join(params.add(corner, "float8") for corner in corners)
    envelope = f"ST_MakeEnvelope({numbers}, {srid})"
    if box.west == box.east or box.south == box.north:
        # A box without area is no valid polygon; its envelope is a line or a point.
        return f"ST_Envelope({envelope})"
    return envelope


def temporal(layer: Layer) -> tuple[str, ...]:
    """The attributes that hold a date: a row lasts from the earliest of them to the latest."""
    return tuple(name for name, a in layer.attributes.items() if a.type in ("date", "date-time"))


def days_of(layer: Layer, row: str = "s") -> tuple[str, str]:
    """The first and the last day of the row, as SQL."""
    days = [
        f"{row}.{quoted(name)}"
        if layer.attributes[name].type == "date"
        else f"({row}.{quoted(name)} AT TIME ZONE 'UTC')::date"
        for name in temporal(layer)
    ]
    if not days:
        return "NULL::date", "NULL::date"
    return f"least({', '.join(days)})", f"greatest({', '.join(days)})"
