"""docs/layers.md has every key of a declaration, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geoservice.catalog.attribute import Attribute
from geoservice.catalog.declared import Declared
from geoservice.catalog.layer import Dimension, Layer

TEXT = (Path(__file__).parents[2] / "docs" / "layers.md").read_text(encoding="utf-8")


def _documented(heading: str) -> set[str]:
    section = TEXT.split(heading)[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE))


def test_every_key_of_a_layer_is_documented() -> None:
    keys: set[str] = set()
    for name, field in Layer.model_fields.items():
        part = field.annotation
        if isinstance(part, type) and issubclass(part, Declared):
            keys |= {f"{name}.{inner}" for inner in part.model_fields}
        else:
            keys.add(f"{name}.NAME" if name in ("attributes", "dimensions") else name)
    assert _documented("# Layers\n") == keys - {"id"}


@pytest.mark.parametrize(
    ("heading", "part"),
    [("## `attributes.NAME`", Attribute), ("## `dimensions.NAME`", Dimension)],
)
def test_every_key_of_a_part_is_documented(heading: str, part: type[Declared]) -> None:
    assert _documented(heading) == set(part.model_fields)
