"""The whole QML."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from geoservice.catalog.style import Zooms
from geoservice.model import Language
from geoservice.publish.styles.qml.labels import labels
from geoservice.publish.styles.qml.renderer import renderer
from geoservice.publish.styles.rule import Portrayal
from geoservice.publish.styles.scale import denominator

_HEAD = b"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_GEOMETRIES = {"point": "0", "line": "1", "polygon": "2"}
VERSION = "3.22.0"


def qml(drawn: Portrayal, language: Language) -> bytes:
    """The style as QGIS 3.22 and later load it: symbols, labels and the scales they show at."""
    zoom, label = drawn.style.zoom, drawn.style.label
    root = Element(
        "qgis",
        {
            "version": VERSION,
            "styleCategories": "Symbology|Labeling|Rendering",
            "hasScaleBasedVisibilityFlag": "0" if zoom == Zooms() else "1",
            "minScale": f"{denominator(zoom.min):.0f}",
            "maxScale": f"{denominator(zoom.max) if zoom.max < Zooms().max else 0:.0f}",
            "labelsEnabled": "0" if label is None else "1",
        },
    )
    renderer(root, drawn, language)
    if label is not None:
        labels(root, label, drawn.shape, language)
    SubElement(root, "blendMode").text = "0"
    SubElement(root, "featureBlendMode").text = "0"
    SubElement(root, "layerOpacity").text = "1"
    SubElement(root, "layerGeometryType").text = _GEOMETRIES[drawn.shape]
    return _HEAD + bytes(tostring(root, encoding="utf-8"))
