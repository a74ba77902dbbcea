"""A directory of declarations, read again and again: its layers, and why others are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog, is_declaration, read_layer
from geoservice.errors import InvalidDeclaration

# Of one file: time of its last change in nanoseconds, size in bytes, inode. Equal stamps, same
# declaration.
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """The files of a directory as they once stood, by layer id: each is a layer or a fault."""

    stamps: Mapping[str, Stamp] = field(default_factory=dict)
    layers: Mapping[str, Layer] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def stamps_of(directory: Path) -> dict[str, Stamp]:
    """The stamp of each declaration by its layer's id; InvalidDeclaration if there is none.

    An empty directory is more likely half deployed than meant.
    """
    stamps: dict[str, Stamp] = {}
    try:
        for path in sorted(directory.iterdir()):
            if is_declaration(path):
                stamps[path.stem] = stamp_of(path)
    except OSError as error:
        raise InvalidDeclaration(
            f"{directory} is not a directory of layer declarations: {error.strerror}"
        ) from error
    if not stamps:
        raise InvalidDeclaration(f"{directory} holds no layer declarations (*.toml)")
    return stamps


def stamp_of(path: Path) -> Stamp:
    """The stamp of a file as it is now."""
    try:
        found = path.stat()
    except OSError:  # a link to nowhere; reading it will say so
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def read_directory(directory: Path, before: Reading | None = None) -> Reading:
    """Read `directory`/*.toml; what has not changed since `before` is taken from there.

    InvalidDeclaration if it holds no declarations at all.
    """
    before = before or Reading()
    stamps = stamps_of(directory)
    layers: dict[str, Layer] = {}
    faults: dict[str, str] = {}
    for stem, stamp in stamps.items():
        if before.stamps.get(stem) == stamp and stem in before.layers:
            layers[stem] = before.layers[stem]
        elif before.stamps.get(stem) == stamp and stem in before.faults:
            faults[stem] = before.faults[stem]
        else:
            try:
                layers[stem] = read_layer(directory / f"{stem}.toml")
            except InvalidDeclaration as error:
                faults[stem] = str(error)
    return Reading(stamps, layers, faults)


def catalog_of(
    reading: Reading, contradictions: Mapping[str, str], served: Mapping[str, Layer]
) -> Catalog:
    """What to serve now: every layer that is right, else the one `served` under its id so far.

    `contradictions`: how layers and the database disagree, by the digest of each layer that was
    held against it; empty where they agree. A layer that was not yet is not served anew.
    """
    layers: dict[str, Layer] = {}
    faults: dict[str, str] = {}
    for layer_id in reading.stamps:
        declared, before = reading.layers.get(layer_id), served.get(layer_id)
        if declared is None:
            faults[layer_id] = reading.faults[layer_id]
        else:
            fault = contradictions.get(declared.digest)
            if not fault and (fault is not None or before == declared):
                layers[layer_id] = declared
                continue
            faults[layer_id] = fault or f"{layer_id}: not yet held against the database"
        if before is not None and not contradictions.get(before.digest):
            layers[layer_id] = before
    return Catalog(layers, faults)
