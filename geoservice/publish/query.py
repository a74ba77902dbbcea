"""Layer × request → SQL text and its parameters. Pure: it opens no connection.

Identifiers and the SQL of a source come from declarations alone; every value is a parameter.
"""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

from dataclasses import dataclass

from geoservice.catalog.layer import Attribute, Layer
from geoservice.publish.conditions import conditions, days_of, near
from geoservice.publish.geojson import columns, feature
from geoservice.publish.grid import EXTENT, MARGIN, Tile
from geoservice.publish.presentation import PLAIN, Presentation
from geoservice.publish.selection import Selection, Value
from geoservice.publish.sql import TYPES, Params, finite, quoted, relation, where


@dataclass(frozen=True, slots=True)
class Query:
    """One statement: psycopg's `%(name)s` stand for the values of `params`."""

    text: str
    params: dict[str, object]


def page_query(  # noqa: PLR0913  (the parts of a request, each by its name)
    layer: Layer,
    selection: Selection,
    presentation: Presentation = PLAIN,
    *,
    limit: int,
    offset: int = 0,
    after: Value | None = None,
) -> Query:
    """One row: how many features, at most limit + 1; `limit` of them as GeoJSON, comma-separated
    (bytea, null if none); and the id of the last of these if there is one more after it.

    Ordered by feature id; `after` starts behind that id.
    """
    params = Params()
    met = conditions(layer, selection, params)
    fid = quoted(layer.feature_id)
    if after is not None:
        met.append(f"s.{fid} > {params.add(after, _id_type(layer))}")
    n = params.add(limit, "bigint")
    text = f"""
SELECT count(*), convert_to(string_agg(feature, ',') FILTER (WHERE n <= {n}), 'UTF8'),
       CASE WHEN count(*) > {n} THEN max(id) FILTER (WHERE n = {n}) END
FROM (
    SELECT {feature(layer, presentation)} AS feature, r.{fid}::text AS id,
           row_number() OVER (ORDER BY r.{fid}) AS n
    FROM (
        SELECT {columns(layer, presentation)} FROM {relation(layer)}{where(met)}
        ORDER BY s.{fid} LIMIT {n} + 1 OFFSET {params.add(offset, "bigint")}
    ) r
    ORDER BY r.{fid}
) f"""
    return Query(text, params.values)


def item_query(
    layer: Layer,
    selection: Selection,
    feature_id: Value,
    presentation: Presentation = PLAIN,
) -> Query:
    """At most one row: the feature of that id as GeoJSON (bytea)."""
    params = Params()
    met = conditions(layer, selection, params)
    met.append(f"s.{quoted(layer.feature_id)} = {params.add(feature_id, _id_type(layer))}")
    text = (
        f"SELECT convert_to({feature(layer, presentation)}, 'UTF8') "
        f"FROM (SELECT {columns(layer, presentation)} FROM {relation(layer)}{where(met)}) r"
    )
    return Query(text, params.values)


def count_query(layer: Layer, selection: Selection, *, most: int) -> Query:
    """One number: how many rows there are, counting no further than `most`."""
    params = Params()
    clause = where(conditions(layer, selection, params))
    limit = params.add(most, "bigint")
    text = f"SELECT count(*) FROM (SELECT 1 FROM {relation(layer)}{clause} LIMIT {limit}) r"
    return Query(text, params.values)


def estimate_query(layer: Layer, selection: Selection) -> Query:
    """The planner's plan as JSON, with its estimate of the number of rows."""
    params = Params()
    clause = where(conditions(layer, selection, params))
    return Query(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {relation(layer)}{clause}", params.values)


def extent_query(layer: Layer) -> Query:
    """One row: west, south, east, north (EPSG:4326), first and last day; nulls where none are."""
    params = Params()
    clause = where(conditions(layer, Selection(), params))
    box = (
        f"ST_SetSRID(ST_Extent(s.{quoted(layer.geometry.column)})::geometry, {layer.geometry.crs})"
    )
    first, last = days_of(layer)
    text = f"""
SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box), first, last
FROM (
    SELECT {_to_degrees(layer, box)} AS box, min({first}) AS first, max({last}) AS last
    FROM {relation(layer)}{clause}
) r"""
    return Query(text, params.values)


def outlines_query(layer: Layer) -> Query:
    """The layer's shapes as WKB in EPSG:4326, with the defaults of its dimensions."""
    params = Params()
    geometry = f"s.{quoted(layer.geometry.column)}"
    met = [*conditions(layer, Selection(), params), f"{geometry} IS NOT NULL"]
    text = f"SELECT ST_AsBinary({_to_degrees(layer, geometry)}) FROM {relation(layer)}{where(met)}"
    return Query(text, params.values)


def tile_query(layer: Layer, selection: Selection, tile: Tile) -> Query:
    """One Mapbox Vector Tile (bytea), its layer named as ours; empty if nothing lies there."""
    params = Params()
    met = [near(layer, tile.box(), 4326, params), *conditions(layer, selection, params)]
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
    FROM {relation(layer)}{where(met)}
) t"""
    return Query(text, params.values)


def _to_degrees(layer: Layer, geometry: str) -> str:
    return geometry if layer.geometry.crs == 4326 else f"ST_Transform({geometry}, 4326)"


def _id_type(layer: Layer) -> str:
    return TYPES[layer.attributes[layer.feature_id].type]


def _tile_value(name: str, attribute: Attribute) -> str:
    """The column as one of the types that a vector tile knows: others would become odd texts."""
    column = f"s.{quoted(name)}"
    if attribute.type == "number":
        return f"{finite(column)}::float8"
    return f"{column}::text" if attribute.type in ("date", "date-time") else column
