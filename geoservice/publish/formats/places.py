"""Geometry in a flat table: points as two columns of coordinates, all else as one of WKT."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from geoservice.publish.formats.table import Column, Table, folded, free_name


def place_names(table: Table) -> tuple[str, ...]:
    """Names of the columns: `lon`, `lat` or `x`, `y` for points, else `geometry`; none without."""
    if not table.geometry:
        return ()
    if table.layer.geometry.type != "Point":
        return (free_name("geometry", table.names),)
    first, second = ("lon", "lat") if table.crs.geographic else ("x", "y")
    taken = {folded(name) for name in table.names}
    number = 1
    while taken & {folded(_numbered(first, number)), folded(_numbered(second, number))}:
        number += 1
    return _numbered(first, number), _numbered(second, number)


def place_columns(table: Table, column: Column) -> list[Sequence[Any]]:
    """The columns of those names; None where there is no geometry or an empty one."""
    shapes = shapely.from_wkb(np.array(column, dtype=object))
    if table.layer.geometry.type == "Point":
        shapes[shapely.is_empty(shapes)] = None  # they have no coordinates to ask for
        return [_numbers(shapely.get_x(shapes), table), _numbers(shapely.get_y(shapes), table)]
    written = shapely.to_wkt(shapes, rounding_precision=table.decimals)
    return [written.tolist()]


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"


def _numbers(values: Any, table: Table) -> list[float | None]:
    rounded = np.round(values, table.decimals).tolist()
    return [None if number != number else number for number in rounded]  # noqa: PLR0124  (NaN)
