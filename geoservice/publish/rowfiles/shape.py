"""What a file of rows looks like, and what its cells are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from geoservice.publish.formats.table import free_name

LAYER = "geocoded"
"""The layer, or the sheet, that the rows are written as."""

ColumnType = Literal["string", "number"]
Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns, each with its type; `lon` and `lat` are the places of those two (EPSG:4326).

    No two columns have one name; `header` has their names as a table may have them, in which they
    may be blank or repeat.
    `given`: so many columns, the first, came with the rows; a text of theirs may be of any type.
    """

    columns: tuple[str, ...]
    header: tuple[str, ...]
    types: tuple[ColumnType, ...]
    given: int
    lon: int
    lat: int
    title: str


def shape_of(
    given: Sequence[str],
    added: Sequence[tuple[str, ColumnType]],
    title: str,
    header: Sequence[str] = (),
) -> Shape:
    """Of a file that came with columns and gets some more, whose first two are lon and lat.

    `header` has the names as they came, where they are blank or repeat. Where a name is taken, that
    of the added column gets a number.
    """
    columns = list(given)
    for name, _ in added:
        columns.append(free_name(name, columns))
    types: list[ColumnType] = ["string"] * len(given)
    types += [kind for _, kind in added]
    count = len(given)
    names = (*(header or given), *columns[count:])
    return Shape(tuple(columns), names, tuple(types), count, count, count + 1, title)


def plain(cell: Any) -> Any:
    """A cell as text files have it: texts, numbers and None stay, all else becomes a text."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if cell is None or isinstance(cell, str | int | float):
        return cell
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()  # as a spreadsheet keeps a day
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False)
    return cell.isoformat() if isinstance(cell, date) else str(cell)
