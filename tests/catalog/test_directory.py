from __future__ import annotations

from pathlib import Path

import pytest

from geoservice.catalog.directory import Reading, catalog_of, read_directory
from geoservice.catalog.layer import Layer
from geoservice.errors import InvalidDeclaration, NotFound
from tests.catalog.test_load import GOOD


def declare(directory: Path, **texts: str) -> None:
    for name, text in texts.items():
        (directory / f"{name}.toml").write_text(text, encoding="utf-8")


def test_right_files_are_layers_and_others_are_faults(tmp_path: Path) -> None:
    declare(tmp_path, good=GOOD, wrong=GOOD + "colour = 1", broken="title = ")
    (tmp_path / ".#good.toml").symlink_to(tmp_path / "an editor's lock")
    (tmp_path / "lost.toml").symlink_to(tmp_path / "nowhere")
    reading = read_directory(tmp_path)
    assert list(reading.layers) == ["good"]
    assert sorted(reading.faults) == ["broken", "lost", "wrong"]
    assert reading.faults["lost"].startswith("lost.toml: cannot be read")


def test_what_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    declare(tmp_path, one=GOOD, two=GOOD, broken="title = ")
    before = read_directory(tmp_path)
    declare(tmp_path, two=GOOD.replace("Health", "Other health"))
    after = read_directory(tmp_path, before)
    assert after.layers["one"] is before.layers["one"]
    assert after.layers["two"].title.en == "Other health houses"
    assert after.faults["broken"] is before.faults["broken"]
    (tmp_path / "one.toml").unlink()
    assert list(read_directory(tmp_path, after).layers) == ["two"]


@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir])
def test_without_declarations_it_fails(tmp_path: Path, make: object) -> None:
    make(tmp_path / "layers")  # type: ignore[operator]
    with pytest.raises(InvalidDeclaration, match="layers"):
        read_directory(tmp_path / "layers")


def layer(title: str) -> Layer:
    return Layer.model_validate(
        {
            "id": "a",
            "title": {"fa": title, "en": title},
            "source": {"table": "public.a"},
            "feature_id": "id",
            "geometry": {"type": "Point"},
            "attributes": {"id": {"title": {"fa": "i", "en": "i"}, "type": "integer"}},
        }
    )


OLD, NEW = layer("old"), layer("new")
STAMPS = {"a": (0, 0, 0)}


@pytest.mark.parametrize(
    ("declared", "contradictions", "served", "expected", "faulty"),
    [
        (NEW, {NEW.digest: ""}, None, NEW, False),
        (NEW, {NEW.digest: ""}, OLD, NEW, False),
        (NEW, {NEW.digest: "wrong"}, None, None, True),
        (NEW, {NEW.digest: "wrong"}, OLD, OLD, True),
        (NEW, {NEW.digest: "wrong", OLD.digest: "wrong"}, OLD, None, True),
        (NEW, {}, None, None, True),
        (NEW, {}, OLD, OLD, True),
        (OLD, {}, OLD, OLD, False),
        (OLD, {OLD.digest: "wrong"}, OLD, None, True),
        (None, {}, None, None, True),
        (None, {OLD.digest: ""}, OLD, OLD, True),
        (None, {OLD.digest: "wrong"}, OLD, None, True),
    ],
)
def test_a_wrong_layer_is_the_one_before_or_none(
    declared: Layer | None,
    contradictions: dict[str, str],
    served: Layer | None,
    expected: Layer | None,
    faulty: bool,
) -> None:
    reading = Reading(STAMPS, {"a": declared}, {}) if declared else Reading(STAMPS, {}, {"a": "x"})
    catalog = catalog_of(reading, contradictions, {"a": served} if served else {})
    assert catalog.layers.get("a") is expected
    assert ("a" in catalog.faults) is faulty


def test_a_layer_whose_file_is_gone_is_gone() -> None:
    assert catalog_of(Reading(), {OLD.digest: ""}, {"a": OLD}).layers == {}


def test_a_layer_that_is_left_out_says_why() -> None:
    catalog = catalog_of(Reading(STAMPS, {}, {"a": "a.toml: colour"}), {}, {})
    with pytest.raises(NotFound, match=r"declared, but not served: a\.toml: colour"):
        catalog.layer("a")
