from __future__ import annotations

from pathlib import Path

import pytest

from geoservice.catalog.load import load_catalog, read_layer
from geoservice.errors import InvalidDeclaration, NotFound

GOOD = """
title = { fa = "خانه‌های بهداشت", en = "Health houses" }
source = { table = "source.health_house" }
feature_id = "id"
geometry = { type = "Point" }
[attributes.id]
title = { fa = "شناسه", en = "Identifier" }
type = "string"
"""


def test_the_stem_is_the_id(tmp_path: Path) -> None:
    (tmp_path / "health_house.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a layer")
    catalog = load_catalog(tmp_path)
    assert list(catalog.layers) == ["health_house"]
    assert catalog.layer("health_house").title.fa == "خانه‌های بهداشت"
    with pytest.raises(NotFound, match="there are: health_house"):
        catalog.layer("hospital")


def test_every_fault_is_told_with_its_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "colour.toml").write_text(GOOD.replace("feature_id", "colour"), encoding="utf-8")
    (tmp_path / "syntax.toml").write_text("title = ", encoding="utf-8")
    (tmp_path / "bytes.toml").write_bytes(b"title = '\xe9'")
    with pytest.raises(InvalidDeclaration) as caught:
        load_catalog(tmp_path)
    message = str(caught.value)
    for part in ("colour.toml: colour:", "colour.toml: feature_id:", "syntax.toml:", "bytes.toml:"):
        assert part in message
    assert "good.toml" not in message


def test_the_directory_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidDeclaration, match="not a directory"):
        load_catalog(tmp_path / "nowhere")


def test_a_stem_that_cannot_be_an_id(tmp_path: Path) -> None:
    path = tmp_path / "Health-House.toml"
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(InvalidDeclaration, match=r"Health-House\.toml: id"):
        read_layer(path)
