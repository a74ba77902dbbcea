"""Shapes → a small map as SVG text, in Web Mercator. Pure: it knows neither layer nor database.

One unit of the picture is a tenth of a pixel at the width of a page, so coordinates are whole
numbers. Strokes do not scale, and a point is a stroke without length, so that it keeps its size
however far the picture is zoomed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from markupsafe import Markup
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

WIDTH, HEIGHT = 8000, 5000
MOST_BYTES = 300_000  # of path text

_RADIUS = 6_378_137.0  # metres, of Web Mercator's sphere
_MARGIN = 0.07  # of the picture, on each side
_LEAST = 150_000.0  # metres of Web Mercator across: a single point shows where it is
_TOLERANCES = (4, 8, 16, 32, 64)  # units; half a pixel is 5
_DOT = 12  # units: a polygon no larger is drawn as a dot
_AROUND = 1.5  # pictures on each side of the picture that the backdrop reaches
_MOST_BACKDROP = 60_000  # bytes of path text


@dataclass(frozen=True, slots=True)
class Shape:
    """Something to draw: its geometry (CRS84), what it is called, where it leads, its number.

    The number ties it to its row in a table beside the map.
    """

    geometry: BaseGeometry | None
    title: str
    href: str | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """A scale bar: its length in units of the picture and in metres on the ground."""

    units: float
    metres: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture, WIDTH by HEIGHT: the contents of its `svg` element, and what they leave out.

    `unit` metres of Web Mercator are one unit; `top` is the picture's upper edge in them. `without`
    counts shapes that have no geometry, `left_out` those for which there was no room.
    """

    content: Markup
    drawn: int
    without: int
    left_out: int
    unit: float
    top: float
    bar: Bar


@dataclass(frozen=True, slots=True)
class _Frame:
    """Web Mercator → units: what lies where."""

    west: float
    north: float
    unit: float

    def units(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        easting, northing = _mercator(lonlat)
        return np.column_stack(
            ((easting - self.west) / self.unit, (self.north - northing) / self.unit)
        )


@dataclass(slots=True)
class _Paths:
    """Path texts by what they are: areas, lines, points."""

    area: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    point: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(map(len, (*self.area, *self.line, *self.point)))


def drawing(
    shapes: Sequence[Shape],
    backdrop: Sequence[BaseGeometry] = (),
    *,
    most_bytes: int = MOST_BYTES,
) -> Drawing | None:
    """The picture of the shapes, fitted to their extent, over the outlines of the backdrop.

    Outlines are simplified to about half a pixel, more where there would be more than `most_bytes`
    of path text; where that is not enough the first shapes are drawn. None if none has a geometry.
    """
    here = [shape for shape in shapes if _bounds(shape.geometry) is not None]
    if not here:
        return None
    frame = _frame([shape.geometry for shape in here if shape.geometry is not None])
    placed = shapely.transform(
        np.array([shape.geometry for shape in here], dtype=object), frame.units
    )
    paths = _fitting(placed, most_bytes)
    parts = [_backdrop(backdrop, frame)]
    parts += [_shape(shape, each) for shape, each in zip(here, paths, strict=False)]
    return Drawing(
        content=Markup("\n").join(part for part in parts if part),
        drawn=len(paths),
        without=len(shapes) - len(here),
        left_out=len(here) - len(paths),
        unit=frame.unit,
        top=frame.north,
        bar=_bar(frame),
    )


def _mercator(lonlat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    latitude = np.radians(np.clip(lonlat[:, 1], -85.06, 85.06))
    return (
        _RADIUS * np.radians(lonlat[:, 0]),
        _RADIUS * np.log(np.tan(math.pi / 4 + latitude / 2)),
    )


def _bounds(geometry: BaseGeometry | None) -> NDArray[np.float64] | None:
    if geometry is None or geometry.is_empty:
        return None
    bounds: NDArray[np.float64] = shapely.bounds(geometry)
    return bounds if np.isfinite(bounds).all() else None


def _frame(geometries: list[BaseGeometry]) -> _Frame:
    west, south, east, north = shapely.total_bounds(geometries)
    (left, right), (bottom, top) = _mercator(np.array([[west, south], [east, north]]))
    inner = 1 - 2 * _MARGIN
    across = max(right - left, (top - bottom) * WIDTH / HEIGHT, _LEAST) / inner
    unit = across / WIDTH
    return _Frame(
        west=(left + right) / 2 - across / 2,
        north=(bottom + top) / 2 + unit * HEIGHT / 2,
        unit=unit,
    )


def _fitting(placed: NDArray[np.object_], most_bytes: int) -> list[_Paths]:
    """The paths of all geometries at the finest tolerance that fits, else of the first ones."""
    paths: list[_Paths] = []
    for tolerance in _TOLERANCES:
        paths = [_paths([each]) for each in _simplified(placed, tolerance)]
        if sum(each.size for each in paths) <= most_bytes:
            return paths
    room, first = most_bytes, []
    for each in paths:
        room -= each.size
        if room < 0:
            break
        first.append(each)
    return first


def _simplified(placed: NDArray[np.object_], tolerance: float) -> list[BaseGeometry]:
    simple = shapely.simplify(placed, tolerance, preserve_topology=False)
    west, south, east, north = shapely.bounds(placed).T
    tiny = (shapely.get_dimensions(placed) > 0) & (np.maximum(east - west, north - south) < _DOT)
    vanished = shapely.is_empty(simple)
    dots = shapely.points((west + east) / 2, (south + north) / 2)
    return list(np.where(tiny | vanished, dots, simple))


def _paths(geometries: Iterable[BaseGeometry]) -> _Paths:
    paths = _Paths()
    for geometry in geometries:
        kind = geometry.geom_type
        if geometry.is_empty:
            continue
        if kind == "Point":
            x, y = np.rint(shapely.get_coordinates(geometry)[0]).astype(int)
            paths.point.append(f"M{x} {y}h0")
        elif kind in ("LineString", "LinearRing"):
            paths.line.append(_steps(shapely.get_coordinates(geometry)))
        elif kind == "Polygon":
            rings = shapely.get_rings(geometry)
            paths.area += [_steps(shapely.get_coordinates(ring)[:-1]) + "z" for ring in rings]
        else:
            inner = _paths(shapely.get_parts(geometry))
            paths.area += inner.area
            paths.line += inner.line
            paths.point += inner.point
    return paths


def _steps(coordinates: NDArray[np.float64]) -> str:
    """A path in steps from corner to corner: shorter than their places."""
    corners = np.rint(coordinates).astype(int)
    steps = np.diff(corners, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    onward = " ".join(f"{x} {y}" for x, y in steps.tolist()).replace(" -", "-")
    return f"M{corners[0][0]} {corners[0][1]}" + (f"l{onward}" if onward else "h0")


def _elements(paths: _Paths) -> Markup:
    """At most one element for each kind; areas first, points on top."""
    kinds = (("area", paths.area), ("line", paths.line), ("point", paths.point))
    return Markup("").join(
        Markup('<path class="{}" d="{}"/>').format(kind, "".join(texts))
        for kind, texts in kinds
        if texts
    )


def _shape(shape: Shape, paths: _Paths) -> Markup:
    inside = Markup("<title>{}</title>{}").format(shape.title, _elements(paths))
    if shape.href is None:
        return Markup('<g class="shape" data-n="{}">{}</g>').format(shape.number, inside)
    return Markup('<a class="shape" data-n="{}" href="{}" tabindex="-1">{}</a>').format(
        shape.number, shape.href, inside
    )


def _backdrop(geometries: Sequence[BaseGeometry], frame: _Frame) -> Markup:
    known = [geometry for geometry in geometries if _bounds(geometry) is not None]
    if not known:
        return Markup()
    placed = shapely.transform(np.array(known, dtype=object), frame.units)
    around = (
        *(-WIDTH * _AROUND, -HEIGHT * _AROUND),
        *(WIDTH * (1 + _AROUND), HEIGHT * (1 + _AROUND)),
    )
    near = shapely.clip_by_rect(placed, *around)
    for tolerance in _TOLERANCES:
        paths = _paths(shapely.simplify(near, tolerance, preserve_topology=False))
        if paths.size <= _MOST_BACKDROP:
            break
    else:
        return Markup()
    return Markup('<g class="backdrop">{}</g>').format(_elements(paths))


def _bar(frame: _Frame) -> Bar:
    """The longest of 1, 2, 5, 10 … metres that is no more than a quarter of the picture."""
    middle = frame.north - frame.unit * HEIGHT / 2
    ground = frame.unit / math.cosh(middle / _RADIUS)  # metres on the ground of one unit, there
    power = 10 ** math.floor(math.log10(ground * WIDTH / 4))
    metres = next(n * power for n in (5, 2, 1) if n * power <= ground * WIDTH / 4)
    return Bar(metres / ground, max(1, int(metres)))
