"""Which tables a thing is made of, and where a write to each can show. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geoservice.catalog.layer import Layer


@dataclass(frozen=True, slots=True)
class Sources:
    """The tables that something is made of: `near`, whose rows show where they lie, and `wholly`,
    whose rows may show anywhere; and the `pyramids` that were made of them.
    """

    near: tuple[str, ...]
    wholly: tuple[str, ...]
    pyramids: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Each table once."""
        return (*self.near, *self.wholly)


def pyramid_of(layer_id: str) -> str:
    """The name under which it is noted that a layer's pyramid was made anew."""
    return f"tile.{layer_id}"


def sources_of(layers: Iterable[Layer]) -> Sources:
    """The tables of layers.

    A row shows where it lies if it comes straight from its table; a query may join and sum up, and
    what a dimension shows by default may hang on any row.
    """
    near: dict[str, None] = {}
    wholly: dict[str, None] = {}
    pyramids: list[str] = []
    for layer in layers:
        pyramids.append(pyramid_of(layer.id))
        if layer.source.table is None or layer.dimensions:
            wholly.update(dict.fromkeys(layer.source.tables))
        else:
            near[layer.source.table] = None
            wholly.update(dict.fromkeys(layer.source.reads))
    return Sources(
        tuple(name for name in near if name not in wholly), tuple(wholly), tuple(sorted(pyramids))
    )
