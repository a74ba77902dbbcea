"""In which order features come, and where a page begins: keyset paging over any attributes. Pure.

The last keys are always what tells rows apart: the feature id and, as rows of several years share
one, the dimensions that the selection leaves open. So no two rows are equal, and a page that begins
behind the last row of the one before neither repeats nor loses a row that stood throughout,
whatever is written in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geoservice.catalog.layer import Layer
from geoservice.publish.selection import Selection
from geoservice.publish.sql import PERSIAN, TYPES, Params, as_shown, quoted, text_of


@dataclass(frozen=True, slots=True)
class Key:
    """An attribute to order by; rows without a value come last either way."""

    name: str
    descending: bool = False


Order = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Paging:
    """Which of the rows that a request asks for, and in which order.

    `limit` of them from `offset` on, or behind the row whose `key_texts` are `after`. Without a
    limit all come, in whatever order is quickest if none is asked for.
    """

    order: Order = ()
    limit: int | None = None
    offset: int = 0
    after: tuple[str | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """What a page turned out to hold: how many features, and if more come after them, the keys
    (`key_texts`) of its last.
    """

    number: int
    last: tuple[str | None, ...] | None


def one_more(paging: Paging) -> Paging:
    """The paging that tells whether more comes after the limit."""
    return paging if paging.limit is None else replace(paging, limit=paging.limit + 1)


def total(layer: Layer, order: Order, selection: Selection) -> Order:
    """The order with the feature id and the open dimensions as its last keys; what stands behind
    all of them orders nothing.
    """
    names = [key.name for key in order]
    apart = (layer.feature_id, *selection.leaves_open(layer))
    missing = [Key(name) for name in apart if name not in names]
    if missing:
        return (*order, *missing)
    return order[: max(map(names.index, apart)) + 1]


def order_by(layer: Layer, order: Order, row: str) -> str:
    """What stands behind ORDER BY for rows that are called `row`."""
    return ", ".join(
        _sorted_by(layer, key, row)
        + (" DESC" if key.descending else "")
        # The id is never null, and its index serves both directions only without these words.
        + ("" if key.name == layer.feature_id else " NULLS LAST")
        for key in order
    )


def key_texts(layer: Layer, order: Order, row: str) -> list[str]:
    """The keys of a row as text, for `behind` to begin from."""
    return [f"({_sorted_by(layer, key, row)})::text" for key in order]


def behind(layer: Layer, order: Order, last: Sequence[str | None], params: Params) -> str:
    """The condition that row `s` comes after the row whose `key_texts` are `last`."""
    (key, *keys), (value, *values) = order, last
    column = _sorted_by(layer, key, "s")
    if value is None:
        later, equal = "false", f"{column} IS NULL"
    else:
        kind = layer.attributes[key.name].type
        as_column = kind in ("string", "number")
        bound = params.bare(value) if as_column else params.add(value, TYPES[kind])
        later = f"{column} {'<' if key.descending else '>'} {bound}"
        equal = f"{column} = {bound}"
        if key.name != layer.feature_id:
            later = f"({later} OR {column} IS NULL)"
    if not keys:
        return later
    return f"({later} OR {equal} AND {behind(layer, tuple(keys), values, params)})"


def _sorted_by(layer: Layer, key: Key, row: str) -> str:
    column, kind = f"{row}.{quoted(key.name)}", layer.attributes[key.name].type
    if key.name == layer.feature_id:  # as it is: its index serves every page
        return column
    return text_of(column) + PERSIAN if kind == "string" else as_shown(column, kind)
