"""Pages of features: many as a map and a table, one with all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from geoservice.catalog.layer import Layer
from geoservice.model import JSON, Title
from geoservice.publish.drawing import HEIGHT, WIDTH, Drawing, Shape, drawing
from geoservice.publish.formats.table import Table
from geoservice.publish.pages.frame import COLLECTIONS, ITEMS, SERVICE, Frame, Step, formats_of
from geoservice.publish.pages.template import render
from geoservice.publish.pages.text import cell, english, visible

_NAMES = ("name_fa", "title_fa", "name", "title", "label", "street", "name_en", "title_en")
_REASONS = ("reason_fa", "reason_en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a page of features says besides its rows.

    `base` is the public URL of the service. `links` are those of the same page as GeoJSON: `self`,
    `next`, `first`, and an `alternate` for each format, which its title names. `query` is what the
    link to a feature keeps of the request (`year=1399`), `left_open` the dimensions of which it
    says the row's own value instead. `backdrop` is in CRS84.
    """

    base: str
    links: Sequence[JSON]
    matched: int | None = None
    estimated: bool = False
    attribution: str | None = None
    query: str = ""
    left_open: Sequence[str] = ()
    backdrop: Sequence[BaseGeometry] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    href: str | None
    cells: list[Markup]
    number: int


def items_page(table: Table, rows: Sequence[tuple[object, ...]], facts: Facts) -> bytes:
    """Features as a map and a table; the table's geometry is in CRS84.

    Rows link to their features where the layer's feature id, and each dimension that is left open,
    is among the table's names.
    """
    layer = table.layer
    here = f"{facts.base}/collections/{layer.id}"
    way = (
        Step(SERVICE, f"{facts.base}/"),
        Step(COLLECTIONS, f"{facts.base}/collections"),
        Step(layer.title, here),
        Step(ITEMS),
    )
    frame = Frame(layer.title, facts.base, way, formats_of(facts.links), facts.attribution)
    return render(
        "items.html",
        frame=frame,
        layer=layer,
        names=[name for name in table.names if name != layer.feature_id],
        rows=[_row(table, row, facts, number) for number, row in enumerate(rows, 1)],
        identified=layer.feature_id in table.names,
        facts=facts,
        link_of={link["rel"]: link["href"] for link in facts.links},
        geometry=table.geometry,
        picture=_picture(table, rows, facts),
        size=(WIDTH, HEIGHT),
    )


def feature_page(table: Table, row: tuple[object, ...], facts: Facts) -> bytes:
    """One feature: a map, and its attributes in both languages, calendars and digits."""
    layer = table.layer
    here = f"{facts.base}/collections/{layer.id}"
    values = dict(zip(table.names, row, strict=False))
    name = _name(table, row)
    feature_id = visible(str(values.get(layer.feature_id, name)))
    way = (
        Step(SERVICE, f"{facts.base}/"),
        Step(COLLECTIONS, f"{facts.base}/collections"),
        Step(layer.title, here),
        Step(ITEMS, f"{here}/items" + (f"?{facts.query}" if facts.query else "")),
        Step(Title(feature_id, feature_id)),
    )
    title = Title(name, _name(table, row, english=True))
    frame = Frame(title, facts.base, way, formats_of(facts.links), facts.attribution)
    reason = _reason(values)
    described = [
        {
            "name": name,
            "attribute": layer.attributes[name],
            "value": cell(name, layer.attributes[name], value, reason),
            "english": english(name, layer.attributes[name], value),
            "missing": value is None,
        }
        for name, value in values.items()
    ]
    geometry = _geometry(table, row)
    return render(
        "feature.html",
        frame=frame,
        layer=layer,
        feature_id=feature_id,
        described=described,
        reasons=[values.get(name) for name in _REASONS],
        geometry=table.geometry,
        kind=geometry.geom_type if geometry is not None else None,
        place=_place(geometry),
        picture=_picture(table, [row], facts),
        size=(WIDTH, HEIGHT),
    )


def _row(table: Table, row: tuple[object, ...], facts: Facts, number: int) -> _Row:
    layer = table.layer
    values = dict(zip(table.names, row, strict=False))
    reason = _reason(values)
    cells = [
        cell(name, layer.attributes[name], value, reason)
        for name, value in values.items()
        if name != layer.feature_id
    ]
    return _Row(
        str(values.get(layer.feature_id, number)), _href(layer, values, facts), cells, number
    )


def _href(layer: Layer, values: dict[str, object], facts: Facts) -> str | None:
    if any(values.get(name) is None for name in (layer.feature_id, *facts.left_open)):
        return None
    escaped = quote(str(values[layer.feature_id]), safe="")
    href = f"{facts.base}/collections/{layer.id}/items/{escaped}"
    of_row = urlencode({name: values[name] for name in facts.left_open})
    query = "&".join(part for part in (facts.query, of_row) if part)
    return f"{href}?{query}" if query else href


def _name(table: Table, row: tuple[object, ...], *, english: bool = False) -> str:
    """What a feature is called: its name or title, else its id."""
    values = dict(zip(table.names, row, strict=False))
    candidates = ("name_en", "title_en", *_NAMES) if english else _NAMES
    for name in (*candidates, table.layer.feature_id):
        if values.get(name) not in (None, ""):
            return visible(str(values[name]))
    return table.layer.title.en if english else table.layer.title.fa


def _reason(values: dict[str, object]) -> str | None:
    """Why something of the feature is missing, in both languages, where the layer says so."""
    return " · ".join(str(values[name]) for name in _REASONS if values.get(name)) or None


def _geometry(table: Table, row: tuple[object, ...]) -> BaseGeometry | None:
    """The geometry of a row; what is no WKB is taken for none."""
    wkb = row[len(table.names)] if table.geometry else None
    if not isinstance(wkb, (bytes, bytearray, memoryview)):
        return None
    found: BaseGeometry | None = shapely.from_wkb(bytes(wkb), on_invalid="ignore")
    return None if found is None or found.is_empty else found


def _picture(table: Table, rows: Sequence[tuple[object, ...]], facts: Facts) -> Drawing | None:
    shapes = [
        Shape(
            _geometry(table, row),
            _name(table, row),
            _href(table.layer, dict(zip(table.names, row, strict=False)), facts),
            number,
        )
        for number, row in enumerate(rows, 1)
    ]
    return drawing(shapes, facts.backdrop)


def _place(geometry: BaseGeometry | None) -> str | None:
    """Latitude and longitude of a point, or the box of anything larger, in degrees."""
    if geometry is None:
        return None
    west, south, east, north = geometry.bounds
    if (west, south) == (east, north):
        return f"{_degrees(south, 'NS')}, {_degrees(west, 'EW')}"
    return (
        f"{_degrees(south, 'NS')} – {_degrees(north, 'NS')}, "
        f"{_degrees(west, 'EW')} – {_degrees(east, 'EW')}"
    )


def _degrees(angle: float, sides: str) -> str:
    return f"{abs(angle):.5f}° {sides[angle < 0]}"
