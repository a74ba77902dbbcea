"""Layer × tile → the SQL of label points: each feature as one point, in the one tile in which that
lies. Pure.

A map that labels the shapes of tiles writes a name in each tile, and on each part of a shape.
"""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

from geoservice.publish.conditions import conditions
from geoservice.publish.grid import EXTENT, Tile
from geoservice.publish.near import near
from geoservice.publish.pyramid.labelled import LABELS, has_areas, label_point
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.ranked import GEOMETRY, ID, ZOOM
from geoservice.publish.sql import Params, quoted, relation, where
from geoservice.publish.tile_frame import GROWN, grown, mercator_box
from geoservice.publish.tile_request import Part
from geoservice.publish.tile_values import tile_values


def label_points(
    part: Part, tile: Tile, pyramid: Pyramid | None, least: str | None, params: Params
) -> str:
    """The rows whose label point lies in the tile, with it in units of the tile.

    Those that a pyramid has are taken from it, whatever the zoom; in areas touched since it was
    made they are computed anew. `least`: a condition over row `s`; without it the point is null.
    """
    layer, box = part.layer, tile.box(0)
    met = conditions(layer, part.selection, params)
    here = near(layer, grown(box, GROWN), 4326, params)
    if pyramid is None or not has_areas(layer):
        return _placed(part, tile, label_point(layer), relation(layer), [here, *met], least, params)
    known = [
        f"g.{ID} = s.{quoted(layer.feature_id)}",
        f"g.{ZOOM} = {LABELS}",
        f"g.{GEOMETRY} && {mercator_box(grown(box, GROWN), params)}",
    ]
    joined = f"{relation(layer)} JOIN {pyramid.table} g ON {' AND '.join(known)}"
    areas = [grown(each, GROWN) for each in pyramid.touched]
    if not any(box.meets(each) for each in areas):
        return _placed(part, tile, f"g.{GEOMETRY}", joined, met, least, params)
    # All areas, wherever: a row that is known here may have gone to another end of the country.
    touched = " OR ".join(near(layer, each, 4326, params) for each in areas)
    held = [f"NOT ({touched})", *met]
    kept = _placed(part, tile, f"g.{GEOMETRY}", joined, held, least, params)
    fresh = [here, f"({touched})", *met]
    made = _placed(part, tile, label_point(layer), relation(layer), fresh, least, params)
    return f"{kept} UNION ALL {made}"


def _placed(  # noqa: PLR0913  (what is selected of what, and how)
    part: Part,
    tile: Tile,
    point: str,
    rows: str,
    met: list[str],
    least: str | None,
    params: Params,
) -> str:
    """The rows whose `point` (EPSG:3857) lies in the tile.

    An edge belongs to the tile east and north of it, with the same number in both, and what lies
    on it does not round into the next tile: clients leave out a point beyond the last unit.
    """
    layer, grid = part.layer, tile.matrix_set
    if grid.srid != 3857:
        point = f"ST_Transform({point}, {grid.srid})"
    side = grid.side / (1 << tile.z)
    edges = (
        *(grid.origin[0] + (tile.x + n) * side for n in (0, 1)),
        *(grid.origin[1] - (tile.y + n) * side for n in (1, 0)),
    )
    west, east, south, north = (params.add(edge, "float8") for edge in edges)
    unit = params.add(side / EXTENT, "float8")
    within = (
        f"ST_X(l.point) >= {west} AND ST_X(l.point) < {east} "
        f"AND ST_Y(l.point) >= {south} AND ST_Y(l.point) < {north}"
    )
    across = f"least(floor((ST_X(l.point) - {west}) / {unit}), {EXTENT - 1})"
    down = f"least(floor(({north} - ST_Y(l.point)) / {unit}), {EXTENT - 1})"
    place = f"ST_Point({across}, {down})"
    if least is not None:
        place = f"CASE WHEN {least} THEN {place} END"
    values = [
        *tile_values(layer, part.carried(tile)),
        f"{place} AS {quoted(layer.geometry.column)}",
    ]
    # OFFSET keeps the point from being computed again for each place where it stands.
    return (
        f"SELECT {', '.join(values)} FROM {rows} "
        f"CROSS JOIN LATERAL (SELECT {point} AS point OFFSET 0) l{where([*met, within])}"
    )
