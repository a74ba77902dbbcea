"""Styles made for a test, over the shipped layers."""

from __future__ import annotations

from typing import Any

from geoservice.catalog.load import Catalog
from geoservice.catalog.style import Style
from geoservice.publish.styles.rule import Portrayal
from geoservice.publish.styles.rules import portrayal

TITLE = {"fa": "عنوان", "en": "Title"}


def drawn(catalog: Catalog, layer: str, *edges: float, **declared: Any) -> Portrayal:
    """A style of the layer with its rules; the keyword arguments are its tables."""
    style = Style.model_validate({"id": layer, "title": TITLE, **declared})
    return portrayal(style, catalog.layer(layer), edges)
