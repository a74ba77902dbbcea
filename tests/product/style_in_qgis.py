"""Run by QGIS's own Python: draws every style of a service twice, with its QML over OGC API
Features and with its MapLibre style over vector tiles.

/usr/bin/python3 style_in_qgis.py BASE_URL PICTURES DATABASE_URL  →  a JSON report
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parent))

from open_in_qgis import IRAN, render  # type: ignore[import-not-found]

# Where all points show and are not too many to tell apart, in Web Mercator metres: about Tehran,
# and a quarter of the city.
POINTS = {
    "address": (5_711_900, 4_267_800, 5_715_000, 4_270_600),
    "place": (5_620_000, 4_170_000, 5_840_000, 4_370_000),
    "project": (5_620_000, 4_170_000, 5_840_000, 4_370_000),
}


def main(base: str, pictures: str, database: str) -> dict[str, Any]:
    """What QGIS makes of every style, by id; and of tables that it opens itself."""
    from qgis.core import QgsApplication  # noqa: PLC0415  (only QGIS's Python has it)

    application = QgsApplication([], False)
    application.initQgis()
    with urlopen(f"{base}/styles", timeout=60) as answer:  # noqa: S310
        styles = {style["id"]: style["collection"] for style in json.load(answer)["styles"]}
    report = {
        style: {
            "qml": with_qml(base, style, layer, Path(pictures)),
            "tiles": with_tiles(base, style, layer, Path(pictures)),
        }
        for style, layer in styles.items()
    }
    report["tables"] = {name: as_table(database, name) for name in ("address", "place")}
    application.exitQgis()
    return report


def with_qml(base: str, style: str, collection: str, pictures: Path) -> dict[str, Any]:
    """The classes that QGIS reads from the QML, and the colours that it draws."""
    from qgis.core import QgsVectorLayer  # noqa: PLC0415

    file = pictures / f"{style}.qml"
    with urlopen(f"{base}/styles/{style}?f=qml", timeout=60) as answer:  # noqa: S310
        file.write_bytes(answer.read())
    source = f"url='{base}' typename='{collection}' version='OGC_API_FEATURES'"
    layer = QgsVectorLayer(f"{source} pagingEnabled='true'", style, "OAPIF")
    message, loaded = layer.loadNamedStyle(str(file))
    renderer = layer.renderer()
    items = [] if renderer.type() == "heatmapRenderer" else renderer.legendSymbolItems()
    image = render([layer], compared(collection))
    image.save(str(pictures / f"{style}-qml.png"))
    return {
        "loaded": loaded,
        "message": message,
        "renderer": renderer.type(),
        "classes": [
            [each.label(), each.symbol().color().name()] for each in items if each.symbol()
        ],
        "labels": layer.labelsEnabled() and layer.labeling().settings().fieldName,
        "extent": compared(collection),
        "seen": seen(layer, compared(collection)),
    }


def with_tiles(base: str, style: str, collection: str, pictures: Path) -> dict[str, Any]:
    """The same of the MapLibre style."""
    from qgis.core import QgsVectorTileLayer  # noqa: PLC0415

    tiles = quote(f"{base}/tiles/{collection}/{{z}}/{{x}}/{{y}}.mvt", safe="")
    address = quote(f"{base}/styles/{style}?f=mapbox", safe="")
    layer = QgsVectorTileLayer(f"type=xyz&zmin=0&zmax=14&url={tiles}&styleUrl={address}", style)
    message, loaded = layer.loadDefaultStyle()
    labelling = layer.labeling()
    image = render([layer], compared(collection))
    image.save(str(pictures / f"{style}-tiles.png"))
    return {
        "loaded": loaded,
        "message": message,
        "classes": {
            each.styleName(): each.symbol().color().name() for each in layer.renderer().styles()
        },
        "labels": [each.labelSettings().fieldName for each in labelling.styles()]
        if labelling
        else [],
        "seen": seen(layer, IRAN) if style.startswith("balance") else {},
    }


def as_table(database: str, name: str) -> dict[str, Any]:
    """The style that a table of PostGIS has when it is opened."""
    from qgis.core import QgsDataSourceUri, QgsVectorLayer  # noqa: PLC0415

    parts = urlsplit(database)
    uri = QgsDataSourceUri()
    uri.setConnection(
        parts.hostname, str(parts.port), parts.path[1:], parts.username, parts.password
    )
    uri.setDataSource("source", name, "geom", "", "postal_code" if name == "address" else "id")
    layer = QgsVectorLayer(uri.uri(False), name, "postgres")
    items = layer.renderer().legendSymbolItems() if layer.isValid() else []
    return {
        "valid": layer.isValid(),
        "classes": [[each.label(), each.symbol().color().name()] for each in items],
    }


def compared(collection: str) -> tuple[float, ...]:
    """Where pictures of the collection are drawn and compared, colour by colour."""
    found: tuple[float, ...] = POINTS.get(collection, IRAN)
    return found


def seen(layer: Any, extent: tuple[float, ...]) -> dict[str, int]:
    """How many pixels have each colour; without labels, which hide some."""
    from qgis.PyQt.QtGui import QColor  # noqa: PLC0415

    layer.setLabeling(None)
    image = render([layer], extent)
    found = Counter(image.pixel(x, y) for x in range(image.width()) for y in range(image.height()))
    return {QColor(rgb).name(): count for rgb, count in found.items()}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:4]), ensure_ascii=False))
