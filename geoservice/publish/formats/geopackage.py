"""GeoPackage: one layer with a spatial index, and the words on its columns in both languages."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from geoservice.publish.formats.arrow import schema
from geoservice.publish.formats.gdal_file import written
from geoservice.publish.formats.table import Rows, Table, distinct, free_name


def encode(table: Table, rows: Rows) -> AsyncGenerator[bytes, None]:
    """The file, in blocks, once it is whole.

    Attributes that differ in capitals only are told apart by a number. The key column is `fid`
    and the geometry `geom`, or `fid_2`, `geom_2` … beside attributes of these names.
    """
    layer = table.layer
    names = distinct(table.names)
    geometry = free_name("geom", names)
    kind = "Unknown" if layer.geometry.type == "Geometry" else layer.geometry.type
    options = {
        "FID": free_name("fid", (*names, geometry)),
        "IDENTIFIER": f"{layer.title.fa} · {layer.title.en}",
    }
    if table.geometry:
        options["GEOMETRY_NAME"] = geometry
    if layer.description:
        options["DESCRIPTION"] = f"{layer.description.fa} · {layer.description.en}"
    asked = {
        "driver": "GPKG",
        "extension": "gpkg",
        "layer": _layer_name(layer.id),
        "geometry_name": geometry if table.geometry else None,
        "geometry_type": kind if table.geometry else None,
        "crs": f"EPSG:{table.crs.srid}",
        "options": options,
        # Of newer versions GDAL before 3.7, and with it QGIS of Debian 12, warns the user.
        "file_options": {"VERSION": "1.2"},
        "columns": _columns(table, names),
    }
    return written(table, rows, schema(table, names, geometry, milliseconds=True), asked)


def _layer_name(layer_id: str) -> str:
    """The id; GeoPackage and SQLite keep some beginnings for tables of their own."""
    kept = layer_id.startswith(("gpkg", "sqlite_", "rtree_"))
    return f"layer_{layer_id}" if kept else layer_id


def _columns(table: Table, names: tuple[str, ...]) -> list[tuple[str, str, str, str]]:
    """For each column its name, a name for people, title and description."""
    described = []
    taken: list[str] = []
    for column, name in zip(names, table.names, strict=True):
        attribute = table.layer.attributes[name]
        alias = free_name(attribute.title.fa, taken)
        taken.append(alias)
        unit = f" ({attribute.unit})" if attribute.unit else ""
        title = attribute.title
        described.append((column, alias, title.fa, f"{title.fa} · {title.en}{unit}"))
    return described
