"""The parameters that speak of coordinates: `bbox`, and the CRS of it or of a response."""

from __future__ import annotations

from collections.abc import Mapping

from geoservice.catalog.boxes import boxes
from geoservice.catalog.crs import CRS84, Crs
from geoservice.catalog.layer import Layer
from geoservice.errors import InvalidParameter
from geoservice.model import Bounds
from geoservice.persian.numbers import ascii_digits

_CORNERS = ("west,south,east,north", "west,south,lowest,east,north,highest")


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
        corners = [float(part) for part in ascii_digits(text).split(",")]
    except ValueError:
        corners = []
    try:
        return boxes(corners, box_crs)
    except ValueError as error:
        raise InvalidParameter("bbox", text, f"bbox is «{text}»: {error}", _CORNERS) from None
