"""A request for a tile as a value; what is wrong with it is told before any database is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.catalog.tiling import CELL_SIZES
from geoservice.errors import GeoserviceError, InvalidParameter, NotFound
from geoservice.http import params
from geoservice.http.asked import Asked, one_of
from geoservice.http.kept import key_of
from geoservice.publish.cql2.condition import condition
from geoservice.publish.grid import Tile
from geoservice.publish.selection import Selection
from geoservice.publish.sql import Params
from geoservice.publish.tile_request import MOST_LAYERS, Part, TileRequest

__all__ = ["TileRequest", "chosen", "named", "parts_of", "shown_of", "tile_request"]

# A tile is a box itself.
_SELECTING = ("datetime", "filter", "filter-lang", "filter-crs")
_LABELS, _CELL = "label-points", "cell-size"
_SIZES = {str(size): size for size in CELL_SIZES}


def tile_request(asked: Asked, layers: Sequence[Layer], tile: Tile, *besides: str) -> TileRequest:
    """The tile of these layers as the query asks for it, which may hold `besides` too."""
    shown = shown_of(asked, layers, "mvt", "v", *besides)
    parts = parts_of(layers, shown)
    address = (tile.matrix_set.id, tile.z, tile.x, tile.y)
    layers_as_declared = [(each.id, each.digest) for each in layers]
    return TileRequest(tile, parts, key_of(address, layers_as_declared, sorted(shown.items())))


def shown_of(asked: Asked, layers: Sequence[Layer], kind: str, *besides: str) -> dict[str, str]:
    """The parameters of the query that decide what tiles of the layers show.

    `kind`: what `f` can be. `besides`: parameters that may be there and decide nothing.
    """
    queryables = {name for layer in layers for name in layer.queryables}
    allowed = ("f", *besides, *_SELECTING, "properties", _LABELS, _CELL, *queryables)
    given = asked.parameters(allowed)
    one_of("f", given.get("f", kind), (kind,))
    if one_of(_LABELS, given.get(_LABELS, "false"), ("true", "false")) == "false":
        given.pop(_LABELS, None)
    if _SIZES[one_of(_CELL, given.get(_CELL, "8"), _SIZES)] == CELL_SIZES[0]:
        given.pop(_CELL, None)
    return {name: text for name, text in given.items() if name not in ("f", *besides)}


def parts_of(layers: Sequence[Layer], shown: Mapping[str, str]) -> tuple[Part, ...]:
    """Each layer with what the parameters select of it.

    A queryable goes for the layers that have it; a filter has to fit every layer, since half a
    condition would show what it was to hide.
    """
    names = _properties(layers, shown)
    cell = _SIZES[shown[_CELL]] if _CELL in shown else CELL_SIZES[0]
    parts: list[Part] = []
    for layer in layers:
        own = {n: t for n, t in shown.items() if n in _SELECTING or n in layer.queryables}
        selection = params.selection(layer, own)
        _fits(layer, selection, shown, several=len(layers) > 1)
        kept = None if names is None else tuple(n for n in layer.attributes if n in names)
        parts.append(Part(layer, selection, kept, labels=_LABELS in shown, cell=cell))
    return tuple(parts)


def _properties(layers: Sequence[Layer], shown: Mapping[str, str]) -> set[str] | None:
    if "properties" not in shown:
        return None
    carried = tuple(
        dict.fromkeys(
            name
            for layer in layers
            for name, attribute in layer.attributes.items()
            if attribute.in_tiles()
        )
    )
    return {one_of("properties", name, carried) for name in shown["properties"].split(",")}


def _fits(layer: Layer, selection: Selection, shown: Mapping[str, str], *, several: bool) -> None:
    """Refuse a filter that the layer cannot take, for empty tiles too."""
    if selection.filter is None:
        return
    if several:
        known = (*layer.queryables, layer.geometry.column)
        for name in sorted(selection.filter.properties):
            if name not in known:
                raise InvalidParameter(
                    "filter",
                    shown["filter"],
                    f"«{layer.id}» has no attribute «{name}» to filter on, and with several layers "
                    f"a filter has to fit each of them; it has: {', '.join(known)}",
                    known,
                )
    condition(layer, selection.filter, Params())


def named(catalog: Catalog, ids: str) -> tuple[Layer, ...]:
    """The layers of a path, apart by commas; NotFound names those that there are."""
    return tuple(catalog.layer(name) for name in _apart(ids, NotFound))


def chosen(catalog: Catalog, ids: str | None) -> tuple[Layer, ...]:
    """The layers that `collections` names, all without it."""
    if ids is None:
        return tuple(catalog.layers.values())

    def refused(reason: str) -> InvalidParameter:
        return InvalidParameter("collections", ids, reason, tuple(catalog.layers))

    names = _apart(ids, refused)
    return tuple(catalog.layers[one_of("collections", name, catalog.layers)] for name in names)


def _apart(ids: str, refused: Callable[[str], GeoserviceError]) -> list[str]:
    names = ids.split(",")
    if len(names) > MOST_LAYERS:
        raise refused(f"{len(names)} layers are more than a tile holds: name up to {MOST_LAYERS}")
    for name, times in Counter(names).items():
        if times > 1:
            raise refused(f"«{name}» is named {times} times: a tile has each layer once")
    return names
