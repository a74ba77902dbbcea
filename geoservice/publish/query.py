"""Layer × request → SQL text and its parameters. Pure: it opens no connection.

Identifiers and the SQL of a source come from declarations alone; every value is a parameter.
"""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

from dataclasses import dataclass

from geoservice.catalog.layer import DIMENSION_REFERENCE, Attribute, AttributeType, Layer
from geoservice.model import Bounds
from geoservice.publish.grid import EXTENT, MARGIN, Tile
from geoservice.publish.selection import Selection, Value

# Digits after the point of a degree in GeoJSON: about a centimetre.
_DIGITS = 7

_TYPES: dict[AttributeType, str] = {
    "string": "text",
    "integer": "bigint",
    "number": "numeric",
    "boolean": "boolean",
    "date": "date",
    "date-time": "timestamptz",
}


@dataclass(frozen=True, slots=True)
class Query:
    """One statement: psycopg's `%(name)s` stand for the values of `params`."""

    text: str
    params: dict[str, object]


def quoted(name: str) -> str:
    """`name` as an SQL identifier, safe in a statement with psycopg's placeholders.

    >>> quoted('ستون "۱" %')
    '"ستون ""۱"" %%"'
    """
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'


def page_query(
    layer: Layer, selection: Selection, *, limit: int, offset: int = 0, after: Value | None = None
) -> Query:
    """One row: how many features, at most limit + 1; `limit` of them as GeoJSON, comma-separated
    (bytea, null if none); and the id of the last of these if there is one more after it.

    Ordered by feature id; `after` starts behind that id.
    """
    params = _Params()
    where = _conditions(layer, selection, params)
    fid = quoted(layer.feature_id)
    if after is not None:
        where.append(f"s.{fid} > {params.add(after, _id_type(layer))}")
    n = params.add(limit, "bigint")
    text = f"""
SELECT count(*), convert_to(string_agg(feature, ',') FILTER (WHERE n <= {n}), 'UTF8'),
       CASE WHEN count(*) > {n} THEN max(id) FILTER (WHERE n = {n}) END
FROM (
    SELECT {_feature(layer)} AS feature, r.{fid}::text AS id,
           row_number() OVER (ORDER BY r.{fid}) AS n
    FROM (
        SELECT {_columns(layer)} FROM {_relation(layer)}{_where(where)}
        ORDER BY s.{fid} LIMIT {n} + 1 OFFSET {params.add(offset, "bigint")}
    ) r
    ORDER BY r.{fid}
) f"""
    return Query(text, params.values)


def item_query(layer: Layer, selection: Selection, feature_id: Value) -> Query:
    """At most one row: the feature of that id as GeoJSON (bytea)."""
    params = _Params()
    where = _conditions(layer, selection, params)
    where.append(f"s.{quoted(layer.feature_id)} = {params.add(feature_id, _id_type(layer))}")
    text = (
        f"SELECT convert_to({_feature(layer)}, 'UTF8') "
        f"FROM (SELECT {_columns(layer)} FROM {_relation(layer)}{_where(where)}) r"
    )
    return Query(text, params.values)


def count_query(layer: Layer, selection: Selection, *, most: int) -> Query:
    """One number: how many rows there are, counting no further than `most`."""
    params = _Params()
    where = _where(_conditions(layer, selection, params))
    limit = params.add(most, "bigint")
    text = f"SELECT count(*) FROM (SELECT 1 FROM {_relation(layer)}{where} LIMIT {limit}) r"
    return Query(text, params.values)


def estimate_query(layer: Layer, selection: Selection) -> Query:
    """The planner's plan as JSON, with its estimate of the number of rows."""
    params = _Params()
    where = _where(_conditions(layer, selection, params))
    return Query(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {_relation(layer)}{where}", params.values)


def extent_query(layer: Layer) -> Query:
    """One row: west, south, east, north (EPSG:4326), first and last day; nulls where none are."""
    params = _Params()
    where = _where(_conditions(layer, Selection(), params))
    box = f"ST_SetSRID(ST_Extent(s.{quoted(layer.geometry.column)})::geometry, {_srid(layer)})"
    first, last = _days(layer)
    text = f"""
SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box), first, last
FROM (
    SELECT {_to_degrees(layer, box)} AS box, min({first}) AS first, max({last}) AS last
    FROM {_relation(layer)}{where}
) r"""
    return Query(text, params.values)


def tile_query(layer: Layer, selection: Selection, tile: Tile) -> Query:
    """One Mapbox Vector Tile (bytea), its layer named as ours; empty if nothing lies there."""
    params = _Params()
    box = _box(layer, tile.box(), params)
    where = [f"s.{quoted(layer.geometry.column)} && {box}", *_conditions(layer, selection, params)]
    attributes = [
        f"{_tile_value(name, attribute)} AS {quoted(name)}"
        for name, attribute in layer.attributes.items()
        if attribute.tiles
    ]
    bounds = "ST_TileEnvelope({}, {}, {})".format(
        *(params.add(part, "integer") for part in (tile.z, tile.x, tile.y))
    )
    mercator = f"ST_Transform(s.{quoted(layer.geometry.column)}, 3857)"
    geometry = quoted(layer.geometry.column)
    # ST_AsMVT leaves out rows whose geometry vanished; a condition would clip each one twice.
    text = f"""
SELECT ST_AsMVT(t, '{layer.id}', {EXTENT}, {params.add(layer.geometry.column, "text")})
FROM (
    SELECT {", ".join(attributes)},
           ST_AsMVTGeom({mercator}, {bounds}, {EXTENT}, {MARGIN}, true) AS {geometry}
    FROM {_relation(layer)}{_where(where)}
) t"""
    return Query(text, params.values)


class _Params:
    """Values by the name of their placeholder."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def add(self, value: object, sql_type: str) -> str:
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"%({name})s::{sql_type}"


def _relation(layer: Layer) -> str:
    if layer.source.table is not None:
        return ".".join(map(quoted, layer.source.table.split("."))) + " s"
    return f"({_declared(layer.source.sql or '')}) s"


def _declared(sql: str) -> str:
    return sql.strip().rstrip(";").replace("%", "%%")


def _where(conditions: list[str]) -> str:
    return " WHERE " + " AND ".join(conditions) if conditions else ""


def _conditions(layer: Layer, selection: Selection, params: _Params) -> list[str]:
    """The conditions of the layer's dimensions and of the selection."""
    conditions = []
    shown: dict[str, str] = {}
    for name, dimension in layer.dimensions.items():
        if name in selection.equal:
            shown[name] = params.add(selection.equal[name], _TYPES[dimension.type])
        else:
            default = DIMENSION_REFERENCE.sub(lambda m: shown[m[1]], _declared(dimension.default))
            shown[name] = f"({default})"
        conditions.append(f"s.{quoted(name)} = {shown[name]}")
    for name, value in selection.equal.items():
        if name not in layer.dimensions:
            sql_type = _TYPES[layer.attributes[name].type]
            conditions.append(f"s.{quoted(name)} = {params.add(value, sql_type)}")
    if selection.boxes:
        geometry = f"s.{quoted(layer.geometry.column)}"
        boxes = [_box(layer, bounds, params) for bounds in selection.boxes]
        # && finds by the index, in its single precision; ST_Intersects is exact.
        meets = [f"({geometry} && {box} AND ST_Intersects({geometry}, {box}))" for box in boxes]
        conditions.append(f"({' OR '.join(meets)})")
    if selection.days is not None and temporal(layer):
        first, last = _days(layer)
        if selection.days.first is not None:
            conditions.append(f"{last} >= {params.add(selection.days.first, 'date')}")
        if selection.days.last is not None:
            conditions.append(f"{first} <= {params.add(selection.days.last, 'date')}")
        if selection.days.first is None and selection.days.last is None:
            conditions.append(f"{first} IS NOT NULL")
    return conditions


def temporal(layer: Layer) -> tuple[str, ...]:
    """The attributes that hold a date: a row lasts from the earliest of them to the latest."""
    return tuple(name for name, a in layer.attributes.items() if a.type in ("date", "date-time"))


def _days(layer: Layer) -> tuple[str, str]:
    days = [
        f"s.{quoted(name)}"
        if layer.attributes[name].type == "date"
        else f"(s.{quoted(name)} AT TIME ZONE 'UTC')::date"
        for name in temporal(layer)
    ]
    if not days:
        return "NULL::date", "NULL::date"
    return f"least({', '.join(days)})", f"greatest({', '.join(days)})"


def _box(layer: Layer, bounds: Bounds, params: _Params) -> str:
    corners = (bounds.west, bounds.south, bounds.east, bounds.north)
    numbers = ", ".join(params.add(corner, "float8") for corner in corners)
    envelope = f"ST_MakeEnvelope({numbers}, 4326)"
    if bounds.west == bounds.east or bounds.south == bounds.north:
        # A box without area is no valid polygon; its envelope is a line or a point.
        envelope = f"ST_Envelope({envelope})"
    return envelope if _srid(layer) == 4326 else f"ST_Transform({envelope}, {_srid(layer)})"


def _srid(layer: Layer) -> int:
    return layer.geometry.crs


def _to_degrees(layer: Layer, geometry: str) -> str:
    return geometry if _srid(layer) == 4326 else f"ST_Transform({geometry}, 4326)"


def _id_type(layer: Layer) -> str:
    return _TYPES[layer.attributes[layer.feature_id].type]


def _columns(layer: Layer) -> str:
    return ", ".join(f"s.{quoted(name)}" for name in (*layer.attributes, layer.geometry.column))


def _feature(layer: Layer) -> str:
    """The text of one GeoJSON feature, made of row `r`.

    Put together as text: the parts are JSON already, and building them into JSON again would
    parse every coordinate.
    """
    geometry = _to_degrees(layer, f"r.{quoted(layer.geometry.column)}")
    values = ", ".join(
        f"{_json_value(f'r.{quoted(name)}', attribute)} AS {quoted(name)}"
        for name, attribute in layer.attributes.items()
    )
    return (
        f"""'{{"type":"Feature","id":' || to_json(r.{quoted(layer.feature_id)})::text """
        f"""|| ',"geometry":' || coalesce(ST_AsGeoJSON({geometry}, {_DIGITS}), 'null') """
        f"""|| ',"properties":' || (SELECT row_to_json(a) FROM (SELECT {values}) a)::text || '}}'"""
    )


def _json_value(column: str, attribute: Attribute) -> str:
    """The column for GeoJSON. A number always gets a decimal point: clients that guess types from
    the first features (QGIS, GDAL) would take a column that begins 1, 2, 3 for whole numbers and
    cut the rest. By way of text, since a cast to numeric keeps only 15 digits of a double.
    """
    if attribute.type != "number":
        return column
    return f"{_finite(column)}::text::numeric + 0.0"


def _finite(column: str) -> str:
    """The column, with null for the numbers that JSON does not have."""
    return f"nullif(nullif(nullif({column}, 'NaN'), 'Infinity'), '-Infinity')"


def _tile_value(name: str, attribute: Attribute) -> str:
    """The column as one of the types that a vector tile knows: others would become odd texts."""
    column = f"s.{quoted(name)}"
    if attribute.type == "number":
        return f"{_finite(column)}::float8"
    return f"{column}::text" if attribute.type in ("date", "date-time") else column
