"""Run by QGIS's own Python: loads each QML of a directory, named GEOMETRY-KIND.qml, into a layer of
that geometry with a feature of every value, and says what each feature is drawn with.

/usr/bin/python3 load_qml_in_qgis.py DIRECTORY  →  a JSON report on standard output
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

WKT = {
    "Point": "POINT(50 30)",
    "LineString": "LINESTRING(50 30, 51 31)",
    "Polygon": "POLYGON((50 30, 51 30, 51 31, 50 30))",
}
NUMBERS = (None, 500.0, 1000.0, 1000.5, 2000.0, 9999.0)
CODES = (None, "city", "village", "hamlet")


def main(directory: str) -> dict[str, Any]:
    """What QGIS makes of each file."""
    from qgis.core import QgsApplication  # noqa: PLC0415  (only QGIS's Python has it)

    application = QgsApplication([], False)
    application.initQgis()
    report = {file.stem: loaded(file) for file in sorted(Path(directory).glob("*.qml"))}
    application.exitQgis()
    return report


def loaded(file: Path) -> dict[str, Any]:
    """The renderer and, for each value, the colour and size of the symbol that draws it."""
    from qgis.core import (  # noqa: PLC0415
        QgsFeature,
        QgsGeometry,
        QgsRenderContext,
        QgsVectorLayer,
    )

    geometry = file.stem.split("-")[0]
    uri = f"{geometry}?crs=EPSG:4326&field=population:double&field=kind:string&field=name_fa:string"
    layer = QgsVectorLayer(uri, file.stem, "memory")
    message, fine = layer.loadNamedStyle(str(file))
    renderer = layer.renderer()
    context = QgsRenderContext()
    context.setRendererScale(5_000_000)
    drawn = {}
    if renderer.type() not in ("heatmapRenderer", "pointCluster"):
        renderer.startRender(context, layer.fields())
        for value in (*NUMBERS, *CODES):
            feature = QgsFeature(layer.fields())
            feature.setGeometry(QgsGeometry.fromWkt(WKT[geometry]))
            feature["kind" if isinstance(value, str) else "population"] = value
            context.expressionContext().setFeature(feature)
            symbols = renderer.symbolsForFeature(feature, context)
            drawn[str(value)] = [symbol.color().name() for symbol in symbols]
        renderer.stopRender(context)
    return {
        "fine": fine,
        "message": message,
        "renderer": renderer.type(),
        "drawn": drawn,
        "scales": [layer.hasScaleBasedVisibility(), layer.minimumScale(), layer.maximumScale()],
        "label": label_of(layer),
    }


def label_of(layer: Any) -> dict[str, Any] | None:
    if not layer.labelsEnabled():
        return None
    settings = layer.labeling().settings()
    text = settings.format()
    return {
        "field": settings.fieldName,
        "halo": text.buffer().enabled(),
        "scales": [settings.scaleVisibility, settings.minimumScale, settings.maximumScale],
        "pixels": round(text.size() / 72 * 96, 2),
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1]), ensure_ascii=False))
