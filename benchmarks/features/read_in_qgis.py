"""Run by QGIS's own Python: reads what a collection has in a box.

/usr/bin/python3 read_in_qgis.py BASE_URL COLLECTION WEST,SOUTH,EAST,NORTH  →  JSON: seconds, read
"""

from __future__ import annotations

import json
import sys
import time


def main(base: str, collection: str, box: str) -> dict[str, float]:
    """Seconds from opening the layer to its last feature in the box, and how many there were."""
    from qgis.core import QgsApplication  # noqa: PLC0415  (only QGIS's Python has it)

    application = QgsApplication([], False)
    application.initQgis()
    started = time.perf_counter()
    read = count(base, collection, box)  # apart: a layer that outlives QGIS crashes it
    took = time.perf_counter() - started
    application.exitQgis()
    return {"seconds": took, "read": read}


def count(base: str, collection: str, box: str) -> int:
    """How many features QGIS reads in the box."""
    from qgis.core import QgsFeatureRequest, QgsRectangle, QgsVectorLayer  # noqa: PLC0415

    source = (
        f"url='{base}' typename='{collection}' version='OGC_API_FEATURES' pagingEnabled='true' "
        "restrictToRequestBBOX='1'"
    )
    layer = QgsVectorLayer(source, collection, "OAPIF")
    request = QgsFeatureRequest(QgsRectangle(*map(float, box.split(","))))
    return sum(1 for _ in layer.getFeatures(request))


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:4])))
