"""Reads a directory of declarations into a Catalog."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from geoservice.catalog.layer import Layer
from geoservice.errors import InvalidDeclaration, NotFound


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every declared layer, by id, in the order of their ids."""

    layers: Mapping[str, Layer]

    def layer(self, layer_id: str) -> Layer:
        """The layer of that id; NotFound names the ones there are."""
        try:
            return self.layers[layer_id]
        except KeyError:
            known = ", ".join(self.layers)
            raise NotFound(f"there is no layer «{layer_id}»; there are: {known}") from None


def load_catalog(directory: Path) -> Catalog:
    """Read `directory`/*.toml; InvalidDeclaration lists every fault with its file and key."""
    if not directory.is_dir():
        raise InvalidDeclaration(f"{directory} is not a directory of layer declarations")
    layers: dict[str, Layer] = {}
    faults: list[str] = []
    for path in sorted(directory.glob("*.toml")):
        try:
            layers[path.stem] = read_layer(path)
        except InvalidDeclaration as error:
            faults.append(str(error))
    if faults:
        raise InvalidDeclaration("\n".join(faults))
    return Catalog(layers)


def read_layer(path: Path) -> Layer:
    """Read one declaration; its stem becomes the layer's id."""
    try:
        declared = tomllib.loads(path.read_text(encoding="utf-8"))
        return Layer.model_validate({"id": path.stem} | declared)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidDeclaration(f"{path.name}: {error}") from error
    except ValidationError as error:
        faults = (
            f"{path.name}: {'.'.join(map(str, fault['loc'])) or 'layer'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise InvalidDeclaration("\n".join(faults)) from error
