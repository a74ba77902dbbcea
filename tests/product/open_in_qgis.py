"""Run by QGIS's own Python: opens every collection and tileset of a service, draws a map.

/usr/bin/python3 open_in_qgis.py BASE_URL PICTURE  →  a JSON report on standard output
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

# Iran with a margin, in Web Mercator metres.
IRAN = (4_850_000, 2_850_000, 7_080_000, 4_850_000)
# The projects that the figures of 1404 count.
UNDER_WAY = """
"status" <> 'cancelled'
AND to_string(coalesce("actual_start", "planned_start")) <= '2026-03-20'
AND coalesce(to_string("completion_date"), '9999') >= '2025-03-21'
"""
EARTH_RADIUS = 6_378_137.0
SIZE = (1100, 1000)
KERMAN = (57.05, 30.25, 57.1, 30.3)  # within the city, in degrees


def main(base: str, picture: str) -> dict[str, Any]:
    """Open everything that the service lists and draw the balance map with the projects on it."""
    from qgis.core import QgsApplication  # noqa: PLC0415  (only QGIS's Python has it)

    application = QgsApplication([], False)
    application.initQgis()
    with urlopen(f"{base}/collections", timeout=30) as answer:  # noqa: S310
        ids = [collection["id"] for collection in json.load(answer)["collections"]]
    report = {
        "collections": {name: collection(base, name) for name in ids},
        "county_of_kerman": near(base, "county", KERMAN),
        "tilesets": {name: tileset(base, name) for name in ids},
        "classes": draw(base, picture),
    }
    application.exitQgis()
    return report


def collection(base: str, name: str) -> dict[str, Any]:
    """What QGIS makes of a collection through its OGC API Features provider."""
    from qgis.core import NULL, QgsVectorLayer, QgsWkbTypes  # noqa: PLC0415

    source = (
        f"url='{base}' typename='{name}' version='OGC_API_FEATURES' pagingEnabled='true' "
        "restrictToRequestBBOX='1' pageSize='1000'"
    )
    layer = QgsVectorLayer(source, name, "OAPIF")
    if not layer.isValid():
        return {"valid": False, "error": layer.error().summary()}
    names = layer.fields().names()
    features = list(layer.getFeatures())
    shapes = [feature.geometry() for feature in features if not feature.geometry().isNull()]
    shown = next(name for name in ("name_fa", "title_fa", "province") if name in names)
    return {
        "valid": True,
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "read": len(features),
        "with_geometry": len(shapes),
        "extent": extent([shape.boundingBox() for shape in shapes]),
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "names": sorted({feature[shown] for feature in features if feature[shown] != NULL}),
    }


def near(base: str, name: str, box: tuple[float, ...]) -> dict[str, Any]:
    """What QGIS finds of a collection in a box in degrees."""
    from qgis.core import QgsFeatureRequest, QgsRectangle, QgsVectorLayer  # noqa: PLC0415

    layer = QgsVectorLayer(
        f"url='{base}' typename='{name}' version='OGC_API_FEATURES' pagingEnabled='true' "
        "restrictToRequestBBOX='1'",
        name,
        "OAPIF",
    )
    found = list(layer.getFeatures(QgsFeatureRequest(QgsRectangle(*box))))
    return {
        "names": sorted(feature["name_fa"] for feature in found),
        "extent": extent([feature.geometry().boundingBox() for feature in found]),
    }


def extent(boxes: list[Any]) -> list[float]:
    """The least x and y and the greatest of some QGIS rectangles."""
    return [
        min((box.xMinimum() for box in boxes), default=math.nan),
        min((box.yMinimum() for box in boxes), default=math.nan),
        max((box.xMaximum() for box in boxes), default=math.nan),
        max((box.yMaximum() for box in boxes), default=math.nan),
    ]


def tileset(base: str, name: str) -> dict[str, Any]:
    """Whether QGIS takes a tileset, and how many distinct colours it draws of it."""
    layer = tile_layer(base, name)
    if not layer.isValid():
        return {"valid": False, "error": layer.error().summary()}
    return {
        "valid": True,
        "colours": len(set(pixels(render([layer], extent_with_tiles(base, name))))),
    }


def extent_with_tiles(base: str, name: str) -> tuple[float, ...]:
    """Four tiles of the tileset's lowest zoom around its first feature, in Web Mercator metres."""
    with urlopen(f"{base}/tiles/{name}.json", timeout=30) as answer:  # noqa: S310
        zoom = json.load(answer)["minzoom"]
    with urlopen(f"{base}/collections/{name}/items?limit=100", timeout=30) as answer:  # noqa: S310
        shapes = [feature["geometry"] for feature in json.load(answer)["features"]]
    point = next(shape["coordinates"] for shape in shapes if shape)
    while isinstance(point[0], list):
        point = point[0]
    reach = math.pi * EARTH_RADIUS / 2**zoom
    x = math.radians(point[0]) * EARTH_RADIUS
    y = math.asinh(math.tan(math.radians(point[1]))) * EARTH_RADIUS
    return (x - reach, y - reach, x + reach, y + reach)


def tile_layer(base: str, name: str) -> Any:
    """A tileset as a vector tile layer."""
    from qgis.core import QgsVectorTileLayer  # noqa: PLC0415

    url = quote(f"{base}/tiles/{name}/{{z}}/{{x}}/{{y}}.mvt", safe="")
    return QgsVectorTileLayer(f"type=xyz&zmin=0&zmax=14&url={url}", name)


def draw(base: str, picture: str) -> dict[str, int]:
    """Spending per head by county with the projects on it, as a PNG.

    Returns how often each colour of a class was found among the pixels looked at.
    """
    from qgis.core import (  # noqa: PLC0415
        QgsClassificationQuantile,
        QgsGradientColorRamp,
        QgsGraduatedSymbolRenderer,
        QgsMarkerSymbol,
        QgsRuleBasedRenderer,
        QgsVectorLayer,
    )
    from qgis.PyQt.QtGui import QColor  # noqa: PLC0415

    def layer(name: str) -> Any:
        return QgsVectorLayer(
            f"url='{base}' typename='{name}' version='OGC_API_FEATURES' pagingEnabled='true'",
            name,
            "OAPIF",
        )

    balance = layer("balance_county")
    ramp = QgsGradientColorRamp(QColor("#f1eef6"), QColor("#045a8d"))
    renderer = QgsGraduatedSymbolRenderer("spending_per_head")
    renderer.setClassificationMethod(QgsClassificationQuantile())
    renderer.setSourceColorRamp(ramp)
    renderer.updateClasses(balance, 5)
    renderer.updateColorRamp(ramp)
    balance.setRenderer(renderer)
    projects = layer("project")
    dot = QgsMarkerSymbol.createSimple(
        {"name": "circle", "size": "1.2", "color": "#d95f0e", "outline_style": "no"}
    )
    under_way = QgsRuleBasedRenderer(dot)
    under_way.rootRule().children()[0].setFilterExpression(UNDER_WAY)
    projects.setRenderer(under_way)
    provinces = layer("province")
    _label(provinces)
    image = render([provinces, projects, balance])
    found = Counter(pixels(image))
    _caption(image, renderer.ranges())
    image.save(picture)
    shown = [each.symbol().color() for each in renderer.ranges() if each.upperValue() > 0]
    return {colour.name(): found[colour.rgba()] for colour in shown}


def _caption(image: Any, classes: list[Any]) -> None:
    """What the map shows, its classes, and that the sample's shapes are schematic."""
    from qgis.PyQt.QtCore import QRectF, Qt  # noqa: PLC0415
    from qgis.PyQt.QtGui import QColor, QFont, QPainter  # noqa: PLC0415

    painter = QPainter(image)
    painter.setLayoutDirection(Qt.RightToLeft)
    right = Qt.AlignRight | Qt.AlignAbsolute
    painter.setPen(QColor("#222222"))
    painter.setFont(QFont("Noto Sans Arabic", 13, QFont.Bold))
    box = QRectF(image.width() - 520, 12, 505, 34)
    painter.drawText(box, right, "سرانهٔ اعتبار پروژه‌های در جریان، ۱۴۰۴")
    painter.setFont(QFont("Noto Sans Arabic", 9))
    for line in ("نمونه: پروژه‌ها ساختگی و مرز شهرستان‌ها شماتیک است", "میلیون ریال برای هر نفر"):
        box.translate(0, 30)
        painter.drawText(box, right, line)
    texts: dict[str, Any] = {}
    for shown in classes:
        low, high = (f"{value / 1e6:,.1f}" for value in (shown.lowerValue(), shown.upperValue()))
        text = f"{low} تا {high}" if shown.upperValue() > 0 else "بدون پروژهٔ در جریان"
        texts.setdefault(text.translate(str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")), shown)
    for text, shown in texts.items():
        box.translate(0, 22)
        painter.fillRect(QRectF(box.right() - 24, box.top() + 3, 24, 15), shown.symbol().color())
        painter.drawText(box.adjusted(0, 0, -32, 0), right, text)
    painter.end()


def _label(provinces: Any) -> None:
    """Province outlines with their Persian names."""
    from qgis.core import (  # noqa: PLC0415
        QgsFillSymbol,
        QgsPalLayerSettings,
        QgsSingleSymbolRenderer,
        QgsTextBufferSettings,
        QgsTextFormat,
        QgsVectorLayerSimpleLabeling,
    )
    from qgis.PyQt.QtGui import QColor, QFont  # noqa: PLC0415

    outline = QgsFillSymbol.createSimple({"style": "no", "outline_color": "#555555"})
    provinces.setRenderer(QgsSingleSymbolRenderer(outline))
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setColor(QColor("white"))
    text = QgsTextFormat()
    text.setFont(QFont("Noto Sans Arabic"))
    text.setSize(8)
    text.setBuffer(halo)
    settings = QgsPalLayerSettings()
    settings.fieldName = "name_fa"
    settings.setFormat(text)
    provinces.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    provinces.setLabelsEnabled(True)


def render(layers: list[Any], extent: tuple[float, ...] = IRAN) -> Any:
    """The layers as an image, the first on top."""
    from qgis.core import (  # noqa: PLC0415
        QgsCoordinateReferenceSystem,
        QgsMapRendererParallelJob,
        QgsMapSettings,
        QgsRectangle,
    )
    from qgis.PyQt.QtCore import QSize  # noqa: PLC0415

    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setExtent(QgsRectangle(*extent))
    settings.setOutputSize(QSize(*SIZE))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def pixels(image: Any) -> Iterator[int]:
    """The colours of every third pixel."""
    for x in range(0, image.width(), 3):
        for y in range(0, image.height(), 3):
            yield image.pixel(x, y)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:3]), ensure_ascii=False))
