"""Layer × selection → the conditions of an SQL statement over the layer's rows, `s`. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from geoservice.catalog.layer import DIMENSION_REFERENCE, Dimension, Layer
from geoservice.publish.cql2.condition import condition
from geoservice.publish.near import meets
from geoservice.publish.selection import Selection
from geoservice.publish.sql import TYPES, Params, declared, plain_day, quoted, text_of


def conditions(layer: Layer, selection: Selection, params: Params) -> list[str]:
    """The conditions of the layer's dimensions and of the selection."""
    met = list(_of_dimensions(layer, selection, params))
    for name, value in selection.equal.items():
        if name not in layer.dimensions:
            kind = layer.attributes[name].type
            met.append(f"s.{quoted(name)} = {params.beside(value, kind)}")
    if selection.boxes:
        boxes = [meets(layer, box, selection.boxes_srid, params) for box in selection.boxes]
        met.append(f"({' OR '.join(boxes)})")
    if selection.filter is not None:
        met.append(condition(layer, selection.filter, params))
    if selection.days is not None and temporal(layer):
        first, last = days_of(layer)
        if selection.days.first is not None:
            met.append(f"{last} >= {params.add(selection.days.first, 'date')}")
        if selection.days.last is not None:
            met.append(f"{first} <= {params.add(selection.days.last, 'date')}")
        if selection.days.first is None and selection.days.last is None:
            met.append(f"{first} IS NOT NULL")
    return met


def _of_dimensions(layer: Layer, selection: Selection, params: Params) -> Iterator[str]:
    shown: dict[str, str] = {}
    left_open = selection.leaves_open(layer)
    for name, dimension in layer.dimensions.items():
        column = f"s.{quoted(name)}"
        if name in selection.equal:
            if dimension.type == "string":
                column = text_of(column)
            shown[name] = params.add(selection.equal[name], TYPES[dimension.type])
        elif name in left_open:
            # The filter chooses: the default would only take away from what it asks for. Where
            # another dimension's default hangs on this one, it hangs on what each row has.
            shown[name] = column
            continue
        else:
            shown[name] = f"({_default(dimension, shown)})"
        yield f"{column} = {shown[name]}"


def _default(dimension: Dimension, shown: Mapping[str, str]) -> str:
    return DIMENSION_REFERENCE.sub(lambda m: shown[m[1]], declared(dimension.default))


def temporal(layer: Layer) -> tuple[str, ...]:
    """The attributes that say when a row is: those whose role is that, or else all that hold a
    date. It lasts from the earliest of them to the latest.
    """
    dated = {n: a for n, a in layer.attributes.items() if a.type in ("date", "date-time")}
    return tuple(n for n, a in dated.items() if a.role is not None) or tuple(dated)


def days_of(layer: Layer, row: str = "s") -> tuple[str, str]:
    """The first and the last day of the row, of those that features show, as SQL."""
    days = [
        plain_day(
            f"{row}.{quoted(name)}"
            if layer.attributes[name].type == "date"
            else f"({row}.{quoted(name)} AT TIME ZONE 'UTC')::date"
        )
        for name in temporal(layer)
    ]
    if not days:
        return "NULL::date", "NULL::date"
    return f"least({', '.join(days)})", f"greatest({', '.join(days)})"
