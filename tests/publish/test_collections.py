from __future__ import annotations

import datetime

from geoservice.model import Bounds
from geoservice.publish.collections import collection
from geoservice.publish.counts import Count
from geoservice.publish.summary import Summary
from tests.publish.conftest import layer_of

LAYER = layer_of("SELECT 1", crs=32639, id="integer")
DAYS = (datetime.date(1921, 3, 21), datetime.date(2025, 3, 20))


def test_extent_count_and_crs() -> None:
    described = collection(LAYER, Summary(1, Bounds(1, 2, 3, 4), DAYS, Count(9, True)), "http://x")
    assert described["extent"]["spatial"]["bbox"] == [[1, 2, 3, 4]]
    assert described["extent"]["temporal"]["interval"] == [
        ["1921-03-21T00:00:00Z", "2025-03-20T00:00:00Z"]
    ]
    assert (described["itemCount"], described["itemCountEstimated"]) == (9, True)
    assert described["storageCrs"] == "http://www.opengis.net/def/crs/EPSG/0/32639"
    assert described["crs"][:2] == [
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
    ]
    assert len(described["crs"]) == len(set(described["crs"])) == 7
    assert all(link["href"].startswith("http://x/") for link in described["links"])


def test_an_empty_layer_claims_no_extent() -> None:
    described = collection(LAYER, Summary(1, None, None, Count(0, False)), "http://x")
    assert described["extent"] == {}
    assert "itemCountEstimated" not in described
