"""GDAL's OGC API Features driver asks for features, and for boxes, in another CRS."""

from __future__ import annotations

import geopandas
import pytest
from pyproj import Transformer

pytestmark = pytest.mark.slow

# Within the city of Kerman, in degrees.
KERMAN = (57.05, 30.25, 57.1, 30.3)


@pytest.mark.parametrize("crs", ["OGC:CRS84", "EPSG:4326", "EPSG:3857", "EPSG:32640"])
def test_a_box_and_the_county_in_it_in_another_crs(service: str, crs: str) -> None:
    to_crs = Transformer.from_crs("OGC:CRS84", crs, always_xy=True)
    found = geopandas.read_file(
        f"OAPIF:{service}/collections/county",
        layer="county",
        bbox=to_crs.transform_bounds(*KERMAN),
        CRS=crs,  # the driver's own option
    )
    assert list(found["name_fa"]) == ["کرمان"]
    plain = geopandas.read_file(f"{service}/collections/county/items/{found['code'][0]}")
    # Both have x before y, whatever the axes of the CRS are.
    transformed = plain.to_crs(crs).total_bounds
    assert found.total_bounds == pytest.approx(transformed, rel=0, abs=0.02)
