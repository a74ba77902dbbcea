"""The parameters that speak of coordinates: `bbox`, and the CRS of it or of a response."""

from __future__ import annotations

import math
from collections.abc import Mapping

from geoservice.catalog.crs import CRS84, Crs
from geoservice.catalog.layer import Layer
from geoservice.errors import InvalidParameter
from geoservice.model import Bounds
from geoservice.persian.numbers import ascii_digits


def crs(layer: Layer, parameter: str, parameters: Mapping[str, str]) -> Crs:
    """The CRS that the parameter names by its URI; CRS84 without it."""
    uri = parameters.get(parameter, CRS84.uri)
    if uri not in layer.crs_by_uri:
        raise InvalidParameter(
            parameter,
            uri,
            f"«{parameter}» is «{uri}», which «{layer.id}» is not offered in: give one of the "
            "URIs that are listed as «crs» of its collection",
            tuple(layer.crs_by_uri),
        )
    return layer.crs_by_uri[uri]


def bbox(text: str, box_crs: Crs = CRS84) -> tuple[Bounds, ...]:
    """One box with x before y, or two where it crosses the antimeridian; heights are read over.

    The text has the axes in the order of `box_crs`.
    """
    try:
        if "_" in text:  # which Python takes between digits
            raise ValueError
        numbers = [float(part) for part in ascii_digits(text).split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise _refused(text, f"give {_order(box_crs)}")
    half = len(numbers) // 2
    west, south, east, north = numbers[0], numbers[1], numbers[half], numbers[half + 1]
    if box_crs.north_first:
        west, south, east, north = south, west, north, east
    if box_crs.geographic and not (
        -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= 90 and -90 <= north <= 90
    ):
        raise _refused(
            text,
            "longitudes lie from -180 to 180, latitudes from -90 to 90, "
            f"in the order {_order(box_crs)}",
        )
    if max(map(abs, (west, south, east, north))) > _FARTHEST:
        raise _refused(text, f"nothing on Earth lies beyond {_FARTHEST:.0f} in «{box_crs.uri}»")
    if south > north:
        raise _refused(text, "south lies above north")
    if west > east:
        if not box_crs.geographic:
            raise _refused(text, "its first corner lies east of its second")
        return Bounds(west, south, 180.0, north), Bounds(-180.0, south, east, north)
    return (Bounds(west, south, east, north),)


# Some 25 times around the Earth in metres, in feet eight times: beyond, arithmetic would overflow.
_FARTHEST = 1e9


def _order(box_crs: Crs) -> str:
    corners = "south,west,north,east" if box_crs.north_first else "west,south,east,north"
    return f"{corners} in {'degrees' if box_crs.geographic else f'units of {box_crs.uri}'}"


def _refused(text: str, why: str) -> InvalidParameter:
    return InvalidParameter("bbox", text, f"bbox is «{text}»: {why}")
