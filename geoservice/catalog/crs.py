"""Coordinate reference systems by the URIs that OGC API Features, Part 2, names them with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pyproj
from pyproj.exceptions import CRSError


@dataclass(frozen=True, slots=True)
class Crs:
    """A CRS of two axes.

    `srid` is its EPSG code, as PostGIS knows it with x (east) before y (north). `north_first`:
    the registry has the axes the other way round, and so have requests and responses.
    `geographic`: in degrees of longitude and latitude.
    """

    uri: str
    srid: int
    north_first: bool
    geographic: bool

    @property
    def digits(self) -> int:
        """Decimal digits of a coordinate that make about a centimetre."""
        return 7 if self.geographic else 2


CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, False, True)


@cache
def epsg(code: int) -> Crs:
    """The CRS of that EPSG code, with its axes as the registry orders them.

    ValueError if there is none, or if it has other axes than east and north.
    """
    try:
        crs = pyproj.CRS.from_epsg(code)
    except CRSError:
        raise ValueError(f"EPSG:{code} is not a known CRS") from None
    directions = [axis.direction for axis in crs.axis_info]
    units = {axis.unit_name for axis in crs.axis_info}
    if sorted(directions) != ["east", "north"] or (crs.is_geographic and units != {"degree"}):
        raise ValueError(
            f"EPSG:{code} has the axes {', '.join(directions)} in {', '.join(sorted(units))}; "
            "a CRS with one axis to the east and one to the north, in degrees if it is "
            "geographic, is expected"
        )
    return Crs(
        f"http://www.opengis.net/def/crs/EPSG/0/{code}",
        code,
        north_first=directions[0] == "north",
        geographic=crs.is_geographic,
    )


# What every layer is offered in: besides the two of WGS 84, Web Mercator and the country's zones
# of UTM (38 to 41 north).
COMMON = (CRS84, *map(epsg, (4326, 3857, 32638, 32639, 32640, 32641)))
