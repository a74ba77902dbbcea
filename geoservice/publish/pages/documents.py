"""Pages of the resources that describe: landing page, collections, one of them, its attributes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.catalog.layer import Layer
from geoservice.model import JSON, Title
from geoservice.publish.drawing import HEIGHT, WIDTH, Shape, drawing
from geoservice.publish.links import QUERYABLES_REL, SCHEMA_REL, SORTABLES_REL, TILESETS_REL
from geoservice.publish.pages.frame import COLLECTIONS, SERVICE, Frame, Step
from geoservice.publish.pages.template import render
from geoservice.publish.pages.text import date
from geoservice.publish.units import unit_of

_SCHEMAS = {
    "schema": Title("ویژگی‌ها", "Schema"),
    "queryables": Title("ویژگی‌های پرسش‌پذیر", "Queryables"),
    "sortables": Title("ویژگی‌های مرتب‌شدنی", "Sortables"),
}
_TYPES = {
    "string": Title("متن", "string"),
    "integer": Title("عدد صحیح", "integer"),
    "number": Title("عدد", "number"),
    "boolean": Title("بله یا خیر", "boolean"),
    "date": Title("تاریخ", "date"),
    "date-time": Title("زمان", "date-time"),
}
_GEOMETRIES = {
    "point": Title("نقطه", "point"),
    "linestring": Title("خط", "line"),
    "polygon": Title("چندضلعی", "polygon"),
    "multipoint": Title("چند نقطه", "points"),
    "multilinestring": Title("چند خط", "lines"),
    "multipolygon": Title("چند چندضلعی", "polygons"),
    "any": Title("هر شکل", "any geometry"),
}


def landing_page(layers: Iterable[Layer], base: str, formats: Sequence[JSON]) -> bytes:
    """The landing page: every layer with the ways to use it, and where the rest is."""
    frame = Frame(SERVICE, base, (Step(SERVICE),), formats)
    return render("landing.html", frame=frame, layers=list(layers))


def collections_page(document: JSON, base: str, formats: Sequence[JSON]) -> bytes:
    """All collections, of the document that `/collections` answers."""
    way = (Step(SERVICE, f"{base}/"), Step(COLLECTIONS))
    frame = Frame(COLLECTIONS, base, way, formats)
    found = [
        {**collection, "intervals": _intervals(collection)}
        for collection in document["collections"]
    ]
    return render("collections.html", frame=frame, collections=found)


def collection_page(
    document: JSON,
    layer: Layer,
    base: str,
    formats: Sequence[JSON],
    backdrop: Sequence[BaseGeometry] = (),
) -> bytes:
    """One collection, of the document that it answers; its extent over the backdrop (CRS84)."""
    way = (
        Step(SERVICE, f"{base}/"),
        Step(COLLECTIONS, f"{base}/collections"),
        Step(layer.title),
    )
    frame = Frame(layer.title, base, way, formats, document.get("attribution"))
    boxes = document["extent"].get("spatial", {}).get("bbox", [])
    items = f"{base}/collections/{layer.id}/items"
    extent = [Shape(shapely.box(*box), layer.title.fa, items) for box in boxes]
    return render(
        "collection.html",
        frame=frame,
        document=document,
        layer=layer,
        here=f"{base}/collections/{layer.id}",
        boxes=boxes,
        intervals=_intervals(document),
        further=[link for link in document["links"] if link["rel"] not in _SHOWN],
        picture=drawing(extent, backdrop),
        size=(WIDTH, HEIGHT),
    )


_SHOWN = (
    *("self", "alternate", "items", "parent", "describedby"),
    *(SCHEMA_REL, QUERYABLES_REL, SORTABLES_REL, TILESETS_REL),
)


def schema_page(
    document: JSON, layer: Layer, base: str, formats: Sequence[JSON], kind: str = "schema"
) -> bytes:
    """The attributes of a layer as a table, of the JSON Schema; `kind` names the resource."""
    here = f"{base}/collections/{layer.id}"
    title = _SCHEMAS[kind]
    way = (
        Step(SERVICE, f"{base}/"),
        Step(COLLECTIONS, f"{base}/collections"),
        Step(layer.title, here),
        Step(title),
    )
    both = Title(f"{layer.title.fa}: {title.fa}", f"{layer.title.en}: {title.en}")
    frame = Frame(both, base, way, formats)
    rows = [
        {
            "name": name,
            "title": _title(name, described),
            "type": _type(described),
            "unit": unit_of(layer.attributes[name]) if name in layer.attributes else None,
            "role": described.get("x-ogc-role"),
            "values": _codes(described),
        }
        for name, described in document["properties"].items()
    ]
    return render("schema.html", frame=frame, rows=rows, kind=kind, here=here)


def _title(name: str, described: Mapping[str, object]) -> Title:
    titles = described.get("x-ogc-titles")
    if isinstance(titles, Mapping):
        return Title(str(titles["fa"]), str(titles["en"]))
    title = str(described.get("title", name))
    return Title(title, title)


def _codes(described: Mapping[str, Any]) -> dict[object, Title | None]:
    """The closed list of values, each with its title if it has one."""
    titled = {each["const"]: _title("", each) for each in described.get("oneOf", ())}
    return {code: titled.get(code) for code in described.get("enum", ())}


def _type(described: Mapping[str, object]) -> Title:
    shape = str(described.get("format", ""))
    if shape.startswith("geometry-"):
        return _GEOMETRIES.get(shape.removeprefix("geometry-"), Title(shape, shape))
    kind = shape if shape in _TYPES else str(described.get("type", ""))
    return _TYPES.get(kind, Title(kind, kind))


def _intervals(document: JSON) -> list[tuple[Title | None, Title | None]]:
    """The collection's intervals in time, each end in both calendars; None where it is open."""

    def day(text: str | None) -> Title | None:
        return None if text is None else date(datetime.date.fromisoformat(text[:10]))

    given = document["extent"].get("temporal", {}).get("interval", [])
    return [(day(first), day(last)) for first, last in given]
