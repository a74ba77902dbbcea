"""A layer's attributes as vector tiles carry them, as SQL. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from geoservice.catalog.layer import Attribute, Layer
from geoservice.publish.sql import finite, quoted


def tile_values(layer: Layer, names: Iterable[str]) -> list[str]:
    """What to select of row `s` for attributes of these names."""
    return [f"{_value(name, layer.attributes[name])} AS {quoted(name)}" for name in names]


def _value(name: str, attribute: Attribute) -> str:
    """The column as one of the types that a vector tile knows: others would become odd texts."""
    column = f"s.{quoted(name)}"
    if attribute.type == "number":
        return f"{finite(column)}::float8"
    return f"{column}::text" if attribute.type in ("date", "date-time") else column
