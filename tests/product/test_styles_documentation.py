"""docs/styles.md has every key of a style, and no other; and every method."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from geoservice.catalog.declared import Declared
from geoservice.catalog.style import (
    Categorised,
    Cluster,
    Graduated,
    Heat,
    Label,
    Method,
    Proportional,
    Style,
    Symbol,
)

TEXT = (Path(__file__).parents[2] / "docs" / "styles.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("# Styles\n", Style),
        ("## `symbol`", Symbol),
        ("## `label`", Label),
        ("## `categorised`", Categorised),
        ("## `graduated`", Graduated),
        ("## `proportional`", Proportional),
        ("## `heat`", Heat),
        ("## `cluster`", Cluster),
    ],
)
def test_every_key_is_documented(heading: str, part: type[Declared]) -> None:
    section = TEXT.split(heading)[1].split("\n## ")[0]
    documented = set(re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE))
    assert documented == set(part.model_fields) - {"id"}


def test_every_method_is_documented() -> None:
    assert all(f"`{method}`" in TEXT for method in get_args(Method))
