"""The parameters that shape a response: `crs`, `properties`, `skipGeometry`, `precision` …"""

from __future__ import annotations

from collections.abc import Mapping

from geoservice.catalog.layer import Layer
from geoservice.errors import InvalidParameter
from geoservice.http.asked import one_of
from geoservice.http.bbox import crs
from geoservice.http.params import whole_number
from geoservice.publish.presentation import DEEPEST_ZOOM, MOST_DIGITS, Presentation

PARAMETERS = ("crs", "properties", "exclude-properties", "skipGeometry", "precision", "zoom-level")


def presentation(layer: Layer, parameters: Mapping[str, str]) -> Presentation:
    """How the request wants features; InvalidParameter names what is wrong."""
    digits = None
    if "precision" in parameters:
        digits = whole_number("precision", parameters["precision"], least=0, most=MOST_DIGITS)
    zoom = None
    if "zoom-level" in parameters:
        text = parameters["zoom-level"]
        zoom = whole_number("zoom-level", text, least=0, most=DEEPEST_ZOOM)
    skipped = one_of("skipGeometry", parameters.get("skipGeometry", "false"), ("true", "false"))
    return Presentation(
        crs=crs(layer, "crs", parameters),
        attributes=_attributes(layer, parameters),
        geometry=skipped == "false",
        digits=digits,
        zoom=zoom,
    )


def _attributes(layer: Layer, parameters: Mapping[str, str]) -> tuple[str, ...] | None:
    kept, left_out = "properties" in parameters, "exclude-properties" in parameters
    if kept and left_out:
        raise InvalidParameter(
            "exclude-properties",
            parameters["exclude-properties"],
            "give either «properties» or «exclude-properties»",
        )
    if not (kept or left_out):
        return None
    parameter = "properties" if kept else "exclude-properties"
    named = {one_of(parameter, name, layer.attributes) for name in parameters[parameter].split(",")}
    return tuple(name for name in layer.attributes if (name in named) is kept)
