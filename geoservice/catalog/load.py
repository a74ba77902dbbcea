"""Reads a directory of declarations into a Catalog."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from geoservice.catalog.declared import Declared
from geoservice.catalog.faults import faults_of
from geoservice.catalog.layer import Layer
from geoservice.catalog.style import Style
from geoservice.errors import InvalidDeclaration, NotFound


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every layer and every style that is served, by id, in the order of their ids.

    `faults`, `style_faults`: why others are declared and yet not served, by id; `waiting`: why
    styles are not that are right themselves. `handmade`: the QML that somebody made of a style in
    QGIS, by the style's id; it wins for QGIS.
    """

    layers: Mapping[str, Layer]
    faults: Mapping[str, str] = field(default_factory=dict)
    styles: Mapping[str, Style] = field(default_factory=dict)
    style_faults: Mapping[str, str] = field(default_factory=dict)
    waiting: Mapping[str, str] = field(default_factory=dict)
    handmade: Mapping[str, bytes] = field(default_factory=dict)

    def layer(self, layer_id: str) -> Layer:
        """The layer of that id; NotFound names the ones there are."""
        try:
            return self.layers[layer_id]
        except KeyError:
            if layer_id in self.faults:
                raise NotFound(
                    f"the layer «{layer_id}» is declared, but not served: {self.faults[layer_id]}"
                ) from None
            known = ", ".join(self.layers)
            raise NotFound(f"there is no layer «{layer_id}»; there are: {known}") from None

    def style(self, style_id: str) -> Style:
        """The style of that id; NotFound names the ones there are."""
        try:
            return self.styles[style_id]
        except KeyError:
            reason = self.style_faults.get(style_id) or self.waiting.get(style_id)
            if reason is not None:
                raise NotFound(
                    f"the style «{style_id}» is declared, but not served: {reason}"
                ) from None
            known = ", ".join(self.styles) or "none"
            raise NotFound(f"there is no style «{style_id}»; there are: {known}") from None

    def styles_of(self, layer_id: str) -> list[Style]:
        """The styles of a layer; its default, which bears its name, first."""
        styles = [style for style in self.styles.values() if style.layer_id == layer_id]
        return sorted(styles, key=lambda style: (style.id != layer_id, style.id))


def load_catalog(directory: Path) -> Catalog:
    """Read `directory`/*.toml; InvalidDeclaration lists every fault with its file and key."""
    if not directory.is_dir():
        raise InvalidDeclaration(f"{directory} is not a directory of layer declarations")
    layers: dict[str, Layer] = {}
    faults: list[str] = []
    for path in filter(is_declaration, sorted(directory.iterdir())):
        try:
            layers[path.stem] = read_layer(path)
        except InvalidDeclaration as error:
            faults.append(str(error))
    if faults:
        raise InvalidDeclaration("\n".join(faults))
    return Catalog(layers)


def is_declaration(path: Path) -> bool:
    """Whether a file of the directory declares a layer; editors leave hidden ones beside it."""
    return path.suffix == ".toml" and not path.name.startswith(".")


def read_layer(path: Path) -> Layer:
    """Read one declaration; its stem becomes the layer's id."""
    return _read(path, Layer)


def read_style(path: Path) -> Style:
    """Read one declaration; its stem becomes the style's id."""
    return _read(path, Style)


_Kind = TypeVar("_Kind", bound=Declared)


def _read(path: Path, kind: type[_Kind]) -> _Kind:
    try:
        declared = tomllib.loads(path.read_text(encoding="utf-8"))
        return kind.model_validate({"id": path.stem} | declared)
    except OSError as error:
        raise InvalidDeclaration(f"{path.name}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidDeclaration(f"{path.name}: {error}") from error
    except ValidationError as error:
        faults = (f"{path.name}: {fault}" for fault in faults_of(error, kind))
        raise InvalidDeclaration("\n".join(faults)) from error
