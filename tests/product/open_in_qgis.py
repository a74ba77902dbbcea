"""Run by QGIS's own Python: opens every collection and tileset of a service, draws a map.

    /usr/bin/python3 open_in_qgis.py BASE_URL PICTURE  →  a JSON report on standard output
"""

from __future__ import annotations

import json
import sys
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

# Iran with a margin, in Web Mercator metres.
EXTENT = (4_850_000, 2_850_000, 7_080_000, 4_850_000)
SIZE = (1100, 1000)


def main(base: str, picture: str) -> dict[str, Any]:
    """Open everything that the service lists and draw the balance map with the projects on it."""
    from qgis.core import QgsApplication  # noqa: PLC0415  (only QGIS's Python has it)

    application = QgsApplication([], False)
    application.initQgis()
    with urlopen(f"{base}/collections", timeout=30) as answer:  # noqa: S310
        ids = [collection["id"] for collection in json.load(answer)["collections"]]
    report = {
        "collections": {name: collection(base, name) for name in ids},
        "tilesets": {name: tileset(base, name) for name in ids},
        "colours": draw(base, picture),
    }
    application.exitQgis()
    return report


def collection(base: str, name: str) -> dict[str, Any]:
    """What QGIS makes of a collection through its OGC API Features provider."""
    from qgis.core import QgsVectorLayer, QgsWkbTypes  # noqa: PLC0415

    source = (
        f"url='{base}' typename='{name}' version='OGC_API_FEATURES' pagingEnabled='true' "
        "restrictToRequestBBOX='1' pageSize='1000'"
    )
    layer = QgsVectorLayer(source, name, "OAPIF")
    if not layer.isValid():
        return {"valid": False, "error": layer.error().summary()}
    names = layer.fields().names()
    features = list(layer.getFeatures())
    shown = next((n for n in ("name_fa", "title_fa", "locality") if n in names), None)
    return {
        "valid": True,
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "read": len(features),
        "with_geometry": sum(not feature.geometry().isNull() for feature in features),
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "persian": sorted({str(feature[shown]) for feature in features})[:5] if shown else [],
    }


def tileset(base: str, name: str) -> dict[str, Any]:
    """Whether QGIS takes a tileset, and how many distinct colours it draws of it."""
    layer = tile_layer(base, name)
    if not layer.isValid():
        return {"valid": False, "error": layer.error().summary()}
    return {"valid": True, "colours": len(colours(render([layer])))}


def tile_layer(base: str, name: str) -> Any:
    """A tileset as a vector tile layer."""
    from qgis.core import QgsVectorTileLayer  # noqa: PLC0415

    url = quote(f"{base}/tiles/{name}/{{z}}/{{x}}/{{y}}.mvt", safe="")
    return QgsVectorTileLayer(f"type=xyz&zmin=0&zmax=14&url={url}", name)


def draw(base: str, picture: str) -> int:
    """Spending per head by county with the projects on it, as a PNG; returns its colours."""
    from qgis.core import (  # noqa: PLC0415
        QgsClassificationQuantile,
        QgsGraduatedSymbolRenderer,
        QgsGradientColorRamp,
        QgsMarkerSymbol,
        QgsSingleSymbolRenderer,
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
    projects.setRenderer(QgsSingleSymbolRenderer(dot))
    provinces = layer("province")
    _label(provinces)
    image = render([provinces, projects, balance])
    image.save(picture)
    return len(colours(image))


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


def render(layers: list[Any]) -> Any:
    """The layers over Iran as an image, the first on top."""
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
    settings.setExtent(QgsRectangle(*EXTENT))
    settings.setOutputSize(QSize(*SIZE))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def colours(image: Any) -> set[int]:
    """The distinct colours of an image, looked at every third pixel."""
    return {
        image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:3]), ensure_ascii=False))
