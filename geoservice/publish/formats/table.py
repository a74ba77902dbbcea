"""What an encoder has to know of its rows."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from geoservice.catalog.crs import Crs
from geoservice.catalog.layer import AttributeType, Layer

# Batches of some thousand rows.
Rows = AsyncIterator[Sequence[tuple[object, ...]]]
Column = Sequence[object]


@dataclass(frozen=True, slots=True)
class Table:
    """What an encoder has to know of its rows.

    A row has a cell for each of the `names` (attributes of the layer): str, int, float, bool,
    date, datetime (with a zone) or None; then, if `geometry`, WKB with x before y in `crs`, or
    None. Cells behind these are passed over. `digits` of a coordinate after the point where it is
    written as text; None for about a centimetre.
    """

    layer: Layer
    names: tuple[str, ...]
    crs: Crs
    geometry: bool
    digits: int | None = None

    @property
    def types(self) -> tuple[AttributeType, ...]:
        """The type of each attribute, in the order of the names."""
        return tuple(self.layer.attributes[name].type for name in self.names)

    @property
    def decimals(self) -> int:
        """Digits of a coordinate after the point, where it is written as text."""
        return self.crs.digits if self.digits is None else self.digits

    def columns(self, batch: Sequence[tuple[object, ...]]) -> list[Column]:
        """The attributes' columns, then that of the geometry if there is one."""
        width = len(self.names) + self.geometry
        if not batch:
            return [()] * width
        columns: list[Column] = list(zip(*batch, strict=True))
        return columns[:width]


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """`wanted`, or `wanted_2`, `wanted_3` … if the name is taken, in capitals or not.

    >>> free_name("lon", ("name", "Lon"))
    'lon_2'
    """
    used = {folded(name) for name in taken}
    name, number = wanted, 1
    while folded(name) in used:
        number += 1
        name = f"{wanted}_{number}"
    return name


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names, renamed where two differ in capitals only, which many readers cannot tell apart.

    A name that stands as it is keeps its place, whatever comes before it.

    >>> distinct(("Name", "name", "name_2"))
    ('Name', 'name_3', 'name_2')
    """
    made: list[str] = []
    for place, name in enumerate(names):
        earlier = {folded(other) for other in made}
        clash = folded(name) in earlier
        made.append(free_name(name, (*made, *names[place:])) if clash else name)
    return tuple(made)


def folded(name: str) -> str:
    """The name without its capitals and its choice of code points."""
    return unicodedata.normalize("NFC", name).casefold()


async def closing_rows(rows: Rows) -> AsyncGenerator[Sequence[tuple[object, ...]], None]:
    """The rows; with it they are closed, if they can be: the statement that gives them ends."""
    try:
        async for batch in rows:
            yield batch
    finally:
        if isinstance(rows, AsyncGenerator):
            await rows.aclose()
