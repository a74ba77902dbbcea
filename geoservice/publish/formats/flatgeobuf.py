"""FlatGeobuf: features along a spatial index that is read in place, also over HTTP.

Limits of the format: it has no place in the index for a feature without geometry, so a file with
one has no index; all features have heights or none, so none has; and a date is a date-time at
midnight, as GDAL writes it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from geoservice.publish.formats.arrow import schema
from geoservice.publish.formats.gdal_file import written
from geoservice.publish.formats.table import Rows, Table, distinct, free_name


def encode(table: Table, rows: Rows) -> AsyncGenerator[bytes, None]:
    """The file, in blocks, once it is whole."""
    layer = table.layer
    names = distinct(table.names)
    geometry = free_name("geometry", names)
    kind = "Unknown" if layer.geometry.type == "Geometry" else layer.geometry.type
    options = {"TITLE": f"{layer.title.fa} · {layer.title.en}"}
    if layer.description:
        options["DESCRIPTION"] = f"{layer.description.fa} · {layer.description.en}"
    asked = {
        "driver": "FlatGeobuf",
        "extension": "fgb",
        "layer": layer.id,
        "geometry_name": geometry if table.geometry else None,
        "geometry_type": kind if table.geometry else None,
        "crs": f"EPSG:{table.crs.srid}",
        "options": options,
    }
    shape = schema(table, names, geometry, milliseconds=True)
    return written(table, rows, shape, asked, flattened=True)
