"""Schematic counties: cells around the seats that fill each province without gap or overlap."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.errors import InvalidFile
from geoservice.synthetic.facts import County, Province

GRID = 0.0001  # degrees: coordinates have four decimals, about ten metres

_NOTE_FA = "شماتیک: یاختهٔ پیرامون مرکز شهرستان درون استان؛ مرز واقعی شهرستان نیست"
_NOTE_EN = "schematic: cell around the county seat inside its province; not the real boundary"


def tessellate(
    provinces: Sequence[Province], counties: Sequence[County]
) -> dict[str, BaseGeometry]:
    """Return county code → its schematic polygon, all of them one valid coverage in EPSG:4326.

    A cell holds what lies in the province and nearer (in degrees) to this seat than to another
    seat of the same province: a Voronoi cell cut by the province. All edges are noded together on
    a grid of `GRID` degrees, so neighbours share their vertices, also across provinces.

    :raises InvalidFile: a county has no cell, for its seat is too near to another one.
    """
    seats = defaultdict(list)
    for county in counties:
        seats[county.province_code].append(county)
    edges = [province.shape.boundary for province in provinces]
    edges += [_inner_edges(province.shape, seats[province.code]) for province in provinces]
    noded = shapely.union_all(edges, grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    points = shapely.point_on_surface(faces)
    parts = defaultdict(list)
    for province in provinces:
        inside = shapely.contains(province.shape, points)
        if not seats[province.code]:
            continue
        nearest = shapely.STRtree(_seat_points(seats[province.code])).nearest(points[inside])
        for face, seat in zip(faces[inside], nearest, strict=True):
            parts[seats[province.code][seat].code].append(face)
    for county in counties:
        if county.code not in parts:
            raise InvalidFile(f"county {county.code} gets no cell: its seat is another's as well")
    return {county.code: shapely.coverage_union_all(parts[county.code]) for county in counties}


def county_features(
    counties: Iterable[County], cells: Mapping[str, BaseGeometry]
) -> Iterator[dict[str, object]]:
    """Yield a GeoJSON feature of each county with its schematic cell, and a note that says so."""
    for county in counties:
        yield {
            "type": "Feature",
            "properties": {
                "code": county.code,
                "parent_code": county.province_code,
                "name_fa": county.name_fa,
                "name_en": county.name_en,
                "area_km2": county.area_km2,
                "schematic": True,
                "note_fa": _NOTE_FA,
                "note_en": _NOTE_EN,
            },
            "geometry": json.loads(shapely.to_geojson(cells[county.code])),
        }


def _inner_edges(shape: BaseGeometry, counties: Sequence[County]) -> BaseGeometry:
    seats = shapely.multipoints(_seat_points(counties))
    cells = shapely.voronoi_polygons(seats, extend_to=shape, only_edges=True)
    return shapely.intersection(cells, shape)


def _seat_points(counties: Iterable[County]) -> list[BaseGeometry]:
    return [shapely.Point(county.lon, county.lat) for county in counties]
