"""Zooms of web maps as denominators of scales. Pure."""

from __future__ import annotations

# At zoom 0 the world is 512 pixels wide in MapLibre, of 0.28 mm each as OGC counts them.
_AT_ZOOM_0 = 559_082_264.028_717_8 / 2


def denominator(zoom: float) -> float:
    """The scale 1 : n of a zoom at the equator, where QGIS and SLD reckon with it too.

    >>> round(denominator(7))
    2183915
    """
    return float(_AT_ZOOM_0 / 2.0**zoom)
