"""The directory of styles, read again and again, and which of them go with the layers served.

A style that is wrong takes nothing else away: its layer is served as before.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from geoservice.catalog.agreement import style_faults
from geoservice.catalog.directory import Stamp, stamp_of
from geoservice.catalog.load import Catalog, read_style
from geoservice.catalog.style import Style
from geoservice.errors import InvalidDeclaration

_SUFFIXES = (".toml", ".qml")
HERE = "/"  # stands for the directory itself, and is nobody's id


@dataclass(frozen=True, slots=True)
class StyleReading:
    """The files of a directory as they once stood: `stamps` by name, the rest by style id."""

    stamps: Mapping[str, Stamp] = field(default_factory=dict)
    styles: Mapping[str, Style] = field(default_factory=dict)
    handmade: Mapping[str, bytes] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def style_stamps(directory: Path) -> dict[str, Stamp]:
    """The stamp of each style and each QML by its file's name; none if there is no directory."""
    if not directory.exists():
        return {}
    try:
        return {
            path.name: stamp_of(path)
            for path in sorted(directory.iterdir())
            if path.suffix in _SUFFIXES and not path.name.startswith(".")
        }
    except OSError as error:
        raise InvalidDeclaration(
            f"{directory} is not a directory of styles: {error.strerror}"
        ) from error


def read_styles(directory: Path) -> StyleReading:
    """Read `directory`/*.toml and the QML beside them."""
    try:
        stamps = style_stamps(directory)
    except InvalidDeclaration as error:
        return StyleReading(faults={HERE: str(error)})
    styles: dict[str, Style] = {}
    handmade: dict[str, bytes] = {}
    faults: dict[str, list[str]] = {}
    for name in stamps:
        path = directory / name
        try:
            if path.suffix == ".toml":
                styles[path.stem] = read_style(path)
            else:
                handmade[path.stem] = _read_qml(path, declared=f"{path.stem}.toml" in stamps)
        except InvalidDeclaration as error:
            faults.setdefault(path.stem, []).append(str(error))
    told = {style_id: "\n".join(lines) for style_id, lines in faults.items()}
    return StyleReading(stamps, styles, handmade, told)


def _read_qml(path: Path, *, declared: bool) -> bytes:
    if not declared:
        raise InvalidDeclaration(
            f"{path.name}: there is no {path.stem}.toml beside it, which says what it draws"
        )
    try:
        content = path.read_bytes()
        # QGIS's own files declare no entities of theirs; who declares some means harm.
        if b"<!ENTITY" in content:
            raise InvalidDeclaration(f"{path.name}: it declares entities, which no style needs")
        root = ET.fromstring(content).tag  # noqa: S314  (entities are refused above)
    except OSError as error:
        raise InvalidDeclaration(f"{path.name}: cannot be read: {error.strerror}") from error
    except ET.ParseError as error:
        raise InvalidDeclaration(f"{path.name}: it is not XML: {error}") from error
    if root != "qgis":
        raise InvalidDeclaration(f"{path.name}: it is <{root}>, not a QGIS style (<qgis>)")
    return content


def with_styles(catalog: Catalog, reading: StyleReading, served: Mapping[str, Style]) -> Catalog:
    """The catalog with every style that fits its layer, else the one `served` under its id.

    A style whose layer is wrong waits for it: the layer's own fault says enough.
    """
    styles: dict[str, Style] = {}
    waiting: dict[str, str] = {}
    faults = dict(reading.faults)
    if HERE in faults:  # what cannot be looked into may still hold what it held
        candidates: Mapping[str, Style] = served
    else:
        candidates = {
            style_id: served[style_id]
            for style_id in reading.faults
            if style_id in served and style_id not in reading.styles
        } | dict(reading.styles)
    for style_id in sorted(candidates):
        style, before = candidates[style_id], served.get(style_id)
        if style.layer_id in catalog.faults and style.layer_id not in catalog.layers:
            waiting[style_id] = f"its layer «{style.layer_id}» is not served"
            continue
        fault = _fault(catalog, style)
        if fault is not None:
            faults[style_id] = "\n".join(filter(None, (faults.get(style_id), fault)))
            if before is None or _fault(catalog, before) is not None:
                continue
            style = before
        styles[style_id] = style
    handmade = {key: qml for key, qml in reading.handmade.items() if key in styles}
    return replace(catalog, styles=styles, style_faults=faults, waiting=waiting, handmade=handmade)


def _fault(catalog: Catalog, style: Style) -> str | None:
    layer = catalog.layers.get(style.layer_id)
    if layer is not None:
        return "\n".join(style_faults(style, layer)) or None
    known = ", ".join(catalog.layers)
    return f"{style.id}.toml: layer: there is no layer «{style.layer_id}»; there are: {known}"
