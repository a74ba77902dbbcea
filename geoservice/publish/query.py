"""Layer × request → SQL text and its parameters. Pure: it opens no connection.

Identifiers and the SQL of a source come from declarations alone; every value is a parameter.
"""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

from dataclasses import dataclass

from geoservice.catalog.layer import Attribute, Layer
from geoservice.publish.conditions import conditions, days_of, temporal
from geoservice.publish.geojson import columns, feature, shape
from geoservice.publish.jsonfg import fg_feature
from geoservice.publish.order import Paging, behind, key_texts, one_more, order_by, total
from geoservice.publish.presentation import PLAIN, Presentation
from geoservice.publish.selection import Selection, Value
from geoservice.publish.sql import (
    TYPES,
    Params,
    finite,
    identified,
    literal,
    plain_day,
    quoted,
    relation,
    row_hash,
    where,
)
from geoservice.publish.transform import finite_shape

BETWEEN = "\x1e"
"""Stands between the features of a page: no JSON may hold it as it is, so that they can be told
apart.
"""


@dataclass(frozen=True, slots=True)
class Query:
    """One statement: psycopg's `%(name)s` stand for the values of `params`."""

    text: str
    params: dict[str, object]


def features_query(
    layer: Layer,
    selection: Selection,
    presentation: Presentation,
    paging: Paging,
    *,
    fg: bool = False,
) -> Query:
    """A row for each feature: its GeoJSON, or `fg` its JSON-FG (bytea), and the keys of its place
    in the order (text).
    """
    params = Params()
    keys = total(layer, paging.order, selection)
    others = temporal(layer) if fg else ()
    needed = columns(layer, presentation, *others, *(key.name for key in keys))
    text = (
        f"SELECT convert_to({_written(layer, presentation, fg)}, 'UTF8'), "
        f"{', '.join(key_texts(layer, keys, 'r'))} "
        f"FROM (SELECT {needed} FROM {_rows(layer, selection, paging, params)}) r"
    )
    return Query(text, params.values)


def page_query(
    layer: Layer,
    selection: Selection,
    presentation: Presentation,
    paging: Paging,
    *,
    fg: bool = False,
) -> Query:
    """One row for a whole page: the features of `features_query` up to one more than the limit,
    `BETWEEN` them (bytea), how many they are, and the keys of the last within the limit.

    Handing over a thousand rows one by one takes a quarter of the time of such a page; leaving out
    the one too many here, a tenth.
    """
    params = Params()
    keys = total(layer, paging.order, selection)
    others = temporal(layer) if fg else ()
    needed = columns(layer, presentation, *others, *(key.name for key in keys))
    limit = params.add(paging.limit, "int")
    texts = [f"{text} AS key_{i}" for i, text in enumerate(key_texts(layer, keys, "r"))]
    last_keys = [f"(array_agg(key_{i}))[{limit}]" for i in range(len(keys))]
    rows = _rows(layer, selection, one_more(paging), params)
    # Aggregates take their rows in the order in which an ordered subquery gives them.
    text = f"""
SELECT convert_to(string_agg(feature, {literal(BETWEEN)}), 'UTF8'), count(*), {", ".join(last_keys)}
FROM (
    SELECT {_written(layer, presentation, fg)} AS feature, {", ".join(texts)}
    FROM (SELECT {needed} FROM {rows}) r
) p"""
    return Query(text, params.values)


def cells_query(
    layer: Layer, selection: Selection, presentation: Presentation, paging: Paging
) -> Query:
    """A row for each feature: the attributes in the order of `presentation.of`, the geometry as
    WKB with x before y if the presentation has it, and the keys of its place in the order (text).
    """
    params = Params()
    cells = [_cell(f"s.{quoted(name)}", layer.attributes[name]) for name in presentation.of(layer)]
    if presentation.geometry:
        wkb = f"ST_AsBinary({shape(layer, presentation, 's')})"
        cells.append(f"CASE WHEN {finite_shape(layer, 's')} THEN {wkb} END")
    cells += key_texts(layer, total(layer, paging.order, selection), "s")
    text = f"SELECT {', '.join(cells)} FROM {_rows(layer, selection, paging, params)}"
    return Query(text, params.values)


def item_query(
    layer: Layer,
    selection: Selection,
    feature_id: Value,
    presentation: Presentation = PLAIN,
    *,
    fg: bool = False,
) -> Query:
    """At most one row: the feature of that id as GeoJSON, or `fg` as JSON-FG (bytea), and the hash
    of its row.
    """
    params = Params()
    met = conditions(layer, selection, params)
    met.append(identified(layer, feature_id, params))
    others = temporal(layer) if fg else ()
    text = f"""
SELECT convert_to({_written(layer, presentation, fg)}, 'UTF8'), r."#hash"
FROM (
    SELECT {columns(layer, presentation, *others)}, {row_hash()} AS "#hash"
    FROM {relation(layer)}{where(met)}
) r"""
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


def index_extent_query(layer: Layer) -> Query:
    """One row like that of `extent_query`, of a table in EPSG:4326, at once at any size: the box at
    the root of its spatial index, which deleted rows may widen until the next VACUUM, and the days
    that the last ANALYZE saw.
    """
    params = Params()
    schema, table = (layer.source.table or "").split(".")
    names = ", ".join(params.add(part, "text") for part in (schema, table, layer.geometry.column))
    days = params.add(list(temporal(layer)), "text[]")
    relation = " AND ".join(
        f"{column} = {params.add(part, 'text')}"
        for column, part in (("schemaname", schema), ("tablename", table))
    )
    text = f"""
SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box), first, last
FROM (SELECT ST_EstimatedExtent({names}) AS box) e, (
    SELECT min(day) AS first, max(day) AS last
    FROM pg_stats, unnest(
        coalesce(most_common_vals::text::text[], '{{}}')
        || coalesce(histogram_bounds::text::text[], '{{}}')
    ) AS seen (text), LATERAL (
        -- Other years, eras and infinity are written otherwise.
        SELECT CASE WHEN seen.text ~ '^[0-9]{{4}}-[^B]*$' THEN left(seen.text, 10)::date END AS day
    ) d
    WHERE {relation} AND attname = ANY({days})
) s"""
    return Query(text, params.values)


def dimension_query(layer: Layer, name: str, *, most: int) -> Query:
    """A row for each value that the dimension has, up to `most`."""
    params = Params()
    column = f"s.{quoted(name)}"
    value = f"{column}::{TYPES[layer.dimensions[name].type]}"
    rows = f"{relation(layer)}{where([f'{column} IS NOT NULL'])}"
    return Query(
        f"SELECT DISTINCT {value} FROM {rows} LIMIT {params.add(most, 'bigint')}", params.values
    )


def outlines_query(layer: Layer) -> Query:
    """The layer's shapes as WKB in EPSG:4326, with the defaults of its dimensions."""
    params = Params()
    geometry = f"s.{quoted(layer.geometry.column)}"
    met = [*conditions(layer, Selection(), params), f"{geometry} IS NOT NULL"]
    text = f"SELECT ST_AsBinary({_to_degrees(layer, geometry)}) FROM {relation(layer)}{where(met)}"
    return Query(text, params.values)


def _written(layer: Layer, presentation: Presentation, fg: bool) -> str:
    return fg_feature(layer, presentation) if fg else feature(layer, presentation)


def _rows(layer: Layer, selection: Selection, paging: Paging, params: Params) -> str:
    """The rows `s` of the page, to stand after FROM."""
    keys = total(layer, paging.order, selection)
    met = conditions(layer, selection, params)
    if paging.after is not None:
        met.append(behind(layer, keys, paging.after, params))
    rows, ordered = relation(layer) + where(met), ""
    if paging.order or paging.limit is not None:
        ordered = f" ORDER BY {order_by(layer, keys, 's')}"
    if paging.limit is not None:
        ordered += f" LIMIT {params.add(paging.limit, 'bigint')}"
    rows += ordered
    if paging.offset:
        rows += f" OFFSET {params.add(paging.offset, 'bigint')}"
    if paging.limit is None or layer.source.sql is None or layer.dimensions:
        return rows
    # What the query of the source joins to a row is joined to those of the page alone: to find and
    # to sort all others the planner leaves those joins out. Of dimensions an id has several rows.
    id_ = f"s.{quoted(layer.feature_id)}"
    return f"{relation(layer)} WHERE {id_} = ANY(ARRAY(SELECT {id_} FROM {rows})){ordered}"


def _cell(column: str, attribute: Attribute) -> str:
    """The column as a type that every driver and format knows."""
    match attribute.type:
        case "number":
            return f"{finite(column)}::float8"
        case "date" | "date-time":
            return plain_day(column)
        case other:
            return f"{column}::{TYPES[other]}"


def _to_degrees(layer: Layer, geometry: str) -> str:
    return geometry if layer.geometry.crs == 4326 else f"ST_Transform({geometry}, 4326)"
