"""What reading returns, whatever the format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Cells = dict[str, Any]

LONGEST_LINE = 64 << 20
"""Of a text file: what is longer is no table, and would fill the memory."""


def too_long(line: int) -> str:
    """What is said of a line beyond that."""
    return f"line {line} has over {LONGEST_LINE:,} characters: are its line ends lost?"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line (or feature) number, cells by column as read, geometry as WKB.

    `fault` says why the row cannot be read at all; its cells then hold what could be saved.
    `remark` says what is odd about a row that can. `uncomputed` are columns in which it
    has a formula without its result.
    """

    line: int
    cells: Cells
    geometry: bytes | None = None
    fault: str | None = None
    remark: str | None = None
    uncomputed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file opened for reading: `rows()` starts a new pass, in bounded memory.

    `columns` are the keys of the rows' cells, one for each column; `header` the names as written,
    where those are blank or repeat.
    `crs` is what the file says of its geometry (anything pyproj takes), None if nothing.
    `total` is the number of rows where the format tells it without a pass, else None.
    `others` are the sheets besides that have something in them.
    `lists`, where a format has it, is the same pass in a fifth of the time: a row about which
    nothing is odd is the list of its cells, in the order of the columns.
    """

    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    crs: str | None = None
    has_geometry: bool = False
    total: int | None = None
    notes: tuple[str, ...] = field(default=())
    lists: Callable[[], Iterator[list[str] | Row]] | None = None
    header: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def told_apart(header: Sequence[str]) -> tuple[str, ...]:
    """A name for each column: its own, or one with a number where that is blank or taken.

    >>> told_apart(["a", "", "a"])
    ('a', 'column_2', 'a_2')
    """
    found: list[str] = []
    for place, name in enumerate(header, start=1):
        own = name or f"column_{place}"
        made, number = own, 1
        while made in found or (made != name and made in header):
            number += 1
            made = f"{own}_{number}"
        found.append(made)
    return tuple(found)


def named(header: Sequence[str]) -> int:
    """How many columns there are up to the last that has a name."""
    return max((place for place, name in enumerate(header, start=1) if name), default=0)
