"""A box as conditions of an SQL statement over the layer's rows, `s`. Pure."""

from __future__ import annotations

from geoservice.catalog.layer import Layer
from geoservice.model import Bounds
from geoservice.publish.covering import covering
from geoservice.publish.simple import simple
from geoservice.publish.sql import Params, quoted
from geoservice.publish.transform import transformed


def near(layer: Layer, box: Bounds, srid: int, params: Params) -> str:
    """What the index finds of a box in the CRS of that SRID: all that meets it, and some more."""
    geometry = f"s.{quoted(layer.geometry.column)}"
    covered = covering(box, srid, layer.geometry.crs)
    if covered is None:
        return f"{geometry} IS NOT NULL"
    return f"{geometry} && {rectangle(covered, layer.geometry.crs, params)}"


def meets(layer: Layer, box: Bounds, srid: int, params: Params) -> str:
    """By the index, in its single precision, and then exactly, in the CRS of the box."""
    geometry = f"s.{quoted(layer.geometry.column)}"
    if layer.geometry.type == "Point" and layer.geometry.crs == srid:
        # The same for a point, and takes a tenth off a page of a thousand.
        exact = (
            f"ST_X({geometry}) BETWEEN {params.add(box.west, 'float8')} "
            f"AND {params.add(box.east, 'float8')} "
            f"AND ST_Y({geometry}) BETWEEN {params.add(box.south, 'float8')} "
            f"AND {params.add(box.north, 'float8')}"
        )
    else:
        geometry = transformed(simple(layer, "s"), layer.geometry.crs, srid)
        exact = f"ST_Intersects({geometry}, {rectangle(box, srid, params)})"
    return f"({near(layer, box, srid, params)} AND {exact})"


def rectangle(box: Bounds, srid: int, params: Params) -> str:
    """The box in the CRS of that SRID, as a geometry."""
    corners = (box.west, box.south, box.east, box.north)
    numbers = ", ".join(params.add(corner, "float8") for corner in corners)
    envelope = f"ST_MakeEnvelope({numbers}, {srid})"
    if box.west == box.east or box.south == box.north:
        # A box without area is no valid polygon; its envelope is a line or a point.
        return f"ST_Envelope({envelope})"
    return envelope
